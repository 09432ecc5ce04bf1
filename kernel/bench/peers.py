"""How each kernel is started, and in which folders it keeps what it keeps.
Knows nothing of what is measured."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from .rows import EVCXR, GRADBOOK, PYTHON


@dataclass(frozen=True)
class Peer:
    """One kernel of the comparison."""

    key: str
    argv: tuple[str, ...]
    environment: dict = field(default_factory=dict)
    # Longer than its slowest honest answer.
    patience: float = 180
    # Its processes with these names are no part of its memory: code intelligence.
    not_counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Homes:
    """Where set-up put things."""

    root: Path  # the clone
    home: Path  # .gradbook
    python: Path  # the Python that has torch and ipykernel

    @property
    def library(self):
        return self.home / "library" / "library.json"

    @property
    def evcxr(self):
        return self.home / "evcxr" / "bin" / "evcxr_jupyter"


def peers(homes, state):
    """Those that are there. Python keeps its folders over the run, as a learner's Python does; a
    Gradbook session gets its own (see `fresh_folders`)."""
    connection = "{connection_file}"
    found = [
        Peer(
            GRADBOOK,
            (str(homes.home / "bin" / "gradbook"), "kernel", "-f", connection),
            {"GRADBOOK_HOME": str(homes.home)},
            not_counted=("gradbook-intel",),
        ),
        Peer(
            PYTHON,
            (str(homes.python), "-m", "ipykernel_launcher", "-f", connection),
            {
                "IPYTHONDIR": str(state / "ipython"),
                "MPLCONFIGDIR": str(state / "matplotlib"),
                "PYTHONDONTWRITEBYTECODE": "",
            },
        ),
    ]
    if homes.evcxr.exists():
        found.append(
            Peer(
                EVCXR,
                (str(homes.evcxr), "--control_file", connection),
                {
                    "LIBTORCH": str(homes.home / "libtorch"),
                    "LD_LIBRARY_PATH": str(homes.home / "libtorch" / "run"),
                },
                # It builds tch in every kernel.
                patience=1800,
            )
        )
    return found


def fresh_folders(folder):
    """No cell that another session compiled and no history: what Gradbook finds on its first day."""
    return {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
    }


def default_homes(root, home=None, python=None):
    """From the clone's root."""
    home = Path(home or os.environ.get("GRADBOOK_HOME") or root / ".gradbook").resolve()
    python = Path(python) if python else home / "bench" / "python" / "bin" / "python"
    # Not resolved: a virtual environment's python is a link, and the link is what makes it one.
    return Homes(root, home, python.absolute())

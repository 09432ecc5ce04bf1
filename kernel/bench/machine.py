"""What the numbers were taken on: processor, memory, versions, date, load.
Knows nothing of the numbers."""

import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import psutil


def describe(homes):
    """Label and value, in the order a reader wants them; the load is the one at this moment."""
    library = json.loads(homes.library.read_text())
    code = "import torch, ipykernel; print(torch.__version__, ipykernel.__version__)"
    torch = _say([homes.python, "-c", code]).split()
    gradbook = _say([homes.home / "bin" / "gradbook", "--version"]).split()
    facts = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "cores": str(_cores()),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "load at the start": load_text(),
        "Gradbook": gradbook[-1] if gradbook else "?",
        "commit": _commit(homes.root),
        "rustc": library["rustc_version"].removeprefix("rustc ").split(" ")[0],
        "Python": _say([homes.python, "-c", "import platform; print(platform.python_version())"]),
        "PyTorch": torch[0] if torch else "?",
        "ipykernel": torch[1] if len(torch) > 1 else "?",
        "jupyter_client": version("jupyter_client"),
    }
    if homes.evcxr.exists():
        facts["evcxr_jupyter"] = evcxr_version(homes.evcxr.parent.parent)
    return facts


def load_text():
    """The load averages of 1, 5 and 15 minutes."""
    return ", ".join(f"{load:.2f}" for load in os.getloadavg())


def is_busy():
    """Whether something else keeps the machine from telling the truth."""
    return os.getloadavg()[0] > 1.0


def evcxr_version(root):
    """As `cargo install` wrote it down: the program itself does not tell."""
    try:
        installed = json.loads((Path(root) / ".crates2.json").read_text())["installs"]
        return next(key.split(" ")[1] for key in installed if key.startswith("evcxr_jupyter "))
    except (OSError, KeyError, ValueError, StopIteration):
        return "?"


def _cores():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count()


def _processor():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return _say(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.processor() or "?"


def _commit(root):
    commit = _say(["git", "-C", root, "rev-parse", "--short", "HEAD"])
    if not commit:
        return "?"
    changed = _say(["git", "-C", root, "status", "--porcelain", "--untracked-files=no"])
    return f"{commit} with changes" if changed else commit


def _say(command):
    """What a command prints; nothing where it cannot be run."""
    try:
        ran = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""

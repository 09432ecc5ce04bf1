"""The learner whose numbers stand in the notebooks that git keeps, and what the course asks of them."""

import contextlib
import json
import os
import tempfile
from pathlib import Path

from jupyter_client.manager import start_new_kernel

# Fixed, so that cards say the same in every run.
SEED = 20260401


@contextlib.contextmanager
def fresh():
    """Within this, kernels serve a learner who has done nothing yet."""
    before = os.environ.get("XDG_DATA_HOME")
    with tempfile.TemporaryDirectory() as data:
        folder = Path(data) / "gradbook"
        folder.mkdir()
        progress = {"version": 1, "seed": SEED, "exercises": {}}
        (folder / "progress.json").write_text(json.dumps(progress), encoding="utf-8")
        os.environ["XDG_DATA_HOME"] = data
        try:
            yield
        finally:
            if before is None:
                del os.environ["XDG_DATA_HOME"]
            else:
                os.environ["XDG_DATA_HOME"] = before


def catalogue():
    """Notebooks and exercises as the kernel knows them, with the solutions for this learner."""
    said = []
    with fresh():
        manager, client = start_new_kernel(kernel_name="gradbook")
        try:
            reply = client.execute_interactive(
                'println!("{}", course::catalogue::catalogue_json())',
                timeout=120,
                allow_stdin=False,
                output_hook=lambda message: said.append(message["content"].get("text", "")),
            )
            assert reply["content"]["status"] == "ok", reply["content"]
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return json.loads("".join(said))

"""`cargo lab bench`: measures, prints a table, writes it with a picture and with all samples.
Only wires: what is measured is in `measures`, what becomes of it in `report` and `picture`."""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import machine, picture, report, setup
from .bench import QUICK, Bench, Effort
from .figures import Board
from .measures import ALL
from .peers import default_homes, peers
from .rows import BARE, EVCXR

ROOT = Path(__file__).resolve().parents[2]


def main():
    options = arguments()
    homes = default_homes(ROOT, options.home, options.python)
    effort = effort_of(options)
    partial = partial_of(options)
    if options.publish and partial:
        sys.exit("--publish is for the whole benchmark: leave out --quick, --only and --rounds")
    board, began = Board(), time.perf_counter()
    facts = machine.describe(homes)
    if machine.is_busy():
        warning = f"The machine was not quiet at the start (load {facts['load at the start']})."
        board.note(warning)
        print(f"{warning} The numbers will be wrong; end what else runs.", flush=True)
    with tempfile.TemporaryDirectory(prefix="gradbook-bench-") as folder:
        folder = Path(folder)
        found = peers(homes, folder)
        if options.without_evcxr:
            found = [peer for peer in found if peer.key != EVCXR]
        warm_up(homes, folder)
        bench = Bench(homes, found, board, effort, folder)
        for name in options.only or ALL:
            print(f"{name} ...", flush=True)
            started = time.perf_counter()
            with bench.attempt(name, BARE):
                ALL[name](bench)
            print(f"    {report.words(time.perf_counter() - started)}", flush=True)
    seconds = time.perf_counter() - began
    facts["load at the end"] = machine.load_text()
    write(options, homes, board, facts, seconds, partial)
    return 1 if board.failures else 0


def arguments():
    parser = argparse.ArgumentParser(prog="cargo lab bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="each measurement once and small")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each measurement")
    parser.add_argument("--only", action="append", choices=list(ALL), help="one measurement")
    parser.add_argument("--python", metavar="PATH", help="a Python that has torch and ipykernel")
    parser.add_argument("--without-evcxr", action="store_true", help="leave evcxr out")
    parser.add_argument("--publish", action="store_true", help="write RESULTS.md and the picture")
    parser.add_argument("--home", metavar="FOLDER", help=argparse.SUPPRESS)
    return parser.parse_args()


def effort_of(options):
    effort = QUICK if options.quick else Effort()
    if options.rounds is None:
        return effort
    if options.rounds < 1:
        sys.exit("--rounds must be at least 1")
    changed = {"rounds": options.rounds, "run_all_rounds": options.rounds}
    return dataclasses.replace(effort, **changed, long_rounds=options.rounds)


def partial_of(options):
    """Why this is not the whole benchmark; None if it is."""
    given = [
        text
        for text, is_given in (
            ("--quick", options.quick),
            (f"--rounds {options.rounds}", options.rounds is not None),
            (f"--only {' '.join(options.only or [])}", options.only),
        )
        if is_given
    ]
    return f"Not the whole benchmark: it was run with {' '.join(given)}." if given else None


def warm_up(homes, folder):
    """Python writes its bytecode and matplotlib its list of fonts once in their life; not here."""
    code = "import torch, ipykernel.kernelapp, matplotlib.pyplot as p; p.figure(); torch.optim.Adam"
    environment = {**os.environ, "MPLCONFIGDIR": str(folder / "matplotlib"), "MPLBACKEND": "Agg"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    ran = subprocess.run(
        [homes.python, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        sys.exit(f"{homes.python} cannot be measured:\n{ran.stderr[-2000:]}")


def write(options, homes, board, facts, seconds, partial):
    page = report.markdown(board, facts, seconds, partial, setup.steps(homes))
    data = json.dumps(report.as_json(board, facts, seconds, partial), indent=1) + "\n"
    drawn = picture.draw(board, facts)
    results = homes.home / "bench"
    results.mkdir(parents=True, exist_ok=True)
    written = [
        (results / "results.md", page),
        (results / "results.json", data),
        (results / "results.svg", drawn),
    ]
    if options.publish:
        here = Path(__file__).resolve().parent
        written += [
            (here / "RESULTS.md", page),
            (here / "results.json", data),
            (ROOT / "assets" / "benchmark.svg", drawn),
        ]
    print(f"\n{page}")
    for path, text in written:
        path.write_text(text)
        print(f"wrote {path}")


if __name__ == "__main__":
    sys.exit(main())

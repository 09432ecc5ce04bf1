"""Run All of the six listings, from process start to the last idle: the way a lesson is looked at.
Gradbook twice: with nothing compiled yet, and in a next kernel that finds what the first one left."""

from .. import listings
from ..rows import GRADBOOK, PYTHON


def measure(bench):
    cells = {
        GRADBOOK: listings.rust_cells(bench.homes.root),
        PYTHON: list(listings.PYTHON_CELLS),
    }
    for round_ in range(bench.effort.run_all_rounds):
        cache = bench.empty_folder(f"cells-of-round-{round_}")
        for peer in bench.turn(bench.of(GRADBOOK, PYTHON), round_):
            with bench.attempt("run_all", peer.key):
                for row in ("run_all_fresh", "run_all_again"):
                    _one(bench, peer, row, cells[peer.key], cache)


def _one(bench, peer, row, cells, cache):
    with bench.session(peer, cache) as session:
        session.wait_for_info()
        text = session.run_all(cells).text
        bench.board.add(row, peer.key, session.since_start())
        missing = [value for value in listings.BOTH_SAY if value not in text]
        if missing:
            raise ValueError(f"{peer.key}: the listings did not print {missing}")
        if row == "run_all_fresh":
            bench.memory("memory_notebook", session)

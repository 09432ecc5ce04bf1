"""Does a cell cost more late in a notebook of 100 cells, 60 items and 60 variables; then on to 300.
The cells go to one kernel after the other."""

from contextlib import ExitStack

from ..rows import BARE, GRADBOOK, PYTHON
from ..work import FILLER, FIRST_TENSOR, PROBE, growing

ITEMS = 60
PROBES = 3


def measure(bench):
    for round_ in range(bench.effort.long_rounds):
        last = round_ == bench.effort.long_rounds - 1
        with ExitStack() as stack:
            sessions = []
            for peer in bench.turn(bench.of(GRADBOOK, PYTHON), round_):
                with bench.attempt("long", peer.key):
                    session = stack.enter_context(bench.session(peer))
                    session.wait_for_info()
                    # Takes the place of a notebook's imports; not one of the cells.
                    session.run(FIRST_TENSOR.text(peer.key, 0), FIRST_TENSOR.says)
                    bench.settle(session)
                    sessions.append(session)
            _notebook(bench, sessions)
            if last:
                _on_to_the_end(bench, sessions)


def kinds(count):
    """What the cells of a notebook of `count` are: `early` and `late` are timed, `item` grows it."""
    late = count - PROBES
    for at in range(1, count + 1):
        if 5 <= at < 5 + PROBES:
            yield "early"
        elif at > late:
            yield "late"
        else:
            yield "item"


def _notebook(bench, sessions):
    items = []
    for kind in kinds(bench.effort.long_cells):
        n = bench.number()
        if kind == "item":
            cell = growing(len(items) + 1) if len(items) < ITEMS else FILLER
            if cell is not FILLER:
                items.append(cell)
            for session in sessions:
                with bench.attempt("long", session.peer.key):
                    session.run(cell.text(session.peer.key, n), cell.expected(n))
            continue
        row = f"cell_{kind}"
        for session in sessions:
            bench.settle(session, 0.3)
        for session in bench.turn(sessions, n):
            with bench.attempt("long", session.peer.key):
                code = PROBE.text(session.peer.key, n)
                bench.board.add(row, session.peer.key, session.run(code).seconds)
                bench.settle(session, 0.2)
        with bench.attempt("long", BARE):
            kept = "\n".join(item.plain for item in items)
            bench.board.add(row, BARE, bench.bare.compile(PROBE.text(BARE, n), kept))


def _on_to_the_end(bench, sessions):
    for session in sessions:
        with bench.attempt("long", session.peer.key):
            for _ in range(bench.effort.memory_cells - bench.effort.long_cells):
                n = bench.number()
                session.run(FILLER.text(session.peer.key, n), FILLER.expected(n))
            bench.memory("memory_300", session)

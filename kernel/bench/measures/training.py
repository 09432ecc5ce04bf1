"""Steps per second of small networks, timed inside the cell; one thread each.
The limit is tch alone, as a program of its own compiled with -Copt-level=3."""

from contextlib import ExitStack

from ..bare import steps_per_second
from ..networks import NETWORKS
from ..rows import BARE, GRADBOOK, PYTHON
from ..work import FIRST_TENSOR


def measure(bench):
    with ExitStack() as stack:
        sessions = []
        for peer in bench.of(GRADBOOK, PYTHON):
            with bench.attempt("training", peer.key):
                session = stack.enter_context(bench.session(peer))
                session.wait_for_info()
                session.run(FIRST_TENSOR.text(peer.key, 0), FIRST_TENSOR.says)
                sessions.append(session)
        for row, network in NETWORKS.items():
            _one(bench, sessions, row, network)


def _one(bench, sessions, row, network):
    cell = network.cell()
    steps = max(20, int(bench.effort.steps * network.share))
    program = None
    with bench.attempt(row, BARE):
        program = bench.bare.program(cell.text(BARE, steps))
    for session in sessions:
        with bench.attempt(row, session.peer.key):
            session.run(cell.text(session.peer.key, steps // 20), cell.says)
            bench.settle(session)
    for round_ in range(bench.effort.rounds):
        for session in bench.turn(sessions, round_):
            with bench.attempt(row, session.peer.key):
                # One step more each time: not a cell that was seen before.
                ran = session.run(cell.text(session.peer.key, steps + round_))
                bench.board.add(row, session.peer.key, steps_per_second(ran.text))
        if program is not None:
            with bench.attempt(row, BARE):
                bench.board.add(row, BARE, steps_per_second(bench.bare.output(program)))

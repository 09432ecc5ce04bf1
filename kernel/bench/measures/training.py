"""Steps per second of the houses network, timed inside the cell; one thread each.
The limit is tch alone, as a program of its own compiled with -Copt-level=3."""

from contextlib import ExitStack

from ..bare import steps_per_second
from ..rows import BARE, GRADBOOK, PYTHON
from ..work import FIRST_TENSOR, TRAINING


def measure(bench):
    steps = bench.effort.steps
    program = None
    with bench.attempt("training", BARE):
        program = bench.bare.program(TRAINING.text(BARE, steps))
    with ExitStack() as stack:
        sessions = []
        for peer in bench.of(GRADBOOK, PYTHON):
            with bench.attempt("training", peer.key):
                session = stack.enter_context(bench.session(peer))
                session.wait_for_info()
                session.run(FIRST_TENSOR.text(peer.key, 0), FIRST_TENSOR.says)
                session.run(TRAINING.text(peer.key, 70), TRAINING.says)
                bench.settle(session)
                sessions.append(session)
        for round_ in range(bench.effort.rounds):
            for session in bench.turn(sessions, round_):
                with bench.attempt("training", session.peer.key):
                    # One step more each time: not a cell that was seen before.
                    ran = session.run(TRAINING.text(session.peer.key, steps + round_))
                    bench.board.add("training", session.peer.key, steps_per_second(ran.text))
            if program is not None:
                with bench.attempt("training", BARE):
                    printed = bench.bare.output(program)
                    bench.board.add("training", BARE, steps_per_second(printed))

"""How fast a cell that prints a lot reaches the client, from sending it to its idle.
Lines that do not arrive are told."""

from contextlib import ExitStack

from ..work import PRINTING


def measure(bench):
    lines = bench.effort.lines
    with ExitStack() as stack:
        sessions = []
        for peer in bench.peers:
            with bench.attempt("output", peer.key):
                session = stack.enter_context(bench.session(peer))
                session.wait_for_info()
                session.run(PRINTING.text(peer.key, 1))
                bench.settle(session)
                sessions.append(session)
        for round_ in range(bench.effort.rounds):
            for session in bench.turn(sessions, round_):
                with bench.attempt("output", session.peer.key):
                    # One line more each time: not a cell that was seen before.
                    _one(bench, session, lines + round_)


def _one(bench, session, lines):
    ran = session.run(PRINTING.text(session.peer.key, lines))
    arrived = ran.text.count("\n")
    if arrived != lines:
        bench.board.note(f"{session.peer.key} lost {lines - arrived} of {lines} lines.")
    bench.board.add("output", session.peer.key, arrived / ran.seconds)

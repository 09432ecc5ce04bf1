"""How long completions take: until there are any, in an idle kernel, and while a cell runs.
An answer must contain the method that was meant; one without it is told, not timed."""

import time

from ..session import CellFailed
from ..work import COMPLETION_SETUP, COMPLETIONS, WAITING

PATIENCE = 180


def measure(bench):
    for peer in bench.peers:
        with bench.attempt("completion", peer.key), bench.session(peer) as session:
            session.wait_for_info()
            session.run(COMPLETION_SETUP.text(peer.key, 0), COMPLETION_SETUP.says)
            _wait_until_useful(bench, session)
            bench.settle(session)
            asked = [
                COMPLETIONS[peer.key][i % len(COMPLETIONS[peer.key])]
                for i in range(bench.effort.completions)
            ]
            for code, meant in asked:
                _ask(bench, session, "completion_idle", code, meant)
            for code, meant in asked[: max(1, bench.effort.rounds)]:
                running = session.send(WAITING.text(peer.key, 0))
                _ask(bench, session, "completion_busy", code, meant)
                session.finish(running)


def _wait_until_useful(bench, session):
    """Code intelligence reads for a while before it can answer: asks as a learner does, again."""
    code, meant = COMPLETIONS[session.peer.key][0]
    while not _offers(session.complete(code), meant):
        if session.since_start() > PATIENCE:
            raise CellFailed(f"{session.peer.key}: no completion of `{code}` in {PATIENCE} s")
        time.sleep(0.1)
    bench.board.add("completion_ready", session.peer.key, session.since_start())


def _offers(answer, meant):
    return any(meant in match for match in answer.reply["matches"])


def _ask(bench, session, row, code, meant):
    answer = session.complete(code)
    if _offers(answer, meant):
        bench.board.add(row, session.peer.key, answer.seconds)
    else:
        bench.board.note(f"{session.peer.key}: completing `{code}` did not offer `{meant}`.")

"""How long a list of completions takes: in an idle kernel, and while a cell runs.
An answer must contain the method that was meant; one without it is counted, not timed."""

from ..work import COMPLETION_SETUP, COMPLETIONS, WAITING


def measure(bench):
    for peer in bench.peers:
        with bench.attempt("completion", peer.key), bench.session(peer) as session:
            session.wait_for_info()
            session.run(COMPLETION_SETUP.text(peer.key, 0), COMPLETION_SETUP.says)
            # Both language servers read for a while before they can answer.
            session.complete(COMPLETIONS[peer.key][0][0])
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


def _ask(bench, session, row, code, meant):
    answer = session.complete(code)
    if any(meant in match for match in answer.reply["matches"]):
        bench.board.add(row, session.peer.key, answer.seconds)
    else:
        bench.board.note(f"{session.peer.key}: completing `{code}` did not offer `{meant}`.")

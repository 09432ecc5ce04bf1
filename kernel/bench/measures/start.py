"""From nothing to the first answer and to the first tensor, in a new process each time.
One kernel at a time: nothing else runs. Then again from the end of that kernel to the next one's answer."""

import time

from ..rows import EVCXR
from ..work import EVCXR_TCH, FIRST_TENSOR


def measure(bench):
    # Once unmeasured: files come from the disk only the first time.
    for round_ in range(-1, bench.effort.rounds):
        for peer in bench.turn(bench.peers, round_):
            with bench.attempt("start", peer.key):
                _one(bench, peer, round_)


def _one(bench, peer, round_):
    if peer.key == EVCXR and round_ < 0:
        return
    with bench.session(peer) as session:
        seconds = session.wait_for_info()
        if round_ >= 0:
            bench.board.add("kernel_info", peer.key, seconds)
        if peer.key == EVCXR:
            # It builds tch in every kernel, which takes minutes: once is enough.
            if round_ > 0:
                return
            session.run(EVCXR_TCH)
            bench.board.note(
                "evcxr_jupyter builds tch anew in every kernel; its first tensor was measured once."
            )
        n = bench.number()
        session.run(FIRST_TENSOR.text(peer.key, n), FIRST_TENSOR.says)
        taken = session.since_start()
        if round_ >= 0:
            bench.board.add("first_tensor", peer.key, taken)
            bench.memory("memory_tensor", session)
        ending = time.perf_counter()
    with bench.session(peer) as session:
        session.wait_for_info()
        if round_ >= 0:
            bench.board.add("restart", peer.key, time.perf_counter() - ending)

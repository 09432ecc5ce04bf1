"""What one cell costs, kind by kind: all kernels are alive, each cell goes to one after the other.
A kernel that still works behind (code intelligence) is waited for first."""

from contextlib import ExitStack

from ..rows import BARE, EVCXR
from ..work import DISPLAYED, EVCXR_TCH, FIRST_TENSOR, NETWORK, TENSOR, TRIVIAL

KINDS = (
    ("cell_trivial", TRIVIAL),
    ("cell_tensor", TENSOR),
    ("cell_network", NETWORK),
    ("cell_displayed", DISPLAYED),
)


def measure(bench):
    with ExitStack() as stack:
        sessions = []
        for peer in bench.peers:
            with bench.attempt("cells", peer.key):
                session = stack.enter_context(bench.session(peer))
                _prepare(bench, session)
                sessions.append(session)
        for repeat in range(bench.effort.cell_repeats):
            for row, cell in KINDS:
                _one(bench, sessions, repeat, row, cell)


def _prepare(bench, session):
    session.wait_for_info()
    bench.settle(session)
    bench.memory("memory_start", session)
    if session.peer.key == EVCXR:
        session.run(EVCXR_TCH)
    session.run(FIRST_TENSOR.text(session.peer.key, 0), FIRST_TENSOR.says)
    for _, cell in KINDS:
        n = bench.number()
        session.run(cell.text(session.peer.key, n), cell.expected(n))
    bench.settle(session)


def _one(bench, sessions, repeat, row, cell):
    n = bench.number()
    for session in bench.turn(sessions, repeat):
        key = session.peer.key
        with bench.attempt("cells", key):
            code, says = cell.text(key, n), cell.expected(n)
            bench.board.add(row, key, session.run(code, says).seconds)
            if cell is NETWORK:
                bench.board.add("cell_again", key, session.run(code, says).seconds)
            # Code intelligence reads the cell now; the next kernel is not to pay for it.
            bench.settle(session, 0.2)
    with bench.attempt("cells", BARE):
        bench.board.add(row, BARE, bench.bare.compile(cell.text(BARE, n)))

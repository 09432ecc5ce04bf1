"""A front end that subscribes and never reads: it is let go, and nobody else loses anything."""

import socket

import pytest

# More than all buffers between the kernel and a front end hold.
LINES = 400_000
FLOOD = f'for line in 0..{LINES} {{ println!("{{line:099}}"); }}'

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x05READY\x0bSocket-Type" + (3).to_bytes(4, "big") + b"SUB"
SUBSCRIBE_TO_ALL = b"\x00\x01\x01"


@pytest.fixture
def stalled(kernel):
    """Speaks ZMTP by itself: a library would read in the background."""
    with socket.socket() as front_end:
        front_end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        front_end.settimeout(60)
        front_end.connect(("127.0.0.1", kernel.manager.iopub_port))
        front_end.sendall(GREETING + b"\x04" + bytes([len(READY)]) + READY + SUBSCRIBE_TO_ALL)
        # Subscribed: nothing is read from here on.
        received = b""
        while b"iopub_welcome" not in received:
            received += front_end.recv(1)
        yield front_end


def test_a_front_end_that_reads_nothing_is_let_go(kernel, stalled):
    flood = kernel.send(FLOOD)
    # Beside the flood, and long after it would have been held up.
    assert kernel.kernel_info()["status"] == "ok"
    assert kernel.finish(flood).out == "".join(f"{line:099}\n" for line in range(LINES))
    assert kernel.ok("1 + 1").value == "2"
    # Everything that was still on its way to it, and then the end.
    while stalled.recv(1 << 20):
        pass

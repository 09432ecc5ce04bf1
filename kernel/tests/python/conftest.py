"""One kernel for each module of tests, with folders of its own."""

import os

import pytest
from frontend import Frontend


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    frontend = Frontend(tmp_path_factory.mktemp("kernel"))
    yield frontend
    frontend.shutdown()


@pytest.fixture
def new_kernel(tmp_path):
    """Starts kernels that a test may break; all are ended after it."""
    started = []

    def start(**environment):
        started.append(Frontend(tmp_path / str(len(started)), **environment))
        return started[-1]

    yield start
    for frontend in started:
        frontend.shutdown()


@pytest.fixture
def gate(tmp_path):
    """Where a cell waits for the test: it reads a file that does not end before `open()`."""
    return Gate(tmp_path / "gate")


class Gate:
    def __init__(self, path):
        self.path = path
        os.mkfifo(path)
        # Rust: a read that returns when the gate opens.
        self.wait = f'std::fs::read("{path}").unwrap();'

    def open(self):
        """Lets the cell that waits go on; waits itself until one does."""
        self.path.write_bytes(b"")

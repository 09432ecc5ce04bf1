"""One kernel for each module of tests, with folders of its own, and what the tests measured at the end."""

import errno
import os

import pytest
from frontend import Frontend, all_end, becomes_empty, until

FIGURES = pytest.StashKey[list]()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """Nothing is left of it, whatever the tests of a module did to it."""
    frontend = Frontend(tmp_path_factory.mktemp("kernel"))
    yield frontend
    processes = frontend.everything()
    frontend.shutdown()
    all_end(processes)
    becomes_empty(frontend.temporary)


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
        os.close(self.reader_when_there())

    def reader_when_there(self):
        """A descriptor to write to, once somebody reads; they go on when it is closed."""
        return until(self.reader, "a cell waits at the gate")

    def reader(self):
        """A descriptor to write to, if a cell reads."""
        try:
            return os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return None


@pytest.fixture
def figures(request):
    """Lines that stand at the end of the whole run, also when all is well."""
    return request.config.stash.setdefault(FIGURES, [])


def pytest_terminal_summary(terminalreporter, config):
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)

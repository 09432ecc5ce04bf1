"""What every measurement is given: the peers, the board, how much to do, folders for sessions.
Knows nothing of the measurements."""

import shutil
import traceback
from contextlib import contextmanager
from dataclasses import dataclass

from .bare import Bare
from .peers import fresh_folders
from .rows import GRADBOOK, TITLES
from .session import Session


@dataclass(frozen=True)
class Effort:
    """How often, how long. The defaults take about eight minutes on two quiet cores."""

    rounds: int = 3
    # Of each cell, in the one session of `cells`.
    cell_repeats: int = 10
    long_rounds: int = 2
    long_cells: int = 100
    memory_cells: int = 300
    run_all_rounds: int = 3
    completions: int = 12
    lines: int = 200_000
    steps: int = 7_000


QUICK = Effort(
    rounds=1,
    cell_repeats=2,
    long_rounds=1,
    long_cells=20,
    memory_cells=25,
    run_all_rounds=1,
    completions=2,
    lines=20_000,
    steps=350,
)


class Bench:
    """One run of the benchmark."""

    def __init__(self, homes, peers, board, effort, folder):
        self.homes = homes
        self.peers = peers
        self.board = board
        self.effort = effort
        self.folder = folder
        self.bare = Bare(homes.library, folder / "bare")
        self._sessions = 0
        self._numbers = 10

    def of(self, *keys):
        """The peers with these keys that are there."""
        return [peer for peer in self.peers if peer.key in keys]

    @staticmethod
    def turn(peers, round_):
        """All of them, another one first each round."""
        shift = round_ % len(peers) if peers else 0
        return peers[shift:] + peers[:shift]

    def number(self):
        """One that no cell of this run had yet."""
        self._numbers += 1
        return self._numbers

    def session(self, peer, cache=None):
        """A new kernel. Gradbook's keeps compiled cells in `cache`, or in a folder of its own."""
        self._sessions += 1
        folder = self.folder / f"session-{self._sessions}-{peer.key}"
        environment = {}
        if peer.key == GRADBOOK:
            environment = fresh_folders(folder)
            if cache is not None:
                environment["XDG_CACHE_HOME"] = str(cache)
        return Session(peer, folder, environment)

    def settle(self, session, seconds=1.0):
        """Waits until a kernel does nothing behind, and says so where it goes on."""
        if not session.quieten(seconds):
            self.board.note(f"{TITLES[session.peer.key]} was still busy behind its cells.")

    def memory(self, row, session):
        """A sample of the memory a session takes now: RSS in the table, PSS beside it."""
        resident, shared_out = session.memory()
        if resident:
            self.board.add(row, session.peer.key, resident)
            self.board.extra[f"{row}, PSS in MB", session.peer.key].append(shared_out)

    def empty_folder(self, name):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    @contextmanager
    def attempt(self, measure, key):
        """A peer that fails at something is told so in the results; the others go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001
            line = f"{type(error).__name__}: {error}"
            self.board.failed(measure, key, line)
            print(f"    {key} failed at {measure}: {line[:2000]}", flush=True)
            if not isinstance(error, (RuntimeError, ValueError)) and "CellFailed" not in line:
                traceback.print_exc()

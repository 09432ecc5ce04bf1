"""Samples on their way to medians, ratios and verdicts.
Knows nothing of where a sample came from, nor of how a figure is shown."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median, quantiles

from .rows import BY_KEY, EVCXR, GRADBOOK, PYTHON


@dataclass(frozen=True)
class Figure:
    """The middle of some samples, and where half of them lie."""

    median: float
    lower: float
    upper: float
    count: int


class Board:
    """All samples of a run, by row and peer, with what could not be measured."""

    def __init__(self):
        self.samples = defaultdict(list)
        # Numbers without a line in the table.
        self.extra = defaultdict(list)
        self.failures = []
        self.notes = []

    def add(self, row, peer, value):
        """One sample; `row` must be one of `rows.ROWS`."""
        self.samples[BY_KEY[row].key, peer].append(float(value))

    def failed(self, measure, peer, why):
        self.failures.append((measure, peer, why))

    def note(self, text):
        """Something a reader of the numbers must know; said once."""
        if text not in self.notes:
            self.notes.append(text)

    def figure(self, row, peer):
        """None without samples."""
        samples = self.samples.get((row, peer))
        if not samples:
            return None
        if len(samples) < 3:
            lower, upper = min(samples), max(samples)
        else:
            lower, _, upper = quantiles(samples, n=4, method="inclusive")
        return Figure(median(samples), lower, upper, len(samples))

    def peers(self):
        """Those that have a sample at all."""
        return {peer for _, peer in self.samples}

    def advantage(self, row, peer):
        """How many times better Gradbook's median is than the peer's: above 1 it is ahead."""
        ours, theirs = self.figure(row.key, GRADBOOK), self.figure(row.key, peer)
        if ours is None or theirs is None or ours.median <= 0 or theirs.median <= 0:
            return None
        ratio = theirs.median / ours.median
        return ratio if row.less_is_better else 1 / ratio

    def losses(self):
        """(row, peer, advantage) wherever Python or evcxr is ahead, the worst first."""
        found = [
            (row, peer, advantage)
            for row in BY_KEY.values()
            for peer in (PYTHON, EVCXR)
            if (advantage := self.advantage(row, peer)) is not None and advantage < 1
        ]
        return sorted(found, key=lambda loss: loss[2])

    def verdicts(self):
        """A `Verdict` for each goal that both of its numbers are there for."""
        return [
            verdict
            for row in BY_KEY.values()
            for goal in row.goals
            if (verdict := self._verdict(row, goal)) is not None
        ]

    def _verdict(self, row, goal):
        ours = self.figure(row.key, GRADBOOK)
        other = self.figure(*goal.of) if goal.of else None
        if ours is None or (goal.of and (other is None or other.median <= 0)):
            return None
        value = ours.median / other.median if other else ours.median
        met = value <= goal.factor if row.less_is_better else value >= goal.factor
        return Verdict(row, goal, value, met)


@dataclass(frozen=True)
class Verdict:
    """A goal, what was measured, and whether it is met."""

    row: object
    goal: object
    value: float
    met: bool

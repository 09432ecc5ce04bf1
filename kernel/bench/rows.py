"""Every number the benchmark takes: its name, its unit, which way is better, and its goal.
Knows nothing of how it is taken."""

from dataclasses import dataclass

# The peers' keys, in the order of the table's columns.
GRADBOOK = "gradbook"
PYTHON = "python"
EVCXR = "evcxr"
BARE = "bare"

TITLES = {
    GRADBOOK: "Gradbook",
    PYTHON: "Python and PyTorch",
    EVCXR: "evcxr_jupyter",
    BARE: "bare rustc",
}


@dataclass(frozen=True)
class Goal:
    """Gradbook's median against a limit: `factor` times another number, or `factor` itself."""

    factor: float
    # (row, peer) of the number it is compared with; None: `factor` is the limit, in the row's unit.
    of: tuple[str, str] | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    key: str
    title: str
    unit: str
    measure: str
    less_is_better: bool = True
    goals: tuple[Goal, ...] = ()


def _cell(key, title, *goals):
    limit = Goal(1.15, (key, BARE))
    return Row(key, title, "s", "cells", goals=(limit, *goals))


def _training(key, title):
    key = f"training_{key}"
    return Row(
        key,
        f"Training {title}, one thread (limit: tch alone)",
        "steps/s",
        "training",
        less_is_better=False,
        goals=(Goal(2, (key, PYTHON)), Goal(0.97, (key, BARE))),
    )


ROWS = (
    Row("kernel_info", "Process start to kernel_info", "s", "start", goals=(Goal(0.1),)),
    Row(
        "first_tensor",
        "Process start to the first tensor",
        "s",
        "start",
        goals=(Goal(1 / 3, ("first_tensor", PYTHON)),),
    ),
    _cell("cell_trivial", "A trivial cell"),
    _cell("cell_tensor", "A tensor cell", Goal(1 / 3, ("cell_tensor", EVCXR))),
    _cell("cell_network", "A cell that defines a network"),
    Row("cell_again", "The same cell again", "s", "cells", goals=(Goal(0.02),)),
    _cell("cell_displayed", "A displayed expression"),
    Row("cell_early", "A tensor cell, 5th of a long notebook", "s", "long"),
    Row(
        "cell_late",
        "The same, 100th: after 60 items and 60 variables",
        "s",
        "long",
        goals=(Goal(1.3, ("cell_early", GRADBOOK)), Goal(1.15, ("cell_late", BARE))),
    ),
    Row(
        "run_all_fresh",
        "Run All of six listings from a cold start",
        "s",
        "run_all",
        goals=(Goal(0.6, ("run_all_fresh", PYTHON)),),
    ),
    Row(
        "run_all_again",
        "The same in the next kernel",
        "s",
        "run_all",
        goals=(Goal(0.25, ("run_all_again", PYTHON)),),
    ),
    Row("restart", "Restart: the old kernel's end to the next kernel_info", "s", "start"),
    Row("completion_ready", "Process start to the first useful completion", "s", "completion"),
    Row("completion_idle", "Completion, kernel idle", "s", "completion"),
    Row("completion_busy", "Completion while a cell of 2 s runs", "s", "completion"),
    Row("output", "Printing 200,000 lines", "lines/s", "output", less_is_better=False),
    _training("houses", "the houses network"),
    _training("trainer", "the same with the lessons' `trainer`"),
    _training("classifier", "a classifier"),
    _training("cnn", "a small CNN"),
    _training("gpt", "a character GPT"),
    Row("memory_start", "Memory after the start", "MB", "cells"),
    Row("memory_tensor", "Memory after the first tensor", "MB", "start", goals=(Goal(300),)),
    Row("memory_notebook", "Memory after Run All of the six listings", "MB", "run_all"),
    Row("memory_300", "Memory after 300 cells", "MB", "long"),
)

BY_KEY = {row.key: row for row in ROWS}

MEASURES = tuple(dict.fromkeys(row.measure for row in ROWS))

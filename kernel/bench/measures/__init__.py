"""One module per measurement; each takes its samples in rounds, the peers in turn.
Knows nothing of tables: samples go to the board."""

from . import cells, completion, long, output, run_all, start, training

# The order of a run: what disturbs the machine least comes first.
ALL = {
    "start": start.measure,
    "cells": cells.measure,
    "long": long.measure,
    "run_all": run_all.measure,
    "completion": completion.measure,
    "output": output.measure,
    "training": training.measure,
}

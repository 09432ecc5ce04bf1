"""A board on its way to a page: the table, what loses, which goals are met; and the same as JSON.
Knows nothing of how anything was measured."""

from .rows import BARE, EVCXR, GRADBOOK, PYTHON, ROWS, TITLES

COLUMNS = (GRADBOOK, PYTHON, EVCXR, BARE)


def markdown(board, facts, seconds, partial=None, facts_of_setup=()):
    """The whole page. `partial` says why it is not the full benchmark."""
    parts = ["# Gradbook beside Python, evcxr and bare rustc"]
    if partial:
        parts.append(f"**{partial}**")
    parts += [
        f"Written by `cargo lab bench` in {words(seconds)}. How each number is taken: "
        "[README.md](README.md).",
        _machine(facts),
        "Medians, all in one run on one machine, the kernels taking turns. In brackets: where half "
        "of the samples lie, and how many there are. *Against* says how many times better Gradbook "
        "is; below 1, in bold, it loses.",
        table(board),
        "## Where Gradbook loses",
        _losses(board),
        "## Goals",
        _goals(board),
    ]
    if facts_of_setup:
        parts += ["## Set-up", _setup(facts_of_setup)]
    if board.notes or board.failures:
        parts += ["## Notes", _notes(board)]
    return "\n\n".join(parts) + "\n"


def table(board):
    """Rows without a sample are left out, and columns too."""
    present = [peer for peer in COLUMNS if peer in board.peers()]
    against = [peer for peer in present if peer in (PYTHON, EVCXR, BARE)]
    short = {PYTHON: "Python", EVCXR: "evcxr", BARE: "rustc"}
    head = ["Work", *[TITLES[peer] for peer in present], *[f"Against {short[p]}" for p in against]]
    lines = [head, ["---", *["--:"] * (len(head) - 1)]]
    for row in ROWS:
        figures = [board.figure(row.key, peer) for peer in present]
        if not any(figures):
            continue
        ratios = [_advantage(board.advantage(row, peer)) for peer in against]
        lines.append([row.title, *[shown(figure, row.unit) for figure in figures], *ratios])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def as_json(board, facts, seconds, partial=None):
    """Everything, with each sample."""
    return {
        "machine": facts,
        "seconds": round(seconds, 1),
        "partial": partial,
        "rows": [
            {
                "key": row.key,
                "title": row.title,
                "unit": row.unit,
                "less_is_better": row.less_is_better,
                "samples": {
                    peer: board.samples[row.key, peer]
                    for peer in COLUMNS
                    if board.samples.get((row.key, peer))
                },
                "medians": {
                    peer: figure.median
                    for peer in COLUMNS
                    if (figure := board.figure(row.key, peer)) is not None
                },
            }
            for row in ROWS
        ],
        "beside": [
            {"what": what, "peer": peer, "samples": samples}
            for (what, peer), samples in board.extra.items()
        ],
        "losses": [
            {"row": row.key, "peer": peer, "advantage": advantage}
            for row, peer, advantage in board.losses()
        ],
        "goals": [
            {"row": v.row.key, "goal": _goal(v), "value": v.value, "met": v.met}
            for v in board.verdicts()
        ],
        "notes": board.notes,
        "failures": [list(failure) for failure in board.failures],
    }


def shown(figure, unit):
    """`231 ms (225 to 240, 10)`"""
    if figure is None:
        return "—"
    # One scale for all three numbers.
    scale, name, digits = _scale(figure.median, unit)
    low, middle, high = (
        f"{value * scale:,.{digits}f}" for value in (figure.lower, figure.median, figure.upper)
    )
    spread = f" ({low} to {high}, {figure.count})" if figure.count > 1 else " (1)"
    return f"{middle} {name}{spread}"


def amount(value, unit):
    """One number with its unit."""
    scale, name, digits = _scale(value, unit)
    return f"{value * scale:,.{digits}f} {name}"


def words(seconds):
    """`48 s`, `6 min 20 s`"""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _scale(value, unit):
    if unit == "s" and value < 0.0995:
        return 1000, "ms", 1
    if unit == "s" and value < 0.9995:
        return 1000, "ms", 0
    if unit == "s":
        return 1, "s", 2 if value < 10 else 1
    return 1, unit, 0


def _advantage(ratio):
    if ratio is None:
        return "—"
    text = factor(ratio)
    return f"**{text}**" if ratio < 1 else text


def factor(ratio):
    """`0.08x`, `1.24x`, `12.4x`, `120x`; never rounded over the line between losing and not losing."""
    if ratio < 1:
        return f"{min(ratio, 0.99):.2g}x"
    digits = 2 if ratio < 10 else 1 if ratio < 100 else 0
    return f"{ratio:.{digits}f}x"


def _machine(facts):
    return "\n".join(f"- {label}: {value}" for label, value in facts.items())


def _setup(steps):
    """What each step of set-up took when it was first done on this machine, and what it left."""
    lines = ["After cargo's own build of the kernel, each step when it was first done here:", ""]
    lines += ["| Step | took | on disk |", "| --- | --: | --: |"]
    lines += [f"| {step} | {took} | {size} |" for step, took, size in steps]
    return "\n".join(lines)


def _losses(board):
    losses = board.losses()
    if not losses:
        return "Nowhere, in what was measured."
    lines = []
    for row, peer, advantage in losses:
        ours = amount(board.figure(row.key, GRADBOOK).median, row.unit)
        theirs = amount(board.figure(row.key, peer).median, row.unit)
        lines.append(
            f"- {row.title}: {ours} against {theirs} of {TITLES[peer]} ({factor(advantage)})"
        )
    return "\n".join(lines)


def _goals(board):
    verdicts = board.verdicts()
    if not verdicts:
        return "None of the goals can be judged from what was measured."
    lines = []
    for v in verdicts:
        value = f"{v.value:.2f}x" if v.goal.of else amount(v.value, v.row.unit)
        lines.append(f"- {'met' if v.met else '**missed**'}: {v.row.title}: {value}, {_goal(v)}")
    return "\n".join(lines)


def _goal(verdict):
    row, goal = verdict.row, verdict.goal
    bound = "at most" if row.less_is_better else "at least"
    if goal.of is None:
        return f"the goal is {bound} {amount(goal.factor, row.unit)}"
    other, peer = goal.of
    whose = TITLES[peer] if other == row.key else "the 5th cell"
    return f"the goal is {bound} {goal.factor:.2f}x of {whose}"


def _notes(board):
    lines = [f"- {note}" for note in board.notes]
    for measure, peer, why in board.failures:
        one_line = " ".join(why.split())[:300]
        lines.append(f"- Not measured: `{measure}` of {TITLES[peer]}: {one_line}")
    return "\n".join(lines)

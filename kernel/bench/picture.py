"""Some rows of a board as bars in an SVG that reads on a light and on a dark page.
Knows nothing of measuring; each group of bars has a scale of its own, because units differ."""

from xml.sax.saxutils import escape

from .report import amount
from .rows import BARE, BY_KEY, EVCXR, GRADBOOK, PYTHON, TITLES

# Waiting, training and memory, some that Gradbook loses among them.
SHOWN = (
    "first_tensor",
    "run_all_fresh",
    "run_all_again",
    "cell_tensor",
    "training_houses",
    "memory_tensor",
)

PEERS = (GRADBOOK, PYTHON, EVCXR, BARE)

WIDTH = 760
LEFT, RIGHT = 150, 110
BAR, GAP, HEAD, GROUP = 16, 5, 22, 16
TOP, BOTTOM = 52, 34

STYLE = """
    text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
    .title { font-size: 17px; font-weight: 600 }
    .group { font-weight: 600 }
    .small { font-size: 11px; fill: #59636e }
    .gradbook { fill: #c2410c } .python { fill: #3b6fb6 } .evcxr { fill: #7c8794 }
    .bare { fill: #b9c1ca }
    .page { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .small { fill: #9198a1 } .page { fill: #0d1117 }
      .gradbook { fill: #fb8b4b } .python { fill: #6ea8fe } .evcxr { fill: #8b949e }
      .bare { fill: #4b545e }
    }
"""


def draw(board, facts):
    """The SVG's text; its description says in words all that the bars show."""
    body, said, y = [], [], TOP
    for key in SHOWN:
        row = BY_KEY[key]
        bars = [
            (peer, figure.median)
            for peer in PEERS
            if (figure := board.figure(key, peer)) is not None
        ]
        if not bars:
            continue
        y = _group(body, row, bars, y)
        values = ", ".join(f"{TITLES[peer]} {amount(value, row.unit)}" for peer, value in bars)
        said.append(f"{_heading(row)}: {values}.")
    height = y + BOTTOM
    under = (
        f"{facts.get('processor', '?')}, {facts.get('cores', '?')} cores, {facts.get('date', '?')}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="title desc">',
            '  <title id="title">Gradbook beside Python with PyTorch</title>',
            f'  <desc id="desc">{escape(" ".join(said))}</desc>',
            f"  <style>{STYLE}  </style>",
            f'  <rect class="page" width="{WIDTH}" height="{height}" rx="8"/>',
            '  <text class="title" x="20" y="32">Gradbook beside Python with PyTorch</text>',
            *body,
            f'  <text class="small" x="20" y="{height - 14}">{escape(under)}</text>',
            "</svg>",
            "",
        ]
    )


def _heading(row):
    better = "less is better" if row.less_is_better else "more is better"
    return f"{row.title} ({better})"


def _group(body, row, bars, y):
    body.append(f'  <text class="group" x="20" y="{y + 12}">{escape(_heading(row))}</text>')
    y += HEAD
    scale = _scale(bars)
    for peer, value in bars:
        width = max(2, round((WIDTH - LEFT - RIGHT) * min(value / scale, 1)))
        middle = y + BAR - 4
        end = LEFT + width + 8
        name, said = escape(_short(peer, row)), escape(amount(value, row.unit))
        body += [
            f'  <text x="{LEFT - 10}" y="{middle}" text-anchor="end">{name}</text>',
            f'  <rect class="{peer}" x="{LEFT}" y="{y}" width="{width}" height="{BAR}" rx="3"/>',
            f'  <text x="{end}" y="{middle}">{said}</text>',
        ]
        if value > scale:
            # Torn: this bar would go on far beyond the page.
            for at in (width - 30, width - 22):
                points = f"{LEFT + at},{y + BAR} {LEFT + at + 4},{y + BAR} {LEFT + at + 10},{y} "
                points += f"{LEFT + at + 6},{y}"
                body.append(f'  <polygon class="page" points="{points}"/>')
        y += BAR + GAP
    return y + GROUP - GAP


def _scale(bars):
    """What a bar of the full width stands for: evcxr's may be too long to show beside the others."""
    longest = max(value for _, value in bars)
    others = max((value for peer, value in bars if peer != EVCXR), default=longest)
    return (others if longest > 8 * others else longest) or 1


def _short(peer, row):
    if peer == BARE:
        return "tch alone" if row.measure == "training" else "rustc alone"
    return "Python, PyTorch" if peer == PYTHON else TITLES[peer]

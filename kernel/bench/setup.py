"""What set-up cost on this machine: the seconds that its steps noted, and the size of what they made.
Knows nothing of kernels."""

import os

from .report import words

# A step's title begins so: what it made lies there, in the clone.
MADE = {
    "Making the Python": (),
    "Fetching libtorch": (".gradbook/libtorch", ".gradbook/libtorch-wheels"),
    "Installing JupyterLab": (".gradbook/python",),
    "Fetching a sentence": (".gradbook/models",),
    "Building the lessons": (".gradbook/library", "target/library"),
    "Compiling the lessons": (),
    "Building completion": (".gradbook/bin", "target/intel"),
}


def steps(homes):
    """Title, time and size of each step, as it was done first: later ones build little anew. Nothing where set-up
    noted nothing."""
    try:
        lines = (homes.home / "setup-times.tsv").read_text().splitlines()
    except OSError:
        return []
    noted = [line.split("\t") for line in lines if "\t" in line]
    first = dict(reversed(noted))
    return [(title, words(float(first[title])), _size(homes.root, title)) for title in dict(noted)]


def _size(root, title):
    folders = next((made for begins, made in MADE.items() if title.startswith(begins)), ())
    seen, total = set(), 0
    for folder in folders:
        for parent, _, names in os.walk(root / folder):
            for name in names:
                entry = os.lstat(os.path.join(parent, name))
                if entry.st_ino not in seen:
                    seen.add(entry.st_ino)
                    total += entry.st_blocks * 512
    return f"{total / 1e6:,.0f} MB" if folders else "—"

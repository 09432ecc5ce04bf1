"""Every notebook, from top to bottom in a fresh kernel: its outputs are those kept in git, its
numbers are the measured ones, and its pictures can be read aloud."""

import re

import executed
import nbformat
import pytest
from measured import MEASURED

paths = pytest.mark.parametrize("path", executed.NOTEBOOKS, ids=lambda path: path.stem)


@paths
def test_outputs_are_those_kept(path, request):
    fresh = executed.executed(path)
    if request.config.getoption("--write"):
        path.write_text(executed.text(fresh), encoding="utf-8")
    kept = nbformat.read(path, as_version=4)
    assert executed.pretty(fresh) == executed.pretty(kept)


@paths
def test_a_notebook_says_the_same_where_no_cell_was_compiled_before(path, tmp_path, monkeypatch):
    """The other runs find what set-up compiled."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept = nbformat.read(path, as_version=4)
    assert executed.pretty(executed.executed(path)) == executed.pretty(kept)


@paths
def test_the_file_is_as_the_writer_leaves_it(path):
    kept = nbformat.read(path, as_version=4)
    assert path.read_text(encoding="utf-8") == executed.text(executed.cleaned(kept))
    counts = [cell.execution_count for cell in kept.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@paths
def test_the_measured_numbers_are_there(path):
    """Written by hand from the course's table of measurements: no writer can change them."""
    kept = nbformat.read(path, as_version=4)
    for cell_id, patterns in MEASURED.get(path.stem, {}).items():
        shown = executed.shown(kept, cell_id)
        for pattern in patterns:
            assert re.search(pattern, shown), f"{cell_id} lacks {pattern!r}:\n{shown}"


@paths
def test_every_picture_says_what_it_shows(path):
    for cell_id, svg in executed.svgs(nbformat.read(path, as_version=4)):
        opening = re.search(r"<svg\b[^>]*>", svg).group()
        assert 'role="img"' in opening, cell_id
        label = re.search(r'aria-label="([^"]+)"', opening) or re.search(
            r"<title>([^<]+)</title>", svg
        )
        assert label and len(label.group(1)) > 10, cell_id


@paths
def test_no_cell_failed(path):
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", cell.id

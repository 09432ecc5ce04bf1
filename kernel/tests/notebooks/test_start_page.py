"""The start page's map: minutes and exercises are those of the catalogue."""

import re

import executed
import learner
import nbformat


def test_the_map_says_what_the_catalogue_says():
    start = nbformat.read(executed.ROOT / "notebooks/00_start_here.ipynb", as_version=4)
    [course_map] = [cell.source for cell in start.cells if cell.id == "map"]
    row = re.compile(r"\((\w+)\.ipynb\).*\| (\d+) \| (\d+) \|$", flags=re.MULTILINE)
    said = [(name, int(minutes), int(count)) for name, minutes, count in row.findall(course_map)]
    known = learner.catalogue()["notebooks"]
    assert said == [(each["file"], each["minutes"], len(each["exercises"])) for each in known]

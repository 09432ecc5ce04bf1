"""The set of notebooks: nothing of the document, the checklist or the catalogue is missing, every
solution is correct in its notebook, and a cell that nobody touched is "not attempted"."""

import re
import warnings

import executed
import learner
import nbformat
import pytest

PATHS = executed.NOTEBOOKS
paths = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
README = executed.ROOT / "README.md"


@pytest.fixture(scope="session")
def course():
    return learner.catalogue()


def exercises_of(course, stem):
    found = [each for each in course["notebooks"] if each["file"] == stem]
    return found[0]["exercises"] if found else []


def code_cells(path):
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def answer_cells(cells, exercise):
    call = re.compile(rf"^check::{exercise['id']}\(", re.MULTILINE)
    return [cell for cell in cells if call.search(cell.source)]


def last_shown(cell):
    shown = [output["data"]["text/plain"] for output in cell.outputs if "data" in output]
    return shown[-1] if shown else ""


@paths
def test_every_solution_is_correct_in_its_notebook(path, course):
    exercises = exercises_of(course, path.stem)
    if not exercises:
        pytest.skip("no exercises here")
    notebook = nbformat.read(path, as_version=4)
    for exercise in exercises:
        for cell in answer_cells(notebook.cells, exercise):
            cell.source = exercise["solution"]
    solved = executed.run(notebook, path.parent)
    for exercise in exercises:
        [cell] = answer_cells(solved.cells, exercise)
        first = last_shown(cell).splitlines()[0]
        assert first == f"✓ {exercise['title']}: correct", last_shown(cell)


@paths
def test_an_untouched_answer_is_not_attempted(path, course):
    for exercise in exercises_of(course, path.stem):
        [cell] = answer_cells(code_cells(path), exercise)
        assert last_shown(cell).startswith(f"○ {exercise['title']}: not attempted"), cell.id


def test_every_section_has_its_notebook(course):
    sections = [each["file"] for each in course["notebooks"]]
    assert [path.stem for path in PATHS] == ["00_start_here", *sections]


def test_the_start_page_leads_to_every_notebook(course):
    start = links(prose(executed.ROOT / "notebooks/00_start_here.ipynb"))
    index = links(prose(README))
    for notebook in course["notebooks"]:
        assert f"{notebook['file']}.ipynb" in start
        assert f"notebooks/{notebook['file']}.ipynb" in index


def test_every_item_of_the_checklist_has_an_exercise(course):
    exercises = [each for notebook in course["notebooks"] for each in notebook["exercises"]]
    codes = {code for exercise in exercises for code in exercise["codes"]}
    assert sorted(codes) == sorted(course["checklist"])


def test_every_exercise_stands_once_in_its_notebook_in_order(course):
    cells = {path.stem: [cell.source for cell in code_cells(path)] for path in PATHS}
    for notebook in course["notebooks"]:
        wanted = []
        for exercise in notebook["exercises"]:
            wanted += [f'exercise("{exercise["id"]}")', exercise["starter"]]
            for stem, sources in cells.items():
                found = sum(f'exercise("{exercise["id"]}")' in source for source in sources)
                assert found == (stem == notebook["file"]), (exercise["id"], stem)
        sources = cells.get(notebook["file"], [])
        assert [source for source in sources if source in wanted] == wanted, notebook["file"]


def test_every_exercise_has_three_hints_and_a_solution(course):
    for notebook in course["notebooks"]:
        for exercise in notebook["exercises"]:
            assert exercise["hints"] >= 3, exercise["id"]
            assert f"check::{exercise['id']}(" in exercise["solution"], exercise["id"]


@paths
def test_headings_nest(path):
    levels = [level for level, _ in headings(path)]
    assert levels[:1] == [1] and levels.count(1) == 1, "one heading of the first level, on top"
    for above, level in zip(levels, levels[1:]):
        assert level <= above + 1, f"level {level} below level {above}"


@paths
def test_cells_are_short(path):
    for cell in code_cells(path):
        lines = len(cell.source.splitlines())
        assert lines <= 20, f"{cell.id}: {lines} lines"
        if lines > 15:
            warnings.warn(f"{path.stem}, {cell.id}: {lines} lines", stacklevel=1)


@paths
def test_metadata_is_clean_and_outputs_are_kept(path):
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert any(cell.outputs for cell in code_cells(path))


@pytest.mark.parametrize(
    "path",
    [*PATHS, README, *sorted((executed.ROOT / "notebooks").glob("*.md"))],
    ids=lambda path: path.stem,
)
def test_links_lead_somewhere(path):
    for target in links(prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        to = (path.parent / name).resolve() if name else path
        assert to.exists(), target
        if anchor:
            assert anchor in anchors(to), target


def prose(path):
    """A file's Markdown, without blocks of code."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def headings(path):
    found = re.findall(r"^(#{1,6}) +(.+?) *$", prose(path), flags=re.MULTILINE)
    return [(len(marks), title) for marks, title in found]


def links(text):
    """Targets in Markdown and in HTML, but not in code."""
    text = re.sub(r"`[^`\n]*`", "", text)
    return re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:href|src)="([^"]+)"', text)


def anchors(path):
    """As JupyterLab names headings, and as code hosts do."""
    titles = [title for _, title in headings(path)]
    hosts = {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}
    return hosts | {title.replace(" ", "-") for title in titles}

"""The benchmark's arithmetic, table and picture; its numbers are nobody's test."""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "kernel"))

from bench import bare, listings, picture, report, work  # noqa: E402
from bench.bench import QUICK, Bench, Effort  # noqa: E402
from bench.figures import Board, Figure  # noqa: E402
from bench.measures import ALL, long  # noqa: E402
from bench.peers import default_homes, peers  # noqa: E402
from bench.rows import BARE, BY_KEY, EVCXR, GRADBOOK, MEASURES, PYTHON, ROWS  # noqa: E402
from bench.session import CellFailed, Session  # noqa: E402


def board(**rows):
    """`cell_tensor={GRADBOOK: [0.2], PYTHON: [0.1]}`"""
    made = Board()
    for row, samples in rows.items():
        for peer, values in samples.items():
            for value in values:
                made.add(row, peer, value)
    return made


def test_a_figure_is_the_median_and_where_half_of_the_samples_lie():
    made = board(cell_tensor={GRADBOOK: [9, 1, 3, 5, 7]})
    assert made.figure("cell_tensor", GRADBOOK) == Figure(5, 3, 7, 5)
    assert made.figure("cell_tensor", PYTHON) is None
    two = board(cell_tensor={GRADBOOK: [4, 2]})
    assert two.figure("cell_tensor", GRADBOOK) == Figure(3, 2, 4, 2)


def test_a_sample_of_an_unknown_row_is_refused():
    with pytest.raises(KeyError):
        Board().add("cell_tensr", GRADBOOK, 1)


def test_an_advantage_is_above_one_where_gradbook_is_ahead_whichever_way_is_better():
    made = board(
        run_all_fresh={GRADBOOK: [2.0], PYTHON: [8.0]},
        training_houses={GRADBOOK: [4000], PYTHON: [1000], BARE: [5000]},
    )
    assert made.advantage(BY_KEY["run_all_fresh"], PYTHON) == 4
    assert made.advantage(BY_KEY["training_houses"], PYTHON) == 4
    assert made.advantage(BY_KEY["training_houses"], BARE) == 0.8
    assert made.advantage(BY_KEY["training_houses"], EVCXR) is None


def test_what_loses_is_listed_with_the_worst_first_and_the_limit_is_nobody_to_lose_to():
    made = board(
        cell_trivial={GRADBOOK: [0.2], PYTHON: [0.01], BARE: [0.1]},
        cell_tensor={GRADBOOK: [0.2], PYTHON: [0.1], EVCXR: [0.9]},
        training_houses={GRADBOOK: [4000], PYTHON: [1000]},
        output={GRADBOOK: [100], PYTHON: [300]},
    )
    assert [(row.key, peer) for row, peer, _ in made.losses()] == [
        ("cell_trivial", PYTHON),
        ("output", PYTHON),
        ("cell_tensor", PYTHON),
    ]


@pytest.mark.parametrize(
    ("rows", "met"),
    [
        (dict(kernel_info={GRADBOOK: [0.09]}), [True]),
        (dict(kernel_info={GRADBOOK: [0.11]}), [False]),
        (dict(run_all_fresh={GRADBOOK: [6.1], PYTHON: [10]}), [False]),
        (dict(run_all_fresh={GRADBOOK: [5.9], PYTHON: [10]}), [True]),
        (dict(run_all_fresh={GRADBOOK: [5.9]}), []),
        (dict(training_houses={GRADBOOK: [960], PYTHON: [400], BARE: [1000]}), [True, False]),
        (dict(cell_early={GRADBOOK: [0.2]}, cell_late={GRADBOOK: [0.25], BARE: [0.1]}), [True, False]),
    ],
)
def test_a_goal_is_judged_only_where_both_numbers_are_there(rows, met):
    assert [verdict.met for verdict in board(**rows).verdicts()] == met


def test_the_table_has_a_column_for_each_peer_that_took_part_and_marks_what_loses():
    made = board(
        cell_tensor={GRADBOOK: [0.24, 0.2, 0.22], PYTHON: [0.011], BARE: [0.2]},
        output={GRADBOOK: [400_000.0], PYTHON: [200_000.0]},
    )
    lines = report.table(made).splitlines()
    assert lines[0] == (
        "| Work | Gradbook | Python and PyTorch | bare rustc | Against Python | Against rustc |"
    )
    assert lines[2:] == [
        "| A tensor cell | 220 ms (210 to 230, 3) | 11.0 ms (1) | 200 ms (1) | **0.05x** | **0.91x** |",
        "| Printing 200,000 lines | 400,000 lines/s (1) | 200,000 lines/s (1) | — | 2.00x | — |",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0123, "s", "12.3 ms"),
        (0.0996, "s", "100 ms"),
        (0.25, "s", "250 ms"),
        (0.9996, "s", "1.00 s"),
        (12.345, "s", "12.3 s"),
        (134.4, "MB", "134 MB"),
        (103690.2, "lines/s", "103,690 lines/s"),
    ],
)
def test_amounts_carry_a_fitting_unit(value, unit, text):
    assert report.amount(value, unit) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.9999, "0.99x"), (1.0, "1.00x"), (0.0096, "0.0096x"), (12.34, "12.3x"), (316.4, "316x")],
)
def test_a_loss_is_never_rounded_to_a_draw(ratio, text):
    assert report.factor(ratio) == text


def full_board():
    made = Board()
    for at, row in enumerate(ROWS, 1):
        for peer in (GRADBOOK, PYTHON, EVCXR, BARE):
            made.add(row.key, peer, at)
    made.failed("output", EVCXR, "CellFailed: <no> & answer\nin time")
    made.note("a note")
    return made


def test_the_page_tells_machine_partiality_losses_goals_and_failures():
    page = report.markdown(full_board(), {"cores": "2"}, 380, "Not the whole benchmark: --quick")
    for part in (
        "- cores: 2",
        "in 6 min 20 s",
        "**Not the whole benchmark: --quick**",
        "## Where Gradbook loses\n\nNowhere, in what was measured.",
        "- **missed**: Process start to kernel_info: 1.00 s, the goal is at most 100 ms",
        "- a note",
        "- Not measured: `output` of evcxr_jupyter: CellFailed: <no> & answer in time",
    ):
        assert part in page, part


def test_the_json_holds_every_sample():
    made = board(cell_tensor={GRADBOOK: [0.2, 0.3], PYTHON: [0.01]})
    made.extra["memory_300, PSS in MB", GRADBOOK].append(120.0)
    data = json.loads(json.dumps(report.as_json(made, {"cores": "2"}, 1.0)))
    row = next(row for row in data["rows"] if row["key"] == "cell_tensor")
    assert row["samples"] == {GRADBOOK: [0.2, 0.3], PYTHON: [0.01]}
    assert row["medians"] == {GRADBOOK: 0.25, PYTHON: 0.01}
    assert data["beside"][0]["samples"] == [120.0]
    assert data["losses"] == [{"row": "cell_tensor", "peer": PYTHON, "advantage": 0.04}]


SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_says_in_words_what_its_bars_show_and_scales_each_group():
    made = board(
        first_tensor={GRADBOOK: [1.0], PYTHON: [4.0], EVCXR: [400.0]},
        training_houses={GRADBOOK: [4000], PYTHON: [1000]},
    )
    image = ElementTree.fromstring(picture.draw(made, {"processor": "A & B", "cores": "2"}))
    said = image.find(f"{SVG}desc").text
    assert "Gradbook 1.00 s, Python and PyTorch 4.00 s, evcxr_jupyter 400.0 s." in said
    width = {}
    for bar in image.iter(f"{SVG}rect"):
        width.setdefault(bar.get("class"), []).append(int(bar.get("width")))
    assert width["python"][0] == 4 * width["gradbook"][0]
    assert width["gradbook"][1] == 4 * width["python"][1]
    # Too long for the page: as long as the longest other one, and torn.
    assert width["evcxr"] == [width["python"][0]]
    assert len(list(image.iter(f"{SVG}polygon"))) == 2


def test_an_empty_board_still_gives_a_page_and_a_picture():
    assert "| Work |" in report.markdown(Board(), {}, 1)
    ElementTree.fromstring(picture.draw(Board(), {}))


def test_every_row_has_a_measurement_and_every_measurement_a_row():
    assert set(MEASURES) == set(ALL)


def test_the_bare_call_has_the_flags_of_the_kernels_own():
    evaluator = ROOT / "kernel/evaluator/src"
    source = (evaluator / "rustc/mod.rs").read_text()
    [edition] = re.findall(r'const EDITION: &str = "(\d+)"', source)
    source = source[source.index("fn command") :]
    flags = set(re.findall(r'"(-C[a-z-]+=?[a-z-]*)"', source))
    assert flags | {f"--edition={edition}"} == set(bare.FLAGS)


def test_the_bare_call_optimises_what_the_kernel_optimises():
    source = (ROOT / "kernel/evaluator/src/source.rs").read_text()
    signs = re.search(r"const REPEATING: .*? = \[(.*?)\];", source, re.DOTALL).group(1)
    assert re.findall(r'"([^"]+)"', signs) == list(bare.REPEATING)
    assert bare.opt_level("let a = Tensor::from_slice(&[1.0]);") == "0"
    assert bare.opt_level("while x { y() }") == bare.opt_level("a.map(|x| x)") == "1"


def test_the_notebook_of_a_full_run_has_60_items_before_its_100th_cell():
    kinds = list(long.kinds(Effort().long_cells))
    assert len(kinds) == 100
    assert kinds[4] == "early" and kinds[99] == "late"
    assert kinds.count("early") == kinds.count("late") == long.PROBES
    assert kinds[: -long.PROBES].count("item") >= long.ITEMS
    # The probes use what the first two cells made, in a quick run too.
    assert kinds[:2] == list(long.kinds(QUICK.long_cells))[:2] == ["item", "item"]


def test_no_number_is_given_out_twice_and_every_peer_is_first_in_its_turn(tmp_path):
    homes = default_homes(ROOT)
    bench = Bench(homes, [], Board(), QUICK, tmp_path)
    assert len({bench.number() for _ in range(50)}) == 50
    assert [Bench.turn(["a", "b", "c"], round_)[0] for round_ in range(4)] == ["a", "b", "c", "a"]
    assert Bench.turn([], 3) == []


def test_no_cell_keeps_a_placeholder_and_each_language_has_its_text():
    for name in ("FIRST_TENSOR", "TRIVIAL", "TENSOR", "NETWORK", "DISPLAYED", "PROBE"):
        cell = getattr(work, name)
        for peer in (GRADBOOK, PYTHON, EVCXR, BARE):
            assert "@N@" not in cell.text(peer, 7)
        assert cell.text(GRADBOOK, 7) != cell.text(PYTHON, 7)


def test_the_listings_are_the_notebooks_code_cells():
    cells = listings.rust_cells(ROOT)
    assert len(cells) > 20 and any("randperm(100).split(16, 0)" in cell for cell in cells)
    for cell in listings.PYTHON_CELLS:
        compile(cell, "listing", "exec")


@pytest.fixture
def session(tmp_path):
    gradbook = peers(default_homes(ROOT), tmp_path)[0]
    with Session(gradbook, tmp_path / "session") as session:
        session.wait_for_info()
        yield session


def test_a_session_times_cells_keeps_early_replies_and_refuses_wrong_work(session):
    ran = session.run('println!("{}", 20 + 22);', says="42")
    assert ran.seconds > 0 and ran.text == "42\n"
    running = session.send('println!("on"); std::thread::sleep(std::time::Duration::from_millis(1));')
    # Whichever reply comes first, the other one is not lost.
    assert session.complete("std::thre").reply["status"] == "ok"
    session.finish(running)
    assert session.run_all(["let a = 1;", "a + 1"]).text == "2"
    with pytest.raises(CellFailed, match="without '43'"):
        session.run('println!("{}", 42);', says="43")
    with pytest.raises(CellFailed, match="boom"):
        session.run('panic!("boom");')
    resident, _ = session.memory()
    assert resident > 1

"""What variables do when they are dropped is code of the learner's: it may show something, and it may fail."""

import pytest

SHOWS = """
struct Shows;
impl Drop for Shows { fn drop(&mut self) { display(&tensor(1.0)); println!("shown"); } }
let shows = Shows;
let kept = 4;
"""
FAILS = """
struct Fails;
impl Drop for Fails { fn drop(&mut self) { panic!("not like this") } }
let fails = Fails;
let kept = 4;
"""


def test_a_curve_that_is_cleared(kernel):
    kernel.ok("let mut live = live_curve(LossCurve::default()); live.push(1.0);")
    kernel.ok(":clear")
    assert kernel.ok("1 + 1").value == "2"


@pytest.mark.parametrize("drop", [":clear", "struct Shows(i32);", "let shows = 5;", "drop(shows);"])
def test_what_is_shown_is_shown_by_the_cell_that_drops(kernel, drop):
    kernel.ok(":clear\n" + SHOWS)
    ran = kernel.ok(drop)
    assert len(ran.of("display_data")) == 1
    assert ran.out == "shown\n"
    assert kernel.ok("1 + 1").value == "2"
    if drop != ":clear":
        assert kernel.ok("kept").value == "4"


@pytest.mark.parametrize("drop", [":clear", "struct Fails(i32);"])
def test_a_failure_is_told_and_the_other_variables_stay(kernel, drop):
    kernel.ok(":clear\n" + FAILS)
    child = kernel.child
    ran = kernel.ok(drop)
    assert "while a variable was dropped: not like this\n" in ran.err
    assert kernel.child == child
    assert kernel.ok("1 + 1").value == "2"
    if drop == ":clear":
        assert kernel.run("kept").error["ename"] == "E0425"
    else:
        assert kernel.ok("kept").value == "4"
        assert "`fails` was dropped" in kernel.run("fails").told


def test_all_variables_are_dropped_where_the_first_fails(kernel):
    kernel.ok(":clear\n" + FAILS.replace("fails", "a_fails") + SHOWS.replace("kept", "kept_too"))
    ran = kernel.ok(":clear")
    assert "while a variable was dropped" in ran.err and ran.out == "shown\n"


def test_a_drop_that_never_ends_is_stopped(kernel):
    kernel.ok(""":clear
struct Endless;
impl Drop for Endless { fn drop(&mut self) { println!("running"); loop {} } }
let endless = Endless;
""")
    child = kernel.child
    sent = kernel.begin(":clear")
    kernel.interrupt()
    kernel.finish(sent)
    assert kernel.child == child
    assert kernel.ok("1 + 1").value == "2"

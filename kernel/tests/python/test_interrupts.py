"""Stop: ends what runs, keeps the variables, and says so."""

import time

import pytest
from frontend import until
from hard_stops import HARD, KEPT, SETUP, SWALLOWED
from loops import BEFORE, LOOPS


@pytest.mark.parametrize("kind", LOOPS)
def test_a_loop_stops_at_its_line_and_keeps_every_variable(kernel, kind):
    kernel.ok(BEFORE + "let before = vec![1, 2];")
    child = kernel.child
    code, line = LOOPS[kind]
    sent = kernel.begin(f"let new = 5;\n{code}")
    kernel.interrupt()
    ran = kernel.finish(sent)
    assert ran.error["ename"] == "Interrupted"
    assert f"cell [{ran.reply['execution_count']}]:{line + 1}:" in ran.told
    assert kernel.child == child, "the child was ended"
    assert kernel.ok("(before.len(), new, count > 0)").value == "(2, 5, true)"


def test_a_stopped_function_names_the_call_too(kernel):
    kernel.ok(BEFORE)
    made = kernel.ok("fn endless(count: &mut u64) {\n    loop { step(count); }\n}")
    sent = kernel.begin("let x = 1;\nendless(&mut count);")
    kernel.interrupt()
    ran = kernel.finish(sent)
    assert f"cell [{made.reply['execution_count']}]:2:" in ran.told
    line = f"cell [{ran.reply['execution_count']}], line 2: endless(&mut count);"
    assert f"called from {line}" in ran.told


def test_a_stop_in_a_thread_that_the_cell_joins_is_told_as_a_stop(kernel):
    kernel.ok("let before_join = 1;")
    child = kernel.child
    sent = kernel.begin("""
let thread = std::thread::spawn(|| { println!("running"); loop {} });
thread.join().unwrap();
""")
    kernel.interrupt()
    ran = kernel.finish(sent)
    assert ran.error["ename"] == "Interrupted"
    assert f"cell [{ran.reply['execution_count']}]:3:" in ran.told
    assert kernel.child == child, "the child was ended"
    assert kernel.ok("before_join").value == "1"


def test_changes_made_before_the_stop_are_kept(kernel):
    kernel.ok("let mut seen: Vec<u64> = Vec::new();")
    sent = kernel.send(
        'for i in 0..u64::MAX { if i < 5 { seen.push(i) } if i == 5 { println!("five"); } }'
    )
    kernel.wait_for_text(sent, "five")
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"
    assert kernel.ok("seen").value == "[0, 1, 2, 3, 4]"


def test_an_idle_kernel_ignores_a_stop(kernel):
    kernel.ok("let idle = 1;")
    for _ in range(3):
        kernel.interrupt()
    assert kernel.ok("let mut n = 0; for _ in 0..1000 { n += 1; } n + idle").value == "1001"


def test_cells_behind_a_stopped_one_do_not_run(kernel):
    sent = kernel.send('println!("running"); loop {}')
    behind = kernel.send("1")
    kernel.wait_for_text(sent, "running")
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"
    assert kernel.finish(behind).reply["status"] == "aborted"


def test_a_compile_that_takes_for_ever_is_stopped(kernel):
    kernel.ok("let kept = 11;")
    sent = kernel.send(
        "#[allow(long_running_const_eval)]\n"
        "const NEVER: u64 = { let mut i = 0; while i < 100_000_000_000_000u64 { i += 1; } i };\n"
        "NEVER"
    )
    kernel.wait_for(sent, lambda messages: len(messages) >= 2)
    # What code intelligence compiles stands below its own process.
    until(lambda: kernel.running("rustc"), "the cell is compiled")
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"
    assert not kernel.running("rustc")
    assert kernel.ok("kept").value == "11"


@pytest.fixture(scope="module")
def hard(kernel):
    """The kernel with the variables that the hard cells may use."""
    kernel.ok(SETUP)
    return kernel


@pytest.mark.parametrize("kind", [*HARD, *SWALLOWED])
def test_one_press_stops_the_hard_ones_too_and_keeps_every_variable(hard, kind):
    child = hard.child
    sent = hard.begin('println!("running");\n' + {**HARD, **SWALLOWED}[kind])
    hard.interrupt()
    ran = hard.finish(sent)
    assert (ran.reply["status"], ran.error["ename"]) == ("error", "Interrupted")
    assert not ran.of("execute_result")
    assert hard.child == child, "the child was ended"
    for code, value in KEPT.items():
        assert hard.ok(code).value == value


NO_WAY_OUT = "let (flag, changed) = (Mutex::new(()), Condvar::new());\ndrop(changed.wait(flag.lock().unwrap()));"


def test_a_cell_that_is_left_behind_takes_what_it_was_using_and_nothing_else(hard):
    hard.ok("""
        let mine = std::collections::BTreeMap::from([(1, 2)]);
        let other = std::collections::BTreeMap::from([(3, 4)]);
        let mut copied = vec![1.5];
    """)
    sent = hard.begin(f'copied.push(2.5); println!("running {{mine:?}}");\n{NO_WAY_OUT}\nmine.len();')
    hard.interrupt()
    ran = hard.finish(sent)
    assert ran.error["ename"] == "Interrupted"
    assert f"cell [{ran.reply['execution_count']}]:3:" in ran.told
    assert "Lost variables: mine." in ran.told
    assert "As they were before this cell: copied" in ran.told
    assert hard.ok("(&other, copied)").value == "({3: 4}, [1.5])"
    told = hard.run("mine.len()").told
    assert "`mine` was lost when" in told and f"cell [{ran.reply['execution_count']}]" in told


def test_after_a_cell_was_left_behind_all_goes_on_as_before(hard):
    hard.ok("let net = linear(2, 1);")
    sent = hard.begin('println!("running");\n' + NO_WAY_OUT)
    hard.interrupt()
    assert hard.finish(sent).error["ename"] == "Interrupted"
    ran = hard.ok('print!("out"); eprint!("err"); display(&weights); std::thread::current().name()')
    assert (ran.out, ran.err, ran.value) == ("out", "err", 'Some("main")')
    assert len(ran.of("display_data")) == 1
    # Gradients are on, and what was made before the stop still takes part in them.
    hard.ok("net.forward(&randn(&[4, 2])).sum(None).backward();")
    assert hard.ok("net.weight.grad().size()").value == "[1, 2]"


def test_threads_of_earlier_cells_go_on(hard):
    hard.ok("""
        use std::sync::atomic::{AtomicU64, Ordering};
        let ticks = Arc::new(AtomicU64::new(1));
        let counted = ticks.clone();
        std::thread::spawn(move || while counted.load(Ordering::Relaxed) > 0 { counted.fetch_add(1, Ordering::Relaxed); });
    """)
    sent = hard.begin('println!("running"); loop {}')
    hard.interrupt()
    assert hard.finish(sent).error["ename"] == "Interrupted"
    # Does not end if nobody counts any more.
    hard.ok("let now = ticks.load(Ordering::Relaxed);\nwhile ticks.load(Ordering::Relaxed) == now {}")
    hard.ok("ticks.store(0, Ordering::Relaxed);")


# Without the signal by which the child stops its threads, nothing but its end is left.
IMMOVABLE = """unsafe extern "C" { fn signal(number: i32, handler: usize) -> usize; }
unsafe { signal(23, 1) };
println!("running");
"""


def test_what_cannot_even_be_left_behind_ends_with_the_child_and_names_what_is_lost(kernel, gate):
    kernel.ok("let lost_one = 1; let lost_two = 2; fn kept() -> i32 { 3 }")
    sent = kernel.begin(IMMOVABLE + gate.wait)
    kernel.interrupt()
    ran = kernel.finish(sent)
    assert ran.error["ename"] == "Interrupted"
    assert "lost_one" in ran.told and "lost_two" in ran.told
    assert kernel.ok("kept()").value == "3"
    told = kernel.run("lost_one").told
    assert "lost_one" in told and f"cell [{ran.reply['execution_count']}]" in told


def test_a_second_press_does_not_wait_for_what_cannot_be_stopped(kernel, gate):
    kernel.ok("let pressed_twice = 1; fn kept() -> i32 { 3 }")
    child = kernel.child
    sent = kernel.begin(IMMOVABLE + gate.wait)
    pressed = time.monotonic()
    kernel.interrupt()
    # Sooner, it is taken for the same press.
    time.sleep(0.8)
    kernel.interrupt()
    ran = kernel.finish(sent)
    # One press alone gives the cell this long.
    assert time.monotonic() - pressed < 6
    assert ran.error["ename"] == "Interrupted"
    assert "Lost variables: " in ran.told and "pressed_twice" in ran.told
    assert kernel.ok("kept()").value == "3"
    assert kernel.child != child


def test_input_is_stopped(kernel):
    kernel.ok("let asked = 1;")
    sent = kernel.send(
        'let line = lessons::host::current().unwrap().input("? ", false)?;', allow_stdin=True
    )
    kernel.client.get_stdin_msg(timeout=60)
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"
    assert kernel.ok("asked").value == "1"


def test_the_shell_answers_while_a_cell_runs(kernel):
    sent = kernel.begin('println!("running"); loop {}')
    client = kernel.client
    assert kernel.kernel_info()["status"] == "ok"
    for question in (
        client.complete("Tensor::ran"),
        client.inspect("Tensor"),
        client.is_complete("let x ="),
        client.history(hist_access_type="tail", n=1),
        client.comm_info(),
    ):
        assert kernel.reply(question)["content"]["status"] in ("ok", "incomplete")
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"

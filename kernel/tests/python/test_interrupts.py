"""Stop: ends what runs, keeps the variables, and says so."""

import psutil
import pytest

LOOPS = {
    "loop": "loop { count += 1; }",
    "while": "while count < u64::MAX { count += 1; }",
    "for": "for _ in 0..u64::MAX { count += 1; }",
    "function": "fn forever(count: &mut u64) { loop { *count += 1; } }\nforever(&mut count);",
    "closure": "let mut step = || loop { count += 1; };\nstep();",
    "training": """
let net = linear(3, 1);
let mut optimizer = sgd(&net, 0.01);
loop {
    let loss = mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1]));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    count += 1;
}""",
}


@pytest.mark.parametrize("kind", LOOPS)
def test_a_loop_stops_and_keeps_every_variable(kernel, kind):
    kernel.ok("let mut count: u64 = 0; let before = vec![1, 2];")
    child = kernel.child
    sent = kernel.send(f'let new = 5;\nprintln!("running");\n{LOOPS[kind]}')
    kernel.wait_for_text(sent, "running")
    kernel.interrupt()
    ran = kernel.finish(sent)
    assert ran.error["ename"] == "Interrupted"
    assert f"cell [{ran.reply['execution_count']}]:" in ran.told
    assert kernel.child == child, "the child was ended"
    assert kernel.ok("(before.len(), new)").value == "(2, 5)"
    assert kernel.ok("count > 0").value in ("true", "false")


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
    wait_for_process(kernel, "rustc")
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"
    assert not processes(kernel, "rustc")
    assert kernel.ok("kept").value == "11"


def test_what_cannot_be_stopped_ends_with_the_child_and_names_what_is_lost(kernel, gate):
    kernel.ok("let lost_one = 1; let lost_two = 2; fn kept() -> i32 { 3 }")
    sent = kernel.send(f'println!("running"); {gate.wait}')
    kernel.wait_for_text(sent, "running")
    kernel.interrupt()
    ran = kernel.finish(sent)
    assert ran.error["ename"] == "Interrupted"
    assert "lost_one" in ran.told and "lost_two" in ran.told
    assert kernel.ok("kept()").value == "3"
    told = kernel.run("lost_one").told
    assert "lost_one" in told and f"cell [{ran.reply['execution_count']}]" in told


def test_input_is_stopped(kernel):
    kernel.ok("let asked = 1;")
    sent = kernel.send(
        'let line = lessons::host::current().unwrap().input("? ", false)?;', allow_stdin=True
    )
    kernel.client.get_stdin_msg(timeout=60)
    kernel.interrupt()
    assert kernel.finish(sent).reply["status"] == "error"
    assert kernel.ok("asked").value == "1"


def test_the_shell_answers_while_a_cell_runs(kernel):
    sent = kernel.send('println!("running"); loop {}')
    kernel.wait_for_text(sent, "running")
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


def processes(kernel, name):
    found = []
    for process in kernel.process.children(recursive=True):
        try:
            if process.name() == name and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            pass
    return found


def wait_for_process(kernel, name):
    while not processes(kernel, name):
        assert kernel.process.is_running()

"""The end of the child, of the kernel and of whoever started it: told once, and nothing is left."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from frontend import all_end, becomes_empty, is_dead, until

ROOT = Path(__file__).resolve().parents[3]
GRADBOOK_HOME = Path(os.environ.get("GRADBOOK_HOME", ROOT / ".gradbook"))

ENDS = {
    "exit": ("std::process::exit(3)", "code 3"),
    "segfault": ("unsafe { *(1 as *mut i32) = 1; }", "segmentation fault"),
    "abort": ("std::process::abort()", "abort"),
    "stack overflow": (
        "fn deeper(n: u64) -> u64 { let a = [n; 100]; deeper(n + 1) + a[3] }\ndeeper(1)",
        "recursion",
    ),
    "killed": ('unsafe extern "C" { fn raise(n: i32) -> i32; }\nunsafe { raise(9); }', "killed"),
}


@pytest.mark.parametrize("kind", ENDS)
def test_an_ended_child_is_told_once_and_later_cells_run(kernel, kind):
    code, words = ENDS[kind]
    kernel.ok("let first_lost = 1; let second_lost = vec![2]; fn kept() -> i32 { 3 }")
    ran = kernel.run(f'println!("printed before"); eprint!("partial");\n{code}')
    assert "printed before\n" in ran.out
    assert "partial" in ran.err
    assert words in ran.told
    assert "first_lost" in ran.told and "second_lost" in ran.told
    assert ran.order()[-2:] == ["error", "idle"]
    assert kernel.ok("kept()").value == "3"
    told = kernel.run("first_lost").told
    assert "first_lost" in told and f"cell [{ran.reply['execution_count']}]" in told


def test_a_child_killed_from_outside_while_a_cell_runs(kernel):
    kernel.ok("let outside = 1;")
    sent = kernel.send('println!("running"); loop {}')
    kernel.wait_for_text(sent, "running")
    kernel.child.kill()
    ran = kernel.finish(sent)
    assert "killed" in ran.told and "outside" in ran.told
    assert kernel.ok("1").value == "1"


def test_a_child_killed_while_idle_is_told_at_the_next_cell_that_needs_it(kernel):
    kernel.ok("let idle_lost = 1; fn kept_too() -> i32 { 4 }")
    child = kernel.child
    child.kill()
    until(lambda: is_dead(child), "the child is dead")
    ran = kernel.run("idle_lost + 1")
    assert "idle_lost" in ran.told
    assert kernel.ok("kept_too()").value == "4"


def test_a_process_that_a_cell_started_does_not_hold_up_the_next_cell(kernel):
    ran = kernel.ok('let sleeper = std::process::Command::new("sleep").arg("1000").spawn()?;')
    assert ran.out == ""
    assert kernel.ok("1").value == "1"
    kernel.ok("let mut ended = sleeper; ended.kill()?; ended.wait()?;")


def test_shutdown_leaves_nothing(new_kernel):
    kernel = new_kernel()
    kernel.ok("let x = tensor([1.0]);")
    processes = kernel.everything()
    assert len(processes) >= 2
    kernel.shutdown()
    all_end(processes)
    becomes_empty(kernel.temporary)


def test_shutdown_ends_a_cell_that_runs(new_kernel):
    kernel = new_kernel()
    sent = kernel.send('println!("running"); loop {}')
    kernel.wait_for_text(sent, "running")
    processes = kernel.everything()
    kernel.shutdown()
    all_end(processes)
    becomes_empty(kernel.temporary)


def test_shutdown_ends_a_cell_that_cannot_be_stopped(new_kernel, gate):
    kernel = new_kernel()
    sent = kernel.send(f'println!("running"); {gate.wait}')
    kernel.wait_for_text(sent, "running")
    processes = kernel.everything()
    assert kernel.ask_control("shutdown_request", {"restart": False})["status"] == "ok"
    all_end(processes)
    becomes_empty(kernel.temporary)


def test_restart_begins_anew(new_kernel):
    kernel = new_kernel()
    kernel.ok("let gone = 1; fn gone_too() {}")
    processes = kernel.everything()
    kernel.client.stop_channels()
    kernel.manager.restart_kernel(now=False)
    kernel.connect()
    all_end(processes)
    ran = kernel.ok("let gone = 2; gone")
    assert (ran.value, ran.reply["execution_count"]) == ("2", 1)
    assert kernel.run("gone_too()").reply["status"] == "error"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_signalled_kernel_leaves_nothing(new_kernel, how):
    kernel = new_kernel()
    sent = kernel.send('println!("running"); loop {}')
    kernel.wait_for_text(sent, "running")
    processes = kernel.everything()
    kernel.process.send_signal(how)
    all_end(processes)
    if how == signal.SIGKILL:
        # Nobody could tidy up then; the next kernel does.
        next_kernel(new_kernel, kernel)
    becomes_empty(kernel.temporary)


def next_kernel(new_kernel, kernel):
    after = new_kernel(TMPDIR=str(kernel.temporary))
    after.ok("1")
    after.shutdown()


def test_a_kernel_ends_with_its_parent(tmp_path):
    program = (
        "import sys; from frontend import Frontend; from pathlib import Path\n"
        f"kernel = Frontend({str(tmp_path)!r}); kernel.ok('1')\n"
        "print(*(p.pid for p in kernel.everything()), flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=os.path.dirname(__file__),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    processes = []
    for pid in parent.stdout.readline().split():
        # Some end by themselves: a compiler, what code intelligence asks at its start.
        with contextlib.suppress(psutil.NoSuchProcess):
            processes.append(psutil.Process(int(pid)))
    assert len(processes) >= 2
    parent.kill()
    parent.communicate()
    all_end(processes)
    becomes_empty(tmp_path / "temporary")


def test_a_library_rebuilt_under_a_running_kernel_is_told(new_kernel, tmp_path):
    home = tmp_path / "home"
    description = home_with_a_library_of_its_own(home)
    kernel = new_kernel(GRADBOOK_HOME=str(home))
    kernel.ok("let here = 1;")
    # What set-up does: another file in its place.
    runtime = Path(description["runtime"])
    shutil.copyfile(runtime, runtime.with_suffix(".new"))
    runtime.with_suffix(".new").rename(runtime)
    for code in ("here", "fn f() {}"):
        ran = kernel.run(code)
        assert ran.error["ename"] == "LibraryRebuilt"
        assert "the lessons library was rebuilt" in ran.told and "restart the kernel" in ran.told
    # Nothing is lost until then.
    assert "here: i32" in kernel.ok(":vars").of("display_data")[0]["data"]["text/plain"]
    kernel.client.stop_channels()
    kernel.manager.restart_kernel(now=False)
    kernel.connect()
    assert kernel.ok("let here = 2; here").value == "2"


def home_with_a_library_of_its_own(home):
    """All of the real one but the file that cells run with, which the test may replace."""
    (home / "library").mkdir(parents=True)
    for entry in GRADBOOK_HOME.iterdir():
        if entry.name != "library":
            (home / entry.name).symlink_to(entry)
    description = json.loads((GRADBOOK_HOME / "library" / "library.json").read_text())
    runtime = home / "library" / Path(description["runtime"]).name
    shutil.copyfile(description["runtime"], runtime)
    description["runtime"] = description["externs"]["gradbook_runtime"] = str(runtime)
    (home / "library" / "library.json").write_text(json.dumps(description))
    return description

"""A cell that was compiled before says what it says without the cache: whatever is edited, moved, run again
or stopped in between."""

import random

import pytest
from frontend import plain

# Cells of a small notebook, with a number that edits change. Some fail to compile until others have run.
CELLS = (
    "let a = @;",
    "let mut list = vec![a, @];",
    "list.push(@); list.len()",
    "list.iter().sum::<i32>() + @",
    "fn scaled(x: i32) -> i32 { x * @ }",
    "scaled(a)",
    "struct Pair { left: i32, right: i32 }\nimpl Pair { fn sum(&self) -> i32 { self.left + self.right + @ } }",
    "let pair = Pair { left: a, right: @ };",
    "pair.sum()",
    'println!("{} {}", list.len(), a + @);',
    "let moved = list;",
    "let t = Tensor::from_slice(&[1.0, @.0]);",
    "t.sum(Kind::Double).double_value(&[])",
    'if a > @ { panic!("too much: {a}") }',
    "let later = a; later / (a - @)",
    'macro_rules! twice { ($x:expr) => { 2 * $x + @ } }',
    "twice!(a)",
    "static COUNT: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(@);",
    "COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)",
    "let a: String = \"@\".to_owned();",
)
ENDLESS = 'println!("on"); list.push(7); loop {}'
STEPS = 60


def said(ran):
    """All that a reader sees, and the kinds of message around it."""
    texts = [ran.out, ran.err, ran.value, ran.reply["status"], ran.order()]
    if ran.reply["status"] == "error":
        texts.append(plain("\n".join([ran.reply["ename"], ran.reply["evalue"]])))
    return texts


def step(kernel, code):
    """Runs a cell; the endless one is stopped once it says that it runs."""
    sent = kernel.send(code)
    if code == ENDLESS:
        messages = kernel.wait_for(sent, has_begun_or_ended)
        if any(message["msg_type"] == "stream" for message in messages):
            kernel.interrupt()
    return said(kernel.finish(sent))


def has_begun_or_ended(messages):
    return any(
        message["msg_type"] in ("stream", "error")
        or message["content"].get("execution_state") == "idle"
        for message in messages
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_edits_moves_runs_and_stops_give_what_they_give_without_the_cache(
    new_kernel, tmp_path, seed
):
    # Nothing can be written there, so nothing is ever found there.
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    uncached = new_kernel(XDG_CACHE_HOME=str(nowhere))
    cached = new_kernel()
    # Another kernel has left its cells in the cache that this one finds.
    again = new_kernel(XDG_CACHE_HOME=cached.environment["XDG_CACHE_HOME"])
    chosen = random.Random(seed)
    notebook = [cell.replace("@", str(n % 3)) for n, cell in enumerate(CELLS)]
    history = []
    for _ in range(STEPS):
        at = chosen.randrange(len(notebook))
        what = chosen.random()
        if what < 0.25:
            notebook[at] = CELLS[at % len(CELLS)].replace("@", str(chosen.randrange(3)))
        elif what < 0.35:
            notebook.insert(chosen.randrange(len(notebook)), notebook.pop(at))
        code = ENDLESS if what > 0.95 else notebook[at]
        history.append(code)
        expected = step(uncached, code)
        for kernel in (cached, again):
            assert step(kernel, code) == expected, history
    assert list((tmp_path / "1" / "cache" / "gradbook" / "cells").iterdir())

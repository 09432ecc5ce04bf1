"""Run All: cells that are sent at once say what they say one by one, though they are compiled ahead."""

import pytest
from frontend import plain

# What a guess about the cells before may have wrong: types, moves, panics, redefinitions, statics, borrows.
NOTEBOOK = (
    "let a = 1;",
    "let mut list = vec![a, 2];",
    "list.push(3); list.len()",
    "fn scaled(x: i32) -> i32 { x * 10 }",
    "scaled(a)",
    "let maybe: Option<Vec<i32>> = None;",
    "struct Pair { left: i32, right: i32 }\nlet pair = Pair { left: a, right: 5 };",
    "pair.left + pair.right",
    "struct Pair { only: i32 }\nlet pair = Pair { only: 7 };",
    "pair.only",
    "let moved = list;",
    "moved.iter().sum::<i32>()",
    "static COUNT: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(0);",
    "COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)",
    "",
    "COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)",
    "let a = a.to_string() + \"!\";",
    "a",
    "macro_rules! twice { ($x:expr) => { 2 * $x } }\nlet b = twice!(21);",
    "b",
    ":opt 2",
    "let t = tensor([1.0, 2.0]);\n(0..3).map(|i| t.item_at(i)).count();",
    "let t = tensor([1.0, 2.0]);",
    "t.sum(Kind::Float)",
    "maybe.unwrap().len()",
    "b + 1",
)
ALL_THE_SAME = {"stop_on_error": False}


def said(ran):
    texts = [ran.out, ran.err, ran.value, ran.reply["status"], ran.order()]
    if ran.reply["status"] == "error":
        texts.append(plain("\n".join([ran.reply["ename"], ran.reply["evalue"]])))
    return texts


@pytest.mark.parametrize("options", [ALL_THE_SAME, {}], ids=["go-on", "stop"])
def test_cells_sent_at_once_say_what_they_say_one_by_one(new_kernel, options):
    one_by_one, at_once = new_kernel(), new_kernel()
    expected = [said(one_by_one.run(code, **options)) for code in NOTEBOOK]
    sent = [at_once.send(code, **options) for code in NOTEBOOK]
    found = [said(at_once.finish(one)) for one in sent]
    for code, was, now in zip(NOTEBOOK, expected, found):
        if now[3] == "aborted":
            assert not options
            break
        assert now == was, code
    else:
        assert options, "the failed cell aborted nothing"
    assert at_once.ok("b").value == "42"


def test_a_stop_among_cells_sent_at_once_leaves_nothing_behind(new_kernel):
    kernel = new_kernel()
    cells = ["let first = 1;", 'println!("on"); loop {}']
    sent = [kernel.send(code) for code in [*cells, *(f"let v{n} = {n} + first;" for n in range(20))]]
    kernel.wait_for_text(sent[1], "on")
    kernel.interrupt()
    statuses = [kernel.finish(one).reply["status"] for one in sent]
    assert statuses == ["ok", "error", *["aborted"] * 20]
    assert kernel.ok("first").value == "1"
    assert not [folder for folder in kernel.temporary.iterdir() if "ahead" in folder.name]

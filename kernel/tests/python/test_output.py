"""What a cell prints and shows: all of it, in order, as it happens."""

import pytest


def texts(ran):
    """Streams and displays in order, as pairs."""
    pairs = []
    for message in ran.outputs:
        content = message["content"]
        if message["msg_type"] == "stream":
            if pairs and pairs[-1][0] == content["name"]:
                pairs[-1] = (content["name"], pairs[-1][1] + content["text"])
            else:
                pairs.append((content["name"], content["text"]))
        else:
            pairs.append((message["msg_type"], content))
    return pairs


def test_a_display_stands_between_what_is_printed_before_and_after(kernel):
    ran = kernel.ok(
        'print!("a"); display(&tensor(1.0)); print!("b"); display(&tensor(2.0)); println!("c"); 3'
    )
    kinds = [(kind, content if kind == "stdout" else None) for kind, content in texts(ran)]
    assert kinds == [
        ("stdout", "a"),
        ("display_data", None),
        ("stdout", "b"),
        ("display_data", None),
        ("stdout", "c\n"),
        ("execute_result", None),
    ]


def test_stdout_and_stderr_keep_their_order_around_displays(kernel):
    ran = kernel.ok(
        'println!("1"); display(&tensor(1.0)); eprintln!("2"); display(&tensor(2.0)); println!("3");'
    )
    assert [kind for kind, _ in texts(ran)] == [
        "stdout",
        "display_data",
        "stderr",
        "display_data",
        "stdout",
    ]


def test_a_partial_line_comes_while_the_cell_runs(kernel, gate):
    sent = kernel.send(f'print!("loss 0.5"); {gate.wait} println!(" done");')
    kernel.wait_for_text(sent, "loss 0.5")
    gate.open()
    assert kernel.finish(sent).out == "loss 0.5 done\n"


def test_carriage_returns_come_while_the_cell_runs(kernel, gate):
    sent = kernel.send(f'print!("50 %\\r"); {gate.wait} print!("100 %\\n");')
    kernel.wait_for_text(sent, "50 %\r")
    gate.open()
    assert kernel.finish(sent).out == "50 %\r100 %\n"


def test_a_display_comes_while_the_cell_runs(kernel, gate):
    sent = kernel.send(f"display(&tensor(1.0)); {gate.wait}")
    kernel.wait_for(sent, lambda messages: messages[-1:] and messages[-1]["msg_type"] == "display_data")
    gate.open()
    assert kernel.finish(sent).reply["status"] == "ok"


def test_the_end_of_a_cell_loses_nothing_without_a_newline(kernel):
    for _ in range(20):
        ran = kernel.ok('print!("the end"); eprint!("and this");')
        assert (ran.out, ran.err) == ("the end", "and this")


def test_bytes_that_are_not_utf8_are_shown(kernel):
    ran = kernel.ok(
        "use std::io::Write;\n"
        r'std::io::stdout().write_all(b"a\xff\xfeb\nend\n").unwrap();'
    )
    assert ran.out == "a\ufffd\ufffdb\nend\n"
    assert kernel.ok('println!("λ");').out == "λ\n"


def test_a_character_cut_in_two_is_one_character(kernel, gate):
    sent = kernel.send(
        "use std::io::Write;\n"
        r'std::io::stdout().write_all(b"before \xce").unwrap();'
        f"std::io::stdout().flush().unwrap(); {gate.wait}"
        r'std::io::stdout().write_all(b"\xbb").unwrap();'
    )
    kernel.wait_for_text(sent, "before ")
    gate.open()
    assert kernel.finish(sent).out == "before λ"


def test_two_hundred_thousand_lines(kernel):
    ran = kernel.ok('for i in 0..200_000 { println!("line {i}"); }')
    assert ran.out == "".join(f"line {i}\n" for i in range(200_000))
    # Batched: a front end gets a few large messages.
    assert len(ran.of("stream")) < 2_000


def test_four_threads_at_once(kernel):
    ran = kernel.ok(
        "let threads: Vec<_> = (0..4).map(|t| std::thread::spawn(move || {\n"
        '    for i in 0..20_000 { println!("{t} {i}"); eprintln!("{t} {i}"); }\n'
        "})).collect();\n"
        "for thread in threads { thread.join().unwrap(); }"
    )
    for text in (ran.out, ran.err):
        lines = [tuple(map(int, line.split())) for line in text.splitlines()]
        assert len(lines) == 80_000
        for thread in range(4):
            assert [i for t, i in lines if t == thread] == list(range(20_000))
    # Batched, though the streams take turns at every line.
    assert len(ran.of("stream")) < 8_000


def test_four_threads_displaying_at_once(kernel):
    ran = kernel.ok(
        "let threads: Vec<_> = (0..4).map(|t| std::thread::spawn(move || {\n"
        "    for i in 0..50 { display(&MimeBundle::text(format!(\"{t} {i}\"))); }\n"
        "})).collect();\n"
        "for thread in threads { thread.join().unwrap(); }"
    )
    shown = [content["data"]["text/plain"] for content in ran.of("display_data")]
    for thread in range(4):
        mine = [text for text in shown if text.startswith(f"{thread} ")]
        assert mine == [f"{thread} {i}" for i in range(50)]


def test_ten_megabytes_of_one_picture(kernel):
    ran = kernel.ok(
        'let svg = format!("<svg>{}</svg>", "x".repeat(10_000_000));\n'
        'println!("EVCXR_BEGIN_CONTENT image/svg+xml\\n{svg}\\nEVCXR_END_CONTENT");'
    )
    [shown] = ran.of("display_data")
    assert len(shown["data"]["image/svg+xml"]) == 10_000_011


def test_a_hundred_megabytes(kernel):
    ran = kernel.ok(
        'let line = "x".repeat(99_999);\n'
        'for _ in 0..1_000 { println!("{line}"); }\n'
        'print!("end");'
    )
    assert len(ran.out) == 100_000_003
    assert ran.out.endswith("x\nend")
    assert kernel.ok("1").value == "1"


def test_content_markers(kernel):
    ran = kernel.ok(
        'println!("before");\n'
        'println!("EVCXR_BEGIN_CONTENT text/html\\n<b>one</b>\\nEVCXR_END_CONTENT");\n'
        'println!("between");\n'
        'println!("EVCXR_BEGIN_CONTENT text/html\\n<b>two</b>\\nEVCXR_END_CONTENT");\n'
        'println!("after");'
    )
    shown = [
        (kind, content if kind == "stdout" else content["data"]) for kind, content in texts(ran)
    ]
    assert shown == [
        ("stdout", "before\n"),
        ("display_data", {"text/html": "<b>one</b>"}),
        ("stdout", "between\n"),
        ("display_data", {"text/html": "<b>two</b>"}),
        ("stdout", "after\n"),
    ]


def test_a_content_marker_that_never_ends_is_text(kernel):
    ran = kernel.ok('print!("EVCXR_BEGIN_CONTENT text/html\\n<b>open");')
    assert ran.out == "EVCXR_BEGIN_CONTENT text/html\n<b>open"
    assert kernel.ok('println!("next");').out == "next\n"


def test_evcxr_display(kernel):
    kernel.ok(
        "struct Shown;\n"
        "impl Shown { pub fn evcxr_display(&self) {\n"
        '    println!("EVCXR_BEGIN_CONTENT text/plain\\nplain\\nEVCXR_END_CONTENT");\n'
        '    println!("EVCXR_BEGIN_CONTENT text/html\\n<i>html</i>\\nEVCXR_END_CONTENT");\n'
        "} }"
    )
    data = {"text/plain": "plain", "text/html": "<i>html</i>"}
    ran = kernel.ok("Shown")
    assert [content["data"] for content in ran.of("execute_result")] == [data]
    assert not ran.of("display_data")
    # Called by the cell itself it is a display, and the cell has no value.
    ran = kernel.ok("Shown.evcxr_display();")
    assert shown(ran) == [data] and not ran.of("execute_result")


def test_plotters_figure(kernel):
    ran = kernel.ok(
        "use plotters::prelude::*;\n"
        "let figure = plotters::evcxr::evcxr_figure((320, 200), |root| {\n"
        "    root.fill(&WHITE)?;\n"
        "    let mut chart = ChartBuilder::on(&root).build_cartesian_2d(0..10, 0..100)?;\n"
        "    chart.draw_series(LineSeries::new((0..10).map(|x| (x, x * x)), &RED))?;\n"
        "    Ok(())\n"
        "});\n"
        "figure"
    )
    bundles = [c["data"] for m in ("display_data", "execute_result") for c in ran.of(m)]
    svgs = [text for bundle in bundles for text in bundle.values() if "<svg" in text]
    assert len(svgs) == 1 and "polyline" in svgs[0]


def test_a_display_is_updated_in_place(kernel):
    ran = kernel.ok(
        "let shown = display_handle(&tensor(1.0));\nshown.update(&tensor(2.0));\nshown.display_id()"
    )
    [first], [second] = ran.of("display_data"), ran.of("update_display_data")
    display_id = ran.value.strip('"')
    assert display_id
    assert first["transient"] == second["transient"] == {"display_id": display_id}
    assert first["data"] != second["data"]
    later = kernel.ok("shown.update(&tensor(3.0));")
    assert later.of("update_display_data")[0]["transient"] == {"display_id": display_id}


def test_clear_output(kernel):
    ran = kernel.ok('println!("a"); clear_output(true); println!("b"); clear_output(false);')
    assert [kind for kind, _ in texts(ran)] == ["stdout", "clear_output", "stdout", "clear_output"]
    assert ran.of("clear_output") == [{"wait": True}, {"wait": False}]


@pytest.fixture
def late(kernel):
    """What threads show after their cell has ended."""
    kernel.late = []
    yield kernel.late
    kernel.late = None


def test_what_a_thread_shows_after_its_cell_comes_at_once_and_belongs_to_it(kernel, gate, late):
    sent = kernel.send(f"""
std::thread::spawn(|| {{
    {gate.wait}
    print!("late"); eprint!("error"); display(&tensor(2.0));
}});
""")
    kernel.finish(sent)
    gate.open()
    # No cell runs meanwhile.
    while len(late) < 3:
        late.append(kernel.client.get_iopub_msg(timeout=60))
    assert [message["parent_header"]["msg_id"] for message in late] == [sent] * 3
    assert late[2]["msg_type"] == "display_data"
    streams = [(m["content"]["name"], m["content"]["text"]) for m in late[:2]]
    assert sorted(streams) == [("stderr", "error"), ("stdout", "late")]
    # And not once more.
    assert kernel.ok('println!("next");').order() == ["busy", "execute_input", "stdout", "idle"]


def test_a_thread_that_displays_over_many_cells_holds_up_none(kernel, late):
    kernel.ok("let n = 7;")
    begun = kernel.ok("""
let showing = std::thread::spawn(|| for i in 0..500 {
    display(&MimeBundle::text(format!("{i}")));
    std::thread::sleep(std::time::Duration::from_millis(1));
});
""")
    cells = [begun]
    for _ in range(50):
        cells.append(kernel.ok("n"))
        assert cells[-1].value == "7"
    cells.append(kernel.ok("showing.join().unwrap();"))
    # Each belongs to the cell that runs then or ran last; none is lost, none comes twice.
    shown = [content["data"]["text/plain"] for ran in cells for content in ran.of("display_data")]
    shown += [message["content"]["data"]["text/plain"] for message in late]
    assert sorted(map(int, shown)) == list(range(500))


def test_a_tensor_is_shown_with_its_facts(kernel):
    [result] = kernel.ok("tensor([[1.0, 2.0], [3.0, 4.0]])").of("execute_result")
    for mime_type in ("text/plain", "text/html"):
        for fact in ("Float", "2", "4"):
            assert fact in result["data"][mime_type]


def shown(ran):
    return [content["data"] for content in ran.of("display_data")]


def test_display_takes_what_a_last_line_shows(kernel):
    kernel.ok("let numbers = vec![1, 2]; let layer = linear(2, 3);")
    for value in (
        '"a"',
        "String::from(\"a\")",
        "1.5",
        "true",
        "&numbers",
        "numbers.clone()",
        "&numbers[..]",
        "[[1, 2], [3, 4]]",
        "(1, 'x')",
        "Some(2)",
        '"x".parse::<i32>()',
        'std::collections::BTreeMap::from([("a", 1)])',
        "Box::new(3)",
        "&layer",
        "tensor([1.0, 2.0])",
        "Kind::Float",
    ):
        last = kernel.ok(value).of("execute_result")[0]["data"]
        assert shown(kernel.ok(f"display({value});")) == [last], value


def test_a_display_is_replaced_by_a_value_of_another_kind(kernel):
    ran = kernel.ok('let handle = display_handle("started"); handle.update(vec![1, 2]);')
    assert shown(ran) == [{"text/plain": '"started"'}]
    assert ran.of("update_display_data")[0]["data"] == {"text/plain": "[1, 2]"}


def test_pages_formulas_and_pictures_are_shown_from_text_and_bytes(new_kernel):
    ran = new_kernel().ok(
        'display(html("<b>x</b>")); display(markdown("*x*")); display(latex("x^2"));'
        'display(svg("<svg/>")); display(png([1, 2, 3]));'
    )
    kinds = [{kind: text for kind, text in data.items() if kind != "text/plain"} for data in shown(ran)]
    assert kinds == [
        {"text/html": "<b>x</b>"},
        {"text/markdown": "*x*"},
        {"text/latex": "$\\displaystyle x^2$"},
        {"image/svg+xml": "<svg/>"},
        {"image/png": "AQID"},
    ]


def test_a_long_value_is_shortened_and_says_how_to_see_all(kernel):
    for code, length in (
        ("vec![0u8; 10_000_000]", 30_000_000),
        ('"x".repeat(1_000_000)', 1_000_002),
        ("(0..50_000).map(Some).collect::<Vec<_>>()", None),
    ):
        value = kernel.ok(code).value
        assert 10_000 < len(value) < 10_300, code
        assert "characters are left out" in value and '`println!("{:?}", ..)` prints all' in value
        assert length is None or f"of {length:,}" in value
    short = kernel.ok("vec![7; 3_000]").value
    assert short == str([7] * 3000)


def test_a_value_that_is_too_deep_does_not_end_the_process(kernel):
    kernel.ok(
        "#[derive(Debug)] struct Node(Option<Box<Node>>);\n"
        "let node = { let mut node = Node(None); for _ in 0..200_000 { node = Node(Some(Box::new(node))); } node };"
    )
    assert kernel.ok("let kept = 1; &node").value.endswith("too deep to be written out")
    assert kernel.ok("std::mem::forget(node); kept").value == "1"


def test_an_error_of_libtorchs_that_is_printed_has_no_trace(kernel):
    words, own = "the tensor has 2 elements, but [3] holds 3", "shape '[3]' is invalid for input of size 2"
    failing = "tensor([1.0, 2.0]).f_reshape([3])"
    out = kernel.ok(f'if let Err(e) = {failing} {{ println!("no: {{e}}"); println!("then"); }}').out
    assert out.startswith("no: ") and out.endswith(f"{words} (libtorch: {own})\nthen\n")
    out = kernel.ok(f'println!("{{:?}}", {failing}); eprint!("{{:?}}", {failing});')
    assert out.out == f'Err(Torch("{own}"))\n' and out.err == f'Err(Torch("{own}"))'
    assert kernel.ok(failing).value == f'Err(Torch("{own}"))\n{words}'
    assert kernel.run(f"{failing}?;").error["evalue"] == f"{words}\nlibtorch: {own}"

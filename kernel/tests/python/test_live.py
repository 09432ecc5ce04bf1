"""What moves while a cell runs: bars and curves, each in one place on the page."""

import re


def drawings(ran):
    """All drawings of the one thing that the cell shows, in order."""
    shown = [m for m in ran.outputs if m["msg_type"].endswith("display_data")]
    kinds = [message["msg_type"] for message in shown]
    assert kinds == ["display_data"] + ["update_display_data"] * (len(shown) - 1)
    places = {message["content"]["transient"]["display_id"] for message in shown}
    assert len(places) == 1
    return [message["content"]["data"] for message in shown], places.pop()


def test_a_loop_shows_how_far_how_fast_and_how_long(kernel):
    wait = "std::thread::sleep(std::time::Duration::from_millis(10));"
    shown, _ = drawings(kernel.ok(f"for _ in progress(0..50) {{ {wait} }}"))
    # At most ten a second, for half a second or more.
    assert len(shown) >= 3
    done = [int(re.search(r"(\d+) of 50", data["text/plain"])[1]) for data in shown]
    assert done == sorted(done) and (done[0], done[-1]) == (0, 50)
    for data, steps in zip(shown, done):
        assert f'<progress aria-label="progress" value="{steps}" max="50"' in data["text/html"]
    for data in shown[1:-1]:
        for form in data.values():
            assert re.search(r"[\d.]+/s, [\d.]+ s left", form)
    assert "(100 %)" in shown[-1]["text/plain"] and "took" in shown[-1]["text/plain"]


def test_a_bar_that_is_kept_shows_at_the_end_of_each_cell_where_it_stands(kernel):
    first, place = drawings(kernel.ok("let mut bar = progress_bar(90); for _ in 0..37 { bar.advance(1); }"))
    assert "37 of 90" in first[-1]["text/plain"]
    # The same one goes on in the next cell.
    ran = kernel.ok("for _ in 0..13 { bar.advance(1); }")
    updates = ran.of("update_display_data")
    assert ran.order()[2:-1] == ["update_display_data"] * len(updates)
    assert {update["transient"]["display_id"] for update in updates} == {place}
    assert "50 of 90" in updates[-1]["data"]["text/plain"]
    # Nothing has changed, so nothing is drawn.
    assert kernel.ok("bar.done()").order() == ["busy", "execute_input", "execute_result", "idle"]


def test_a_curve_that_is_kept_shows_all_points_at_the_end_of_its_cell(kernel):
    ran = kernel.ok(
        "let mut live = live_curve(LossCurve::default());\n"
        "for epoch in 1..=100 { live.push(1.0 / epoch as f64); }"
    )
    shown, _ = drawings(ran)
    # Drawn far less often than it changes.
    assert 2 <= len(shown) < 50
    assert points(shown[-1]) == 100
    assert re.search(r"^ *100 +0\.0100$", shown[-1]["text/plain"], re.MULTILINE)


def test_a_curve_moves_while_the_cell_runs(kernel, gate):
    sent = kernel.send(
        "let mut curve = live_curve(LossCurve::default());\n"
        f"curve.push(0.5); {gate.wait} curve.push(0.25); drop(curve);"
    )
    kernel.wait_for(sent, lambda messages: any(m["msg_type"] == "display_data" for m in messages))
    gate.open()
    shown, _ = drawings(kernel.finish(sent))
    assert [points(data) for data in (shown[0], shown[-1])] == [1, 2]


def test_a_stopped_cell_leaves_its_curve_whole(kernel):
    sent = kernel.send("""
let mut live = live_curve(LossCurve::default());
for epoch in 0u64.. { live.push(0.5); if epoch == 9 { println!("running"); loop {} } }
""")
    kernel.wait_for_text(sent, "running")
    kernel.interrupt()
    ran = kernel.finish(sent)
    assert ran.error["ename"] == "Interrupted"
    assert points(drawings(ran)[0][-1]) == 10


def points(data):
    """How many points the line of the training losses has: the blue one."""
    [line] = re.findall(r'<polyline [^>]*"#0072B2"[^>]* points="([^"]*)"', data["image/svg+xml"])
    return len(line.split())

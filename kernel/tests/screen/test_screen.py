"""What a learner sees in JupyterLab: the first notebook by Run All, a live curve, a stop, completion with
types, a tooltip, an error.

With GRADBOOK_SHOTS set to a folder, it also leaves pictures there to be looked at."""

import os
import re
from pathlib import Path

from playwright.sync_api import TimeoutError


def shot(page, name):
    folder = os.environ.get("GRADBOOK_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{page.theme}.png")


def open_notebook(page, name):
    page.goto(f"{page.base}/lab/workspaces/{page.theme}/tree/{name}?reset")
    page.locator(".jp-Notebook").first.wait_for()
    idle(page)


def idle(page):
    """Waits for a kernel that is there and has nothing to do."""
    page.get_by_text("Gradbook (Rust) | Idle").wait_for()


def menu(page, *path):
    for item in path:
        page.get_by_role("menuitem", name=item, exact=False).first.click()


def new_notebook(page):
    page.goto(f"{page.base}/lab/workspaces/new-{page.theme}?reset")
    page.locator('.jp-LauncherCard[title*="Gradbook"]').first.click()
    page.locator(".jp-Notebook").wait_for()
    page.made.append(page.locator(".lm-DockPanel-tabBar .lm-mod-current").inner_text().strip())
    idle(page)


def cell(page, number):
    return page.locator(".jp-CodeCell").nth(number)


def write(page, number, code):
    cell(page, number).locator(".cm-content").click()
    page.keyboard.insert_text(code)


def run(page, number):
    """Runs a cell of a new notebook to its end: the first is [1]."""
    page.keyboard.press("Shift+Enter")
    ended(page, number)


def ended(page, number):
    """An idle kernel is not enough: it may not have heard of the cell yet."""
    prompt = cell(page, number).locator(".jp-InputPrompt", has_text=f"[{number + 1}]:")
    prompt.wait_for()


def again(action, wanted):
    """Does what a person would do again until it helps."""
    for _ in range(20):
        action()
        try:
            return wanted.wait_for(timeout=3_000)
        except TimeoutError:
            pass
    return wanted.wait_for()


def complete(page, wanted):
    """Presses Tab: JupyterLab forgets an answer that takes longer than a second, as it may on a busy
    machine."""
    again(lambda: page.keyboard.press("Tab"), wanted)


def test_run_all_draws_every_plot(page):
    open_notebook(page, "06_code_examples.ipynb")
    menu(page, "Edit", "Clear Outputs of All Cells")
    assert page.locator(".jp-OutputArea-output svg").count() == 0
    assert page.locator("body").get_attribute("data-jp-theme-light") == str(page.theme == "light").lower()
    menu(page, "Run", re.compile("^Run All Cells"))
    last = page.get_by_text("price of a house with all features 0: 0.20")
    last.wait_for(state="attached")
    idle(page)
    assert page.locator(".jp-CodeCell .jp-RenderedText[data-mime-type*=error]").count() == 0
    plots = page.locator('.jp-OutputArea-output svg[role="img"], .jp-OutputArea-output img')
    assert plots.count() >= 3
    for number in range(plots.count()):
        plots.nth(number).scroll_into_view_if_needed()
        box = plots.nth(number).bounding_box()
        assert box["width"] > 300 and box["height"] > 150
        shot(page, f"plot-{number}")
    for text in ("1.5244", "-24.9512", "Gradient flow"):
        found = page.locator(".jp-OutputArea-output").filter(has_text=text).first
        found.scroll_into_view_if_needed()
        shot(page, f"shows-{text.replace(' ', '-')}")


MANY = 'for line in 0..200_000 { println!("line {line:06} of two hundred thousand lines"); }'


def test_two_hundred_thousand_lines_reach_the_page(page):
    new_notebook(page)
    write(page, 0, MANY)
    run(page, 0)
    output = cell(page, 0).locator(".jp-OutputArea-output")
    output.filter(has_text="line 199999 of").first.wait_for(state="attached")
    text = "\n".join(output.all_text_contents())
    assert "rate" not in text, text[:500]
    write(page, 1, "6 * 7")
    run(page, 1)
    cell(page, 1).locator(".jp-OutputArea-output", has_text="42").wait_for()


def test_stop_keeps_the_variables(page):
    new_notebook(page)
    write(page, 0, "let mut count = 0u64;\nloop { count += 1; if count == 1 { println!(\"on\"); } }")
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-OutputArea-output", has_text="on").wait_for()
    page.locator('[data-command="notebook:interrupt-kernel"]').first.click()
    page.locator(".jp-OutputArea-output", has_text="Interrupted").first.wait_for()
    ended(page, 0)
    write(page, 1, "count > 0")
    page.keyboard.press("Shift+Enter")
    cell(page, 1).locator(".jp-OutputArea-output", has_text="true").wait_for()
    shot(page, "stopped")


def test_an_error_and_a_completion_can_be_read(page):
    new_notebook(page)
    write(page, 0, 'struct Point { width: i32 }\nlet α = 1; let y: i32 = "a";')
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-OutputArea-output", has_text="mismatched types").first.wait_for()
    shot(page, "error")
    write(page, 1, "let a_long_name = tensor([1.0, 2.0]);")
    run(page, 1)
    write(page, 2, "a_lo")
    completed = page.locator(".cm-content", has_text="a_long_name").nth(1)
    offered = page.locator(".jp-Completer-item", has_text="a_long_name").first
    complete(page, completed.or_(offered).first)
    shot(page, "completed")
    if offered.is_visible():
        page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    cell(page, 2).locator(".jp-OutputArea-output").first.wait_for()
    shot(page, "tensor")


LIVE = """let x = randn(&[64, 3]);
let y = x.sum_dim_intlist([1i64].as_slice(), true, Kind::Float);
let net = Sequential::new().add(linear(3, 64)).add(tanh()).add(linear(64, 1));
let mut epochs = 0u64;
let mut live = live_curve(LossCurve::default().title("Live"));
let mut optimizer = sgd(&net, 0.001);
loop {
    let loss = mse_loss(&net.forward(&x), &y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    epochs += 1;
    live.push(loss.item());
}"""


def test_a_live_curve_moves_until_it_is_stopped(page):
    new_notebook(page)
    write(page, 0, LIVE)
    page.keyboard.press("Shift+Enter")
    curve = cell(page, 0).locator(".jp-OutputArea-output img")
    curve.first.wait_for()
    shot(page, "live-first")
    drawing = "document.querySelector('.jp-OutputArea-output img')?.src"
    drawn = [page.evaluate(drawing)]
    for _ in range(3):
        page.wait_for_function(f"earlier => {drawing} && {drawing} != earlier", arg=drawn[-1])
        drawn.append(page.evaluate(drawing))
    assert len(set(drawn)) == 4
    assert curve.count() == 1, "drawn in place"
    page.locator('[data-command="notebook:interrupt-kernel"]').first.click()
    page.locator(".jp-OutputArea-output", has_text="Interrupted").first.wait_for()
    ended(page, 0)
    shot(page, "live-stopped")
    write(page, 1, "epochs > 3")
    page.keyboard.press("Shift+Enter")
    cell(page, 1).locator(".jp-OutputArea-output", has_text="true").wait_for()


def test_completions_have_types_and_names_have_documentation(page):
    new_notebook(page)
    write(page, 0, "let weights = Tensor::randn([3, 3], (Kind::Float, Device::Cpu));")
    run(page, 0)
    write(page, 1, "let total = weights.matm")
    page.keyboard.press("Backspace")
    method = page.locator(".jp-Completer-item", has_text="matmul").first
    complete(page, method)
    assert method.locator(".jp-Completer-typeExtended").inner_text() == "method"
    # What JupyterLab asks of each name that it highlights.
    page.locator(".jp-Completer-docpanel", has_text="Tensor").first.wait_for()
    shot(page, "completions")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    write(page, 1, "linear(3, 2)")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Tab")
    tooltip = page.locator(".jp-Tooltip")
    # Markdown: the declaration stands in a block of code, the documentation in a paragraph.
    declared = "fn linear(inputs: i64, outputs: i64) -> Linear"
    tooltip.locator("pre code", has_text=declared).wait_for()
    tooltip.locator("p", has_text="A linear layer").wait_for()
    shot(page, "tooltip")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    write(page, 1, "weights")
    page.keyboard.press("Shift+Tab")
    page.locator(".jp-Tooltip", has_text="[3, 3] Float Cpu").wait_for()
    shot(page, "tooltip-tensor")


def test_the_panel_lists_variables_and_unfolds_tensors(page):
    new_notebook(page)
    write(page, 0, "let w = tensor([[3.0, 0.0], [0.0, 4.0]]).set_requires_grad(true);\nlet rate = 0.5;")
    run(page, 0)
    page.locator(".jp-DebuggerBugButton").first.click()
    page.locator(".jp-SideBar.jp-mod-right [data-id='jp-debugger-sidebar']").click()
    panel = page.locator(".jp-DebuggerVariables").first
    listed = panel.locator(".jp-TreeItem")
    listed.filter(has_text="rate").get_by_text("f64 = 0.5").wait_for()
    write(page, 1, "(&w * &w).sum(Kind::Float).backward();")
    run(page, 1)
    # Of the gradient 2w: 2 times 5. The list folds when it is drawn anew after a cell.
    folded = listed.filter(has_text="Tensor [2, 2] Float").first
    again(folded.click, listed.get_by_text("10.0000"))
    shot(page, "variables")
    # A breakpoint is not drawn, and the cell runs as ever.
    gutter = cell(page, 0).locator(".cm-breakpoint-gutter").first.bounding_box()
    page.mouse.click(gutter["x"] + gutter["width"] / 2, gutter["y"] + 14)
    write(page, 2, "rate * 4.0")
    page.keyboard.press("Shift+Enter")
    cell(page, 2).locator(".jp-OutputArea-output", has_text="2.0").wait_for()
    assert page.locator(".jp-DebuggerBreakpoint").count() == 0
    shot(page, "variables-and-no-breakpoint")

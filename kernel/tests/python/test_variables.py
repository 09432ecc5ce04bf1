"""The list of variables that JupyterLab shows beside a notebook: debug requests, and no debugger."""

import re

import pytest

TENSOR = """
let weights = tensor([[3.0, 0.0], [0.0, 4.0]]).set_requires_grad(true);
let loss = (&weights * &weights).sum(Kind::Float);
loss.backward();
let rate = 0.5;
let words = vec!["one".to_string()];
let model = nn::VarStore::new(Device::Cpu);
"""


class Panel:
    """What JupyterLab asks when its panel is opened, shows and is closed."""

    def __init__(self, kernel):
        self.kernel = kernel

    def ask(self, command, **arguments):
        request = {"type": "request", "seq": 1, "command": command, "arguments": arguments}
        reply = self.kernel.ask_control("debug_request", request)
        assert (reply["type"], reply["command"], reply["request_seq"]) == ("response", command, 1)
        return reply

    def body(self, command, **arguments):
        reply = self.ask(command, **arguments)
        assert reply["success"], reply
        return reply["body"]

    def open(self):
        self.body("initialize", clientID="jupyterlab", adapterID="gradbook")
        self.body("attach")
        assert self.body("debugInfo")["isStarted"]

    def close(self):
        self.body("disconnect", restart=False, terminateDebuggee=False)
        assert not self.body("debugInfo")["isStarted"]

    def variables(self):
        listed = self.body("inspectVariables")["variables"]
        return {entry["name"]: entry for entry in listed}

    def values(self):
        return {name: entry["value"] for name, entry in self.variables().items()}

    def unfold(self, name):
        number = self.variables()[name]["variablesReference"]
        facts = self.body("variables", variablesReference=number)["variables"]
        return {fact["name"]: fact["value"] for fact in facts}


@pytest.fixture
def panel(kernel):
    panel = Panel(kernel)
    yield panel
    panel.close()


def test_the_kernelspec_offers_the_panel_and_the_kernel_claims_no_debugger(kernel):
    assert kernel.manager.kernel_spec.metadata["debugger"] is True
    info = kernel.kernel_info()
    assert info["debugger"] is False and "debugger" not in info["supported_features"]


def test_an_open_panel_shows_values_and_what_tensors_are(kernel, panel):
    kernel.ok(":clear\n" + TENSOR)
    names = ["loss", "model", "rate", "weights", "words"]
    assert list(panel.variables()) == names
    assert set(panel.values().values()) == {""}
    panel.open()
    assert panel.values() == {
        "loss": "[] Float",
        "model": "",
        "rate": "0.5",
        "weights": "[2, 2] Float",
        "words": '["one"]',
    }
    types = [panel.variables()[name]["type"] for name in ("rate", "weights", "model")]
    assert types == ["f64 = 0.5", "Tensor [2, 2] Float", "VarStore"]
    assert panel.unfold("weights") == {
        "shape": "[2, 2]",
        "kind": "Float",
        "device": "Cpu",
        "requires_grad": "true",
        "size": "16 bytes",
        # Of the gradient 2 * weights: 2 * sqrt(9 + 16).
        "grad norm": "10.0000",
    }
    assert panel.unfold("loss")["grad norm"] == "no gradient"
    rich = panel.body("richInspectVariables", variableName="weights")
    assert "grad norm: 10.0000" in rich["data"]["text/plain"]

    # Looking prints nothing: libtorch would warn of some looks.
    ran = kernel.ok("weights.shallow_clone().zero_grad(); let rate = 0.25;")
    assert ran.order() == ["busy", "execute_input", "idle"]
    assert panel.values()["rate"] == "0.25"
    assert panel.unfold("weights")["grad norm"] == "0.0000"


def test_a_running_cell_is_not_waited_for(kernel, panel, gate):
    kernel.ok(":clear\nlet mut count = 1;")
    panel.open()
    sent = kernel.send(f'count += 1; println!("on"); {gate.wait} count += 1;')
    kernel.wait_for_text(sent, "on")
    assert panel.values() == {"count": "1"}
    # Opened anew in the middle of it.
    panel.close()
    panel.open()
    assert panel.values() == {"count": "1"}
    gate.open()
    assert kernel.finish(sent).order()[-1] == "idle"
    assert panel.values() == {"count": "3"}


def test_variables_that_are_lost_leave_the_panel(kernel, panel):
    kernel.ok(":clear\nlet lost = 1;")
    panel.open()
    assert kernel.run("std::process::abort();").error["ename"] == "ProcessEnded"
    assert panel.values() == {}
    kernel.ok("let found = 2;")
    assert panel.values() == {"found": "2"}


def test_breakpoints_are_refused_in_plain_words_and_cells_run_on(kernel, panel):
    panel.open()
    code = "let x = 1;\nx + 1"
    path = panel.body("dumpCell", code=code)["sourcePath"]
    refused = panel.ask("setBreakpoints", source={"path": path}, breakpoints=[{"line": 1}])
    assert not refused["success"] and "stops at no line" in refused["message"]
    assert refused["body"]["breakpoints"] == []
    assert panel.body("debugInfo")["breakpoints"] == []
    assert kernel.ok(code).value == "2"


def test_what_a_thread_prints_while_the_panel_looks_is_not_lost(kernel, panel):
    panel.open()
    # It prints between cells, too.
    kernel.late, kernel.printed = [], ""
    kernel.ok("""
let printing = std::thread::spawn(|| for line in 0..2000 {
    println!("{line}");
    if line % 50 == 0 { std::thread::sleep(std::time::Duration::from_millis(1)); }
});
""")
    for _ in range(5):
        kernel.ok("1 + 1")
    kernel.ok("printing.join().unwrap();")
    kernel.late = None
    assert kernel.printed == "".join(f"{line}\n" for line in range(2000))


def test_the_table_of_variables_tells_tensors_gradients_and_types(kernel):
    kernel.ok(":clear\n" + TENSOR + "let pairs: Vec<(i64, bool)> = vec![];")
    [table] = kernel.ok(":vars").of("display_data")
    assert table["data"]["text/plain"].splitlines() == [
        "loss: Tensor [] Float Cpu requires_grad, 4 bytes",
        "model: VarStore",
        "pairs: Vec<(i64, bool)>",
        "rate: f64",
        # Of the gradient 2 * weights: 2 * sqrt(9 + 16).
        "weights: Tensor [2, 2] Float Cpu requires_grad, 16 bytes, grad norm 10.0000",
        "words: Vec<String>",
    ]
    rows = re.findall(r"<tr>(.*?)</tr>", table["data"]["text/html"])
    cells = [re.findall(r"<t[dh]>(?:<code>)?(.*?)(?:</code>)?</t[dh]>", row) for row in rows]
    weights = "[2, 2] Float Cpu requires_grad, 16 bytes, grad norm 10.0000"
    assert cells[0] == ["name", "type", "value"]
    assert ["weights", "Tensor", weights] in cells
    assert ["pairs", "Vec&lt;(i64, bool)&gt;", ""] in cells
    assert len(cells) == 7
    assert kernel.ok(":clear\n:vars").of("display_data")[0]["data"]["text/plain"] == "no variables\n"

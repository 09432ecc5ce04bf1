"""Completion and inspection as JupyterLab asks for them: types, documentation, values, also while a cell
runs and before rust-analyzer answers."""

import pytest
from frontend import is_dead, until

WEIGHTS = """let weights = Tensor::ones([2, 3], (Kind::Float, Device::Cpu)).set_requires_grad(true);
weights.sum(Kind::Float).backward();"""


@pytest.fixture(scope="module")
def session(kernel):
    """A kernel with a tensor, whose rust-analyzer answers."""
    kernel.ok(WEIGHTS)
    until_it_infers(kernel)
    return kernel


def until_it_infers(kernel):
    """The type of what the cell itself makes is known to rust-analyzer alone."""
    until(lambda: infers(kernel), "rust-analyzer answers")


def infers(kernel):
    return "leading_zeros" in complete(kernel, "let n = 1u8; n.leading_z")


def complete(kernel, code):
    """What is offered at the end of `code`: name to all that is told of it."""
    reply = kernel.reply(kernel.client.complete(code))["content"]
    assert reply["status"] == "ok"
    typed = reply["metadata"]["_jupyter_types_experimental"]
    assert [item["text"] for item in typed] == reply["matches"]
    assert all(reply["cursor_start"] == item["start"] for item in typed)
    return {item["text"]: item for item in typed}


def inspect(kernel, code, detail_level=0):
    """Text and Markdown of the name at the end of `code`."""
    reply = kernel.reply(kernel.client.inspect(code, len(code), detail_level))["content"]
    assert reply["status"] == "ok"
    if not reply["found"]:
        return None
    return reply["data"]["text/plain"], reply["data"]["text/markdown"]


def test_names_come_with_kind_signature_and_documentation(session):
    method = complete(session, "let total = weights.matm")["matmul"]
    assert method["type"] == "method"
    assert method["signature"] == "fn matmul(&self, other: &Tensor) -> Tensor"
    function = complete(session, "linea")["linear"]
    assert function["type"] == "function"
    assert "A linear layer" in function["documentation"]
    assert complete(session, "weigh")["weights"]["type"] == "variable"
    assert complete(session, "Tens")["Tensor"]["type"] == "struct"
    assert complete(session, "whil")["while"]["type"] == "keyword"
    assert complete(session, "Kind::Floa")["Float"]["type"] == "variant"


def test_documentation_comes_as_text_and_as_markdown_short_and_whole(session):
    text, markdown = inspect(session, "linear")
    signature = "pub fn linear(inputs: i64, outputs: i64) -> Linear"
    assert signature in text and "```" not in text
    assert f"```rust\n{signature}\n```" in markdown
    assert "A linear layer" in text and "A linear layer" in markdown
    until(lambda: is_longer(inspect(session, "linear", 1), (text, markdown)), "all of it")
    # A tooltip that was cut does not end inside an example.
    assert markdown.count("```") % 2 == 0
    # JupyterLab asks about the method it highlights: the cell ends there.
    assert "fn relu(&self) -> Tensor" in inspect(session, "let y = weights.relu")[0]
    assert inspect(session, "no_such_name") is None


def is_longer(whole, short):
    """An answer that rust-analyzer did not have in time is the index's, which keeps the short form only."""
    return all(len(one) > len(other) for one, other in zip(whole, short))


def test_a_tensor_is_told_with_its_value(session):
    text, markdown = inspect(session, "weights")
    assert text.startswith("let weights: Tensor\n")
    for part in ("[2, 3]", "Float", "Cpu", "requires_grad", "24 bytes", "grad norm 2.4495"):
        assert part in text and part in markdown
    assert "i32" in inspect(session, "let weights = 3; weights")[0]


def test_places_are_counted_in_characters(session):
    """Not in bytes, nor in halves of a surrogate pair."""
    code = 'let α = "𝛼"; weights.matm'
    reply = session.reply(session.client.complete(code))["content"]
    assert "matmul" in reply["matches"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (code.index("matm"), len(code))
    assert reply["cursor_start"] == 21
    # With more behind the cursor, of which each part is as long as it is in characters.
    reply = session.reply(session.client.complete(code + '; "𝛼"', len(code)))["content"]
    assert "matmul" in reply["matches"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (21, 25)


def test_it_answers_while_a_cell_runs(session, gate):
    running = session.begin(f'println!("running"); {gate.wait}')
    assert "matmul" in complete(session, "weights.matm")
    assert "[2, 3]" in inspect(session, "weights")[0]
    assert running not in session._replies
    gate.open()
    assert session.finish(running).reply["status"] == "ok"


def test_before_the_first_cell_the_library_is_known(new_kernel):
    kernel = new_kernel()
    # No cell has run, so no rust-analyzer has been started: this is the index that set-up made.
    assert complete(kernel, "nn::se")["seq"]["signature"] == "fn seq() -> Sequential"
    assert "randn" in complete(kernel, "Tensor::ran")
    assert "A linear layer" in complete(kernel, "linea")["linear"]["documentation"]
    assert "fn seq() -> Sequential" in inspect(kernel, "nn::seq")[1]
    assert not [p for p in kernel.everything() if "intel" in p.name()]


def test_rust_analyzer_killed_comes_back_and_meanwhile_the_kernel_answers_itself(session):
    until_it_infers(session)
    [intelligence] = session.running("gradbook-intel")
    intelligence.kill()
    until(lambda: is_dead(intelligence), "it is dead")
    # Names of the session and of the library, as before rust-analyzer was there.
    assert complete(session, "weigh")["weights"]["type"] == "variable"
    assert "matmul" in complete(session, "weights.matm")
    assert "[2, 3]" in inspect(session, "weights")[0]
    assert not infers(session), "rust-analyzer was there all the time"
    assert session.ok("1 + 1").value == "2"
    until_it_infers(session)
    assert session.running("gradbook-intel") != [intelligence]

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


def offered(kernel, code):
    """Names in the order in which they are offered."""
    return list(complete(kernel, code))


COURSE = ("matmul", "sum", "mean", "softmax", "grad", "size", "backward", "reshape", "to_kind", "shallow_clone")


def assert_useful_first(names):
    """Of a tensor's methods. What a name is a form of comes before it."""
    first = names[:60]
    assert all(name in first for name in COURSE), first
    odd = [name for name in names if name.startswith(("f_", "internal_", "_")) or "ptr" in name]
    at = min((names.index(name) for name in odd), default=len(names))
    assert all(names.index(name) < at for name in names if name in COURSE + ("view", "dim"))
    assert not [name for name in first if name.startswith("f_") or name.endswith(("_", "_out"))]


def test_what_the_course_uses_comes_first(session):
    assert_useful_first(offered(session, "weights."))
    until_it_infers(session)
    assert_useful_first(offered(session, "let other = 1; weights.matmul(&weights)."))
    assert set(offered(session, "let other = 1; Tensor::")[:12]) >= {"from_slice", "zeros", "ones", "arange"}
    vector = offered(session, "let list = vec![1.0]; list.")
    assert {"iter", "len", "push"} <= set(vector[:12])
    assert "as_ptr" not in vector[:100]


def test_the_notebooks_own_names_come_first_of_all(session):
    session.ok("fn linear_of_mine() -> i32 { 1 }")
    assert offered(session, "line")[0] == "linear_of_mine"
    until_it_infers(session)
    assert offered(session, "let a = 1; line")[0] == "linear_of_mine"


def test_before_rust_analyzer_answers_the_course_and_std_are_known(new_kernel):
    kernel = new_kernel()
    for code, name in (
        ("hin", "hint"),
        ("exer", "exercise"),
        ("check::", "conv_parameters"),
        ("Vec::with_", "with_capacity"),
        ("Vec::", "new"),
        ("String::fro", "from"),
        ("HashMap::", "new"),
        ("std::collections::HashMap::", "with_capacity"),
        ("std::", "collections"),
        ("std::io::", "stdin"),
        ("std::time::Ins", "Instant"),
        ("f64::", "MAX"),
        ("println", "println!"),
        ("Tensor::", "zeros"),
    ):
        assert name in complete(kernel, code), code
    kernel.ok('let some_tensor = tensor([1.0]); let text = "a"; let list = vec![1]; let some = Some(1); let pair = [1.0, 2.0];')
    for code, name in (
        ("text.to_upper", "to_uppercase"),
        ("list.", "push"),
        ("some.unwrap_", "unwrap_or"),
        ("pair.win", "windows"),
    ):
        assert name in complete(kernel, code), code
    assert_useful_first(offered(kernel, "some_tensor."))


def test_a_question_mark_asks_about_names(session):
    names = offered(session, "?weigh")
    assert names[0] == "weights"
    plotting = offered(session, "?pl")
    assert plotting and all(name.startswith("pl") for name in plotting) and len(plotting) < 30
    assert "while" not in offered(session, "?wh")
    assert offered(session, "?nn::se") and "seq" in offered(session, "?nn::se")


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

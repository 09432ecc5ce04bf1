"""What a learner reads of an error: what to write instead, libtorch in plain words, more only when asked."""

import pytest
from frontend import plain


@pytest.mark.parametrize(
    ("code", "ename", "hint"),
    [
        ("let v = vec![1]; let w = v; v.len()", "E0382", "lend it (`&`) or copy it (`.clone()`"),
        ("let v = Vec::new();", "E0282", "name the type where the value is made"),
        ("let v = (0..3).sum();", "E0283", "name the type where the value is made"),
        ('let v = "1".parse().unwrap();', "E0284", "`.parse::<f64>()`"),
        ("let a = 1\nlet b = 2;", "CompileError", "every statement but the last of a cell ends with `;`"),
        ("fixed.push(2);", "E0596", "run `let mut fixed = fixed;`"),
        ("fixed = vec![2];", "E0594", "run `let mut fixed = fixed;`"),
        ("struct Plain; Plain", "E0277", "put `#[derive(Debug)]` before the definition"),
    ],
)
def test_an_error_says_what_to_write_instead(kernel, code, ename, hint):
    made = kernel.ok("let fixed = vec![1];").reply["execution_count"]
    ran = kernel.run(code)
    assert ran.error["ename"] == ename
    assert hint in ran.told
    assert ("fixed" in code) == (f"`fixed` was made in cell [{made}] without `mut`" in ran.told)


def test_what_the_hint_says_to_write_works(kernel):
    kernel.ok("let hinted = vec![1];")
    assert "let mut hinted = hinted;" in kernel.run("hinted.push(2);").told
    kernel.ok("let mut hinted = hinted;")
    kernel.ok("hinted.push(2);")
    assert kernel.ok("hinted").value == "[1, 2]"


ROW, THREE = "tensor([[1.0, 2.0]])", "tensor([[1.0, 2.0, 3.0]])"


@pytest.mark.parametrize(
    ("code", "words", "own"),
    [
        (
            f"{ROW}.matmul(&{THREE})",
            "matmul: left is [1, 2], right is [1, 3]: the inner sizes 2 and 1 differ",
            "mat1 and mat2 shapes cannot be multiplied (1x2 and 1x3)",
        ),
        (
            f"{ROW} + {THREE}",
            "the two tensors do not fit together: at dimension 1 one has size 2, the other 3; sizes must "
            "be equal there, or 1",
            "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 1",
        ),
        (
            f"{THREE}.reshape([2, 2])",
            "the tensor has 3 elements, but [2, 2] holds 4",
            "shape '[2, 2]' is invalid for input of size 3",
        ),
        (
            f"{THREE}.view([2, -1])",
            "the tensor has 3 elements, which do not fill [2, -1]: 3 is no multiple of 2",
            "shape '[2, -1]' is invalid for input of size 3",
        ),
        (
            f"{THREE}.select(1, 3)",
            "index 3 is out of range: dimension 1 of [1, 3] has size 3, its last index is 2",
            "select(): index 3 out of range for tensor of size [1, 3] at dimension 1",
        ),
        (
            f"{THREE}.transpose(0, 2)",
            "there is no dimension 2: they go from 0 to 1",
            "Dimension out of range (expected to be in range of [-2, 1], but got 2)",
        ),
        (
            f"{ROW}.matmul(&Tensor::from_slice(&[1i64, 2]).reshape([2, 1]))",
            "the tensors have kinds Float and Int64, and need the same: convert the Int64 one with "
            ".to_kind(Kind::Float)",
            "expected m1 and m2 to have the same dtype, but got: float != long int",
        ),
        (
            f"{ROW}.sum(Kind::Float).backward()",
            "backward: nothing that this was computed from asks for a gradient: make the weights with "
            ".set_requires_grad(true)",
            "element 0 of tensors does not require grad and does not have a grad_fn",
        ),
    ],
)
def test_libtorch_is_told_in_plain_words(kernel, code, words, own):
    """Its own line comes second: a libtorch that words it in another way shows here."""
    error = kernel.run(code + ";").error
    assert (error["ename"], error["evalue"]) == ("Panic", f"{words}\nlibtorch: {own}")


def test_an_error_of_libtorchs_is_told_as_its_panic_is(kernel):
    panicked = kernel.run(f"{ROW}.matmul(&{THREE});").error
    returned = kernel.run(f"{ROW}.f_matmul(&{THREE})?;").error
    assert returned["ename"] == "TchError"
    assert returned["evalue"] == panicked["evalue"]


def test_machine_frames_are_told_only_when_asked_for(kernel):
    ran = kernel.run(f"{ROW}.matmul(&{THREE});")
    assert "`:details` in a cell shows libtorch's own text" in ran.told
    details = kernel.ok(":details").out
    assert "mat1 and mat2 shapes cannot be multiplied (1x2 and 1x3)\n" in details
    for of_the_machine in ("frame #0: ", "0x", "Exception raised from"):
        assert of_the_machine in details and of_the_machine not in ran.told
    # A panic of the learner's own has no more to say.
    assert "`:details`" not in kernel.run('panic!("as asked")').told
    assert kernel.ok(":details").out == "as asked\n"


def test_explain_is_rustcs_own_explanation_of_the_last_error(kernel):
    ran = kernel.run('let number: i32 = "text";')
    assert "`:explain E0308` in a cell says more." in ran.told
    of_the_last = kernel.ok(":explain").out
    assert "Expected type did not match the received type" in of_the_last
    assert kernel.ok(":explain E0308").out == of_the_last
    assert "moved" in kernel.ok(":explain E0382").out
    assert "rustc does not know `E9999`" in kernel.run(":explain E9999").told


@pytest.mark.parametrize(
    "code",
    ["let number: i32 = 1.5;", "let z =", 'panic!("red")', '"x".parse::<i32>()?;', ":no_such_command"],
)
def test_errors_are_coloured(kernel, code):
    ran = kernel.run(code)
    traceback = "\n".join(ran.error["traceback"])
    assert "\x1b[" in traceback and "\x1b" not in plain(traceback)
    # Front ends that show no colours read the other two.
    assert "\x1b" not in ran.error["ename"] + ran.error["evalue"]

"""What an error tells a learner to write is written, and runs. Each slip is made once, its message is read as
a learner reads it, and the code between the backticks takes the slip's place."""

import re

import pytest

LIBRARY_INSIDES = re.compile(
    r"gradbook|num_complex|ndarray|serde_json|f128|half::|\{closure|Displayable|c10::|frame #|lessons::|course::"
)


def advice(ran, before):
    """The code behind some words of the message."""
    found = re.search(before + r" `([^`]+)`", ran.told)
    assert found, ran.told
    return found[1]


def refused(kernel, code, ename=None):
    ran = kernel.run(code)
    assert ran.reply["status"] == "error", code
    assert ename is None or ran.error["ename"] == ename, ran.told
    assert not LIBRARY_INSIDES.search(ran.told), ran.told
    return ran


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("let a = 1;\u200b a", "1"),
        ("let b =\u00a02; b", "2"),
        ("format!(“{}”, 3)", '"3"'),
        ("（1 ＋ 2） ＊ 4", "12"),
        ("let c = ‘x’; c", "'x'"),
        ("let d = ‘two’; d", '"two"'),
        ("if 3 ≥ 2 && 1 ≠ 2 { 5 − 1 } else { 0 }", "4"),
        ("vec![1，2]", "[1, 2]"),
    ],
)
def test_characters_of_other_scripts_are_named_and_replaced(kernel, code, value):
    ran = refused(kernel, code, "CompileError")
    assert "unknown start of token" not in ran.told and "U+" in ran.error["evalue"]
    # One error, whatever follows from it.
    assert ran.told.count("error") == 1, ran.told
    assert kernel.ok(advice(ran, "write")).value == value


def test_a_text_that_begins_and_ends_with_other_marks(kernel):
    ran = refused(kernel, 'let t = "abc”; t', "E0765")
    assert kernel.ok(advice(ran, "write")).value == '"abc"'


def test_what_would_not_run_is_not_offered(kernel):
    assert "write `" not in refused(kernel, "1 == 3 ？ 1 : 2").told
    assert "{:?}" not in refused(kernel, "display(|x: i32| x);").told


def test_characters_in_texts_stay(kernel):
    assert kernel.ok('let t = "a – “b”"; t.chars().count()').value == "7"
    ran = refused(kernel, 'let 数 = "“a”"； 数')
    assert kernel.ok(advice(ran, "write")).value == '"“a”"'


@pytest.mark.parametrize(
    "code", ["let x = 5\nx", "let x = (1;\nx", "let x = ;\nvec![1]", "fn f( { }\n2 + 2", 'println!("a)\n3']
)
def test_a_cell_with_a_syntax_error_has_no_error_of_types(kernel, code):
    told = refused(kernel, code).told
    assert "mismatched types" not in told and "cannot find" not in told


SESSION = """let rate = 0.5;
let names = vec![String::from("ab")];
let mut seen: Vec<usize> = Vec::new();
let mut count = 0;
let inputs = tensor([1.0, 2.0]);
let title = "loss";"""


@pytest.mark.parametrize(
    ("code", "call", "value"),
    [
        ("fn step(x: f64) -> f64 { x - rate }", "step(2.0, rate)", "1.5"),
        ("fn now() -> f64 {\n    rate\n}", "now(rate)", "0.5"),
        ("pub fn all(\n    x: f64,\n) -> f64 { rate * x }", "all(2.0, rate)", "1.0"),
        ("fn map() -> f64 { (0..2).map(|i| i as f64 * rate).sum() }", "map(rate)", "0.5"),
        ("fn both(x: f64) -> f64 { names.len() as f64 * rate * x }", "both(2.0, &names, rate)", "1.0"),
        ("fn lent() -> f64 { let mut sum = 0.0; for name in &names { sum += rate; } sum }", "lent(names.clone(), rate)", "0.5"),
        ("fn first() -> usize { names[0].len() }", "first(&names)", "2"),
        ("fn each() -> usize { let mut n = 0; for name in names { n += name.len(); } n }", "each(names.clone())", "2"),
        ("fn see(n: usize) { seen.push(n); }", "see(3, &mut seen); seen.len()", "1"),
        ("fn sum() -> f64 { (&inputs * 2.0).sum(Kind::Float).double_value(&[]) }", "sum(inputs.shallow_clone())", "6.0"),
        ("fn on() -> f64 { mse_loss(&inputs, &inputs).double_value(&[]) }", "on(&inputs)", "0.0"),
        ("fn say() -> String { format!(\"{title}!\") }", "say(title)", '"loss!"'),
        ("fn outer() -> i32 { let q = 1; fn inner() -> i32 { q } inner(q) }", "outer()", "1"),
        ("struct Scale; impl Scale { fn of(&self, x: f64) -> f64 { x * rate } }", "Scale.of(2.0, rate)", "1.0"),
    ],
)
def test_a_function_is_given_the_variable_that_it_uses(kernel, code, call, value):
    kernel.ok(SESSION)
    ran = refused(kernel, code)
    assert "similar name" not in ran.told
    header = advice(ran, "Write")
    # The header of the function that uses the variable.
    name = re.search(r"fn (\w+)", header)[1]
    corrected = re.sub(rf"(pub )?fn {name}\([^{{]*", lambda _: header + " ", code, count=1)
    kernel.ok(corrected)
    assert kernel.ok(call).value == value


def test_a_number_that_a_function_changes_is_lent_to_it(kernel):
    kernel.ok(SESSION)
    ran = refused(kernel, "fn tick() { count += 1; }")
    assert "`*count` is the variable's value" in ran.told
    kernel.ok(advice(ran, "Write") + " { *count += 1; }")
    assert kernel.ok("tick(&mut count); count").value == "1"


def test_constants_and_lengths_become_what_may_use_variables(kernel):
    kernel.ok(SESSION + "let n = 3;")
    ran = refused(kernel, "const TWICE: f64 = rate * 2.0;")
    kernel.ok(advice(ran, "too:"))
    assert kernel.ok("TWICE").value == "1.0"
    ran = refused(kernel, "let zeros = [0.0; n];")
    assert kernel.ok(advice(ran, "need not:")).value == "[0.0, 0.0, 0.0]"


def test_a_method_of_a_trait_is_told_to_keep_a_field(kernel):
    kernel.ok(SESSION)
    code = "struct Half; impl std::fmt::Display for Half { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { write!(f, \"{rate}\") } }"
    told = refused(kernel, code).told
    assert "`Display` fixes their parameters" in told and "(`self.rate`)" in told


def test_a_name_that_is_nowhere_still_gets_the_nearest(kernel):
    kernel.ok(SESSION)
    told = refused(kernel, "fn f() -> f64 { raet(1.0) }", "E0425").told
    assert "is a variable" not in told


NETWORK = """use tch::nn::Module;
fn layer(p: &nn::Path) -> impl Module { nn::linear(p / "a", 2, 2, Default::default()) }"""


@pytest.mark.parametrize(
    "use",
    [
        "struct Net { m: Box<dyn Module> }\nimpl Net { fn new(p: &nn::Path) -> Net { Net { m: Box::new(layer(p)) } } }",
        "fn boxed(p: &nn::Path) -> Box<dyn Module> { Box::new(layer(p)) }",
        "fn owned() -> impl Module { let vs = nn::VarStore::new(Device::Cpu); let root = vs.root(); layer(&root) }",
    ],
)
def test_a_function_of_an_older_edition_is_told_to_let_go_of_its_arguments(new_kernel, use):
    kernel = new_kernel()
    kernel.ok(NETWORK)
    ran = refused(kernel, use)
    header = advice(ran, "write")
    assert header == "fn layer(p: &nn::Path) -> impl Module + use<>"
    kernel.ok(NETWORK.replace("fn layer(p: &nn::Path) -> impl Module", header))
    kernel.ok(use)


def test_a_type_of_the_learners_is_shown_by_its_text(kernel):
    kernel.ok("#[derive(Debug)]\nstruct Point { x: i32 }\nlet point = Point { x: 1 };")
    ran = refused(kernel, "display(&point);", "E0277")
    shown = kernel.ok(advice(ran, "write") + ";").of("display_data")
    assert shown[0]["data"]["text/plain"] == "Point { x: 1 }"


def test_weights_are_changed_inside_no_grad(kernel):
    kernel.ok("let mut weight = tensor([1.0, 2.0]).set_requires_grad(true);")
    ran = refused(kernel, "weight += 1.0;", "Panic")
    assert "in-place operation" in ran.error["evalue"]
    kernel.ok(advice(ran, "write"))
    assert kernel.ok("weight.double_value(&[0])").value == "2.0"


def test_commands_say_what_they_need(kernel):
    kernel.ok(advice(refused(kernel, ":opt fast", "CommandError"), "instance"))
    kernel.ok(":opt auto")
    kernel.ok(advice(refused(kernel, "?", "CommandError"), "instance"))
    assert advice(refused(kernel, ":dep", "CommandError"), "instance") == ':dep rand = "0.9"'


def test_a_cell_that_reads_the_keyboard_is_told_of_input(kernel):
    ran = kernel.ok("let mut line = String::new(); std::io::stdin().read_line(&mut line).unwrap();")
    write = re.search(r"`(let [^`]+)`", ran.err)[1]
    # It compiles; this front end takes no input.
    assert kernel.run(write).error["ename"] == "Panic"


@pytest.mark.parametrize(
    "code",
    [
        'let s = 1.0 + "a";',
        "let v: Vec<f64> = tensor([1.0]);",
        "struct Own; vec![Own]",
        "struct Own; display(&Own);",
        "let l: Linear = 5;",
        'let t: Tensor = "a";',
        "let n: i32 = Sequential::new();",
        "let c: i32 = |x: i32| x;",
        "tensor([1.0]).no_such_method()",
        "let t: f32 = 1.0f64 * tensor([1.0]);",
        "fn f<T: Layer>(_: T) {} f(3);",
        '"a" == 1',
        "tensor(std::rc::Rc::new(1));",
    ],
)
def test_no_message_names_what_is_inside_a_library(kernel, code):
    refused(kernel, code)

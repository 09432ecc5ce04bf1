"""What a cell means to the next one: values, items, moves, errors, and what is kept after each."""

import pytest


def test_the_first_cell_is_number_one(new_kernel):
    kernel = new_kernel()
    assert kernel.ok("1 + 1").reply["execution_count"] == 1
    second = kernel.ok("2 + 2")
    assert second.reply["execution_count"] == 2
    assert second.of("execute_input") == [{"code": "2 + 2", "execution_count": 2}]
    assert second.of("execute_result")[0]["execution_count"] == 2
    assert second.order() == ["busy", "execute_input", "execute_result", "idle"]
    assert "started" in second.reply_metadata


def test_variables_and_items_last(kernel):
    kernel.ok("let mut list = vec![1, 2]; struct Point { x: i32 }")
    kernel.ok("impl Point { fn twice(&self) -> i32 { self.x * 2 } }")
    kernel.ok("list.push(3); let point = Point { x: 21 };")
    assert kernel.ok("(list.len(), point.twice())").value == "(3, 42)"


def test_names_and_functions_can_be_redefined(kernel):
    kernel.ok('fn answer() -> i32 { 1 } let shadowed = 1;')
    kernel.ok('fn answer() -> i32 { 2 } let shadowed = "text";')
    assert kernel.ok("(answer(), shadowed)").value == '(2, "text")'


def test_a_redefined_type_says_which_variable_it_takes_along(kernel):
    kernel.ok("struct Redefined(i32); let taken = Redefined(1); let stays = 2;")
    ran = kernel.ok("struct Redefined(i32, i32);")
    assert "taken" in ran.err and "Redefined" in ran.err and "stays" not in ran.err
    assert kernel.ok("stays").value == "2"
    told = kernel.run("taken.0").told
    assert "taken" in told and "Redefined" in told


def test_a_moved_variable_is_gone_and_the_error_says_where_it_went(kernel):
    kernel.ok("let moved = vec![1];")
    mover = kernel.ok("let new_owner = moved;").reply["execution_count"]
    told = kernel.run("moved.len()").told
    assert "moved" in told and f"cell [{mover}]" in told
    assert kernel.ok("new_owner").value == "[1]"


@pytest.mark.parametrize(
    ("stop", "ename", "evalue"),
    [
        ('panic!("stopped at {i}")', "Panic", "stopped at 3"),
        ('"x".parse::<i32>()?;', "ParseIntError", "invalid digit found in string"),
        ("let none: Option<i32> = None; none.unwrap();", "Panic", "None"),
        ("tensor([[1.0, 2.0]]).matmul(&tensor([[1.0, 2.0, 3.0]]));", "Panic", "matmul"),
    ],
)
def test_a_failed_cell_keeps_its_variables(kernel, stop, ename, evalue):
    kernel.ok("let mut grown = vec![0]; let untouched = 7;")
    ran = kernel.run(
        f"let before = 5;\nfor i in 1..10 {{\n    grown.push(i);\n    if i == 3 {{ {stop} }}\n}}\n"
        "let after = 6;"
    )
    error = ran.error
    assert error["ename"] == ename
    assert evalue in error["evalue"]
    assert f"cell [{ran.reply['execution_count']}]:4" in ran.told
    assert kernel.ok("(&grown, untouched, before)").value == "([0, 1, 2, 3], 7, 5)"
    assert "after" in kernel.run("after").told


def test_a_panic_is_told_once_and_without_addresses(kernel):
    ran = kernel.run('println!("out"); eprintln!("err"); panic!("as asked")')
    assert sorted(ran.order()[2:-2]) == ["stderr", "stdout"]
    assert ran.order()[-2:] == ["error", "idle"]
    assert (ran.out, ran.err) == ("out\n", "err\n")
    assert "0x" not in ran.told and "RUST_BACKTRACE" not in ran.told


def test_a_panic_in_a_function_of_an_older_cell_names_both_lines(kernel):
    callee = kernel.ok('fn fails() {\n    panic!("deep")\n}').reply["execution_count"]
    for _ in range(2):
        ran = kernel.run('println!("one");\nfails();')
        assert f"cell [{callee}]:2" in ran.told
        assert f"called from cell [{ran.reply['execution_count']}], line 2: fails();" in ran.told


@pytest.mark.parametrize("again", ["let mut v = v;", "let mut v = { v };", "let mut v: Vec<i32> = v;"])
def test_a_variable_may_be_bound_again_from_itself(kernel, again):
    kernel.ok("let v = vec![1];")
    assert kernel.ok(f"{again} v.push(2);").order()[-1] == "idle"
    kernel.ok("v.push(3);")
    assert kernel.ok("v").value == "[1, 2, 3]"
    # Made into another type; and lost where the cell failed between the two.
    kernel.ok("let v = v.len();")
    assert kernel.ok("v").value == "3"
    kernel.ok("let v = vec![v];")
    assert kernel.run('let v = { drop(v); panic!("between"); 1 };').error["ename"] == "Panic"
    assert kernel.run("v").error["ename"] == "E0425"


@pytest.mark.parametrize("call", ["fails();", "fails()", "outer()", "fails_for(1);", "fails_for(1)"])
def test_a_cell_that_is_only_a_call_names_its_own_line(kernel, call):
    kernel.ok("""
fn fails() { panic!("deep") }
fn outer() { fails() }
fn fails_for(x: i32) -> i32 { if x > 0 { panic!("deep") } x }
""")
    ran = kernel.run(f"\n{call}")
    assert f"called from cell [{ran.reply['execution_count']}], line 2: {call}" in ran.told


@pytest.mark.parametrize(
    ("code", "line", "column"),
    [
        ('let y: i32 = "a";', 1, 14),
        ('let α = 1; let y: i32 = "a";', 1, 25),
        ('let α = 1;\nlet ααα = "βγ"; let y: i32 = "a";', 2, 30),
        ('for i in 0..3 { let y: i32 = "a"; }', 1, 30),
        ('for i in 0..3 {\n    while i > 1 { let y: i32 = "ά"; }\n}', 2, 32),
    ],
)
def test_a_compile_error_has_the_cells_own_line_and_column(kernel, code, line, column):
    ran = kernel.run(code)
    assert ran.error["ename"] == "E0308"
    assert f"cell [{ran.reply['execution_count']}]:{line}:{column}" in ran.told
    assert "expected `i32`" in ran.told


def test_many_mistakes_are_one_error_message(kernel):
    ran = kernel.run('let a: i32 = "a";\nlet b: i32 = "b";\nnot_a_name;\nlet c: bool = 1;')
    assert ran.order() == ["busy", "execute_input", "error", "idle"]
    assert ran.told.count("mismatched types") == 3
    assert "not_a_name" in ran.told


@pytest.mark.parametrize("code", ["let z =", "fn g() {", 'let s = "abc', ")", "let 1 2 3;", "struct"])
def test_a_syntax_error_is_rustcs_own(kernel, code):
    ran = kernel.run(code)
    assert ran.order() == ["busy", "execute_input", "error", "idle"]
    assert f"cell [{ran.reply['execution_count']}]:1" in ran.told


def test_a_closure_cannot_last_and_the_error_says_what_to_write(kernel):
    assert kernel.ok("let add = |x: i32| x + 1;\nadd(1)").value == "2"
    told = kernel.run("add(2)").told
    assert "`add`" in told and "Box<dyn Fn" in told


def test_a_borrow_cannot_last_and_the_error_says_what_to_write(kernel):
    kernel.ok("let owner = vec![1, 2];\nlet borrowed = &owner[0];")
    told = kernel.run("borrowed").told
    assert "`borrowed`" in told and ".clone()" in told
    assert kernel.ok("owner").value == "[1, 2]"
    kernel.ok("let a = 1; let text = String::from(\"ab\"); let part = &text[..1]; let z = 2;")
    assert kernel.ok("(a, text, z)").value == '(1, "ab", 2)'


def test_the_unit_value_shows_nothing(kernel):
    assert kernel.ok("()").order() == ["busy", "execute_input", "idle"]
    assert kernel.ok("// nothing").order() == ["busy", "execute_input", "idle"]
    assert kernel.ok("let quiet = 1;").value is None


def test_an_error_aborts_the_cells_behind_it(kernel, gate):
    waits = kernel.send(f'println!("waiting"); {gate.wait} panic!("stop")')
    kernel.wait_for_text(waits, "waiting")
    behind = [kernel.send("1"), kernel.send("2")]
    # Asked and answered behind them: they wait in the queue by now.
    kernel.kernel_info()
    gate.open()
    assert kernel.finish(waits).reply["status"] == "error"
    for sent in behind:
        ran = kernel.finish(sent)
        assert ran.reply["status"] == "aborted"
        assert ran.order() == ["busy", "idle"]
    assert kernel.ok("3").value == "3"


def test_without_stop_on_error_the_next_cells_run(kernel, gate):
    waits = kernel.send(f'println!("waiting"); {gate.wait} panic!("stop")', stop_on_error=False)
    kernel.wait_for_text(waits, "waiting")
    behind = kernel.send("1")
    kernel.kernel_info()
    gate.open()
    assert kernel.finish(waits).reply["status"] == "error"
    assert kernel.finish(behind).value == "1"


def test_silent_cells_say_nothing_and_count_nothing(kernel):
    before = kernel.ok("0").reply["execution_count"]
    ran = kernel.ok('let from_silence = 4; println!("unheard"); 5', silent=True)
    assert ran.order() == ["busy", "idle"]
    assert kernel.ok("from_silence").reply["execution_count"] == before + 1


def test_cells_outside_the_history_count_nothing(kernel):
    before = kernel.ok("0").reply["execution_count"]
    ran = kernel.ok('println!("heard"); 5', store_history=False)
    assert (ran.out, ran.value) == ("heard\n", "5")
    assert kernel.ok("1").reply["execution_count"] == before + 1
    history = kernel.reply(kernel.client.history(hist_access_type="tail", n=2))["content"]
    assert [entry[2] for entry in history["history"]] == ["0", "1"]


def test_user_expressions(kernel):
    kernel.ok("let asked = 20;")
    ran = kernel.ok("", user_expressions={"good": "asked + 1", "bad": "not_a_name"})
    answers = ran.reply["user_expressions"]
    assert answers["good"]["status"] == "ok"
    assert answers["good"]["data"]["text/plain"] == "21"
    assert answers["bad"]["status"] == "error"
    assert "not_a_name" in answers["bad"]["evalue"]
    assert kernel.ok("asked").value == "20"


INPUT = 'let line = lessons::host::current().unwrap().input("your name? ", {password})?;'


@pytest.mark.parametrize("password", [False, True])
def test_a_cell_asks_for_input(kernel, password):
    sent = kernel.send(INPUT.format(password=str(password).lower()), allow_stdin=True)
    request = kernel.client.get_stdin_msg(timeout=60)
    assert request["content"] == {"prompt": "your name? ", "password": password}
    kernel.client.input("Ada Λ")
    assert kernel.finish(sent).reply["status"] == "ok"
    assert kernel.ok("line").value == '"Ada Λ"'


def test_a_front_end_that_cannot_answer_is_not_asked(kernel):
    assert "input" in kernel.run(INPUT.format(password="false"), allow_stdin=False).told


def test_two_kernels_know_nothing_of_each_other(kernel, new_kernel):
    other = new_kernel()
    kernel.ok("let side = 1;")
    other.ok("let side = 2;")
    first, second = kernel.send("side"), other.send("side")
    assert kernel.finish(first).value == "1"
    assert other.finish(second).value == "2"


@pytest.mark.parametrize("size", [1_000_000, 2_500_000, 7_000_000])
def test_an_array_of_some_megabytes_is_a_variable_like_any_other(kernel, size):
    kernel.ok("let beside = 1;")
    assert kernel.ok(f"let array = [7u8; {size}]; array.len()").value == str(size)
    assert kernel.ok("(array[array.len() - 1], array.len(), beside)").value == f"(7, {size}, 1)"


def test_a_page_about_a_name(kernel):
    kernel.ok("fn paged(x: i32) -> i32 { x }")
    [page] = kernel.ok("?paged").reply["payload"]
    assert page["source"] == "page"
    assert "fn paged(x: i32) -> i32" in page["data"]["text/plain"]

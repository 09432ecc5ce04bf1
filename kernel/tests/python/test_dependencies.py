"""`:dep`: crates from the prebuilt library, from folders and from the registry, with an empty cargo home."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import Gate
from frontend import Frontend, all_end, becomes_empty


@pytest.fixture(scope="module")
def cargo_home(tmp_path_factory):
    """Nothing has been fetched yet, but the registry is reached as it is from this account."""
    home = tmp_path_factory.mktemp("cargo")
    real = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    for name in ("config.toml", "config", "credentials.toml"):
        if (real / name).exists():
            shutil.copy(real / name, home / name)
    return home


@pytest.fixture(scope="module")
def start(tmp_path_factory, cargo_home):
    """Starts kernels that share what is compiled; all are ended in the end."""
    cache = tmp_path_factory.mktemp("cache")
    started = []

    def start():
        folder = tmp_path_factory.mktemp("kernel")
        shared = {"CARGO_HOME": str(cargo_home), "XDG_CACHE_HOME": str(cache)}
        started.append(Frontend(folder, **shared))
        return started[-1]

    yield start
    for frontend in started:
        processes = frontend.everything()
        frontend.shutdown()
        all_end(processes)
        becomes_empty(frontend.temporary)


@pytest.fixture(scope="module")
def kernel(start):
    return start()


@pytest.fixture(scope="module")
def held_only(start):
    """A kernel of which the crates are those of the library."""
    return start()


@pytest.fixture(scope="module")
def other(start):
    """A second kernel, for what the first has left."""
    return start()


@pytest.fixture
def crate(tmp_path):
    """Makes a crate in a folder; returns the folder."""

    def make(name, source, manifest="", build=None):
        folder = tmp_path / name
        (folder / "src").mkdir(parents=True, exist_ok=True)
        head = f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n'
        (folder / "Cargo.toml").write_text(head + manifest)
        (folder / "src/lib.rs").write_text(source)
        if build:
            (folder / "build.rs").write_text(build)
        return folder

    return make


def from_registry(kernel, code):
    """A cell that must succeed, unless this machine cannot reach the registry."""
    ran = kernel.run(code)
    if ran.reply["status"] == "error":
        unreachable = ("Could not resolve", "failed to resolve", "Could not connect", "timed out")
        if any(sign in ran.told for sign in unreachable):
            pytest.skip(f"the registry is not reached: {ran.error['evalue']}")
        pytest.fail(ran.told)
    return ran


def progress(ran):
    """The lines shown while cargo worked."""
    shown = ran.of("display_data") + ran.of("update_display_data")
    return [content["data"]["text/plain"] for content in shown]


# From the library

HELD = {
    "ndarray": (":dep ndarray\nTensor::try_from(ndarray::arr2(&[[1.0, 2.0]])).unwrap().size()", "[1, 2]"),
    "half": (
        ':dep half = "2"\nlet t = Tensor::from_slice(&[1.5f32]).to_kind(Kind::Half);\n'
        "Vec::<half::f16>::try_from(&t).unwrap()",
        "[1.5]",
    ),
    "serde": (
        ':dep serde = { version = "1", features = ["derive"] }\n:dep serde_json = "1"\n'
        "#[derive(serde::Serialize)] struct Point { x: i32 }\n"
        "serde_json::to_string(&Point { x: 3 })?",
        '"{\\"x\\":3}"',
    ),
    "another name": (
        ':dep re = { package = "regex", version = "1.5", default_features = false, features = ["std"] }\n'
        're::Regex::new("a+")?.find("baaa").map(|found| found.len())',
        "Some(3)",
    ),
    "two versions": (
        ':dep old = { package = "thiserror", version = "1" }\n:dep thiserror@2\n'
        '#[derive(Debug, thiserror::Error)] #[error("no {0}")] struct No(i32);\nNo(2).to_string()',
        '"no 2"',
    ),
    "complex numbers": (":dep num-complex\nnum_complex::Complex::new(3.0, 4.0).norm()", "5.0"),
    "tch": (":dep tch\ntch::Tensor::from_slice(&[1]).size()", "[1]"),
}


@pytest.mark.parametrize("kind", HELD)
def test_what_the_library_holds_comes_from_there(held_only, kind):
    cell, value = HELD[kind]
    ran = held_only.ok(cell)
    assert ran.value == value
    assert not progress(ran) and not ran.err, "it was built"
    lines = held_only.ok(":show_deps").out.splitlines()
    assert lines and all("from the lessons library" in line for line in lines)


@pytest.mark.parametrize("line", ['tch = "0.24"', 'tch = { path = "tch" }', 'lessons = "9"'])
def test_what_belongs_to_the_library_is_not_built_beside_it(kernel, line):
    ran = kernel.run(f":dep {line}")
    assert ran.error["ename"] == "DependencyError"
    assert "here already" in ran.told and not progress(ran)


def test_a_crate_in_scope_is_taken_with_a_word_on_what_it_lacks(kernel):
    size = "let mut svg = String::new(); SVGBackend::with_string(&mut svg, (9, 9)).get_size()"
    ran = kernel.ok(f':dep plotters = "0.3"\nuse plotters::prelude::*; {size}')
    assert ran.value == "(9, 9)"
    assert "bitmaps" in ran.err and not progress(ran)


# From a folder


def test_a_crate_from_a_folder_with_a_feature_and_another_name(kernel, crate):
    source = 'pub fn hello() -> &\'static str { if cfg!(feature = "loud") { "HELLO" } else { "hello" } }'
    folder = crate("near-by", source, "[features]\nloud = []\n")
    relative = os.path.relpath(folder)
    quiet = kernel.ok(f':dep near-by = {{ path = "{relative}" }}\nnear_by::hello()')
    assert quiet.value == '"hello"'
    loud = f':dep near-by = {{ path = "{folder}", features = ["loud"] }}\nnear_by::hello()'
    assert kernel.ok(loud).value == '"HELLO"'
    named = folder.rename(folder.parent / "elsewhere")
    line = f':dep near-by = {{ path = "{named}", package = "near-by", default-features = false }}'
    assert kernel.ok(f"{line}\nnear_by::hello()").value == '"hello"'


def test_a_changed_crate_is_used_and_old_values_of_it_are_dropped(start, crate):
    kernel = start()
    source = "pub struct P(pub {type}); pub fn made() -> P { P({value}) }"
    fill = lambda type, value: source.replace("{type}", type).replace("{value}", value)
    folder = crate("shapes", fill("i32", "3"))
    line = f':dep shapes = {{ path = "{folder}" }}\n'
    kernel.ok(line + "struct Mine(shapes::P); let other = 5;")
    kernel.ok("let p = shapes::made(); let mine = Mine(shapes::made());")
    assert kernel.ok("(p.0, mine.0.0)").value == "(3, 3)"
    assert not kernel.ok(line).err, "nothing has changed"
    crate("shapes", fill("String", '"text".repeat(9)'))
    told = kernel.ok(line).err
    assert "`p` was dropped" in told and "`mine` was dropped" in told and "`other`" not in told
    assert "shapes" in kernel.run("p.0").told
    assert kernel.ok("(shapes::made().0.len(), other)").value == "(36, 5)"


# What is not to be had


@pytest.mark.parametrize(
    "line",
    [
        "a b",
        'itertools = { feature = ["use_std"] }',
        'itertools = "new"',
        "itertools = 1",
        "serde = { workspace = true }",
    ],
)
def test_a_line_that_is_none_is_an_error_with_an_example(kernel, line):
    ran = kernel.run(f":dep {line}")
    assert ran.error["ename"] == "DependencyError"
    assert "write for instance" in ran.told


def test_what_cargo_cannot_build_is_an_error_and_changes_nothing(start, crate):
    kernel = start()
    good = f':dep good = {{ path = "{crate("good", "pub fn one() -> i32 { 1 }")}" }}'
    broken = crate("broken", "pub fn one() -> i32 { missing() }")
    programs = crate("programs", "")
    (programs / "src/lib.rs").rename(programs / "src/main.rs")
    kernel.ok(good)
    for name, wanted in {
        f'broken = {{ path = "{broken}" }}': "missing",
        f'programs = {{ path = "{programs}" }}': "programs",
        f'good = {{ path = "{broken.parent / "good"}", features = ["none"] }}': "none",
        f'nowhere = {{ path = "{broken.parent / "nowhere"}" }}': "nowhere",
    }.items():
        told = kernel.run(f":dep {name}").told
        assert "DependencyError" in told and wanted in told
        assert "gradbook/crates" not in told, "a folder of ours"
        assert kernel.ok("good::one()").value == "1"
    assert kernel.ok(":show_deps").out == "good 0.1.0\n"


@pytest.mark.parametrize(
    "cell", ["extern crate fastmath;", "use fastmath::fast;", "fastmath::fast(1)", "let f: fastmath::F = 1;"]
)
def test_a_crate_that_is_not_there_is_asked_for_with_dep(kernel, cell):
    told = kernel.run(cell).told
    assert "`:dep fastmath`" in told
    assert "library" not in told and "Cargo.toml" not in told


def test_advice_does_not_name_crates_of_the_library(kernel):
    for cell in ("f(4usize)", "let x: Array2<f64> = 1;", "is_square(3)"):
        told = kernel.run(cell).told
        assert "ndarray" not in told and "num_complex" not in told, told


# From the registry


def test_several_lines_are_built_together_once_for_all_notebooks(start, other):
    first, second, third = start(), other, start()
    lines = ':dep either\n:dep it = { package = "itertools", version = "0.14", default-features = false }\n'
    cell = "use it::Itertools; either::Left::<_, i32>([3, 1].iter().tuple_windows::<(_, _)>().count()).left()"
    ran = from_registry(first, lines + cell)
    assert ran.value == "Some(1)"
    assert progress(ran)[-1] == "2 crates compiled"
    assert len(progress(ran)) < 20
    again = second.ok(lines + cell)
    assert again.value == "Some(1)" and not progress(again)
    other = third.ok(':dep fnv = "1"\n:dep either\nfnv::FnvHashSet::from_iter([1, 1]).len()')
    assert other.value == "1"
    assert progress(other)[-1] == "1 crate compiled", "either has been compiled already"
    assert [line.split()[0] for line in third.ok(":show_deps").out.splitlines()] == ["either", "fnv"]
    assert third.ok(":clear") and third.ok("either::Left::<i32, i32>(2).left()").value == "Some(2)"


def test_what_is_not_in_the_registry_is_an_error(kernel):
    ran = kernel.run(':dep itertools = "99"')
    assert ran.error["ename"] == "DependencyError" and "99" in ran.told


def test_another_version_is_a_copy_of_its_own_and_said_to_be(start):
    kernel = start()
    ran = from_registry(kernel, ':dep half = "=2.4.1"\nhalf::f16::from_f32(1.5)')
    assert ran.value == "1.5"
    assert "2.4.1 is a copy" in ran.err and "\n" not in ran.err.strip()


def test_crates_of_the_library_are_used_beside_those_of_the_registry(start, crate):
    """Both bring the macros of `thiserror`, in the same version and with the same features."""
    kernel = start()
    kernel.ok(":dep serde_json\nlet list = serde_json::json!([1]);")
    source = '#[derive(Debug, thiserror::Error)] #[error("no {0}")] pub struct No(pub i32);'
    folder = crate("nos", source, '[dependencies]\nthiserror = "2"\n')
    ran = from_registry(kernel, f':dep nos = {{ path = "{folder}" }}\n(nos::No(7).to_string(), list.to_string())')
    assert ran.value == '("no 7", "[1]")' and not ran.err


def test_a_crate_that_others_use_is_theirs(start, crate):
    """Otherwise no value of the notebook's could be given to them."""
    kernel = start()
    kernel.ok(":dep num-complex\nuse num_complex::Complex; let held = Complex::new(3.0, 4.0); let n = 2;")
    source = "pub fn norm(of: num_complex::Complex<f64>) -> f64 { of.norm() }"
    folder = crate("norms", source, '[dependencies]\nnum-complex = "0.4"\n')
    line = f':dep norms = {{ path = "{folder}" }}\n'
    ran = from_registry(kernel, line + "norms::norm(Complex::new(3.0, 4.0))")
    assert ran.value == "5.0"
    assert "`num-complex`" in ran.err and "copy" in ran.err and "`held` was dropped" in ran.err
    assert "held" in kernel.run("held.re").told
    again = kernel.ok(line + "(norms::norm(Complex::new(0.0, 1.0)), n)")
    assert again.value == "(1.0, 2)" and not again.err


TOKIO = ':dep tokio = { version = "1", features = ["time"] }\n'
PAUSE = "tokio::time::sleep(std::time::Duration::from_millis(2)).await"


def test_tokios_futures_are_awaited_and_its_tasks_go_on_from_cell_to_cell(start):
    kernel = start()
    from_registry(kernel, TOKIO + f"{PAUSE};")
    kernel.ok(f"let task = tokio::spawn(async {{ {PAUSE}; tokio::spawn(async {{ {PAUSE}; 7 }}).await }});")
    assert kernel.ok("1 + 1").value == "2"
    assert kernel.ok("task.await??").value == "7"
    assert kernel.ok(f'format!("{{}}", async {{ {PAUSE}; 1 }}.await)').value == '"1"'
    assert kernel.ok("tokio::runtime::Runtime::new()?.block_on(async { 4 })").value == "4"
    # The runtime of the first set of crates goes on beside that of the next.
    kernel.ok(f"let later = tokio::spawn(async {{ {PAUSE}; 8 }});")
    from_registry(kernel, ":dep fnv")
    assert kernel.ok(f"{PAUSE}; later.await?").value == "8"


def test_a_wait_is_stopped_and_keeps_the_variables(start):
    kernel = start()
    from_registry(kernel, TOKIO + "let kept = vec![1];")
    child = kernel.child
    sent = kernel.begin('println!("running"); tokio::time::sleep(std::time::Duration::MAX).await;')
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"
    assert kernel.child == child and kernel.ok("kept").value == "[1]"


def test_a_crate_that_uses_tokio_finds_a_runtime(start, crate):
    source = f"pub async fn pause() -> i32 {{ {PAUSE}; 6 }}"
    needs = '[dependencies]\ntokio = { version = "1", features = ["time", "rt-multi-thread"] }\n'
    kernel = start()
    line = f':dep waits = {{ path = "{crate("waits", source, needs)}" }}\n'
    assert from_registry(kernel, line + "waits::pause().await").value == "6"
    assert kernel.ok(":show_deps").out == "waits 0.1.0\n"
    assert "`:dep gradbook_tokio`" in kernel.run("gradbook_tokio::spawn(async {})").told


# Waiting

GATED = 'fn main() {{ let _ = std::fs::read("{}"); }}'


def test_a_build_is_stopped_and_the_next_one_works(kernel, crate, tmp_path):
    gate = Gate(tmp_path / "gate")
    slow = crate("slow", "pub fn one() -> i32 { 1 }", build=GATED.format(gate.path))
    line = f':dep slow = {{ path = "{slow}" }}\n'
    sent = kernel.send(line + "slow::one()")
    # Its build script reads, so cargo is at work.
    descriptor = gate.reader_when_there()
    kernel.interrupt()
    ran = kernel.finish(sent)
    os.close(descriptor)
    assert ran.error["ename"] == "Interrupted" and "slow" in ran.told
    (slow / "build.rs").unlink()
    assert kernel.ok(line + "slow::one()").value == "1"


def test_a_notebook_says_that_it_waits_for_anothers_build(kernel, other, crate, tmp_path):
    first, second = kernel, other
    gate = Gate(tmp_path / "gate")
    slow = crate("slow", "pub fn one() -> i32 { 1 }", build=GATED.format(gate.path))
    quick = crate("quick", "pub fn two() -> i32 { 2 }")
    building = first.send(f':dep slow = {{ path = "{slow}" }}\nslow::one()')
    descriptor = gate.reader_when_there()
    waiting = second.send(f':dep quick = {{ path = "{quick}" }}\nquick::two()')
    second.wait_for(waiting, lambda messages: "another notebook" in str(messages))
    os.close(descriptor)
    assert first.finish(building).value == "1"
    assert second.finish(waiting).value == "2"


# Linking


LINKED = {
    "generic code above C": (
        'let t = tensor([1.0, 2.0]); Tensor::write_npz(&[("a", &t)], "@/a.npz")?;\n'
        'Tensor::read_npz("@/a.npz")?[0].1.size()',
        "[2]",
    ),
    "functions as values": (
        "let f: fn(&Tensor, &Tensor) -> Tensor = mse_loss;\n"
        "let g: fn(&mut String, usize) -> char = String::remove;\n"
        '(f(&tensor([1.0]), &tensor([3.0])).item(), g(&mut "abc".to_owned(), 1))',
        "(4.0, 'b')",
    ),
    "a loss of one's own choice": (
        "let losses: Vec<fn(&Tensor, &Tensor) -> Tensor> = vec![mse_loss, bce_loss]; losses.len()",
        "2",
    ),
}


def test_what_the_quick_linker_misses_is_linked_again_once(start, tmp_path):
    first, second = start(), start()
    cells = Path(first.environment["XDG_CACHE_HOME"]) / "gradbook" / "cells"
    compiled = lambda: {path: path.stat().st_mtime_ns for path in cells.rglob("cell.so")}
    for cell, value in LINKED.values():
        cell = cell.replace("@", str(tmp_path))
        assert first.ok(cell).value == value
        kept = compiled()
        assert second.ok(cell).value == value
        assert compiled() == kept


def test_other_cells_are_linked_quickly(kernel):
    """The quick linker leaves no names of libraries in a cell."""
    cells = Path(kernel.environment["XDG_CACHE_HOME"]) / "gradbook" / "cells"
    before = set(cells.rglob("cell.so"))
    kernel.ok("let quickly_linked = vec![tensor([1.0, 2.0])];")
    [new] = set(cells.rglob("cell.so")) - before
    assert b"libgradbook_runtime.so" not in new.read_bytes()


def test_a_function_that_is_nowhere_is_named(kernel):
    ran = kernel.run('unsafe extern "C" { safe fn not_there_at_all(x: i32) -> i32; }\nnot_there_at_all(3)')
    assert "`not_there_at_all`" in ran.told
    for word in ("dlopen", "cell.so", "/tmp", "link.sh"):
        assert word not in ran.told

//! All tests in one run: each stage is run even if one before it failed, and a summary ends it.
//! Knows nothing of what the tests check.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::home::Home;
use crate::libtorch::VERSION;
use crate::progress::words;
use crate::screen::{self, Missing};
use crate::tools::Tools;

/// Crates that link to libtorch.
const LIBTORCH: [&str; 3] = ["lessons", "course", "gradbook-runtime"];

/// The crate that brings rust-analyzer.
const EVCXR: &str = crate::intel::PACKAGE;

/// Which tests are run.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Run one part of the tests
    #[arg(long, value_name = "PART")]
    pub only: Option<Part>,
    /// Keep what the notebooks show in their files instead of comparing it
    #[arg(long)]
    pub write: bool,
}

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Format, lints and all Rust tests
    Rust,
    /// The kernel through a Python client
    Python,
    /// Every notebook, run from top to bottom
    Notebooks,
    /// JupyterLab in a browser
    Screen,
    /// All examples of the standard library's documentation as cells (a quarter of an hour, only if asked for)
    StdExamples,
    /// Notebooks edited at random, many of them (only if asked for)
    Edits,
}

impl Part {
    /// A few of its cases are run by the Rust part.
    fn only_if_asked(self) -> bool {
        matches!(self, Self::StdExamples | Self::Edits)
    }
}

/// How one stage ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All of it passed.
    Passed,
    /// Some of it failed.
    Failed,
    /// It was not run, for this reason.
    Skipped(String),
}

/// Test programs of the evaluator that `cargo test` alone does not run, and how much of each is enough here.
const CORPORA: [(&str, &str, &[&str]); 3] = [
    (
        "examples of the standard library as cells",
        "std_examples",
        &["--sample", "300"],
    ),
    ("tch's own tests as cells", "tch_tests", &[]),
    ("notebooks edited at random", "edits", &["--sessions", "20"]),
];

struct Stage<'a> {
    part: Part,
    title: &'static str,
    /// Asked for when its turn comes: some first fetch what they need.
    command: Box<dyn FnOnce() -> Ready + 'a>,
}

/// The command of a stage, or what it ends with for want of one.
type Ready = Result<Command, Outcome>;

/// Runs the stages in order and prints a summary; false if any failed.
#[must_use]
pub fn run(home: &Home, tools: &Tools, options: &Options) -> bool {
    let mut ended = Vec::new();
    let chosen = |stage: &Stage| match options.only {
        Some(only) => only == stage.part,
        None => !stage.part.only_if_asked(),
    };
    for stage in stages(home, tools, options).into_iter().filter(chosen) {
        println!("\n== {}", stage.title);
        let started = Instant::now();
        let outcome = run_stage(stage.command);
        ended.push((stage.title, outcome, started.elapsed()));
    }
    summarise(&ended)
}

fn run_stage(command: Box<dyn FnOnce() -> Ready + '_>) -> Outcome {
    let mut command = match command() {
        Ok(command) => command,
        Err(outcome) => {
            if let Outcome::Skipped(reason) = &outcome {
                println!("skipped: {reason}");
            }
            return outcome;
        }
    };
    match command.status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(_) => Outcome::Failed,
        Err(error) => {
            println!("cannot start {}: {error}", command.get_program().display());
            Outcome::Failed
        }
    }
}

fn summarise(ended: &[(&str, Outcome, Duration)]) -> bool {
    println!();
    for (title, outcome, took) in ended {
        let took = words(*took);
        match outcome {
            Outcome::Passed => println!("passed   {title} ({took})"),
            Outcome::Failed => println!("FAILED   {title} ({took})"),
            Outcome::Skipped(reason) => println!("skipped  {title}: {reason}"),
        }
    }
    let count = |wanted: fn(&Outcome) -> bool| ended.iter().filter(|(_, o, _)| wanted(o)).count();
    let failed = count(|outcome| *outcome == Outcome::Failed);
    println!(
        "stages: {} passed, {failed} failed, {} skipped",
        count(|outcome| *outcome == Outcome::Passed),
        count(|outcome| matches!(outcome, Outcome::Skipped(_)))
    );
    failed == 0
}

fn stages<'a>(home: &'a Home, tools: &'a Tools, options: &'a Options) -> Vec<Stage<'a>> {
    use Part::{Edits, Notebooks, Python, Rust, Screen, StdExamples};
    let mut stages = Vec::new();
    let mut stage = |part, title, command: Box<dyn FnOnce() -> Ready + 'a>| {
        stages.push(Stage {
            part,
            title,
            command,
        });
    };
    let rust = |command: fn(&Home, &Tools) -> Command| Box::new(move || Ok(command(home, tools)));
    stage(
        Rust,
        "format",
        rust(|home, tools| cargo(home, tools, &["fmt", "--all", "--check"])),
    );
    // Not the code-intelligence crate: its lints would check all of rust-analyzer first.
    stage(
        Rust,
        "lints of the kernel",
        rust(|home, tools| clippy(home, tools, Crates::Kernel)),
    );
    stage(
        Rust,
        "lints of the lessons",
        rust(|home, tools| clippy(home, tools, Crates::Lessons)),
    );
    stage(
        Rust,
        "kernel tests",
        rust(|home, tools| test(home, tools, Crates::Kernel)),
    );
    for (title, name, arguments) in CORPORA {
        stage(
            Rust,
            title,
            Box::new(move || Ok(corpus(home, tools, name, arguments))),
        );
    }
    stage(
        StdExamples,
        "all examples of the standard library as cells",
        Box::new(|| Ok(corpus(home, tools, "std_examples", &[]))),
    );
    stage(
        Edits,
        "many notebooks edited at random",
        Box::new(|| Ok(corpus(home, tools, "edits", &["--sessions", "300"]))),
    );
    stage(
        Rust,
        "lessons tests and examples in the documentation",
        rust(|home, tools| test(home, tools, Crates::Lessons)),
    );
    stage(Rust, "documentation of the lessons", rust(documentation));
    stage(
        Rust,
        "completion tests",
        rust(|home, tools| crate::intel::cargo(home, tools, "test")),
    );
    stage(
        Python,
        "kernel through a Python client",
        Box::new(|| pytest(home, tools, "kernel/tests/python")),
    );
    stage(
        Notebooks,
        "notebooks from top to bottom",
        Box::new(|| notebooks(home, tools, options)),
    );
    stage(
        Screen,
        "JupyterLab in a browser",
        Box::new(|| looked_at(home, tools)),
    );
    stages
}

fn cargo(home: &Home, tools: &Tools, args: &[&str]) -> Command {
    let mut cargo = tools.command(tools.cargo());
    cargo
        .args(args)
        .env("GRADBOOK_HOME", &home.dir)
        // The differential test passes without evcxr's answers where a developer has not built them.
        .env("GRADBOOK_REQUIRE_ORACLE", "1")
        .current_dir(&home.root);
    cargo
}

/// The crates that link to libtorch, or all that need neither it nor evcxr: a new one is among them.
#[derive(Clone, Copy)]
enum Crates {
    Kernel,
    Lessons,
}

impl Crates {
    fn chosen(self, mut cargo: Command, home: &Home) -> Command {
        match self {
            Self::Kernel => {
                cargo.args(["--workspace", "--exclude", EVCXR]);
                for name in LIBTORCH {
                    cargo.args(["--exclude", name]);
                }
                cargo
            }
            Self::Lessons => {
                for name in LIBTORCH {
                    cargo.args(["--package", name]);
                }
                with_libtorch(home, cargo)
            }
        }
    }
}

fn clippy(home: &Home, tools: &Tools, crates: Crates) -> Command {
    let cargo = cargo(home, tools, &["clippy", "--quiet", "--no-deps"]);
    let mut cargo = crates.chosen(cargo, home);
    cargo.args(["--", "-D", "warnings"]);
    cargo
}

/// The pages must be made without a warning: no link leads nowhere.
fn documentation(home: &Home, tools: &Tools) -> Command {
    let cargo = cargo(home, tools, &["doc", "--quiet", "--no-deps"]);
    let mut cargo = Crates::Lessons.chosen(cargo, home);
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    cargo
}

fn test(home: &Home, tools: &Tools, crates: Crates) -> Command {
    crates.chosen(cargo(home, tools, &["test", "--no-fail-fast"]), home)
}

fn corpus(home: &Home, tools: &Tools, name: &str, arguments: &[&str]) -> Command {
    let evaluator = ["test", "--package", "gradbook-evaluator", "--test", name];
    let mut cargo = cargo(home, tools, &evaluator);
    cargo.arg("--").args(arguments);
    cargo
}

/// The library's own target folder and profile: tch's C++ half is compiled once and for all.
fn with_libtorch(home: &Home, mut cargo: Command) -> Command {
    cargo
        .args(["--release", "--target-dir"])
        .arg(home.library_target())
        .env("LIBTORCH", home.libtorch())
        .env("GRADBOOK_MODELS", home.models())
        .env("LD_LIBRARY_PATH", home.libtorch_run())
        .env("DYLD_FALLBACK_LIBRARY_PATH", home.libtorch_run());
    cargo
}

fn notebooks(home: &Home, tools: &Tools, options: &Options) -> Ready {
    let mut pytest = pytest(home, tools, "kernel/tests/notebooks")?;
    pytest.args(options.write.then_some("--write"));
    Ok(pytest)
}

fn looked_at(home: &Home, tools: &Tools) -> Ready {
    let browser = screen::browser(home, tools).map_err(|missing| match missing {
        Missing::Browser => Outcome::Skipped(missing.to_string()),
        Missing::Driver(_) => {
            println!("{missing}");
            Outcome::Failed
        }
    })?;
    let mut pytest = pytest(home, tools, screen::TESTS)?;
    pytest.env("GRADBOOK_BROWSER", browser);
    Ok(pytest)
}

/// The private environment's pytest over one folder, with Jupyter folders of the run's own.
fn pytest(home: &Home, tools: &Tools, folder: &str) -> Ready {
    if !has_tests(&home.root.join(folder)) {
        return Err(Outcome::Skipped(format!("no tests in {folder}")));
    }
    let mut pytest = tools.command(home.python_bin("python"));
    pytest
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", folder])
        .env("GRADBOOK_HOME", &home.dir)
        .env("GRADBOOK_LIBTORCH_VERSION", VERSION)
        .env("JUPYTER_PREFER_ENV_PATH", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&home.root);
    for (name, folder) in [
        ("JUPYTER_DATA_DIR", "data"),
        ("JUPYTER_CONFIG_DIR", "config"),
        ("JUPYTER_RUNTIME_DIR", "runtime"),
        ("IPYTHONDIR", "ipython"),
    ] {
        pytest.env(name, home.dir.join("test").join(folder));
    }
    Ok(pytest)
}

fn has_tests(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("test_") && name.ends_with(".py")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    /// A cargo whose first argument decides whether it fails, and that counts its calls.
    fn with_cargo(bin: &FakeBin, failing: &str) {
        let calls = bin.path("calls");
        bin.script(
            "cargo",
            &format!(
                "echo $* >> {}; [ \"$1\" != \"{failing}\" ]",
                calls.display()
            ),
        );
    }

    #[test]
    fn a_failed_stage_does_not_stop_the_others() {
        let bin = FakeBin::new();
        let options = Options {
            only: Some(Part::Rust),
            write: false,
        };
        with_cargo(&bin, "fmt");
        assert!(!run(&bin.home(), &bin.tools(), &options));
        assert_eq!(bin.calls("calls"), 10);
        with_cargo(&bin, "nothing");
        assert!(run(&bin.home(), &bin.tools(), &options));
    }

    #[test]
    fn a_folder_without_tests_is_skipped_with_its_reason() {
        let bin = FakeBin::new();
        let folder = bin.home().root.join("kernel/tests/python");
        std::fs::create_dir_all(&folder).unwrap();
        let none = pytest(&bin.home(), &bin.tools(), "kernel/tests/python").unwrap_err();
        let reason = "no tests in kernel/tests/python".to_owned();
        assert_eq!(none, Outcome::Skipped(reason));
        std::fs::write(folder.join("test_kernel.py"), "").unwrap();
        assert!(pytest(&bin.home(), &bin.tools(), "kernel/tests/python").is_ok());
    }
}

//! tch's own tests as cells: the tests of one file run in one kernel, one after the other.
//!
//! Arguments are parts of the names of files or tests to run, or `--write`: it brings the list of known
//! differences up to date.

#[path = "../examples/mod.rs"]
mod examples;
mod extract;
#[path = "../kernel/mod.rs"]
mod kernel;

use std::path::Path;
use std::process::ExitCode;

use gradbook_evaluator::library::Library;

use examples::oracle::Oracle;
use examples::run::{self, Runner};
use examples::{Group, known, report};

fn main() -> ExitCode {
    // The evaluator starts this very program again to run cells in it.
    if let Some(ended) = kernel::child() {
        return ended;
    }
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let write = arguments.iter().any(|argument| argument == "--write");
    arguments.retain(|argument| argument != "--write");
    let library = match kernel::library() {
        Ok(library) => library,
        Err(ended) => return ended,
    };
    let Some(tests) = extract::folder() else {
        println!("skipped: cargo's folder of sources has no tests of tch 0.26");
        return ExitCode::SUCCESS;
    };
    let list = kernel::root().join("kernel/tests/tch_tests/known.txt");
    let known = known::read(&list);
    let (groups, left_out) = extract::extract(&tests);
    let groups = named(groups, &arguments);
    // They read models of that folder, and write beside them.
    let folder = tempfile::tempdir().expect("a folder");
    copy(&tests, &folder.path().join("tests"));
    std::env::set_current_dir(folder.path()).expect("the folder is there");
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tch-tests.jsonl");
    let _ = std::fs::remove_file(&results);
    let runner = Runner {
        library: &library,
        oracle: Oracle {
            rustc: Library::read(&library).expect("the library is whole").rustc,
            folder: folder.path().to_owned(),
            limit: run::PATIENT,
        },
        results,
        jobs: 2,
    };
    let done = runner.run(groups, Vec::new());
    if write && arguments.is_empty() {
        known::write(&list, &known, &done);
    }
    println!("results: {}", runner.results.display());
    report::report(&left_out, &done, &known, arguments.is_empty())
}

fn named(mut groups: Vec<Group>, names: &[String]) -> Vec<Group> {
    for group in &mut groups {
        group.examples.retain(|test| {
            names.is_empty() || names.iter().any(|name| test.path.contains(name.as_str()))
        });
    }
    groups.retain(|group| !group.examples.is_empty());
    groups
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from)
        .expect("the folder of tests")
        .flatten()
    {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => drop(std::fs::copy(from, to).expect("room for a copy")),
        }
    }
}

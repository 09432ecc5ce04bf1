//! The examples of the standard library's documentation as cells: each must end as with rustc.
//!
//! The examples of one file run in one kernel, one after the other. `--sample N` runs about N of them,
//! drawn by `--seed`; without it all run. `--resume` goes on where a run was stopped, `--jobs` says how
//! many kernels run at once; `--write` brings the list of known differences up to date, for somebody to
//! add the reasons. Further arguments are parts of the paths of files to run.

#[path = "../examples/mod.rs"]
mod examples;
mod extract;
#[path = "../kernel/mod.rs"]
mod kernel;
mod prelude;
mod sample;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gradbook_evaluator::library::Library;

use examples::oracle::{self, Oracle};
use examples::run::{self, Runner};
use examples::{Group, known, report};
use extract::Extracted;

/// What the arguments say.
#[derive(Default)]
struct Options {
    sample: Option<usize>,
    seed: u64,
    resume: bool,
    write: bool,
    jobs: Option<usize>,
    names: Vec<String>,
}

fn main() -> ExitCode {
    // The evaluator starts this very program again to run cells in it.
    if let Some(ended) = kernel::child() {
        return ended;
    }
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            println!("{wrong}");
            return ExitCode::FAILURE;
        }
    };
    let Some(options) = options else {
        return ExitCode::SUCCESS;
    };
    let library = match kernel::library() {
        Ok(library) => library,
        Err(ended) => return ended,
    };
    let rustc = Library::read(&library).expect("the library is whole").rustc;
    let (rustdoc, sources) = oracle::toolchain(&rustc);
    if let Err(ended) = kernel::needed(sources.join("core/src/lib.rs")) {
        return ended;
    }
    let extracted = extract::extract(&rustdoc, &sources);
    let list = kernel::root().join("kernel/tests/std_examples/known.txt");
    let known = known::read(&list);
    let groups = groups(&extracted, &options);
    let whole = options.sample.is_none() && options.names.is_empty();
    // Examples write files beside themselves.
    let folder = tempfile::tempdir().expect("a folder");
    std::env::set_current_dir(folder.path()).expect("the folder is there");
    let results = results();
    let done = match options.resume {
        true => run::kept(&results),
        false => Vec::new(),
    };
    if !options.resume {
        let _ = std::fs::remove_file(&results);
    }
    let runner = Runner {
        library: &library,
        oracle: Oracle {
            rustc,
            folder: folder.path().to_owned(),
            limit: run::PATIENT,
        },
        results,
        jobs: options.jobs.unwrap_or(2),
    };
    let done = runner.run(groups, done);
    if options.write && whole {
        known::write(&list, &known, &done);
    }
    println!("results: {}", runner.results.display());
    report::report(&extracted.left_out, &done, &known, whole)
}

fn options(arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options::default();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let mut number = |what: &str| {
            let value = arguments.next().and_then(|value| value.parse().ok());
            value.ok_or_else(|| format!("{what} needs a number"))
        };
        match argument.as_str() {
            // What cargo asks of every test program.
            "--list" => return Ok(None),
            "--sample" => options.sample = Some(number("--sample")?),
            "--seed" => options.seed = number("--seed")? as u64,
            "--jobs" => options.jobs = Some(number("--jobs")?),
            "--resume" => options.resume = true,
            "--write" => options.write = true,
            other if other.starts_with('-') => return Err(format!("there is no {other}")),
            _ => options.names.push(argument),
        }
    }
    Ok(Some(options))
}

fn groups(extracted: &Extracted, options: &Options) -> Vec<Group> {
    let named = |path: &String| {
        options.names.is_empty()
            || options
                .names
                .iter()
                .any(|name| path.contains(name.as_str()))
    };
    let files = extracted.files.iter().filter(|(path, _)| named(path));
    let files = files.flat_map(|(path, examples)| {
        prelude::apart(Group {
            name: path.clone(),
            before: Vec::new(),
            examples: examples.clone(),
        })
    });
    let files: Vec<Group> = files.collect();
    match options.sample {
        Some(count) => sample::sample(files, count, options.seed),
        None => files,
    }
}

fn results() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("std-examples.jsonl")
}

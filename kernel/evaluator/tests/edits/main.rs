//! Notebooks edited at random: what each cell shows must be what the definitions in force mean.
//!
//! A session is a list of cells that define, edit, run again, change and show. After every cell the
//! kernel either shows what a program shows that rustc compiles from the definitions in force, or it
//! refuses the cell; it may refuse only what does not compile, and variables whose type means
//! something else by now. `--sessions N` and `--seed S` choose the sessions, `--cells N` their length;
//! `--model` asks rustc alone, `--shrink` drops cells from the first session of each kind of fault as long as the fault stays.

mod actions;
mod cell;
mod definitions;
mod items;
#[path = "../kernel/mod.rs"]
mod kernel;
mod model;
mod plan;
mod program;
mod session;
mod shrink;
mod values;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};

use gradbook_evaluator::library::Library;

use cell::Cell;
use session::Fault;

/// Sessions whose programs are compiled as one.
const BATCH: usize = 20;

/// glibc fills freed and fresh memory with this: what is read there is seen.
const PERTURB: &str = "MALLOC_PERTURB_";

struct Options {
    sessions: u64,
    seed: u64,
    cells: usize,
    shrink: bool,
    /// No kernel: whether rustc takes the model's programs.
    model: bool,
    /// Kinds of fault that are reported and do not fail the test.
    allow: Vec<String>,
}

fn main() -> ExitCode {
    // The evaluator starts this very program again to run cells in it.
    if let Some(ended) = kernel::child() {
        return ended;
    }
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(wrong) => {
            println!("{wrong}");
            return ExitCode::FAILURE;
        }
    };
    let library = match kernel::library() {
        Ok(library) => library,
        Err(ended) => return ended,
    };
    if options.model {
        return check_model(&library, &options);
    }
    if std::env::var_os(PERTURB).is_none() {
        return with_perturbed_memory();
    }
    run(&library, &options)
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options {
        sessions: 20,
        seed: 1,
        cells: 24,
        shrink: false,
        model: false,
        allow: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let value = arguments.next().and_then(|value| value.parse::<u64>().ok());
            value.ok_or_else(|| format!("{argument} needs a number"))
        };
        match argument.as_str() {
            // What cargo asks of every test program.
            "--list" => return Ok(None),
            "--sessions" => options.sessions = number()?,
            "--seed" => options.seed = number()?,
            "--cells" => options.cells = number()? as usize,
            "--model" => options.model = true,
            "--shrink" => options.shrink = true,
            "--allow" => options.allow.extend(arguments.next()),
            other => return Err(format!("there is no {other}")),
        }
    }
    Ok(Some(options))
}

/// The variable is read when a program starts: the children of this program's copy get it.
fn with_perturbed_memory() -> ExitCode {
    let program = std::env::current_exe().expect("this program's path");
    let status = Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(PERTURB, "165")
        .status()
        .expect("this program starts");
    match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn run(library: &Path, options: &Options) -> ExitCode {
    let rustc = Library::read(library).expect("the library is whole").rustc;
    let folder = tempfile::tempdir().expect("a folder");
    let mut kinds: BTreeMap<String, Vec<(u64, Fault)>> = BTreeMap::new();
    let (mut cells, mut shown) = (0, 0);
    let seeds: Vec<u64> = (options.seed..options.seed + options.sessions).collect();
    for batch in seeds.chunks(BATCH) {
        let plans: Vec<Vec<Cell>> = batch
            .iter()
            .map(|seed| plan::plan(*seed, options.cells).0)
            .collect();
        let mut sessions = session::run_all(library, &plans);
        cells += plans.iter().map(Vec::len).sum::<usize>();
        shown += sessions
            .iter()
            .map(|session| session.shown.len())
            .sum::<usize>();
        let programs: Vec<_> = sessions
            .iter()
            .map(|session| &session.program)
            .enumerate()
            .collect();
        println!("ran seeds {} to {}", batch[0], batch[batch.len() - 1]);
        let outputs = match program::outputs(&rustc, folder.path(), &programs) {
            Ok(outputs) => outputs,
            Err(said) => {
                println!("the model's own program fails, seeds {batch:?}:\n{said}");
                return ExitCode::FAILURE;
            }
        };
        for (number, session) in sessions.iter_mut().enumerate() {
            session::compare(session, number, &outputs);
            session::decide(session, &rustc, folder.path());
            for fault in &session.faults {
                let kind = kinds.entry(fault.kind.clone()).or_default();
                kind.push((batch[number], fault.clone()));
            }
        }
    }
    let allowed = |kind: &String| {
        options
            .allow
            .iter()
            .any(|allowed| kind.starts_with(allowed.as_str()))
    };
    for (kind, faults) in &kinds {
        let seeds: Vec<String> = faults.iter().map(|(seed, _)| seed.to_string()).collect();
        println!(
            "== {kind}: {} times, seeds {}",
            faults.len(),
            seeds.join(" ")
        );
        let (seed, fault) = &faults[0];
        let mut plan = plan::plan(*seed, options.cells).0;
        plan.truncate(fault.at + 1);
        if options.shrink {
            plan = shrink::shrink(library, &rustc, folder.path(), plan, kind);
        }
        describe(*seed, fault, &plan);
    }
    println!(
        "{} sessions from seed {}, {cells} cells, {shown} values compared, {} kinds of fault",
        options.sessions,
        options.seed,
        kinds.len()
    );
    match shown > 0 && kinds.keys().all(allowed) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn check_model(library: &Path, options: &Options) -> ExitCode {
    let rustc = Library::read(library).expect("the library is whole").rustc;
    let folder = tempfile::tempdir().expect("a folder");
    let seeds: Vec<u64> = (options.seed..options.seed + options.sessions).collect();
    for batch in seeds.chunks(BATCH) {
        let plans: Vec<_> = batch
            .iter()
            .map(|seed| plan::plan(*seed, options.cells).1)
            .collect();
        let programs: Vec<_> = plans.iter().enumerate().collect();
        if let Err(said) = program::outputs(&rustc, folder.path(), &programs) {
            println!("seeds {batch:?}:\n{said}");
            return ExitCode::FAILURE;
        }
    }
    println!(
        "rustc takes the model's programs of {} sessions",
        seeds.len()
    );
    ExitCode::SUCCESS
}

fn describe(seed: u64, fault: &Fault, plan: &[Cell]) {
    println!("seed {seed}, cell {}: {}", fault.at + 1, fault.said);
    let cells: Vec<String> = plan.iter().map(Cell::source).collect();
    println!("{}\n", cells.join("\n---\n"));
}

//! Cells through evcxr and through Gradbook's own evaluator: both must say the same.
//!
//! Needs what `cargo lab setup --wait` builds; says so and passes where that is missing, unless
//! `GRADBOOK_REQUIRE_ORACLE` is set. Arguments are names of corpus files or sessions to run.

mod compare;
mod corpus;
#[path = "../kernel/mod.rs"]
mod kernel;
mod oracle;
mod ours;

use std::path::Path;
use std::process::ExitCode;

use compare::Difference;
use corpus::Session;

fn main() -> ExitCode {
    // The evaluator starts this very program again to run cells in it.
    if let Some(ended) = kernel::child() {
        return ended;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let oracle = kernel::root().join("target/intel/release/gradbook-oracle");
    let (library, oracle) = match (kernel::library(), kernel::needed(oracle)) {
        (Ok(library), Ok(oracle)) => (library, oracle),
        (Err(ended), _) | (_, Err(ended)) => return ended,
    };
    let names: Vec<&String> = arguments
        .iter()
        .filter(|name| !name.starts_with('-'))
        .collect();
    let sessions: Vec<Session> = corpus::read(&kernel::root().join("kernel/tests/differential"))
        .into_iter()
        .filter(|session| names.is_empty() || names.iter().any(|name| session.is_called(name)))
        .collect();
    run(&sessions, &library, &oracle)
}

fn run(sessions: &[Session], library: &Path, oracle: &Path) -> ExitCode {
    let (theirs, ours) = std::thread::scope(|scope| {
        let theirs = scope.spawn(|| oracle::answers(oracle, sessions));
        let ours: Vec<_> = sessions
            .iter()
            .map(|session| ours::answers(library, session))
            .collect();
        (theirs.join().expect("the oracle answers"), ours)
    });
    let mut cells = 0;
    let mut differences: Vec<Difference> = Vec::new();
    for ((session, theirs), ours) in sessions.iter().zip(theirs).zip(ours) {
        cells += session.cells.len();
        differences.extend(compare::session(session, &theirs, &ours));
    }
    for difference in &differences {
        println!("{difference}");
    }
    println!(
        "{cells} cells in {} sessions, {} differences",
        sessions.len(),
        differences.len()
    );
    if cells == 0 || !differences.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

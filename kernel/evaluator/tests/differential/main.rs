//! Cells through evcxr and through Gradbook's own evaluator: both must say the same.
//!
//! Needs what `cargo lab setup --wait` builds; says so and passes where that is missing, unless
//! `GRADBOOK_REQUIRE_ORACLE` is set. Arguments are names of corpus files or sessions to run.

mod compare;
mod corpus;
mod oracle;
mod ours;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use compare::Difference;
use corpus::Session;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The evaluator starts this very program again to run cells in it.
    if let [role, library] = &arguments[..]
        && role == "child"
    {
        let status = gradbook_evaluator::child::entry(Path::new(library));
        return ExitCode::from(status.map_or(1, |status| u8::try_from(status).unwrap_or(1)));
    }
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let home = std::env::var_os("GRADBOOK_HOME").map_or(root.join(".gradbook"), PathBuf::from);
    let library = home.join("library/library.json");
    let oracle = root.join("target/intel/release/gradbook-oracle");
    for needed in [&library, &oracle] {
        if !needed.is_file() {
            println!("skipped: there is no {}", needed.display());
            return match std::env::var_os("GRADBOOK_REQUIRE_ORACLE") {
                Some(_) => ExitCode::FAILURE,
                None => ExitCode::SUCCESS,
            };
        }
    }
    let names: Vec<&String> = arguments
        .iter()
        .filter(|name| !name.starts_with('-'))
        .collect();
    let sessions: Vec<Session> = corpus::read(&root.join("kernel/tests/differential"))
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

//! Code intelligence for cells: the session so far and a cursor come in, completions and hovers go
//! out, as lines of JSON on stdin and stdout.
//! Knows nothing of Jupyter, and never runs or compiles a line of the learner's code.

mod analysis;
mod child;
mod project;
mod server;
mod stand_in;
mod wire;

use anyhow::{Context, Result};
use clap::Parser;
use std::path::PathBuf;

/// Answers completion and inspection requests of a Gradbook kernel.
#[derive(Parser, Debug)]
#[command(version)]
struct Options {
    /// The lessons crate, whose `tch` and `plotters` are the ones that cells see.
    #[arg(long)]
    lessons: Option<PathBuf>,
    /// The Cargo.lock that names the versions the library was built with.
    /// The one beside or above the lessons crate if not given.
    #[arg(long)]
    lock: Option<PathBuf>,
    /// Where the dependency graph is kept from one start to the next.
    #[arg(long)]
    cache: Option<PathBuf>,
    /// A folder for this process alone, which removes it at its end. A temporary one if not given.
    #[arg(long)]
    work: Option<PathBuf>,
    /// The compiler whose standard library is read.
    #[arg(long, default_value = "rustc")]
    rustc: PathBuf,
}

fn main() -> Result<()> {
    // evcxr starts this very program again in two more roles: see the modules.
    if stand_in::is_role() {
        std::process::exit(stand_in::run());
    }
    if child::is_role() {
        child::run();
        return Ok(());
    }
    let options = Options::parse();
    if let Some(work) = project::Work::prepared() {
        let answers = server::reserve_stdout().context("stdout cannot be kept for answers")?;
        let session = work.session();
        let start = move || analysis::Analyst::start(&session);
        return server::serve(answers, start, move || work.remove());
    }
    let library = project::Library {
        lessons: options.lessons,
        lock: options.lock,
        cache: options.cache,
        rustc: options.rustc,
    };
    let work = project::Work::new(options.work)?;
    let environment = project::prepare(&library, &work)?;
    // evcxr reads these from its own process, so they must be there before it starts.
    child::again_with(&environment)
}

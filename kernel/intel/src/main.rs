//! Code intelligence for cells: the session so far and a cursor come in, completions and hovers go
//! out, as lines of JSON on stdin and stdout.
//! Knows nothing of Jupyter, and never runs or compiles a line of the learner's code.

mod analysis;
mod host;
mod index;
mod order;
/// The kernel's own list: a dependency on its crate would build rust-analyzer once more, with other features.
#[path = "../../control/src/prelude.rs"]
mod prelude;
mod project;
mod server;
mod source;
mod stand_in;
mod usage;
mod wire;

use anyhow::{Context, Result};
use clap::Parser;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

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
    /// Make the index that kernels read until this process answers, and end.
    #[arg(long, requires = "cache")]
    index: bool,
    /// The compiler whose standard library is read.
    #[arg(long, default_value = "rustc")]
    rustc: PathBuf,
}

fn main() -> Result<()> {
    // rust-analyzer starts this very program in the place of cargo: see the module.
    if stand_in::is_role() {
        std::process::exit(stand_in::run());
    }
    let mut options = Options::parse();
    options.cache = options.cache.map(std::path::absolute).transpose()?;
    let cache = options.cache.as_deref();
    let usage = usage::Usage::of(options.lessons.as_deref());
    let index = cache.and_then(|cache| index::Making::new(cache, options.lessons.as_deref()));
    if let Some(work) = project::Work::prepared() {
        if options.index {
            let made = make_index(index, &work, usage);
            work.remove();
            return made;
        }
        let answers = server::reserve_stdout().context("stdout cannot be kept for answers")?;
        let session = work.session();
        let start = move || analysis::Analyst::start(&session, usage);
        return server::serve(answers, start, move || work.remove(), index);
    }
    let library = project::Library {
        lessons: options.lessons,
        lock: options.lock,
        cache: options.cache,
        rustc: options.rustc,
    };
    let work = project::Work::new(options.work)?;
    let environment = project::prepare(&library, &work)?;
    // rust-analyzer reads these from its own process, so they must be there before it starts.
    again_with(&environment)
}

fn make_index(
    index: Option<index::Making>,
    work: &project::Work,
    usage: usage::Usage,
) -> Result<()> {
    let Some(mut index) = index else {
        return Ok(());
    };
    let mut analyst = analysis::Analyst::start(&work.session(), usage)?;
    while index.go_on(&mut analyst)? {}
    Ok(())
}

/// Starts this program again in place of itself, with these variables. Same process, same pipes.
fn again_with(environment: &[(&str, OsString)]) -> Result<()> {
    let program = std::env::current_exe().context("this program's own path is unknown")?;
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1));
    command.envs(environment.iter().cloned());
    Err(command.exec()).context("this program cannot start itself again")
}

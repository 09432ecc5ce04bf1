//! The roles this program plays for itself: the process that evcxr believes runs cells, and the
//! second start that has the environment evcxr reads.
//! Knows nothing of Rust code: nothing is ever loaded or run here.

use anyhow::{Context, Result};
use std::ffi::OsString;
use std::io::{BufRead, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// evcxr sets this for the process that is to run compiled cells.
const RUNTIME: &str = "EVCXR_IS_RUNTIME";
/// What evcxr waits for after each cell.
const EXECUTION_COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";

/// Whether evcxr started this process to run cells in it.
pub fn is_role() -> bool {
    std::env::var_os(RUNTIME).is_some()
}

/// Answers each cell as if it had run. evcxr evaluates one expression while it is constructed;
/// nothing here needs the result, so it is neither compiled nor run.
pub fn run() {
    let mut stdout = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let told = line.and_then(|_| {
            writeln!(stdout, "{EXECUTION_COMPLETE}")?;
            stdout.flush()
        });
        if told.is_err() {
            return;
        }
    }
}

/// Starts this program again in place of itself, with these variables. Same process, same pipes.
pub fn again_with(environment: &[(&str, OsString)]) -> Result<()> {
    let program = std::env::current_exe().context("this program's own path is unknown")?;
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1));
    command.envs(environment.iter().cloned());
    Err(command.exec()).context("this program cannot start itself again")
}

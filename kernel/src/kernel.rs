//! Where the layers meet: the protocol is given an evaluator, and set-up the way its library is built.
//! Knows nothing of the command line.

use std::path::Path;
use std::process::ExitCode;

use gradbook_setup::library;

/// Serves one kernel until it is told to shut down.
pub fn serve(connection_file: &Path) -> anyhow::Result<ExitCode> {
    anyhow::bail!(
        "the kernel is not built into this program yet (asked to serve {})",
        connection_file.display()
    )
}

/// Runs cells for a kernel.
pub fn child(_args: &[String]) -> anyhow::Result<ExitCode> {
    anyhow::bail!("cells cannot be run by this program yet")
}

/// How the lessons library is built.
pub fn library() -> impl library::Builder {
    library::Cargo
}

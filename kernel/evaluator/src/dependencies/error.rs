//! Why a crate cannot be used.

use std::io;

use super::cargo::Failed;

/// Why a crate cannot be used; then nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum DependencyError {
    /// What follows `:dep` is not a line of a manifest.
    #[error(
        "`:dep {line}` does not name a crate: {reason}; write for instance `:dep itertools = \"0.14\"` or \
         `:dep tokio = {{ version = \"1\", features = [\"full\"] }}`"
    )]
    Malformed {
        /// What was written.
        line: String,
        /// Why not.
        reason: String,
    },
    /// The library holds it in another form, and it cannot be there twice.
    #[error(
        "`{package}` {version} is here already, as a part of the lessons library, and cells cannot use \
         another one beside it: leave out `:dep {line}`"
    )]
    OnlyHere {
        /// The crate.
        package: String,
        /// The library's version of it.
        version: String,
        /// What was written.
        line: String,
    },
    /// It brings a second copy of such a crate.
    #[error(
        "`{line}` needs `{package}` from the registry; the lessons library holds {package} already, and \
         cells cannot use another one beside it"
    )]
    NeedsAnother {
        /// The lines that were added.
        line: String,
        /// What they need.
        package: String,
    },
    /// Cargo could not build it.
    #[error("cargo could not build `{line}`:\n{output}")]
    NotBuilt {
        /// The lines that were added.
        line: String,
        /// What cargo said.
        output: String,
    },
    /// Cargo has built it, and there is nothing for a cell to use.
    #[error("`{package}` has no library that a cell could use, only programs")]
    NoLibrary {
        /// The package.
        package: String,
    },
    /// It was stopped.
    #[error("stopped while `{line}` was built; nothing has changed")]
    Interrupted {
        /// The lines that were added.
        line: String,
    },
    /// The folder cannot be used.
    #[error("the folder for crates cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// More lines of a failed build than these say nothing new.
const LINES: usize = 60;

impl DependencyError {
    /// What a failed run of cargo means for these lines.
    pub(super) fn of(failed: Failed, line: &str) -> Self {
        let line = line.to_owned();
        match failed {
            Failed::Interrupted => Self::Interrupted { line },
            Failed::Io(error) => Self::Io(error),
            Failed::Said(said) => {
                let mut lines: Vec<&str> = said.lines().take(LINES).collect();
                if said.lines().count() > LINES {
                    lines.push("...");
                }
                let output = lines.join("\n");
                Self::NotBuilt { line, output }
            }
        }
    }
}

//! Why a crate cannot be used.

use std::io;

use super::cargo::Failed;

/// Why a crate cannot be used; then nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum DependencyError {
    /// What follows `:dep` is not a line of a manifest.
    #[error(
        "`:dep {line}` does not say which crate: {reason}; write for instance `:dep itertools = \"0.14\"` or \
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
         another one beside it: leave out `:dep {line}`, or write `:dep {package}`"
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

/// Cargo names the package that holds the notebook's crates, and its folder.
fn without_our_package(said: &str) -> String {
    let mut text = String::new();
    let mut rest = said;
    while let Some((before, after)) = rest.split_once("notebook v0.0.0 (") {
        text.push_str(before);
        text.push_str("notebook");
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    text + rest
}

impl DependencyError {
    /// What a failed run of cargo means for these lines.
    pub(super) fn of(failed: Failed, line: &str) -> Self {
        let line = line.to_owned();
        match failed {
            Failed::Interrupted => Self::Interrupted { line },
            Failed::Io(error) => Self::Io(error),
            Failed::Said(said) => {
                let is_news = |line: &&str| !line.starts_with("warning: spurious network error");
                let mut lines: Vec<&str> = said.lines().filter(is_news).collect();
                if lines.len() > LINES {
                    lines.truncate(LINES);
                    lines.push("...");
                }
                let output = without_our_package(&lines.join("\n"));
                Self::NotBuilt { line, output }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_says_is_cut_and_names_no_folder_of_ours() {
        let said = "warning: spurious network error (2 tries remaining)\nerror: no matching package\n\
                    required by package `notebook v0.0.0 (/home/a/.cache/gradbook/crates/12)`\n";
        let said = said.to_owned() + &"more\n".repeat(1000);
        let told = DependencyError::of(Failed::Said(said), "x = \"1\"").to_string();
        assert!(told.contains("required by package `notebook`\n"), "{told}");
        assert!(
            told.contains("`x = \"1\"`:\nerror: no") && !told.contains(".cache"),
            "{told}"
        );
        assert!(
            told.lines().count() < 2 * LINES && told.ends_with("..."),
            "{told}"
        );
    }
}

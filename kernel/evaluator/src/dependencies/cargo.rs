//! Runs the real cargo over a package and reads what it says while it does.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::compiler;
use crate::abort::Abort;
use crate::library::{Library, package_of};

/// What is shown while cargo works.
pub trait Watch {
    /// Cargo does this now: `Compiling`, `Downloaded`, `Blocking`, with what it says of it.
    fn does(&mut self, what: &str, about: &str);
}

/// How a run of cargo ended, apart from trouble with the machine.
pub enum Failed {
    /// It was stopped.
    Interrupted,
    /// It could not be started.
    Io(io::Error),
    /// What it said.
    Said(String),
}

/// Cargo, set up so that what it builds never collides with the library's crates.
pub struct Cargo<'a> {
    /// Whose compiler is used.
    pub library: &'a Library,
    /// Where all notebooks' crates are compiled.
    pub target: &'a Path,
    /// Stops it.
    pub abort: &'a Abort,
}

/// One crate that a package is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// How many crates lead to it.
    pub depth: usize,
    /// The package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// Its name in source; none if it has no library.
    pub name: String,
}

/// A crate that cargo has built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// What rustc reads.
    pub file: PathBuf,
    /// It is part of the program; if not, part of the compiler's work.
    pub is_macro: bool,
    /// It has been compiled already.
    pub fresh: bool,
}

impl Cargo<'_> {
    /// All crates that a package is made from for this machine, and what their macros are not.
    pub fn tree(&self, package: &Path, watch: &mut dyn Watch) -> Result<Vec<Node>, Failed> {
        let mut command = self.command("tree", package);
        command.args(["--edges=normal", "--prefix=depth", "--format", "{p}|{lib}"]);
        let listed = self.run(command, watch)?;
        Ok(nodes(&listed))
    }

    /// Builds a package as a dylib that holds all its crates.
    pub fn build(&self, package: &Path, watch: &mut dyn Watch) -> Result<Vec<Artifact>, Failed> {
        let mut command = self.command("rustc", package);
        command
            .args(["--release", "--message-format=json-render-diagnostics"])
            .arg("--target-dir")
            .arg(self.target)
            // One standard library, shared with the child and every cell.
            .args(["--", "-Cprefer-dynamic"]);
        let listed = self.run(command, watch)?;
        Ok(artifacts(&listed))
    }

    fn command(&self, what: &str, package: &Path) -> Command {
        let mut command = Command::new(self.library.rustc.with_file_name("cargo"));
        command
            .arg(what)
            // Named, so that crates of the program and of the compiler's work have folders of their own.
            .args(["--color=never", "--target", &self.library.target])
            .current_dir(package)
            .env("RUSTC", compiler::path(self.target))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, mut command: Command, watch: &mut dyn Watch) -> Result<String, Failed> {
        let mut said = String::new();
        let finished = self.abort.watch(&mut command, &mut |line| match line
            .trim_start()
            .split_once(' ')
        {
            Some((what, about)) if is_progress(line) => watch.does(what, about.trim()),
            _ => said.extend([line, "\n"]),
        });
        match finished {
            Ok(output) if output.status.success() => {
                Ok(String::from_utf8_lossy(&output.stdout).into_owned())
            }
            Ok(_) => Err(Failed::Said(said.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Failed::Interrupted),
            Err(error) => Err(Failed::Io(error)),
        }
    }
}

/// Cargo's words for what it does stand in a column of their own, to the right.
fn is_progress(line: &str) -> bool {
    let word = line.trim_start().split(' ').next().unwrap_or_default();
    let column = line.find(' ').is_some_and(|at| at == 0) || word.len() >= 12;
    column
        && line
            .find(word)
            .is_some_and(|start| start + word.len() == 12)
        && word.starts_with(|first: char| first.is_ascii_uppercase())
}

/// `1rand v0.9.2|rand`, ` (*)` behind it if its own crates are listed further up.
fn nodes(tree: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut inside_macro = None;
    for line in tree.lines() {
        let Some((node, is_macro)) = node(line) else {
            continue;
        };
        match inside_macro {
            Some(depth) if node.depth > depth => continue,
            _ => inside_macro = is_macro.then_some(node.depth),
        }
        nodes.push(node);
    }
    nodes
}

fn node(line: &str) -> Option<(Node, bool)> {
    let digits = line.find(|one: char| !one.is_ascii_digit())?;
    let (package, name) = line[digits..].split_once('|')?;
    let mut words = package.split_whitespace();
    let node = Node {
        depth: line[..digits].parse().ok()?,
        package: words.next()?.to_owned(),
        version: words.next()?.trim_start_matches('v').to_owned(),
        name: name.trim_end_matches("(*)").trim().replace('-', "_"),
    };
    Some((node, words.any(|word| word == "(proc-macro)")))
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    target: Option<Target>,
    #[serde(default)]
    fresh: bool,
}

#[derive(Deserialize)]
struct Target {
    kind: BTreeSet<String>,
}

fn artifacts(messages: &str) -> Vec<Artifact> {
    let message = |line| serde_json::from_str::<Message>(line).ok();
    messages
        .lines()
        .filter_map(message)
        .filter_map(artifact)
        .collect()
}

fn artifact(message: Message) -> Option<Artifact> {
    let kind = message.target?.kind;
    if message.reason != "compiler-artifact" || kind.contains("custom-build") {
        return None;
    }
    let wanted = |path: &PathBuf| {
        path.extension()
            .is_some_and(|end| end == "rlib" || end == "so" || end == "dylib")
    };
    let (package, version) = package_of(&message.package_id)?;
    Some(Artifact {
        package,
        version,
        file: message.filenames.into_iter().find(wanted)?,
        is_macro: kind.contains("proc-macro"),
        fresh: message.fresh,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_from_messages() {
        for line in [
            "   Compiling itoa v1.0.1",
            "    Blocking waiting for file lock on build directory",
            "  Downloaded itoa v1.0.1",
            "    Finished `release` profile",
        ] {
            assert!(is_progress(line), "{line}");
        }
        for line in [
            "error: no matching package named `x` found",
            "location searched: crates.io index",
            "   |",
            "  help: perhaps",
            "    Perhaps you meant another",
            "",
        ] {
            assert!(!is_progress(line), "{line}");
        }
    }

    #[test]
    fn the_tree_is_read_without_what_macros_are_made_from() {
        let nodes = nodes(
            "0notebook v0.0.0 (/cache/a)|notebook_1\n\
             1serde v1.0.2|serde\n\
             2serde_derive v1.0.2 (proc-macro)|serde_derive\n\
             3syn v2.0.0|syn\n\
             1my-crate v0.1.0 (/near)|my_crate\n\
             2serde v1.0.2|serde (*)\n\
             1only-programs v1.0.0|",
        );
        let named: Vec<_> = nodes
            .iter()
            .map(|n| (n.depth, &*n.package, &*n.name))
            .collect();
        let expected = [
            (0, "notebook", "notebook_1"),
            (1, "serde", "serde"),
            (2, "serde_derive", "serde_derive"),
            (1, "my-crate", "my_crate"),
            (2, "serde", "serde"),
            (1, "only-programs", ""),
        ];
        assert_eq!(named, expected);
    }

    #[test]
    fn artifacts_are_what_rustc_reads() {
        let line = |kind: &str, files: &[&str]| {
            serde_json::json!({
                "reason": "compiler-artifact",
                "package_id": "registry+https://example.org#a@1.0.0",
                "target": { "kind": [kind] },
                "filenames": files,
                "fresh": true,
            })
            .to_string()
        };
        let messages = [
            line("lib", &["liba.rlib", "liba.rmeta"]),
            line("custom-build", &["build"]),
            line("bin", &["a"]),
            "noise".to_owned(),
        ];
        let found = artifacts(&messages.join("\n"));
        let [only] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(only.file, PathBuf::from("liba.rlib"));
        assert!(only.fresh && !only.is_macro);
    }
}

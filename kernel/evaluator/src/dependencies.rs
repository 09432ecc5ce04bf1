//! `:dep`: crates built once by cargo, in a folder shared by all notebooks, then linked to by cells.
//! Knows nothing of cells.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::abort::Abort;
use crate::library::Library;

/// The crates that a notebook asked for.
#[derive(Debug, Clone, Default)]
pub struct Dependencies {
    /// As in a manifest: name to version or table.
    wanted: toml::Table,
}

/// Why a crate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DependencyError {
    /// What follows `:dep` is not a line of a manifest.
    #[error(
        "`{line}` is not a dependency ({reason}); write for instance `:dep itertools = \"0.14\"`"
    )]
    Malformed {
        /// What stands there.
        line: String,
        /// Why not.
        reason: String,
    },
    /// Cargo could not build it.
    #[error("cargo could not build `{line}`:\n{output}")]
    NotBuilt {
        /// The dependency.
        line: String,
        /// What cargo said.
        output: String,
    },
    /// It was stopped.
    #[error("stopped while `{line}` was built; nothing has changed")]
    Interrupted {
        /// The dependency.
        line: String,
    },
    /// The folder cannot be used.
    #[error("the folder for crates cannot be used: {0}")]
    Io(#[from] io::Error),
}

impl Dependencies {
    /// Adds one line and builds all; returns rustc's arguments for them.
    ///
    /// # Errors
    /// See [`DependencyError`]; then nothing has changed.
    pub fn add(
        &mut self,
        line: &str,
        library: &Library,
        abort: &Abort,
    ) -> Result<Vec<String>, DependencyError> {
        let mut wanted = self.wanted.clone();
        wanted.extend(parse(line)?);
        let arguments = build(&wanted, line, library, abort)?;
        self.wanted = wanted;
        Ok(arguments)
    }
}

/// `name`, `name = "1"` or `name = { .. }`; a relative `path` is one from the notebook's folder.
fn parse(line: &str) -> Result<toml::Table, DependencyError> {
    let malformed = |reason: String| DependencyError::Malformed {
        line: line.to_owned(),
        reason,
    };
    let text = match line.contains('=') {
        true => line.to_owned(),
        false => format!("{} = \"*\"", line.trim()),
    };
    let mut table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| malformed(error.message().to_owned()))?;
    for (name, value) in &mut table {
        let named = |one: char| one.is_ascii_alphanumeric() || one == '_' || one == '-';
        if !name.chars().all(named) {
            return Err(malformed(
                "a crate's name has letters, digits, `-` and `_`".to_owned(),
            ));
        }
        if let Some(path) = value.get_mut("path")
            && let Some(text) = path.as_str()
        {
            let absolute = std::env::current_dir()?.join(text);
            *path = toml::Value::String(absolute.to_string_lossy().into_owned());
        }
    }
    Ok(table)
}

fn build(
    wanted: &toml::Table,
    line: &str,
    library: &Library,
    abort: &Abort,
) -> Result<Vec<String>, DependencyError> {
    let root = cache_folder().join("crates");
    let key = blake3::hash(format!("{}\n{wanted}", library.rustc_version).as_bytes()).to_hex();
    let package = root.join(&key[..16]);
    write_package(&package, wanted)?;
    let target = root.join("target");
    let not_built = |output: String| DependencyError::NotBuilt {
        line: line.to_owned(),
        output,
    };
    let built = cargo(
        &package,
        &target,
        library,
        abort,
        &["build", "--message-format=json-render-diagnostics"],
    );
    let built = built.map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => DependencyError::Interrupted {
            line: line.to_owned(),
        },
        _ => DependencyError::Io(error),
    })?;
    let messages = built.map_err(not_built)?;
    let described = cargo(
        &package,
        &target,
        library,
        abort,
        &["metadata", "--format-version=1", "--offline"],
    )?;
    let named = direct(&described.map_err(not_built)?);
    let files = artifacts(&messages);
    let mut arguments = vec![format!(
        "-Ldependency={}",
        target.join("release/deps").display()
    )];
    for (name, package) in named {
        if let Some(file) = files.get(&package) {
            arguments.extend(["--extern".to_owned(), format!("{name}={}", file.display())]);
        }
    }
    Ok(arguments)
}

fn write_package(package: &Path, wanted: &toml::Table) -> io::Result<()> {
    std::fs::create_dir_all(package.join("src"))?;
    std::fs::write(package.join("src/lib.rs"), "")?;
    let manifest = format!(
        "[package]\nname = \"notebook\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n[dependencies]\n{wanted}"
    );
    std::fs::write(package.join("Cargo.toml"), manifest)
}

/// Runs cargo; the inner error is what it said when it failed.
fn cargo(
    package: &Path,
    target: &Path,
    library: &Library,
    abort: &Abort,
    arguments: &[&str],
) -> io::Result<Result<String, String>> {
    let cargo = library.rustc.with_file_name("cargo");
    let mut command = Command::new(cargo);
    command.args(arguments);
    if arguments.first() == Some(&"build") {
        command.arg("--release").arg("--target-dir").arg(target);
    }
    command
        .current_dir(package)
        .env("RUSTC", &library.rustc)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = abort.run(&mut command)?;
    Ok(match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    })
}

#[derive(Deserialize)]
struct Metadata {
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    root: Option<String>,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    /// As source names it.
    name: String,
    pkg: String,
}

/// The crates that the package itself names, with their package ids.
fn direct(metadata: &str) -> Vec<(String, String)> {
    let Ok(Metadata { resolve }) = serde_json::from_str(metadata) else {
        return Vec::new();
    };
    let root = resolve.root.unwrap_or_default();
    let node = resolve.nodes.into_iter().find(|node| node.id == root);
    let deps = node.map(|node| node.deps).unwrap_or_default();
    deps.into_iter()
        .map(|dependency| (dependency.name, dependency.pkg))
        .collect()
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// Package id to the file that rustc wants.
fn artifacts(messages: &str) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<Message>(line) else {
            continue;
        };
        let wanted = |path: &PathBuf| {
            path.extension()
                .is_some_and(|end| end == "rlib" || end == "so")
        };
        if let Some(file) = message.filenames.into_iter().find(wanted) {
            files.insert(message.package_id, file);
        }
    }
    files
}

/// Shared by all notebooks of this user.
pub fn cache_folder() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home);
    cache.unwrap_or_else(std::env::temp_dir).join("gradbook")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_manifest_are_understood() {
        assert_eq!(
            parse("itertools").expect("a name")["itertools"].as_str(),
            Some("*")
        );
        assert_eq!(
            parse("a-b = \"1\"").expect("a version")["a-b"].as_str(),
            Some("1")
        );
        let table = parse("x = { path = \"near\" }").expect("a table");
        let path = table["x"]["path"].as_str().expect("a path");
        assert!(
            Path::new(path).is_absolute() && path.ends_with("near"),
            "{path}"
        );
    }

    #[test]
    fn other_lines_are_refused_with_an_example() {
        for line in ["x = ", "a b", "= 1"] {
            let error = parse(line).expect_err(line).to_string();
            assert!(error.contains("write for instance"), "{error}");
        }
    }
}

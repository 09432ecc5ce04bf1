//! Calls of cargo and rustup by rust-analyzer pass through here, and most are answered without
//! either: nothing is fetched or resolved again for a session.
//! Knows nothing of the questions behind the calls.

use crate::project::{self, Cargo, Template};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

/// The standard library's own project. Resolving it needs the network (crates of every platform);
/// without cargo's help rust-analyzer knows which of its crates depend on which.
const STANDARD_LIBRARY: &str = "lib/rustlib/src/rust/library/Cargo.toml";

/// Whether this program was called by the name of a tool.
pub fn is_role() -> bool {
    std::env::var_os(project::TEMPLATE).is_some() && matches!(called().as_str(), "cargo" | "rustup")
}

/// Answers the call and gives the exit status.
pub fn run() -> i32 {
    // Without rustup, rust-analyzer takes the tools from PATH, where the right ones come first, and
    // installs nothing behind the learner's back.
    if called() == "rustup" {
        return 1;
    }
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match answer(&arguments) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("gradbook-intel, standing in for cargo: {error:#}");
            101
        }
    }
}

fn called() -> String {
    std::env::args_os()
        .next()
        .as_ref()
        .and_then(|program| Path::new(program).file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn answer(arguments: &[OsString]) -> Result<()> {
    let manifest = manifest_of(arguments)?;
    let session = PathBuf::from(variable(project::SESSION)?);
    if manifest.ends_with(STANDARD_LIBRARY) {
        bail!("rust-analyzer is to put the standard library together itself");
    }
    if manifest.parent() != Some(&session) {
        return real_cargo(arguments);
    }
    let command = arguments.iter().find_map(|argument| {
        ["metadata", "locate-project"]
            .into_iter()
            .find(|command| argument == command)
    });
    match command {
        Some("metadata") => println!("{}", metadata(&manifest, &session)?),
        Some("locate-project") => println!("{}", serde_json::json!({ "root": manifest })),
        _ => return real_cargo(arguments),
    }
    Ok(())
}

/// The manifest named in the arguments, or that of the current folder.
fn manifest_of(arguments: &[OsString]) -> Result<PathBuf> {
    let named = arguments
        .windows(2)
        .find(|pair| pair[0] == "--manifest-path")
        .map(|pair| PathBuf::from(&pair[1]));
    match named {
        Some(manifest) => Ok(manifest),
        None => Ok(std::env::current_dir()?.join("Cargo.toml")),
    }
}

fn metadata(manifest: &Path, session: &Path) -> Result<String> {
    let manifest = std::fs::read_to_string(manifest).unwrap_or_default();
    let more = manifest
        .split_once("[dependencies]\n")
        .map_or("", |(_, more)| more.trim());
    let library = Template::at(variable(project::TEMPLATE)?.into());
    if more.is_empty() {
        return library.answer(session);
    }
    match library.extended(&Cargo::from_environment()?, more) {
        Ok(extended) => extended.answer(session),
        // A crate that is not here yet leaves the rest as it was.
        Err(_) => library.answer(session),
    }
}

/// Everything else is cargo's own business, in the environment it had before.
fn real_cargo(arguments: &[OsString]) -> Result<()> {
    let mut cargo = Cargo::from_environment()?.command();
    Err(cargo.args(arguments).exec()).context("the toolchain's cargo does not start")
}

fn variable(name: &str) -> Result<OsString> {
    std::env::var_os(name).with_context(|| format!("{name} is not set"))
}

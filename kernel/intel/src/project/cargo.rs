//! The toolchain's own cargo, called with no network and in the learner's own environment.
//! Knows nothing of what it is asked.

use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

const PROGRAM: &str = "GRADBOOK_INTEL_CARGO";
const HOME: &str = "GRADBOOK_INTEL_CARGO_HOME";
const PLATFORM: &str = "GRADBOOK_INTEL_PLATFORM";

/// A cargo, and where it keeps its registry.
#[derive(Debug, Clone)]
pub struct Cargo {
    /// The program.
    pub program: PathBuf,
    /// Its CARGO_HOME; empty for its default.
    pub home: OsString,
    /// What it builds for, such as `x86_64-unknown-linux-gnu`.
    pub platform: OsString,
}

impl Cargo {
    /// The one that [`Cargo::variables`] named.
    pub fn from_environment() -> Result<Cargo> {
        let program = std::env::var_os(PROGRAM).with_context(|| format!("{PROGRAM} is not set"))?;
        Ok(Cargo {
            program: program.into(),
            home: std::env::var_os(HOME).unwrap_or_default(),
            platform: std::env::var_os(PLATFORM).unwrap_or_default(),
        })
    }

    /// How a stand-in is told of it.
    pub fn variables(&self) -> [(&'static str, OsString); 3] {
        [
            (PROGRAM, self.program.clone().into_os_string()),
            (HOME, self.home.clone()),
            (PLATFORM, self.platform.clone()),
        ]
    }

    /// A call of it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("CARGO")
            .env_remove("CARGO_HOME");
        if !self.home.is_empty() {
            command.env("CARGO_HOME", &self.home);
        }
        command
    }
}

//! The environment a command is run in: variables and PATH, fixed once, so that a test can bring its own.
//! Knows nothing of what the commands do.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Variables that `cargo run` and a shell leave behind and that would change what a child does.
const DROPPED: [&str; 4] = ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"];

/// The variables that every command gets; programs are looked up in their PATH.
#[derive(Debug, Clone, Default)]
pub struct Tools {
    vars: BTreeMap<OsString, OsString>,
}

impl Tools {
    /// This process's own environment, less what `cargo run` and an active Python environment put there.
    #[must_use]
    pub fn from_environment() -> Self {
        let mut tools = Self::from_vars(std::env::vars_os());
        for name in DROPPED {
            tools.vars.remove(OsStr::new(name));
        }
        tools.drop_library_path_of_cargo();
        tools
    }

    /// Just these variables.
    #[must_use]
    pub fn from_vars<K: Into<OsString>, V: Into<OsString>>(
        vars: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self {
            vars: vars
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    /// The same with one variable set.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.vars.insert(name.into(), value.into());
        self
    }

    /// One variable; an empty one counts as unset.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<OsString> {
        let value = self.vars.get(OsStr::new(name))?;
        (!value.is_empty()).then(|| value.clone())
    }

    /// The first executable of this name in PATH; a path with a `/` in it stands for itself.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        if name.contains('/') {
            return Some(PathBuf::from(name)).filter(|path| is_executable(path));
        }
        let path = self.var("PATH")?;
        std::env::split_paths(&path)
            .map(|dir| dir.join(name))
            .find(|file| is_executable(file))
    }

    /// A command with these variables and no others.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.vars);
        command
    }

    /// What a command prints on stdout, trimmed; `None` when it cannot be run or fails.
    #[must_use]
    pub fn answer(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
        let output = self.command(program).args(args).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(text)
    }

    /// The cargo that started this process, or the one in PATH.
    #[must_use]
    pub fn cargo(&self) -> OsString {
        self.var("CARGO").unwrap_or_else(|| "cargo".into())
    }

    /// `cargo run` puts its own folders in front of the library path; JupyterLab and its kernels must
    /// not depend on them.
    fn drop_library_path_of_cargo(&mut self) {
        for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
            let Some(value) = self.var(name) else {
                continue;
            };
            let kept: Vec<PathBuf> = std::env::split_paths(&value)
                .filter(|dir| {
                    let text = dir.to_string_lossy();
                    !text.contains("/target") && !text.contains("/toolchains/")
                })
                .collect();
            self.vars.remove(OsStr::new(name));
            if let Ok(value) = std::env::join_paths(kept)
                && !value.is_empty()
            {
                self.vars.insert(name.into(), value);
            }
        }
    }
}

fn is_executable(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    #[test]
    fn a_program_is_found_in_the_given_path_only() {
        let bin = FakeBin::new();
        bin.script("g++", "exit 0");
        assert!(bin.tools().find("g++").is_some());
        assert_eq!(bin.tools().find("rustc"), None);
    }

    #[test]
    fn an_answer_is_none_when_the_command_fails() {
        let bin = FakeBin::new();
        let good = bin.script("good", "echo ' 3.11.7 '");
        let bad = bin.script("bad", "echo 3.11.7; exit 1");
        assert_eq!(bin.tools().answer(good, &[]).as_deref(), Some("3.11.7"));
        assert_eq!(bin.tools().answer(bad, &[]), None);
    }

    #[test]
    fn folders_of_cargo_leave_the_library_path() {
        let mut tools = Tools::from_vars([(
            "LD_LIBRARY_PATH",
            "/clone/target/release/deps:/opt/mine:/home/ada/.rustup/toolchains/stable/lib",
        )]);
        tools.drop_library_path_of_cargo();
        assert_eq!(tools.var("LD_LIBRARY_PATH"), Some("/opt/mine".into()));
    }
}

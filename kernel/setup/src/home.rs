//! Where everything lies: the clone's root, and the one folder in it that set-up fills.
//! Knows nothing of how any of it is made.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::tools::Tools;

/// A file that only the root of a clone has.
const LANDMARK: &str = "kernel/setup/requirements.txt";

/// The clone, and the folder that set-up fills (`.gradbook/`, or `GRADBOOK_HOME`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Root of the clone: Cargo.toml, kernel/, lessons/, notebooks/.
    pub root: PathBuf,
    /// What set-up makes; deleting it undoes set-up.
    pub dir: PathBuf,
}

impl Home {
    /// Finds the clone from `CARGO_MANIFEST_DIR` (set by `cargo run`), from the running executable, from
    /// the current folder, or where this was compiled, in this order.
    ///
    /// # Errors
    /// None of them lies in a clone of Gradbook.
    pub fn find(tools: &Tools) -> anyhow::Result<Self> {
        let executable = std::env::current_exe().ok();
        let current = std::env::current_dir().ok();
        let starts = [
            tools.var("CARGO_MANIFEST_DIR").map(PathBuf::from),
            executable,
            current,
            Some(PathBuf::from(env!("CARGO_MANIFEST_DIR"))),
        ];
        let root = starts
            .iter()
            .flatten()
            .find_map(|start| start.ancestors().find(|dir| dir.join(LANDMARK).is_file()))
            .context("no clone of Gradbook found; run `cargo lab` inside the clone")?;
        Ok(Self::at(
            root,
            tools.var("GRADBOOK_HOME").map(PathBuf::from),
        ))
    }

    /// The home of the clone at `root`, at `dir` or in its usual place.
    #[must_use]
    pub fn at(root: &Path, dir: Option<PathBuf>) -> Self {
        Self {
            root: root.to_path_buf(),
            dir: dir.unwrap_or_else(|| root.join(".gradbook")),
        }
    }

    /// Whether the folder is somewhere else than usual, so that a process started by Jupyter must be told.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.dir != self.root.join(".gradbook")
    }

    /// The private Python environment.
    #[must_use]
    pub fn python_env(&self) -> PathBuf {
        self.dir.join("python")
    }

    /// A program of the private Python environment.
    #[must_use]
    pub fn python_bin(&self, name: &str) -> PathBuf {
        self.python_env().join("bin").join(name)
    }

    /// The unpacked wheels that carry libtorch.
    #[must_use]
    pub fn wheels(&self) -> PathBuf {
        self.dir.join("libtorch-wheels")
    }

    /// Trained models that the lessons look into; the process that runs cells is told of it.
    #[must_use]
    pub fn models(&self) -> PathBuf {
        self.dir.join("models")
    }

    /// What `LIBTORCH` must be when something that uses tch is built: `include/` and a small `lib/`.
    #[must_use]
    pub fn libtorch(&self) -> PathBuf {
        self.dir.join("libtorch")
    }

    /// The folder of libtorch's shared libraries at run time (a link: libraries find their neighbours
    /// through its real path).
    #[must_use]
    pub fn libtorch_run(&self) -> PathBuf {
        self.libtorch().join("run")
    }

    /// The prebuilt lessons library that every cell links to.
    #[must_use]
    pub fn library(&self) -> PathBuf {
        self.dir.join("library")
    }

    /// Cargo's target folder for whatever links to libtorch, apart from the kernel's own.
    #[must_use]
    pub fn library_target(&self) -> PathBuf {
        self.root.join("target/library")
    }

    /// Cargo's target folder for the code-intelligence process, which brings rust-analyzer.
    #[must_use]
    pub fn intel_target(&self) -> PathBuf {
        self.root.join("target/intel")
    }

    /// An executable that Jupyter starts: a copy, so that it stays while cargo rebuilds.
    #[must_use]
    pub fn bin(&self, name: &str) -> PathBuf {
        self.dir.join("bin").join(name)
    }

    /// What a step printed.
    #[must_use]
    pub fn log(&self, step: &str) -> PathBuf {
        self.dir.join(format!("{step}.log"))
    }

    /// The lessons that JupyterLab opens.
    #[must_use]
    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clone_is_found_from_the_folder_cargo_names() {
        let clone = tempfile::tempdir().unwrap();
        let landmark = clone.path().join(LANDMARK);
        std::fs::create_dir_all(landmark.parent().unwrap()).unwrap();
        std::fs::write(&landmark, "").unwrap();
        let tools = Tools::from_vars([("CARGO_MANIFEST_DIR", clone.path().join("kernel"))]);
        let home = Home::find(&tools).unwrap();
        assert_eq!(home.root, clone.path());
        assert_eq!(home.dir, clone.path().join(".gradbook"));
        assert!(!home.is_elsewhere());
    }

    #[test]
    fn gradbook_home_moves_the_folder_and_not_the_clone() {
        let elsewhere = tempfile::tempdir().unwrap();
        let tools = Tools::from_vars([("GRADBOOK_HOME", elsewhere.path())]);
        let home = Home::find(&tools).unwrap();
        assert_eq!(home.dir, elsewhere.path());
        assert!(home.root.join(LANDMARK).is_file());
        assert!(home.is_elsewhere());
    }
}

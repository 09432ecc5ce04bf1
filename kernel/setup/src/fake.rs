//! A temporary PATH of small scripts that stand in for compilers, Pythons and package installers.
//! Knows nothing of the steps that call them.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::home::Home;
use crate::tools::Tools;

/// A folder of scripts that is the whole PATH, and an empty clone beside it.
pub struct FakeBin {
    dir: TempDir,
}

impl FakeBin {
    /// No programs, an empty clone.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("bin")).unwrap();
        std::fs::create_dir_all(dir.path().join("clone")).unwrap();
        Self { dir }
    }

    /// Adds a program; the body is a shell script.
    pub fn script(&self, name: &str, body: &str) -> PathBuf {
        let file = self.dir.path().join("bin").join(name);
        write_script(&file, body);
        file
    }

    /// An environment whose PATH holds only these scripts.
    pub fn tools(&self) -> Tools {
        Tools::from_vars([
            ("PATH", self.dir.path().join("bin")),
            ("HOME", self.dir.path().join("home")),
        ])
    }

    /// The empty clone.
    pub fn home(&self) -> Home {
        Home::at(&self.dir.path().join("clone"), None)
    }

    /// How often a script that appends to this file was called.
    pub fn calls(&self, name: &str) -> usize {
        std::fs::read_to_string(self.dir.path().join(name)).map_or(0, |text| text.lines().count())
    }

    /// A file in the temporary folder, for scripts to write to.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// Writes an executable shell script.
///
/// A process of its own writes it: a file that this one has open for writing could be inherited by a child
/// that another test starts at that moment, and then not be run ("Text file busy").
pub fn write_script(file: &Path, body: &str) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let write = "/bin/rm -f \"$0\"; printf '%s' \"$1\" > \"$0\" && /bin/chmod +x \"$0\"";
    let written = Command::new("/bin/sh")
        .args(["-c", write])
        .arg(file)
        .arg(format!("#!/bin/sh\n{body}\n"))
        .status()
        .unwrap();
    assert!(written.success());
}

//! What is wrong and how to mend it, in one plain sentence; also read out of what a failed command printed.
//! Knows nothing of the steps themselves.

use std::fmt;
use std::path::Path;

use crate::tools::Tools;

/// What is missing or wrong, and the command that mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What happened, with values; starts with a capital, has no full stop.
    pub what: String,
    /// What to do, in most cases a command in backticks; goes on after a semicolon.
    pub mend: String,
}

impl Trouble {
    /// One sentence out of its two halves.
    pub fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            mend: mend.into(),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}; {}.", self.what, self.mend)
    }
}

impl std::error::Error for Trouble {}

/// A command that ended with an error, and the end of what it printed.
#[derive(Debug)]
pub struct Failed {
    /// The program, as a learner would name it.
    pub program: String,
    /// How it ended, for instance `exit status: 101`.
    pub status: String,
    /// The last lines of its output.
    pub tail: String,
    /// Where all of its output is.
    pub log: std::path::PathBuf,
}

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            program,
            status,
            tail,
            log,
        } = self;
        write!(
            out,
            "`{program}` failed ({status}); all it printed is in {}. Its last lines:\n{tail}",
            log.display()
        )
    }
}

impl std::error::Error for Failed {}

/// What package installers, cargo and git print when nothing answers at the other end.
const NETWORK: [&str; 17] = [
    "could not resolve host",
    "failed to resolve",
    "name resolution",
    "name or service not known",
    "dns error",
    "connection refused",
    "connection reset",
    "connection timed out",
    "could not connect",
    "failed to connect",
    "couldn't connect",
    "network is unreachable",
    "error sending request",
    "newconnectionerror",
    "max retries exceeded",
    "spurious network error",
    "offline was specified",
];

/// The plain sentence for a failure whose cause shows in its output.
#[must_use]
pub fn recognise(output: &str, home: &Path, tools: &Tools) -> Option<Trouble> {
    let output = output.to_lowercase();
    let says = |text: &str| output.contains(text);
    if says("no space left on device") || says("os error 28") || says("disk quota exceeded") {
        return Some(Trouble::new(
            format!(
                "The disk is full where {} lies (`df -h {}` shows it)",
                home.display(),
                home.display()
            ),
            "free about 4 GB, then run `cargo lab` again: it goes on where it stopped",
        ));
    }
    if NETWORK.iter().any(|sign| says(sign)) {
        return Some(Trouble::new(
            "Something had to be downloaded and no server could be reached",
            "check the network (behind a proxy: HTTPS_PROXY), then run `cargo lab` again: \
             it goes on where it stopped",
        ));
    }
    if says("linker `cc` not found") || says("failed to find tool \"c++\"") {
        return Some(no_compiler(tools));
    }
    None
}

/// There is no C++ compiler, which is also the linker of every cell.
#[must_use]
pub fn no_compiler(tools: &Tools) -> Trouble {
    let known = [
        ("apt-get", "sudo apt-get install g++"),
        ("dnf", "sudo dnf install gcc-c++"),
        ("zypper", "sudo zypper install gcc-c++"),
        ("pacman", "sudo pacman -S gcc"),
        ("apk", "sudo apk add g++"),
    ];
    let mend = if cfg!(target_os = "macos") {
        "xcode-select --install"
    } else {
        known
            .iter()
            .find(|(installer, _)| tools.find(installer).is_some())
            .map_or(known[0].1, |(_, command)| command)
    };
    Trouble::new(
        "There is no C++ compiler (g++) on this machine",
        format!("install it with `{mend}`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    fn sentence(output: &str) -> Option<String> {
        let bin = FakeBin::new();
        recognise(output, Path::new("/clone/.gradbook"), &bin.tools()).map(|t| t.to_string())
    }

    #[test]
    fn each_cause_has_its_own_sentence() {
        for (output, part) in [
            (
                "error: No space left on device (os error 28)",
                "disk is full",
            ),
            (
                "Caused by: client error (Connect): dns error",
                "no server could be reached",
            ),
            (
                "[Errno 111] Connection refused",
                "no server could be reached",
            ),
            ("error: linker `cc` not found", "apt-get install g++"),
        ] {
            let told = sentence(output).unwrap();
            assert!(told.contains(part), "{output}: {told}");
            assert!(!told.contains('\n'), "one sentence: {told}");
        }
    }

    #[test]
    fn an_ordinary_compile_error_is_not_explained_away() {
        assert_eq!(sentence("error[E0308]: mismatched types"), None);
    }

    #[test]
    fn the_command_fits_the_package_installer_at_hand() {
        let bin = FakeBin::new();
        bin.script("dnf", "exit 0");
        let told = no_compiler(&bin.tools()).to_string();
        if cfg!(target_os = "linux") {
            assert!(told.contains("sudo dnf install gcc-c++"), "{told}");
        }
    }
}

//! A kernel's temporary folders, and the folders that killed kernels left behind.
//! Knows nothing of what lies in them.

use std::io;
use std::path::Path;

use rustix::process::{Pid, test_kill_process};
use tempfile::TempDir;

/// Before the kernel's process id in the folder's name.
const PREFIX: &str = "gradbook-";

/// A new folder, removed when dropped; removes those of kernels that were killed.
///
/// # Errors
/// When it cannot be made.
pub fn folder() -> io::Result<TempDir> {
    sweep(&std::env::temp_dir());
    new("")
}

/// A new folder of this process, removed when dropped; its name says what for.
///
/// # Errors
/// When it cannot be made.
pub fn new(what_for: &str) -> io::Result<TempDir> {
    let prefix = format!("{PREFIX}{}-{what_for}", std::process::id());
    tempfile::Builder::new().prefix(&prefix).tempdir()
}

/// Removes the folders of processes that are no more; what belongs to others stays.
fn sweep(parent: &Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(owner);
        if owner.is_some_and(|pid| test_kill_process(pid) == Err(rustix::io::Errno::SRCH)) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// `gradbook-123-abc` to process 123.
fn owner(name: &str) -> Option<Pid> {
    let (id, _) = name.strip_prefix(PREFIX)?.split_once('-')?;
    Pid::from_raw(id.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_dead_are_removed_and_others_stay() {
        let parent = tempfile::tempdir().expect("a folder");
        let mut ended = std::process::Command::new("true")
            .spawn()
            .expect("a process");
        ended.wait().expect("its end");
        let stays = [
            format!("{PREFIX}{}-x", std::process::id()),
            "gradbook-notes".to_owned(),
        ];
        let goes = format!("{PREFIX}{}-x", ended.id());
        for name in stays.iter().chain([&goes]) {
            std::fs::create_dir(parent.path().join(name)).expect("a folder");
        }
        sweep(parent.path());
        assert!(stays.iter().all(|name| parent.path().join(name).exists()));
        assert!(!parent.path().join(goes).exists());
    }
}

//! Whether a step's work is still good: the inputs it was made from, written down when it was complete.
//! Knows nothing of the steps; to it, inputs are text and outputs are paths.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::home::Home;

/// A step's record: absent while it runs, so that a step broken off is done again.
pub struct Stamp {
    file: PathBuf,
}

impl Stamp {
    /// The record of one step.
    #[must_use]
    pub fn of(home: &Home, step: &str) -> Self {
        Self {
            file: home.dir.join("stamps").join(step),
        }
    }

    /// What the step was last made from.
    #[must_use]
    pub fn read(&self) -> Option<String> {
        std::fs::read_to_string(&self.file).ok()
    }

    /// It was made from just these inputs, and all it made is there.
    #[must_use]
    pub fn holds(&self, inputs: &str, outputs: &[PathBuf]) -> bool {
        self.read().as_deref() == Some(inputs) && outputs.iter().all(|path| path.exists())
    }

    /// The step starts: whatever it made before counts no longer.
    ///
    /// # Errors
    /// The old record cannot be removed.
    pub fn clear(&self) -> anyhow::Result<()> {
        remove(&self.file)
    }

    /// The step is complete; called last.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn write(&self, inputs: &str) -> anyhow::Result<()> {
        write_whole(&self.file, inputs.as_bytes())
    }
}

/// Writes a file beside its place and moves it there: it is whole or not there at all.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn write_whole(file: &Path, content: &[u8]) -> anyhow::Result<()> {
    let tell = || format!("cannot write {}", file.display());
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(tell)?;
    let beside = beside(file);
    let mut out = std::fs::File::create(&beside).with_context(tell)?;
    out.write_all(content).with_context(tell)?;
    drop(out);
    std::fs::rename(&beside, file).with_context(tell)
}

/// Copies an executable so that a running copy of it is never written into.
///
/// # Errors
/// It cannot be read or written.
pub fn copy_whole(from: &Path, to: &Path) -> anyhow::Result<()> {
    let tell = || format!("cannot copy {} to {}", from.display(), to.display());
    std::fs::create_dir_all(to.parent().unwrap_or(Path::new("."))).with_context(tell)?;
    let beside = beside(to);
    std::fs::copy(from, &beside).with_context(tell)?;
    std::fs::rename(&beside, to).with_context(tell)
}

/// Removes a file, a link or a whole folder; nothing there is fine.
///
/// # Errors
/// Something is there and cannot be removed.
pub fn remove(path: &Path) -> anyhow::Result<()> {
    let removed = match path.symlink_metadata() {
        Err(_) => return Ok(()),
        Ok(data) if data.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
    };
    removed.with_context(|| format!("cannot remove {}", path.display()))
}

/// A short name for the content of files and of all files below folders, in a fixed order.
#[must_use]
pub fn fingerprint(paths: &[PathBuf]) -> String {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        hash_into(path, &mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn hash_into(path: &Path, hasher: &mut DefaultHasher) {
    if path.is_dir() {
        let mut names: Vec<PathBuf> = std::fs::read_dir(path)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        names.sort();
        names.iter().for_each(|name| hash_into(name, hasher));
    } else if let Ok(content) = std::fs::read(path) {
        // The name too: two files that swap their contents are a change.
        hasher.write(path.file_name().unwrap_or_default().as_encoded_bytes());
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    file.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    #[test]
    fn a_stamp_holds_for_its_inputs_and_while_its_outputs_exist() {
        let bin = FakeBin::new();
        let stamp = Stamp::of(&bin.home(), "python");
        let output = bin.path("made");
        let outputs = [output.clone()];
        assert!(!stamp.holds("v1", &outputs));
        std::fs::write(&output, "").unwrap();
        stamp.write("v1").unwrap();
        assert!(stamp.holds("v1", &outputs));
        assert!(!stamp.holds("v2", &outputs), "other inputs");
        stamp.clear().unwrap();
        assert!(!stamp.holds("v1", &outputs), "a step that was broken off");
        stamp.write("v1").unwrap();
        std::fs::remove_file(&output).unwrap();
        assert!(!stamp.holds("v1", &outputs), "an output is gone");
    }

    #[test]
    fn a_fingerprint_follows_content_and_names() {
        let bin = FakeBin::new();
        let source = bin.path("lessons");
        std::fs::create_dir_all(source.join("src")).unwrap();
        std::fs::write(source.join("src/a.rs"), "one").unwrap();
        std::fs::write(source.join("src/b.rs"), "two").unwrap();
        let first = fingerprint(std::slice::from_ref(&source));
        assert_eq!(first, fingerprint(std::slice::from_ref(&source)));
        std::fs::write(source.join("src/a.rs"), "two").unwrap();
        std::fs::write(source.join("src/b.rs"), "one").unwrap();
        assert_ne!(first, fingerprint(&[source]));
    }

    #[test]
    fn a_whole_write_leaves_nothing_beside_it() {
        let bin = FakeBin::new();
        let file = bin.path("folder/kernel.json");
        write_whole(&file, b"{}").unwrap();
        let names: Vec<_> = std::fs::read_dir(file.parent().unwrap())
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        assert_eq!(names, ["kernel.json"]);
    }
}

//! Cells compiled before: what rustc said and made, by everything that could change either.
//! Knows nothing of cells or of rustc's messages; an entry is bytes and a file.
//!
//! An entry is a folder that appears whole, by a rename: kernels side by side and a crash in the middle
//! of a write leave nothing half done.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// How much is kept, in bytes; the entries used longest ago go first.
const LIMIT: u64 = 1 << 30;

/// The cells of this user's notebooks.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// What one rustc run left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// It compiled.
    pub success: bool,
    /// rustc's messages as it wrote them.
    pub messages: String,
}

impl Cache {
    /// The cache in this folder, which need not be there yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The entry of a key, with the library it made, if there is one.
    pub fn get(&self, key: &str) -> Option<(Entry, Option<PathBuf>)> {
        let folder = self.folder.join(key);
        let said = folder.join("said.json");
        let entry = serde_json::from_slice(&std::fs::read(&said).ok()?).ok()?;
        let library = Some(folder.join("cell.so")).filter(|path| path.exists());
        // When it was used last decides what goes first.
        let _ = std::fs::File::open(&said).and_then(|file| file.set_modified(SystemTime::now()));
        Some((entry, library))
    }

    /// Keeps an entry; returns where its library lies now.
    ///
    /// # Errors
    /// When it cannot be written; then nothing is kept.
    pub fn put(
        &self,
        key: &str,
        entry: &Entry,
        library: Option<&Path>,
    ) -> io::Result<Option<PathBuf>> {
        std::fs::create_dir_all(&self.folder)?;
        let unfinished = tempfile::Builder::new()
            .prefix("unfinished-")
            .tempdir_in(&self.folder)?;
        if let Some(library) = library {
            std::fs::copy(library, unfinished.path().join("cell.so"))?;
        }
        let said = serde_json::to_vec(entry)?;
        std::fs::write(unfinished.path().join("said.json"), said)?;
        let folder = self.folder.join(key);
        // Another kernel may have been quicker: then its entry is as good.
        match std::fs::rename(unfinished.path(), &folder) {
            Ok(()) => drop(unfinished.keep()),
            Err(_) if folder.is_dir() => {}
            Err(error) => return Err(error),
        }
        Ok(library.map(|_| folder.join("cell.so")))
    }

    /// Removes what was used longest ago until the rest fits, and what crashes left unfinished.
    pub fn trim(&self) {
        self.trim_to(LIMIT);
    }

    fn trim_to(&self, limit: u64) {
        let mut entries: Vec<(SystemTime, u64, PathBuf)> = std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| described(&entry.path()))
            .collect();
        entries.sort();
        let mut size: u64 = entries.iter().map(|(_, size, _)| size).sum();
        for (_, bytes, folder) in entries {
            if size <= limit {
                return;
            }
            // A library that a child has loaded stays loaded.
            if std::fs::remove_dir_all(folder).is_ok() {
                size -= bytes;
            }
        }
    }
}

/// When an entry was used last, and its size.
fn described(folder: &Path) -> Option<(SystemTime, u64, PathBuf)> {
    let length = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    let used = std::fs::metadata(folder.join("said.json"))
        .or_else(|_| std::fs::metadata(folder))
        .and_then(|file| file.modified())
        .ok()?;
    let size = length("said.json") + length("cell.so");
    Some((used, size, folder.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn entry(messages: &str) -> Entry {
        Entry {
            success: true,
            messages: messages.to_owned(),
        }
    }

    #[test]
    fn an_entry_comes_back_with_its_library() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cells"));
        assert!(cache.get("k").is_none());
        let library = folder.path().join("made.so");
        std::fs::write(&library, "code").expect("a file");
        let kept = cache
            .put("k", &entry("said"), Some(&library))
            .expect("kept");
        std::fs::remove_file(&library).expect("removed");
        let (found, at) = cache.get("k").expect("an entry");
        assert_eq!((found, &at), (entry("said"), &kept));
        assert_eq!(
            std::fs::read_to_string(at.expect("a path")).expect("code"),
            "code"
        );
    }

    #[test]
    fn the_first_of_two_writers_wins_and_nothing_unfinished_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        cache.put("k", &entry("first"), None).expect("kept");
        cache.put("k", &entry("second"), None).expect("kept");
        assert_eq!(cache.get("k").expect("an entry").0, entry("first"));
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("a folder").count(),
            1
        );
    }

    #[test]
    fn a_damaged_entry_is_no_entry() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        cache.put("k", &entry("said"), None).expect("kept");
        std::fs::write(folder.path().join("k/said.json"), "{").expect("a file");
        assert!(cache.get("k").is_none());
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        for (key, hours) in [("old", 3), ("older", 5), ("new", 1)] {
            cache
                .put(key, &entry(&"x".repeat(1000)), None)
                .expect("kept");
            let said = folder.path().join(key).join("said.json");
            let then = SystemTime::now() - Duration::from_secs(3600 * hours);
            let file = std::fs::File::open(said).expect("a file");
            file.set_modified(then).expect("an older one");
        }
        cache.get("old").expect("used just now");
        cache.trim_to(2500);
        let left = ["old", "older", "new"].map(|key| cache.get(key).is_some());
        assert_eq!(left, [true, false, true]);
    }
}

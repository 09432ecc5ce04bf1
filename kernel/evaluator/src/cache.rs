//! Cells compiled before: what rustc said and made, by everything that could change either.
//! Knows nothing of cells or of rustc's messages; an entry is bytes and a file.
//!
//! An entry is a folder that appears whole, by a rename: kernels side by side and a crash in the middle
//! of a write leave nothing half done.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::claims::Claims;

/// How much is kept, in bytes; the entries used longest ago go first.
const LIMIT: u64 = 1 << 30;

/// After so many new entries it is looked whether there are too many.
const BETWEEN_TRIMS: u32 = 200;

/// An entry that is unfinished for so long will never be.
const GIVEN_UP: Duration = Duration::from_secs(3600);

/// Before the name of a folder that is not an entry yet, or no longer.
const UNFINISHED: &str = "unfinished-";

/// The cells of this user's notebooks.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    /// Entries made since it was looked whether there are too many.
    made: Arc<AtomicU32>,
    /// What threads of this kernel are making.
    pub claims: Claims,
}

/// What one rustc run left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// It compiled.
    pub success: bool,
    /// rustc's messages as it wrote them.
    pub messages: String,
}

/// An entry as it is written: the library's hash tells a whole one from what a full disk or a power cut left.
#[derive(Serialize, Deserialize)]
struct Written {
    entry: Entry,
    library: Option<String>,
}

/// How often an entry is given its name while another kernel puts and trims it.
const TRIES: usize = 20;

impl Cache {
    /// The cache in this folder, which need not be there yet.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            made: Arc::default(),
            claims: Claims::default(),
        }
    }

    /// The entry of a key, with the library it made, if there is one and it is whole.
    pub fn get(&self, key: &str) -> Option<(Entry, Option<PathBuf>)> {
        let folder = self.folder.join(key);
        let said = folder.join("said.json");
        let written: Written = serde_json::from_slice(&std::fs::read(&said).ok()?).ok()?;
        let library = match written.library {
            Some(hash) => {
                let path = folder.join("cell.so");
                let whole = hash_of(&path).is_ok_and(|found| found == hash);
                Some(whole.then_some(path)?)
            }
            None => None,
        };
        // When it was used last decides what goes first.
        let _ = std::fs::File::open(&said).and_then(|file| file.set_modified(SystemTime::now()));
        Some((written.entry, library))
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
            .prefix(UNFINISHED)
            .tempdir_in(&self.folder)?;
        let hash = match library {
            Some(library) => {
                let copy = unfinished.path().join("cell.so");
                std::fs::copy(library, &copy)?;
                Some(hash_of(&copy)?)
            }
            None => None,
        };
        let written = Written {
            entry: entry.clone(),
            library: hash,
        };
        let said = serde_json::to_vec(&written)?;
        std::fs::write(unfinished.path().join("said.json"), said)?;
        self.appear(unfinished, key)?;
        if self.made.fetch_add(1, Ordering::Relaxed) % BETWEEN_TRIMS == BETWEEN_TRIMS - 1 {
            self.trim();
        }
        Ok(library.map(|_| self.folder.join(key).join("cell.so")))
    }

    /// Keeps an entry in place of the one that is there; returns where its library lies now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn replace(
        &self,
        key: &str,
        entry: &Entry,
        library: Option<&Path>,
    ) -> io::Result<Option<PathBuf>> {
        let folder = self.folder.join(key);
        if folder.exists() {
            self.remove(&folder)?;
        }
        self.put(key, entry, library)
    }

    /// Gives a finished folder its name. Another kernel may have been quicker, and then its entry is as good;
    /// but one that is not whole makes way.
    fn appear(&self, finished: tempfile::TempDir, key: &str) -> io::Result<()> {
        let folder = self.folder.join(key);
        // The other may put or trim this very entry between any two of these steps.
        let mut tries = 0;
        while let Err(error) = std::fs::rename(finished.path(), &folder) {
            if self.get(key).is_some() {
                return Ok(());
            }
            tries += 1;
            if tries == TRIES {
                return Err(error);
            }
            let _ = self.remove(&folder);
        }
        let _ = finished.keep();
        Ok(())
    }

    /// Takes an entry away in one step, so that nobody finds half of it.
    fn remove(&self, folder: &Path) -> io::Result<()> {
        let aside = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.folder)?;
        std::fs::rename(folder, aside.path().join("removed"))?;
        aside.close()
    }

    /// Removes what was used longest ago until the rest fits, and what crashes left unfinished.
    pub fn trim(&self) {
        self.trim_to(LIMIT);
    }

    fn trim_to(&self, limit: u64) {
        let all = std::fs::read_dir(&self.folder).into_iter().flatten();
        let folders = all.flatten().map(|entry| entry.path());
        let (unfinished, entries): (Vec<PathBuf>, Vec<PathBuf>) = folders
            .filter(|path| path.is_dir())
            .partition(|path| is_unfinished(path));
        let now = SystemTime::now();
        for folder in unfinished {
            let changed = std::fs::metadata(&folder).and_then(|folder| folder.modified());
            let age = changed.ok().and_then(|then| now.duration_since(then).ok());
            if age.is_some_and(|age| age > GIVEN_UP) {
                let _ = std::fs::remove_dir_all(folder);
            }
        }
        let mut entries: Vec<_> = entries.iter().filter_map(|path| described(path)).collect();
        entries.sort();
        let mut size: u64 = entries.iter().map(|(_, size, _)| size).sum();
        for (_, bytes, folder) in entries {
            if size <= limit {
                return;
            }
            // A library that a child has loaded stays loaded.
            if self.remove(&folder).is_ok() {
                size -= bytes;
            }
        }
    }
}

fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with(UNFINISHED)
}

fn hash_of(path: &Path) -> io::Result<String> {
    Ok(blake3::hash(&std::fs::read(path)?).to_hex().to_string())
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
    fn an_entry_can_be_replaced_by_a_better_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        for said in ["first", "second"] {
            cache.replace("k", &entry(said), None).expect("kept");
        }
        assert_eq!(cache.get("k").expect("an entry").0, entry("second"));
    }

    #[test]
    fn a_damaged_entry_is_no_entry_and_makes_way_for_a_whole_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cells"));
        let library = folder.path().join("made.so");
        std::fs::write(&library, "code").expect("a file");
        let entry_of = |name: &str| folder.path().join("cells/k").join(name);
        let damages: [&dyn Fn(); 4] = [
            &|| std::fs::write(entry_of("said.json"), "{").expect("a file"),
            &|| std::fs::write(entry_of("cell.so"), "co").expect("a file"),
            &|| std::fs::remove_file(entry_of("cell.so")).expect("removed"),
            &|| std::fs::remove_file(entry_of("said.json")).expect("removed"),
        ];
        for damage in damages {
            let put = || {
                cache
                    .put("k", &entry("said"), Some(&library))
                    .expect("kept")
            };
            put();
            assert!(cache.get("k").is_some());
            damage();
            assert!(cache.get("k").is_none());
            let kept = put().expect("a path");
            assert_eq!(std::fs::read_to_string(kept).expect("code"), "code");
        }
    }

    #[test]
    fn what_a_crash_left_unfinished_goes_in_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned());
        for (name, age) in [
            ("unfinished-new", Duration::ZERO),
            ("unfinished-old", GIVEN_UP * 2),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).expect("a folder");
            let opened = std::fs::File::open(path).expect("opened");
            opened.set_modified(SystemTime::now() - age).expect("aged");
        }
        cache.trim();
        let stays =
            ["unfinished-new", "unfinished-old"].map(|name| folder.path().join(name).exists());
        assert_eq!(stays, [true, false]);
    }

    #[test]
    fn two_kernels_that_put_trim_and_get_find_whole_entries_or_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let cells = folder.path().join("cells");
        let library = folder.path().join("made.so");
        std::fs::write(&library, "code".repeat(10_000)).expect("a file");
        let kernel = |limit| {
            let (cache, library) = (Cache::new(cells.clone()), &library);
            move || {
                for round in 0..200 {
                    let key = format!("k{}", round % 5);
                    cache
                        .put(&key, &entry("said"), Some(library))
                        .expect("kept");
                    if let Some((found, Some(path))) = cache.get(&key) {
                        assert_eq!(found, entry("said"));
                        // The other may have trimmed it since.
                        let length = std::fs::metadata(path).map_or(40_000, |file| file.len());
                        assert_eq!(length, 40_000);
                    }
                    cache.trim_to(limit);
                }
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(kernel(100_000));
            scope.spawn(kernel(50_000));
        });
        let left = std::fs::read_dir(&cells).expect("a folder").flatten();
        assert!(
            left.map(|entry| entry.path())
                .all(|path| !is_unfinished(&path))
        );
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

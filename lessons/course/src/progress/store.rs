//! The file with a learner's progress: read, changed and written under a lock, so that two kernels
//! lose nothing of each other. Whatever is wrong with it is said, and never ends an exercise.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::{Progress, VERSION};

/// One learner's file.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// What a change returned, and what the learner should know of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    /// What the change returned.
    pub value: T,
    /// One sentence each.
    pub notes: Vec<String>,
}

/// What could not be written, by folder: it lasts as long as the kernel.
static UNWRITTEN: LazyLock<Mutex<HashMap<PathBuf, Progress>>> = LazyLock::new(Mutex::default);

impl Store {
    /// The file `progress.json` in this folder.
    pub fn at(folder: impl Into<PathBuf>) -> Store {
        Store {
            folder: folder.into(),
        }
    }

    /// Where the file is.
    pub fn path(&self) -> PathBuf {
        self.folder.join("progress.json")
    }

    /// Reads the progress, changes it and writes it, while no other process does.
    pub fn change<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> Kept<T> {
        let mut notes = Vec::new();
        let lock = self.lock();
        let read = lock.and_then(|lock| Ok((lock, self.read(&mut notes)?)));
        let (lock, (mut progress, unkept)) = match read {
            Ok((lock, progress)) => (Some(lock), progress),
            Err(error) => {
                notes.push(self.unwritable(&error));
                (None, (self.unwritten(), true))
            }
        };
        let before = progress.clone();
        let value = change(&mut progress);
        if progress.version() > VERSION {
            notes.push(format!(
                "{} was written by a newer version of these lessons, so nothing is changed in it: \
                 what you do now is not kept. Update the lessons.",
                self.path().display()
            ));
        } else if lock.is_none() {
            self.remember(progress);
        } else if (progress != before || unkept)
            && let Err(error) = self.write(&progress)
        {
            notes.push(self.unwritable(&error));
            self.remember(progress);
        }
        Kept { value, notes }
    }

    /// Held until it is dropped.
    fn lock(&self) -> io::Result<File> {
        std::fs::create_dir_all(&self.folder)?;
        let path = self.folder.join("progress.lock");
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        file.lock()?;
        Ok(file)
    }

    /// The progress, and whether there is something in it that the file does not have.
    fn read(&self, notes: &mut Vec<String>) -> io::Result<(Progress, bool)> {
        let bytes = match std::fs::read(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let unwritten = self.taken_back();
                return Ok((unwritten.unwrap_or_else(|| Progress::new(new_seed())), true));
            }
            bytes => bytes?,
        };
        let parsed = String::from_utf8(bytes).ok();
        if let Some(mut progress) = parsed.and_then(|text| Progress::parse(&text)) {
            // What a full disk refused before; another kernel may have written since.
            let unwritten = self.taken_back();
            if let Some(unwritten) = &unwritten {
                progress.take_newer(unwritten);
            }
            return Ok((progress, unwritten.is_some()));
        }
        let aside = free_name(&self.folder);
        std::fs::rename(self.path(), &aside)?;
        notes.push(format!(
            "The file with your progress was damaged. It is kept as {}, and a new one is begun, with \
             new numbers in the exercises.",
            aside.display()
        ));
        Ok((Progress::new(new_seed()), true))
    }

    /// Whole or not at all: a kernel that dies here leaves the old file.
    fn write(&self, progress: &Progress) -> io::Result<()> {
        let unfinished = self.folder.join("progress.json.new");
        let mut file = File::create(&unfinished)?;
        file.write_all(progress.text().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(unfinished, self.path())
    }

    fn unwritable(&self, error: &io::Error) -> String {
        format!(
            "Your progress could not be kept in {} ({error}): it lasts until the kernel ends. Make \
             the folder writable, or set XDG_DATA_HOME to another one.",
            self.folder.display()
        )
    }

    /// What was not written before, or what the file says, or a new learner.
    fn unwritten(&self) -> Progress {
        let file = || Progress::parse(&std::fs::read_to_string(self.path()).ok()?);
        let mut unwritten = UNWRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        let found = unwritten.remove(&self.folder);
        found
            .or_else(file)
            .unwrap_or_else(|| Progress::new(new_seed()))
    }

    fn taken_back(&self) -> Option<Progress> {
        let mut unwritten = UNWRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        unwritten.remove(&self.folder)
    }

    fn remember(&self, progress: Progress) {
        let mut unwritten = UNWRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        unwritten.insert(self.folder.clone(), progress);
    }
}

/// Where a user's programs keep what they made, as the kernel does with its history.
pub fn data_folder() -> Option<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let configured = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || std::env::home_dir().map(|home| home.join(".local/share"));
    configured.filter(absolute).or_else(home)
}

fn free_name(folder: &Path) -> PathBuf {
    let names = (1..).map(|n| folder.join(format!("progress.damaged-{n}.json")));
    let mut free = names.filter(|name| !name.exists());
    free.next().unwrap_or_else(|| folder.to_owned())
}

/// The system's randomness, in as many bits as every JSON reader keeps.
fn new_seed() -> u64 {
    RandomState::new().hash_one(std::process::id()) >> 11
}

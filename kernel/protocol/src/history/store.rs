//! Cells become lines of a file that several kernels append to at once.
//! Knows nothing of what is searched for. A damaged line costs that line and no other.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One cell as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) session: String,
    pub(super) line: u32,
    pub(super) input: String,
    pub(super) output: Option<String>,
}

/// A file of JSON lines.
pub(super) struct Store {
    path: PathBuf,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the history file {path:?} cannot be {action}: {source}")]
pub(super) struct StoreError {
    path: PathBuf,
    action: &'static str,
    source: io::Error,
}

impl Store {
    pub(super) fn new(path: PathBuf) -> Store {
        Store { path }
    }

    pub(super) fn append(&self, line: &Line) -> Result<(), StoreError> {
        self.try_append(line).map_err(|source| StoreError {
            path: self.path.clone(),
            action: "written",
            source,
        })
    }

    /// All readable lines in their order; none while there is no file.
    pub(super) fn read(&self) -> Result<Vec<Line>, StoreError> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => {
                return Err(StoreError {
                    path: self.path.clone(),
                    action: "read",
                    source,
                });
            }
        };
        Ok(bytes
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect())
    }

    fn try_append(&self, line: &Line) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&self.path)?;
        // Held until `file` is dropped: another kernel neither writes between the look at the last
        // byte and our line, nor into it.
        file.lock()?;
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        if ends_mid_line(&mut file)? {
            // A kernel was killed while it wrote: its half line must not swallow ours.
            text.insert(0, '\n');
        }
        file.write_all(text.as_bytes())
    }
}

fn ends_mid_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(session: &str, number: u32, input: &str) -> Line {
        Line {
            session: session.to_owned(),
            line: number,
            input: input.to_owned(),
            output: Some("4".to_owned()),
        }
    }

    #[test]
    fn keeps_lines_in_a_folder_that_it_makes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("a/b/cells.jsonl"));
        assert!(store.read().unwrap().is_empty());
        let cells = [line("a", 1, "two\nlines \u{1b}"), line("b", 1, "λ")];
        for cell in &cells {
            store.append(cell).unwrap();
        }
        assert_eq!(store.read().unwrap(), cells);
    }

    #[test]
    fn a_damaged_line_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.jsonl");
        let store = Store::new(path.clone());
        store.append(&line("a", 1, "1")).unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"\xff\x00\n{\"session\": \"a\", \"li")
            .unwrap();
        store.append(&line("a", 2, "2")).unwrap();
        assert_eq!(
            store.read().unwrap(),
            [line("a", 1, "1"), line("a", 2, "2")]
        );
    }

    #[test]
    fn writers_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells.jsonl");
        let long = "x".repeat(20_000);
        std::thread::scope(|scope| {
            for session in ["a", "b", "c", "d"] {
                let (store, long) = (Store::new(path.clone()), &long);
                scope.spawn(move || {
                    for number in 1..=50 {
                        store.append(&line(session, number, long)).unwrap();
                    }
                });
            }
        });
        let lines = Store::new(path).read().unwrap();
        assert_eq!(lines.len(), 200);
        for session in ["a", "b", "c", "d"] {
            let mine = lines.iter().filter(|line| line.session == session);
            assert!(mine.map(|line| line.line).eq(1..=50));
        }
    }

    #[test]
    fn says_which_file_cannot_be_used() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().to_owned());
        let error = store.append(&line("a", 1, "1")).unwrap_err().to_string();
        assert!(error.contains(&*folder.path().to_string_lossy()), "{error}");
        assert!(store.read().is_err());
    }
}

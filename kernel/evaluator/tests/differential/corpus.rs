//! The corpus: sessions of cells with what ours does differently on purpose.
//! See `kernel/tests/differential/README.md` for the format.

use std::path::Path;

/// Consecutive cells.
#[derive(Debug)]
pub struct Session {
    /// The file it is in, without its ending.
    pub file: String,
    pub name: String,
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Debug, Default)]
pub struct Cell {
    pub source: String,
    pub expected: Expected,
}

/// Where ours is not to be what evcxr does.
#[derive(Debug, Default)]
pub struct Expected {
    pub status: Option<String>,
    /// `Some(None)`: no value.
    pub value: Option<Option<String>>,
    pub stdout: Option<String>,
    pub variables: Option<Vec<String>>,
    /// What is not compared.
    pub free: Vec<String>,
    /// evcxr is not asked.
    pub alone: bool,
    pub because: Option<String>,
}

impl Session {
    pub fn is_called(&self, name: &str) -> bool {
        self.file == name || self.name.contains(name)
    }
}

/// All files of a folder, in order.
pub fn read(folder: &Path) -> Vec<Session> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus is there")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "cells"))
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| read_file(path)).collect()
}

fn read_file(path: &Path) -> Vec<Session> {
    let text = std::fs::read_to_string(path).expect("UTF-8");
    let file = path
        .file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let mut sessions: Vec<Session> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            let cells = vec![Cell::default()];
            sessions.push(Session {
                file: file.clone(),
                name: name.to_owned(),
                cells,
            });
            continue;
        }
        let session = sessions.last_mut().expect("a file begins with ===");
        if line == "---" {
            session.cells.push(Cell::default());
            continue;
        }
        let cell = session.cells.last_mut().expect("a session has a cell");
        match line.strip_prefix("=> ") {
            Some(expected) => cell.expected.add(expected),
            None => {
                cell.source.push_str(line);
                cell.source.push('\n');
            }
        }
    }
    for cell in sessions.iter_mut().flat_map(|session| &mut session.cells) {
        cell.source = cell.source.trim_matches('\n').to_owned();
        cell.expected.check(&cell.source);
    }
    sessions
}

impl Expected {
    fn add(&mut self, line: &str) {
        let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words = || rest.split_whitespace().map(str::to_owned);
        match key {
            "status" => self.status = Some(rest.to_owned()),
            "value" => self.value = Some((!rest.is_empty()).then(|| rest.to_owned())),
            "stdout" => self.stdout = Some(rest.replace("\\n", "\n")),
            "variables" => self.variables = Some(words().collect()),
            "free" => self.free.extend(words()),
            "alone" => self.alone = true,
            "because" => self.because = Some(rest.to_owned()),
            _ => panic!("`=> {line}` means nothing"),
        }
    }

    fn check(&self, source: &str) {
        let says = self.status.is_some()
            || self.value.is_some()
            || self.stdout.is_some()
            || self.variables.is_some()
            || !self.free.is_empty()
            || self.alone;
        assert_eq!(
            says,
            self.because.is_some(),
            "a difference and no reason, or the reverse: {source}"
        );
    }
}

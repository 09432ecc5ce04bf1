//! How often the course uses a name, and where: counted in its notebooks and in the source of the lessons.

use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How much a use in a notebook counts against one in the lessons' own source.
const NOTEBOOK: u32 = 5;

/// Where a name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Behind a dot.
    Member,
    /// Behind `Tensor::`, with the last name of the path.
    Path(String),
    /// By itself.
    Free,
}

impl Place {
    /// The place at the end of a piece of source.
    pub fn before(code: &str) -> Place {
        let code = code.trim_end();
        if let Some(path) = code.strip_suffix("::") {
            let path = path.trim_end();
            return Place::Path(path[path.trim_end_matches(is_name).len()..].to_owned());
        }
        match code.ends_with('.') && !code.ends_with("..") {
            true => Place::Member,
            false => Place::Free,
        }
    }
}

/// Uses of each name.
#[derive(Debug, Default)]
pub struct Usage {
    members: HashMap<String, u32>,
    /// Behind a path, whatever the path.
    behind: HashMap<String, u32>,
    /// With the last name before it: `Tensor::zeros`.
    paths: HashMap<String, u32>,
    free: HashMap<String, u32>,
}

impl Usage {
    /// Counts in the notebooks beside a lessons crate, and in its source and that of the crates in it.
    pub fn of(lessons: Option<&Path>) -> Usage {
        let mut usage = Usage::default();
        let Some(lessons) = lessons else {
            return usage;
        };
        for file in files(&lessons.join("../notebooks"), "ipynb") {
            for code in code_cells(&file) {
                usage.count(&code, NOTEBOOK);
            }
        }
        for folder in ["src", "course/src", "tests"] {
            for file in files(&lessons.join(folder), "rs") {
                usage.count(&std::fs::read_to_string(file).unwrap_or_default(), 1);
            }
        }
        usage
    }

    /// How often a name is used at such a place: with this very path, and at all.
    pub fn of_name(&self, place: &Place, name: &str) -> (u32, u32) {
        // A macro is counted by its name.
        let name = name.trim_end_matches('!');
        let of = |counts: &HashMap<String, u32>, name: &str| counts.get(name).copied();
        match place {
            Place::Member => (of(&self.members, name).unwrap_or(0), 0),
            Place::Path(path) => (
                of(&self.paths, &format!("{path}::{name}")).unwrap_or(0),
                of(&self.behind, name).unwrap_or(0),
            ),
            Place::Free => (of(&self.free, name).unwrap_or(0), 0),
        }
    }

    /// Adds the names of a piece of source.
    pub fn count(&mut self, code: &str, weight: u32) {
        let mut add = |counts: fn(&mut Usage) -> &mut HashMap<String, u32>, name: String| {
            *counts(self).entry(name).or_default() += weight;
        };
        // Examples in documentation are uses, other comments are words.
        let code: String = code
            .lines()
            .filter(|line| {
                let line = line.trim_start();
                !line.starts_with("//") || line.starts_with("///") || line.starts_with("//!")
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let mut rest = code.as_str();
        let mut before = String::new();
        while let Some(start) = rest.find(is_name) {
            let gap = &rest[..start];
            let end = rest[start..]
                .find(|one| !is_name(one))
                .map_or(rest.len(), |at| start + at);
            let name = &rest[start..end];
            match gap.trim() {
                "." => add(|usage| &mut usage.members, name.to_owned()),
                "::" if gap == "::" => {
                    add(|usage| &mut usage.behind, name.to_owned());
                    add(|usage| &mut usage.paths, format!("{before}::{name}"));
                }
                other if other.ends_with('.') && !other.ends_with("..") => {
                    add(|usage| &mut usage.members, name.to_owned());
                }
                _ => add(|usage| &mut usage.free, name.to_owned()),
            }
            name.clone_into(&mut before);
            rest = &rest[end..];
        }
    }
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn code_cells(notebook: &Path) -> Vec<String> {
    let text = std::fs::read(notebook).unwrap_or_default();
    let parsed: Value = serde_json::from_slice(&text).unwrap_or_default();
    let cells = parsed["cells"].as_array().cloned().unwrap_or_default();
    let code = |cell: &Value| {
        let lines = match &cell["source"] {
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            Value::String(text) => text.clone(),
            _ => String::new(),
        };
        (cell["cell_type"] == "code").then_some(lines)
    };
    cells.iter().filter_map(code).collect()
}

/// All files with an ending, in a fixed order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|other| other == ending) {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted_by_where_they_stand() {
        let mut usage = Usage::default();
        usage.count(
            "let t = Tensor::zeros(&[2]);\n// t.sum()\n/// t.sum();\n(t + 1)\n    .mean()",
            2,
        );
        let of = |place: &str, name: &str| usage.of_name(&Place::before(place), name);
        assert_eq!(of("t.", "mean"), (2, 0));
        assert_eq!(of("t.", "sum"), (2, 0));
        assert_eq!(of("Tensor::", "zeros"), (2, 2));
        assert_eq!(of("Vec::", "zeros"), (0, 2));
        assert_eq!(of("", "Tensor"), (2, 0));
        assert_eq!(of("0..", "mean"), (0, 0));
    }

    #[test]
    fn notebooks_count_by_their_code() {
        let folder = tempfile::tempdir().expect("a folder");
        let notebooks = folder.path().join("notebooks");
        std::fs::create_dir_all(&notebooks).expect("a folder");
        std::fs::create_dir_all(folder.path().join("lessons")).expect("a folder");
        let notebook = r#"{"cells": [
            {"cell_type": "code", "source": ["a.b();\n", "c"]},
            {"cell_type": "markdown", "source": "d.e()"}
        ]}"#;
        std::fs::write(notebooks.join("a.ipynb"), notebook).expect("a file");
        let usage = Usage::of(Some(&folder.path().join("lessons")));
        assert_eq!(usage.of_name(&Place::Member, "b").0, NOTEBOOK);
        assert_eq!(usage.of_name(&Place::Free, "c").0, NOTEBOOK);
        assert_eq!(usage.of_name(&Place::Member, "e").0, 0);
    }
}

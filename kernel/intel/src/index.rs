//! What can be said of the library before any rust-analyzer runs is worked out here once, and kept:
//! kernels read it while theirs starts.
//! Knows nothing of how it is read.

use crate::analysis::{Analyst, PRELUDE, rank};
use crate::source::Session;
use crate::wire::Completion;
use anyhow::Result;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The name of the file in the cache's folder.
const FILE: &str = "index.json";
/// Paths that learners write, beside those that begin with a name of the lessons' prelude.
const PATHS: [&str; 8] = [
    "lessons",
    "tch",
    "tch::nn",
    "plotters",
    "plotters::prelude",
    "std",
    "std::collections",
    "String",
];
/// Types whose methods learners call, beside those of the prelude and of its modules.
const TYPES: [(&str, &str); 10] = [
    ("String", "String"),
    ("str", "&'static str"),
    ("Vec", "Vec<f64>"),
    ("Option", "Option<f64>"),
    ("Result", "Result<f64, String>"),
    ("HashMap", "std::collections::HashMap<String, f64>"),
    ("f64", "f64"),
    ("f32", "f32"),
    ("i64", "i64"),
    ("usize", "usize"),
];

/// What is written down.
#[derive(Debug, Default, Serialize)]
struct Index {
    /// What the lessons' prelude brings.
    free: Vec<Completion>,
    /// What stands behind `path::`.
    paths: BTreeMap<String, Vec<Completion>>,
    /// What stands behind the dot of a value, by the last name of its type.
    members: BTreeMap<String, Vec<Completion>>,
}

/// One question of the many.
#[derive(Debug)]
enum Task {
    Free,
    Path(String),
    /// The type's last name, and how it is written.
    Members(String, String),
}

/// An index that is being made, one question at a time.
pub struct Making {
    file: PathBuf,
    index: Index,
    tasks: VecDeque<Task>,
    /// Those that the prelude brings.
    modules: BTreeSet<String>,
}

impl Making {
    /// Where the lessons have changed since it was made last; else there is nothing to do.
    pub fn new(cache: &Path, lessons: Option<&Path>) -> Option<Making> {
        let file = cache.join(FILE);
        let made = file.metadata().and_then(|file| file.modified()).ok();
        let changed = [Some(&*std::env::current_exe().ok()?), lessons];
        let changed = changed.into_iter().flatten().filter_map(newest).max();
        if made.is_some() && made >= changed {
            return None;
        }
        let paths = PATHS.map(|path| Task::Path(path.to_owned()));
        let types = TYPES.map(|(name, text)| Task::Members(name.to_owned(), text.to_owned()));
        Some(Making {
            file,
            index: Index::default(),
            tasks: [Task::Free].into_iter().chain(paths).chain(types).collect(),
            modules: BTreeSet::new(),
        })
    }

    /// Asks one question; writes the file after the last one. Whether there are more.
    pub fn go_on(&mut self, analyst: &mut Analyst) -> Result<bool> {
        let Some(task) = self.tasks.pop_front() else {
            let unfinished = self.file.with_extension(std::process::id().to_string());
            std::fs::write(&unfinished, serde_json::to_vec(&self.index)?)?;
            std::fs::rename(unfinished, &self.file)?;
            return Ok(false);
        };
        match task {
            Task::Free => {
                let everywhere = texts(&all(analyst, "", "")?);
                let mut found = all(analyst, PRELUDE, "")?;
                found.retain(|item| !everywhere.contains(&item.text));
                self.look_into(None, &found);
                self.index.free = found;
            }
            Task::Path(path) => {
                let found = all(analyst, PRELUDE, &format!("{path}::"))?;
                self.look_into(Some(&path), &found);
                self.index.paths.insert(path, found);
            }
            Task::Members(name, text) => {
                let found = all(analyst, PRELUDE, &format!("let value: {text};\nvalue."))?;
                self.index.members.insert(name, found);
            }
        }
        Ok(true)
    }

    /// Asks for what the names of the library hold: the modules of the lessons, and the types that the
    /// prelude brings or a module that it brings, with their methods.
    fn look_into(&mut self, path: Option<&str>, found: &[Completion]) {
        let types = path.is_none_or(|path| self.modules.contains(path));
        let modules = matches!(path, None | Some("lessons"));
        for item in found {
            let name = item.text.clone();
            let is_type = types && matches!(item.kind.as_str(), "struct" | "enum" | "type");
            let is_module = modules && item.kind == "module";
            let path = path.map_or(name.clone(), |path| format!("{path}::{name}"));
            if is_module && path == name {
                self.modules.insert(path.clone());
            }
            if is_type || is_module {
                self.tasks.push_back(Task::Path(path.clone()));
            }
            if is_type {
                self.tasks.push_back(Task::Members(name, path));
            }
        }
    }
}

/// What stands at the end of `code`, without the forms that nobody looks for first.
fn all(analyst: &mut Analyst, items: &str, code: &str) -> Result<Vec<Completion>> {
    let session = Session {
        items: items.to_owned(),
        ..Session::default()
    };
    let mut found = analyst.complete(&session, code, code.len())?.items;
    found.retain(|item| rank(&item.text) == 0 && item.kind != "keyword");
    Ok(found)
}

fn texts(items: &[Completion]) -> BTreeSet<String> {
    items.iter().map(|item| item.text.clone()).collect()
}

/// When the newest file in a folder was written.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = path.metadata().and_then(|meta| meta.modified()).ok();
    let inside = std::fs::read_dir(path.join("src")).or_else(|_| std::fs::read_dir(path));
    let inside = inside.into_iter().flatten().flatten();
    let inside = inside.filter_map(|entry| newest(&entry.path())).max();
    own.max(inside)
}

//! What can be said of the library before any rust-analyzer runs is worked out here once, and kept:
//! kernels read it while theirs starts.
//! Knows nothing of how it is read.

use crate::analysis::Analyst;
use crate::order::{Forms, rank};
use crate::prelude::PRELUDE;
use crate::source::Session;
use crate::wire::Completion;
use anyhow::Result;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The name of the file in the cache's folder.
const FILE: &str = "index.json";
/// Paths that learners write, beside those that begin with a name of the prelude and modules of std.
const PATHS: [&str; 8] = [
    "lessons",
    "course",
    "tch",
    "tch::nn",
    "plotters",
    "plotters::prelude",
    "std",
    "std::collections",
];
/// Types of std whose functions and methods learners call: the last name, the type as a value of it has it,
/// and the path behind which its functions are.
const TYPES: [(&str, &str, &str); 44] = [
    ("String", "String", "String"),
    ("str", "&'static str", "str"),
    ("Vec", "Vec<f64>", "Vec"),
    ("slice", "&'static [f64]", ""),
    ("Option", "Option<f64>", "Option"),
    ("Result", "Result<f64, String>", "Result"),
    ("Box", "Box<f64>", "Box"),
    (
        "HashMap",
        "std::collections::HashMap<String, f64>",
        "std::collections::HashMap",
    ),
    (
        "HashSet",
        "std::collections::HashSet<String>",
        "std::collections::HashSet",
    ),
    (
        "BTreeMap",
        "std::collections::BTreeMap<String, f64>",
        "std::collections::BTreeMap",
    ),
    (
        "BTreeSet",
        "std::collections::BTreeSet<String>",
        "std::collections::BTreeSet",
    ),
    (
        "VecDeque",
        "std::collections::VecDeque<f64>",
        "std::collections::VecDeque",
    ),
    (
        "BinaryHeap",
        "std::collections::BinaryHeap<i64>",
        "std::collections::BinaryHeap",
    ),
    ("Rc", "std::rc::Rc<f64>", "std::rc::Rc"),
    ("Arc", "std::sync::Arc<f64>", "std::sync::Arc"),
    ("Mutex", "std::sync::Mutex<f64>", "std::sync::Mutex"),
    ("RwLock", "std::sync::RwLock<f64>", "std::sync::RwLock"),
    ("Cell", "std::cell::Cell<f64>", "std::cell::Cell"),
    ("RefCell", "std::cell::RefCell<f64>", "std::cell::RefCell"),
    ("Duration", "std::time::Duration", "std::time::Duration"),
    ("Instant", "std::time::Instant", "std::time::Instant"),
    (
        "SystemTime",
        "std::time::SystemTime",
        "std::time::SystemTime",
    ),
    ("PathBuf", "std::path::PathBuf", "std::path::PathBuf"),
    ("Path", "&'static std::path::Path", "std::path::Path"),
    ("File", "std::fs::File", "std::fs::File"),
    ("Command", "std::process::Command", "std::process::Command"),
    (
        "JoinHandle",
        "std::thread::JoinHandle<f64>",
        "std::thread::JoinHandle",
    ),
    ("Ordering", "std::cmp::Ordering", "std::cmp::Ordering"),
    ("Range", "std::ops::Range<i64>", "std::ops::Range"),
    ("char", "char", "char"),
    ("bool", "bool", "bool"),
    ("f64", "f64", "f64"),
    ("f32", "f32", "f32"),
    ("i8", "i8", "i8"),
    ("i16", "i16", "i16"),
    ("i32", "i32", "i32"),
    ("i64", "i64", "i64"),
    ("i128", "i128", "i128"),
    ("isize", "isize", "isize"),
    ("u8", "u8", "u8"),
    ("u32", "u32", "u32"),
    ("u64", "u64", "u64"),
    ("u128", "u128", "u128"),
    ("usize", "usize", "usize"),
];

/// What is written down.
#[derive(Debug, Default, Serialize)]
struct Index {
    /// What can be written by itself: the preludes of the lessons, the course and std.
    free: Vec<Completion>,
    /// What stands behind `path::`.
    paths: BTreeMap<String, Vec<Completion>>,
    /// What stands behind the dot of a value, by the last name of its type, and by its path if that is
    /// another's name, too.
    members: BTreeMap<String, Vec<Completion>>,
}

/// One question of the many.
#[derive(Debug)]
enum Task {
    Free,
    Path(String),
    /// A type's path, under its last name.
    Functions(String, String),
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
        let program = std::env::current_exe().ok()?;
        // The course's folder is inside the lessons'; the notebooks say what is used most.
        let within = |name: &str| lessons.map(|lessons| lessons.join(name));
        let changed = [
            Some(program),
            within(""),
            within("course"),
            within("../notebooks"),
        ];
        let changed = changed
            .into_iter()
            .flatten()
            .filter_map(|path| newest(&path))
            .max();
        if made.is_some() && made >= changed {
            return None;
        }
        let paths = PATHS.map(|path| Task::Path(path.to_owned()));
        let types = TYPES.into_iter().flat_map(|(name, text, path)| {
            let members = Task::Members(name.to_owned(), text.to_owned());
            let functions = Task::Functions(name.to_owned(), path.to_owned());
            [Some(members), (!path.is_empty()).then_some(functions)]
        });
        let types = types.flatten();
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
                let found = all(analyst, PRELUDE, "")?;
                let mut own = found.clone();
                own.retain(|item| !everywhere.contains(&item.text));
                self.look_into(None, &own);
                self.index.free = found;
            }
            Task::Path(path) => {
                let found = all(analyst, PRELUDE, &format!("{path}::"))?;
                self.look_into(Some(&path), &found);
                self.index.paths.insert(path, found);
            }
            Task::Functions(name, path) => {
                let found = all(analyst, PRELUDE, &format!("{path}::"))?;
                self.index.paths.insert(name, found);
            }
            Task::Members(name, text) => {
                let found = all(analyst, PRELUDE, &format!("let value: {text};\nvalue."))?;
                // `nn::Linear` beside the prelude's `Linear`.
                if text.contains("::") && !text.contains(['<', '&']) {
                    self.index.members.insert(text, found.clone());
                }
                self.index.members.entry(name).or_insert(found);
            }
        }
        Ok(true)
    }

    /// Asks for what the names of the library hold: the modules of the lessons, and the types that the
    /// prelude brings or a module that it brings, with their methods.
    fn look_into(&mut self, path: Option<&str>, found: &[Completion]) {
        let types = path.is_none_or(|path| self.modules.contains(path));
        let modules = matches!(path, None | Some("lessons" | "course" | "std"));
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
    let found = analyst.complete(&session, code, code.len())?.items;
    let forms = Forms::among(found.iter().map(|item| item.text.as_str()));
    let found: Vec<Completion> = found
        .iter()
        .filter(|item| rank(item, &forms) == 0 && item.kind != "keyword")
        .cloned()
        .collect();
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

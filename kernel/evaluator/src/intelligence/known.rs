//! Answers from what the kernel itself knows: names of the session, and of Rust.
//! Knows nothing of types: behind a dot it has nothing to offer.

use gradbook_protocol::evaluator::{Completion, MimeBundle};

use crate::commands::short;

use super::lexis::is_name;
use super::view::{KnownName, SessionView};

/// The keywords that begin something in a cell.
const KEYWORDS: [&str; 32] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "false",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "static", "struct", "trait", "true", "type", "use", "while",
];

/// Names that are in scope everywhere, with their kind.
const PRELUDE: [(&str, &str); 44] = [
    ("assert!", "macro"),
    ("assert_eq!", "macro"),
    ("dbg!", "macro"),
    ("eprintln!", "macro"),
    ("format!", "macro"),
    ("matches!", "macro"),
    ("panic!", "macro"),
    ("print!", "macro"),
    ("println!", "macro"),
    ("todo!", "macro"),
    ("vec!", "macro"),
    ("write!", "macro"),
    ("Box", "struct"),
    ("Clone", "trait"),
    ("Copy", "trait"),
    ("Default", "trait"),
    ("Err", "variant"),
    ("Fn", "trait"),
    ("From", "trait"),
    ("Into", "trait"),
    ("Iterator", "trait"),
    ("None", "variant"),
    ("Ok", "variant"),
    ("Option", "enum"),
    ("Result", "enum"),
    ("Some", "variant"),
    ("String", "struct"),
    ("ToString", "trait"),
    ("Vec", "struct"),
    ("bool", "type"),
    ("char", "type"),
    ("drop", "function"),
    ("f32", "type"),
    ("f64", "type"),
    ("i32", "type"),
    ("i64", "type"),
    ("str", "type"),
    ("u8", "type"),
    ("u32", "type"),
    ("u64", "type"),
    ("usize", "type"),
    ("Tensor", "struct"),
    ("Kind", "enum"),
    ("Device", "enum"),
];

/// Where paths can begin.
const CRATES: [&str; 7] = [
    "std", "tch", "plotters", "lessons", "course", "self", "crate",
];

/// What learners use of a few modules.
const MODULES: [(&str, &[&str]); 5] = [
    (
        "std",
        &[
            "cell",
            "cmp",
            "collections",
            "convert",
            "env",
            "error",
            "f32",
            "f64",
            "fmt",
            "fs",
            "io",
            "iter",
            "mem",
            "ops",
            "path",
            "process",
            "rc",
            "str",
            "string",
            "sync",
            "thread",
            "time",
            "vec",
        ],
    ),
    (
        "std::collections",
        &[
            "BTreeMap",
            "BTreeSet",
            "BinaryHeap",
            "HashMap",
            "HashSet",
            "VecDeque",
        ],
    ),
    ("std::rc", &["Rc", "Weak"]),
    ("std::sync", &["Arc", "Mutex", "RwLock", "atomic", "mpsc"]),
    (
        "tch",
        &[
            "CModule",
            "Cuda",
            "Device",
            "IndexOp",
            "Kind",
            "Reduction",
            "Tensor",
            "nn",
            "no_grad",
        ],
    ),
];

/// Where a cursor stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// First byte of the name being written.
    pub start: usize,
    /// That name so far.
    pub prefix: String,
    /// What it belongs to.
    pub scope: Scope,
}

/// What a name belongs to.
#[derive(Debug, PartialEq, Eq)]
pub enum Scope {
    /// Anything in scope.
    Free,
    /// A value: a field or a method.
    Member,
    /// A path such as `std::collections`.
    Path(String),
    /// The first name of a `use`.
    Use,
    /// A new name, or a number: nothing to offer.
    New,
}

impl Place {
    /// The place at the end of a piece of source.
    pub fn at(before: &str) -> Self {
        let head = before.trim_end_matches(is_name);
        let prefix = before[head.len()..].to_owned();
        let scope = if prefix.starts_with(|first: char| first.is_numeric()) {
            Scope::New
        } else if let Some(path) = head.trim_end().strip_suffix("::") {
            let start = path
                .trim_end_matches(|c: char| is_name(c) || c == ':')
                .len();
            Scope::Path(path[start..].trim_start_matches("::").to_owned())
        } else if head.trim_end().ends_with('.') && !head.trim_end().ends_with("..") {
            Scope::Member
        } else {
            match head.split_whitespace().next_back() {
                Some("use") => Scope::Use,
                Some("let" | "fn" | "struct" | "enum" | "trait" | "mod" | "const" | "static") => {
                    Scope::New
                }
                _ => Scope::Free,
            }
        };
        Self {
            start: head.len(),
            prefix,
            scope,
        }
    }
}

/// Names that begin with the prefix, the session's own first, its newest first.
pub fn complete(view: &SessionView, place: &Place) -> Vec<Completion> {
    let item = |text: &str, kind: &str, signature: &str| Completion {
        text: text.to_owned(),
        kind: kind.to_owned(),
        signature: signature.to_owned(),
    };
    let mut found: Vec<Completion> = match &place.scope {
        Scope::Member | Scope::New => Vec::new(),
        Scope::Use => CRATES.iter().map(|name| item(name, "module", "")).collect(),
        Scope::Path(path) => MODULES
            .iter()
            .filter(|(module, _)| module == path)
            .flat_map(|(_, names)| *names)
            .map(|name| {
                item(
                    name,
                    if name.starts_with(char::is_uppercase) {
                        "struct"
                    } else {
                        "module"
                    },
                    "",
                )
            })
            .collect(),
        Scope::Free => {
            let session = view
                .names
                .iter()
                .rev()
                .map(|known| item(&known.name, &known.kind, &short(&known.signature)));
            let prelude = PRELUDE.iter().map(|(name, kind)| item(name, kind, ""));
            let crates = CRATES.iter().map(|name| item(name, "module", ""));
            let keywords = KEYWORDS.iter().map(|name| item(name, "keyword", ""));
            // With nothing written yet, Rust's own names would hide the session's.
            let rust = prelude
                .chain(crates)
                .chain(keywords)
                .filter(|_| !place.prefix.is_empty());
            session.chain(rust).collect()
        }
    };
    found.retain(|item| item.text.starts_with(&place.prefix));
    let mut told = std::collections::BTreeSet::new();
    found.retain(|item| told.insert(item.text.clone()));
    found
}

/// What the kernel knows of a name.
pub fn inspect(view: &SessionView, name: &str) -> Option<MimeBundle> {
    let is_it = |known: &&KnownName| known.name.trim_end_matches('!') == name;
    let known = view.names.iter().rev().find(is_it)?;
    let text = match known.kind.as_str() {
        "variable" => format!("let {}: {}", known.name, short(&known.signature)),
        _ => known.signature.clone(),
    };
    let mut bundle = MimeBundle::default();
    bundle.data.insert("text/plain".to_owned(), text.into());
    Some(bundle)
}

/// The first lines of a documentation: the declaration and what it is about.
pub fn shortened(documentation: &str) -> String {
    const LINES: usize = 16;
    let mut lines = documentation.trim_end().lines();
    let mut short = lines.by_ref().take(LINES).collect::<Vec<_>>().join("\n");
    if lines.next().is_some() {
        short.push_str("\n...");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> SessionView {
        let known = |name: &str, kind: &str, signature: &str| KnownName {
            name: name.to_owned(),
            kind: kind.to_owned(),
            signature: signature.to_owned(),
        };
        SessionView {
            names: vec![
                known("weights", "variable", "std::vec::Vec<f64>"),
                known("step", "function", "fn step(rate: f64)"),
                known("weight_decay", "variable", "f64"),
            ],
            ..SessionView::default()
        }
    }

    fn texts(before: &str) -> Vec<String> {
        complete(&view(), &Place::at(before))
            .into_iter()
            .map(|item| item.text)
            .collect()
    }

    #[test]
    fn names_of_the_session_come_first_and_the_newest_first_of_all() {
        assert_eq!(texts("let y = we"), ["weight_decay", "weights"]);
        assert_eq!(
            texts("s"),
            ["step", "str", "std", "self", "static", "struct"]
        );
        assert_eq!(texts(""), ["weight_decay", "step", "weights"]);
        assert_eq!(texts("print"), ["print!", "println!"]);
    }

    #[test]
    fn nothing_is_offered_where_only_types_would_help() {
        for before in ["weights.", "weights.l", "Unknown::", "let we", "12", "fn s"] {
            assert!(texts(before).is_empty(), "{before}");
        }
        assert!(!texts("for i in 0..we").is_empty());
    }

    #[test]
    fn paths_of_the_standard_library_are_known_a_little() {
        assert_eq!(texts("use st"), ["std"]);
        assert_eq!(texts("use std::coll"), ["collections"]);
        assert_eq!(
            texts("let m = std::collections::Hash"),
            ["HashMap", "HashSet"]
        );
    }

    #[test]
    fn a_name_is_told_with_its_type() {
        let text =
            |name: &str| inspect(&view(), name).map(|bundle| bundle.data["text/plain"].clone());
        assert_eq!(text("weights"), Some("let weights: Vec<f64>".into()));
        assert_eq!(text("step"), Some("fn step(rate: f64)".into()));
        assert_eq!(text("unknown"), None);
    }

    #[test]
    fn long_documentation_is_cut_with_a_mark() {
        let long = "line\n".repeat(40);
        assert_eq!(shortened(&long).lines().count(), 17);
        assert_eq!(shortened("a\nb\n"), "a\nb");
    }
}

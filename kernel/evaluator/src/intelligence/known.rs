//! Answers from what the kernel itself knows: names of the session, of Rust, and of an index of the
//! library.
//! Knows nothing of inference: behind a dot it has something to offer for variables alone.

use gradbook_protocol::evaluator::{Completion, MimeBundle};

use crate::commands::short;

use super::index::Index;
use super::lexis::is_name;
use super::names::{CRATES, KEYWORDS, MODULES, PRELUDE};
use super::view::{KnownName, SessionView};

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
    /// A value: a field or a method. The variable before the dot, where there is no more than that.
    Member(Option<String>),
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
            let value = head.trim_end().trim_end_matches('.');
            let name = &value[value.trim_end_matches(is_name).len()..];
            let is_field = value[..value.len() - name.len()]
                .trim_end()
                .ends_with(['.', ':']);
            Scope::Member((!is_field && !name.is_empty()).then(|| name.to_owned()))
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
pub fn complete(view: &SessionView, index: &Index, place: &Place) -> Vec<Completion> {
    let item = |text: &str, kind: &str, signature: &str| Completion {
        text: text.to_owned(),
        kind: kind.to_owned(),
        signature: signature.to_owned(),
        documentation: String::new(),
    };
    let mut found: Vec<Completion> = match &place.scope {
        Scope::New | Scope::Member(None) => Vec::new(),
        Scope::Member(Some(name)) => {
            let is_it = |known: &&KnownName| known.kind == "variable" && known.name == *name;
            let variable = view.names.iter().rev().find(is_it);
            variable.map_or(Vec::new(), |variable| {
                index.members(&variable.signature, &place.prefix)
            })
        }
        Scope::Use => CRATES.iter().map(|name| item(name, "module", "")).collect(),
        Scope::Path(path) => index
            .path(path, &place.prefix)
            .into_iter()
            .chain(
                MODULES
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
                    }),
            )
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
            let rust = index
                .free(&place.prefix)
                .into_iter()
                .chain(prelude)
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

/// Names that `?name` can explain: the session's, and with a letter written those of the library.
pub fn names(view: &SessionView, index: &Index, prefix: &str) -> Vec<Completion> {
    let mut found = complete(view, index, &Place::at(prefix));
    found.retain(|item| item.kind != "keyword");
    found
}

/// What the kernel knows of a name.
pub fn inspect(view: &SessionView, name: &str) -> Option<MimeBundle> {
    let is_it = |known: &&KnownName| known.name.trim_end_matches('!') == name;
    let known = view.names.iter().rev().find(is_it)?;
    let text = match known.kind.as_str() {
        "variable" => format!("let {}: {}", known.name, short(&known.signature).trim()),
        _ => known.signature.clone(),
    };
    let (plain, markdown) = match &known.value {
        Some(value) => (format!("\n\n{value}"), format!("\n\n`{value}`")),
        None => (String::new(), String::new()),
    };
    let markdown = format!("```rust\n{text}\n```{markdown}");
    Some(told(&format!("{text}{plain}"), &markdown))
}

/// What the index knows of a name, with what stands before it.
pub fn inspect_library(
    view: &SessionView,
    index: &Index,
    before: &str,
    name: &str,
) -> Option<MimeBundle> {
    let place = Place::at(&format!("{before}{name}"));
    let is_it = |item: &Completion| item.text.trim_end_matches('!') == name;
    let nothing = SessionView::default();
    // A name of the session has been asked for already, and was not the one that is meant.
    let view = if place.scope == Scope::Free {
        &nothing
    } else {
        view
    };
    let item = complete(view, index, &place).into_iter().find(is_it)?;
    if item.signature.is_empty() && item.documentation.is_empty() {
        return None;
    }
    let (signature, documentation) = (item.signature, item.documentation);
    let markdown = format!("```rust\n{signature}\n```\n\n{documentation}");
    let plain = format!("{signature}\n\n{documentation}");
    Some(told(plain.trim(), markdown.trim()))
}

/// Whether a name that stands for itself is a variable of the session.
pub fn is_variable(view: &SessionView, before: &str, name: &str) -> bool {
    let is_free = !before.trim_end().ends_with(['.', ':']);
    let is_it = |known: &KnownName| known.kind == "variable" && known.name == name;
    is_free && view.names.iter().any(is_it)
}

/// The same twice: consoles show the text, JupyterLab the Markdown.
pub fn told(plain: &str, markdown: &str) -> MimeBundle {
    let mut bundle = MimeBundle::default();
    bundle.data.insert("text/plain".to_owned(), plain.into());
    bundle
        .data
        .insert("text/markdown".to_owned(), markdown.into());
    bundle
}

/// The first lines of a documentation: the declaration and what it is about.
pub fn shortened(documentation: &str) -> String {
    const LINES: usize = 16;
    let mut lines = documentation.trim_end().lines();
    let mut short = lines.by_ref().take(LINES).collect::<Vec<_>>().join("\n");
    if lines.next().is_some() {
        let fences = short
            .lines()
            .filter(|line| line.trim_start().starts_with("```"));
        // Markdown that ends inside an example would show the mark as code.
        if fences.count() % 2 == 1 {
            short.push_str("\n```");
        }
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
            value: None,
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
        complete(&view(), &Index::default(), &Place::at(before))
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
    fn a_value_before_a_dot_is_known_where_it_is_a_variable() {
        let scope = |before: &str| Place::at(before).scope;
        let variable = Scope::Member(Some("weights".to_owned()));
        assert_eq!(scope("let y = weights.ma"), variable);
        assert_eq!(scope("f(weights."), variable);
        for before in ["net.weights.", "f().", "\"text\".", "[1].l", "a::weights."] {
            assert_eq!(scope(before), Scope::Member(None), "{before}");
        }
    }

    #[test]
    fn a_name_is_told_with_its_type() {
        let text =
            |name: &str| inspect(&view(), name).map(|bundle| bundle.data["text/plain"].clone());
        assert_eq!(text("weights"), Some("let weights: Vec<f64>".into()));
        assert_eq!(text("step"), Some("fn step(rate: f64)".into()));
        assert_eq!(text("unknown"), None);
        let mut view = view();
        view.names[0].value = Some("[3] Float Cpu, 12 bytes".to_owned());
        let tensor = inspect(&view, "weights").expect("a variable").data;
        let (text, value) = ("let weights: Vec<f64>", "[3] Float Cpu, 12 bytes");
        assert_eq!(tensor["text/plain"], format!("{text}\n\n{value}"));
        assert_eq!(
            tensor["text/markdown"],
            format!("```rust\n{text}\n```\n\n`{value}`")
        );
    }

    #[test]
    fn long_documentation_is_cut_with_a_mark() {
        let long = "line\n".repeat(40);
        assert_eq!(shortened(&long).lines().count(), 17);
        assert_eq!(shortened("a\nb\n"), "a\nb");
        let example = format!("a\n```rust\n{}```\nb", "line\n".repeat(40));
        assert!(shortened(&example).ends_with("line\n```\n..."));
    }
}

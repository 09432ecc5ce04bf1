//! What the library holds, as rust-analyzer told an earlier kernel: read from a file, for the seconds
//! in which this kernel's own rust-analyzer starts.
//! Knows nothing of sessions.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use gradbook_protocol::evaluator::Completion;
use serde::Deserialize;

/// Written by the code-intelligence process into its cache.
const FILE: &str = "index.json";

/// The index, read when it is first asked for; without a file, an empty one.
#[derive(Debug, Default)]
pub struct Index {
    file: Option<PathBuf>,
    read: OnceLock<Contents>,
}

#[derive(Debug, Default, Deserialize)]
struct Contents {
    free: Vec<Item>,
    paths: HashMap<String, Vec<Item>>,
    members: HashMap<String, Vec<Item>>,
}

/// One completion, as the code-intelligence process writes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    text: String,
    kind: String,
    signature: String,
    #[serde(default)]
    doc: String,
}

impl From<Item> for Completion {
    fn from(item: Item) -> Self {
        Self {
            text: item.text,
            kind: item.kind,
            signature: item.signature,
            documentation: item.doc,
        }
    }
}

impl Index {
    /// The one in this cache.
    pub fn within(cache: &std::path::Path) -> Self {
        Self {
            file: Some(cache.join(FILE)),
            read: OnceLock::new(),
        }
    }

    /// What the prelude brings, as far as it begins with `prefix`.
    pub fn free(&self, prefix: &str) -> Vec<Completion> {
        chosen(Some(&self.contents().free), prefix)
    }

    /// What stands behind `path::`.
    pub fn path(&self, path: &str, prefix: &str) -> Vec<Completion> {
        let paths = &self.contents().paths;
        // `HashMap::`, or `std::vec::Vec::`: types are known by their last names.
        let last = || {
            path.rsplit("::")
                .next()
                .filter(|last| last.starts_with(char::is_uppercase))
        };
        let found = paths.get(path).or_else(|| paths.get(last()?));
        chosen(found, prefix)
    }

    /// What stands behind the dot of a value of a type, as rustc writes the type.
    pub fn members(&self, type_text: &str, prefix: &str) -> Vec<Completion> {
        let members = &self.contents().members;
        let type_text = type_text.replace(" ::", "::").replace(":: ", "::");
        let found = members
            .get(last_names(&type_text, 2))
            .or_else(|| members.get(last_names(&type_text, 1)));
        chosen(found, prefix)
    }

    fn contents(&self) -> &Contents {
        self.read.get_or_init(|| {
            let text = self.file.as_ref().and_then(|file| std::fs::read(file).ok());
            let contents = text.and_then(|text| serde_json::from_slice(&text).ok());
            contents.unwrap_or_default()
        })
    }
}

fn chosen(items: Option<&Vec<Item>>, prefix: &str) -> Vec<Completion> {
    let items = items.into_iter().flatten();
    let begins_so = |item: &&Item| item.text.starts_with(prefix);
    items
        .filter(begins_so)
        .cloned()
        .map(Completion::from)
        .collect()
}

/// `Vec` of `&'static mut std::vec::Vec<f64>`, or `vec::Vec`.
fn last_names(type_text: &str, count: usize) -> &str {
    let mut text = type_text.trim();
    while let Some(behind) = text.strip_prefix('&') {
        let behind = behind.trim_start();
        let lifetime = behind.starts_with('\'');
        let behind = behind
            .split_once(' ')
            .filter(|_| lifetime)
            .map_or(behind, |(_, rest)| rest);
        text = behind.trim_start().trim_start_matches("mut ").trim_start();
    }
    if text.starts_with('[') {
        return "slice";
    }
    let path = text.split('<').next().unwrap_or_default().trim();
    let start = path.rmatch_indices("::").nth(count - 1);
    start.map_or(path, |(at, _)| &path[at + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
        "free": [{ "text": "linspace", "kind": "function", "signature": "fn linspace()", "doc": "Even." }],
        "paths": { "tch::nn": [{ "text": "seq", "kind": "function", "signature": "fn seq() -> Sequential" }],
            "Vec": [{ "text": "new", "kind": "function", "signature": "fn() -> Vec<T>" }] },
        "members": { "Tensor": [
            { "text": "matmul", "kind": "method", "signature": "fn matmul(&self)", "doc": "" },
            { "text": "sum", "kind": "method", "signature": "fn sum(&self)", "doc": "" }
        ],
        "nn::Linear": [{ "text": "ws", "kind": "field", "signature": "Tensor" }],
        "Linear": [{ "text": "forward", "kind": "method", "signature": "fn(&self)" }] }
    }"#;

    #[test]
    fn names_come_with_all_that_is_written_of_them() {
        let cache = tempfile::tempdir().expect("a folder");
        std::fs::write(cache.path().join("index.json"), FILE).expect("a file");
        let index = Index::within(cache.path());
        let [linspace] = &index.free("lin")[..] else {
            panic!("one name begins so");
        };
        assert_eq!(linspace.kind, "function");
        assert_eq!(linspace.signature, "fn linspace()");
        assert_eq!(linspace.documentation, "Even.");
        assert_eq!(index.path("tch::nn", "")[0].text, "seq");
        assert!(index.path("nowhere", "").is_empty());
        let members = index.members("&mut :: tch :: Tensor", "mat");
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].text, "matmul");
        assert_eq!(index.path("std::vec::Vec", "")[0].text, "new");
        assert_eq!(index.members("tch::nn::Linear", "")[0].text, "ws");
        assert_eq!(
            index.members("lessons::linear::Linear", "")[0].text,
            "forward"
        );
    }

    #[test]
    fn without_a_file_or_with_another_one_nothing_is_known() {
        let cache = tempfile::tempdir().expect("a folder");
        assert!(Index::within(cache.path()).free("").is_empty());
        std::fs::write(cache.path().join("index.json"), "{}").expect("a file");
        assert!(Index::within(cache.path()).free("").is_empty());
        assert!(Index::default().members("Tensor", "").is_empty());
    }

    #[test]
    fn a_type_is_known_by_its_last_name() {
        for (text, name) in [
            ("tch::Tensor", "Tensor"),
            ("&'static str", "str"),
            ("&&mut ::std::vec::Vec<tch::Tensor>", "Vec"),
            ("f64", "f64"),
            ("&[f64]", "slice"),
            ("[f64; 3]", "slice"),
            ("", ""),
        ] {
            assert_eq!(last_names(text, 1), name, "{text}");
        }
    }
}

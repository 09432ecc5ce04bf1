//! Which crates the library holds: `:dep` takes them from there instead of building a second copy.
//!
//! A second copy's types are not those of the library: `Tensor::try_from` takes the `Array` of the very
//! `ndarray` that tch was built with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A crate in the library, or a procedural macro that its crates use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// As a manifest names it.
    pub package: String,
    /// `1.0.229`
    pub version: String,
    /// As source names it.
    pub name: String,
    /// Those it was built with.
    pub features: BTreeSet<String>,
    /// Its default features are among them, or it has none.
    pub default_features: bool,
    /// What rustc reads.
    pub file: PathBuf,
    /// It is a procedural macro.
    pub is_macro: bool,
    /// The packages it is made from, near and far, with their versions.
    pub needs: BTreeMap<String, String>,
}

/// What cargo says of one crate that it has built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Artifact {
    pub(super) package: String,
    pub(super) version: String,
    pub(super) name: String,
    pub(super) features: BTreeSet<String>,
    pub(super) manifest: PathBuf,
    pub(super) file: PathBuf,
    pub(super) is_macro: bool,
    /// Crates for build scripts and macros are not optimised, and not in the library.
    pub(super) optimised: bool,
}

/// The arguments after `cargo tree --package ..` whose answer [`held`] reads.
pub const TREE: [&str; 6] = [
    "--edges=normal",
    "--prefix=depth",
    "--no-dedupe",
    "--format",
    "{p}|{f}",
    "--offline",
];

/// One line of `cargo tree`.
struct Node {
    depth: usize,
    package: String,
    version: String,
    features: BTreeSet<String>,
    is_macro: bool,
}

/// The crates of the tree, each with the artifact that belongs to it.
pub(super) fn held(tree: &str, artifacts: &[Artifact]) -> Vec<Held> {
    let mut all: BTreeMap<PathBuf, Held> = BTreeMap::new();
    let mut above: Vec<(usize, Option<PathBuf>, String)> = Vec::new();
    let mut inside_macro: Option<usize> = None;
    for node in tree.lines().filter_map(node) {
        // What a macro is made from runs in the compiler only.
        match inside_macro {
            Some(depth) if node.depth > depth => continue,
            _ => inside_macro = node.is_macro.then_some(node.depth),
        }
        above.retain(|(depth, ..)| *depth < node.depth);
        for (_, file, _) in &above {
            if let Some(parent) = file.as_ref().and_then(|file| all.get_mut(file)) {
                parent
                    .needs
                    .insert(node.package.clone(), node.version.clone());
            }
        }
        let artifact = artifact(&node, artifacts);
        let file = artifact.map(|artifact| artifact.file.clone());
        if let Some(artifact) = artifact {
            all.entry(artifact.file.clone())
                .or_insert_with(|| of(artifact));
        }
        above.push((node.depth, file, node.package));
    }
    all.into_values().collect()
}

fn of(artifact: &Artifact) -> Held {
    Held {
        package: artifact.package.clone(),
        version: artifact.version.clone(),
        name: artifact.name.clone(),
        default_features: artifact.features.contains("default") || !has_default(&artifact.manifest),
        features: artifact.features.clone(),
        file: artifact.file.clone(),
        is_macro: artifact.is_macro,
        needs: BTreeMap::new(),
    }
}

/// The one that was built for the library, where build scripts use the same crate.
fn artifact<'a>(node: &Node, artifacts: &'a [Artifact]) -> Option<&'a Artifact> {
    let fits = |artifact: &&Artifact| {
        artifact.package == node.package
            && artifact.version == node.version
            && artifact.features == node.features
            && artifact.is_macro == node.is_macro
    };
    let mut fitting: Vec<&Artifact> = artifacts.iter().filter(fits).collect();
    fitting.sort_by_key(|artifact| !artifact.optimised);
    fitting.first().copied()
}

/// `2serde_derive v1.0.229 (proc-macro)|default`
fn node(line: &str) -> Option<Node> {
    let digits = line.find(|one: char| !one.is_ascii_digit())?;
    let depth = line[..digits].parse().ok()?;
    let (package, features) = line[digits..].split_once('|')?;
    let mut words = package.split_whitespace();
    Some(Node {
        depth,
        package: words.next()?.to_owned(),
        version: words.next()?.trim_start_matches('v').to_owned(),
        is_macro: words.any(|word| word == "(proc-macro)"),
        features: features
            .split(',')
            .map(str::trim)
            .filter(|feature| !feature.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

fn has_default(manifest: &Path) -> bool {
    let text = std::fs::read_to_string(manifest).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap_or_default();
    let features = table.get("features").and_then(toml::Value::as_table);
    features.is_some_and(|features| features.contains_key("default"))
}

/// Name and version of a package id: `registry+https://..#serde@1.0.229`, `path+file:///a/b#0.1.0`.
pub(crate) fn package_of(id: &str) -> Option<(String, String)> {
    let (source, end) = id.rsplit_once('#')?;
    Some(match end.rsplit_once('@') {
        Some((name, version)) => (name.to_owned(), version.to_owned()),
        None => {
            let folder = source.split('?').next()?.trim_end_matches('/');
            let name = folder.rsplit('/').next()?.trim_end_matches(".git");
            (name.to_owned(), end.to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(package: &str, version: &str, features: &[&str], file: &str) -> Artifact {
        Artifact {
            package: package.to_owned(),
            version: version.to_owned(),
            name: package.replace('-', "_"),
            features: features.iter().map(|one| (*one).to_owned()).collect(),
            manifest: PathBuf::new(),
            file: PathBuf::from(file),
            is_macro: file.ends_with(".so"),
            optimised: !file.contains("host"),
        }
    }

    #[test]
    fn the_crates_of_the_tree_are_held_and_those_of_macros_are_not() {
        let tree = "0runtime v0.1.0 (/a/b)|\n\
                    1serde v1.0.2|default,derive\n\
                    2serde_core v1.0.2|std\n\
                    2serde_derive v1.0.2 (proc-macro)|\n\
                    3syn v2.0.0|full\n\
                    1num-traits v0.2.1|";
        let artifacts = [
            built("serde", "1.0.2", &["default"], "host-serde.rlib"),
            built("serde", "1.0.2", &["default", "derive"], "serde.rlib"),
            built("serde_core", "1.0.2", &["std"], "host-core.rlib"),
            built("serde_core", "1.0.2", &["std"], "core.rlib"),
            built("serde_derive", "1.0.2", &[], "derive.so"),
            built("syn", "2.0.0", &["full"], "host-syn.rlib"),
            built("num-traits", "0.2.1", &[], "num.rlib"),
        ];
        let held = held(tree, &artifacts);
        let files: Vec<&str> = held.iter().filter_map(|one| one.file.to_str()).collect();
        assert_eq!(files, ["core.rlib", "derive.so", "num.rlib", "serde.rlib"]);
        let needs: Vec<&String> = held[3].needs.keys().collect();
        assert_eq!(needs, ["serde_core", "serde_derive"]);
        assert!(held[1].is_macro && held[3].features.contains("derive"));
    }

    #[test]
    fn whether_there_are_default_features_is_in_the_manifest() {
        let folder = tempfile::tempdir().expect("a folder");
        let manifest = folder.path().join("Cargo.toml");
        std::fs::write(&manifest, "[features]\ndefault = [\"std\"]\n").expect("a file");
        let with = |features: &[&str]| {
            let manifest = manifest.clone();
            of(&Artifact {
                manifest,
                ..built("a", "1.0.0", features, "a")
            })
        };
        assert!(with(&["default"]).default_features && !with(&["std"]).default_features);
        std::fs::write(&manifest, "[features]\nstd = []\n").expect("a file");
        assert!(with(&[]).default_features);
    }

    #[test]
    fn package_ids_name_package_and_version() {
        let of = |id: &str| package_of(id).expect("an id");
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        let registry = "registry+https://github.com/rust-lang/crates.io-index#serde@1.0.2";
        assert_eq!(of(registry), pair("serde", "1.0.2"));
        assert_eq!(of("path+file:///a/near#0.1.0"), pair("near", "0.1.0"));
        let git = "git+https://example.org/a/fxhash.git?rev=1#0.2.0";
        assert_eq!(of(git), pair("fxhash", "0.2.0"));
        assert_eq!(of("path+file:///a/b#c@0.1.0"), pair("c", "0.1.0"));
    }
}

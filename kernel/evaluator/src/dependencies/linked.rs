//! What cells link to and the child loads, once a notebook's crates are there.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::cargo::Artifact;
use crate::library::link_or_copy;

/// The crates of a notebook, ready to be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The name of each in source, with the file that rustc reads.
    pub externs: BTreeMap<String, PathBuf>,
    /// Where rustc finds the crates that those use.
    pub folder: Option<PathBuf>,
    /// The one library that holds what cargo has built: its crate's name, and the file.
    pub dylib: Option<(String, PathBuf)>,
    /// It has a runtime of tokio's, which cells enter.
    pub enters: bool,
    /// What the notebook has asked for, for people.
    pub versions: BTreeMap<String, String>,
}

impl Linked {
    /// rustc's arguments.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        if let Some(folder) = &self.folder {
            arguments.push(format!("-Ldependency={}", folder.display()));
        }
        let dylib = self.dylib.iter().map(|(name, file)| (name, file));
        for (name, file) in self.externs.iter().chain(dylib) {
            arguments.push("--extern".to_owned());
            arguments.push(format!("{name}={}", file.display()));
        }
        arguments
    }

    /// What stands at the top of every cell: rustc only takes crates from the dylib if source names it.
    pub fn preamble(&self) -> String {
        let name = self.dylib.as_ref().map(|(name, _)| name);
        name.map_or_else(String::new, |name| format!("extern crate {name};\n"))
    }

    /// What stands before a cell's statements.
    pub fn entering(&self) -> String {
        match &self.dylib {
            Some((name, _)) if self.enters => format!("let __entered = ::{name}::enter();\n"),
            _ => String::new(),
        }
    }

    /// Whether all its files are still there.
    pub fn is_whole(&self) -> bool {
        let dylib = self.dylib.iter().map(|(_, file)| file);
        let mut files = self.externs.values().chain(dylib).chain(&self.folder);
        files.all(|file| file.exists())
    }

    /// The crates of which values of an earlier set may be around, and which are other crates in this one.
    pub fn changed_since(&self, earlier: &Self) -> BTreeSet<String> {
        let (old, new) = (earlier.builds(), self.builds());
        let none = BTreeSet::new();
        let changed = old.into_iter().filter(|(name, builds)| {
            let now = new.get(name).unwrap_or(&none);
            !builds.is_subset(now)
        });
        changed.map(|(name, _)| name).collect()
    }

    /// The builds of each crate.
    fn builds(&self) -> BTreeMap<String, BTreeSet<(String, u64, Option<SystemTime>)>> {
        let in_folder = self.folder.iter().flat_map(std::fs::read_dir);
        let in_folder = in_folder.flatten().flatten().map(|entry| entry.path());
        let mut builds: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
        for file in in_folder.chain(self.externs.values().cloned()) {
            let (Some(build), Some(name)) = (build(&file), crate_of(&file)) else {
                continue;
            };
            if self.dylib.as_ref().is_none_or(|(_, dylib)| *dylib != file) {
                builds.entry(name).or_default().insert(build);
            }
        }
        builds
    }
}

/// What tells one build of a crate from another.
fn build(file: &Path) -> Option<(String, u64, Option<SystemTime>)> {
    let facts = std::fs::metadata(file).ok()?;
    let name = file.file_name()?.to_string_lossy().into_owned();
    Some((name, facts.len(), facts.modified().ok()))
}

/// `libnum_traits-12ab.rlib` to `num_traits`.
fn crate_of(file: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?.strip_prefix("lib")?;
    let name = stem.rsplit_once('-').map_or(stem, |(name, _)| name);
    Some(name.to_owned())
}

/// Puts what cargo has built into a folder of its own below `package`: another notebook's build, or the next of
/// this one, may change what is in cargo's. One build always gets the same folder.
pub fn place(artifacts: &[Artifact], package: &Path) -> io::Result<PathBuf> {
    let mut builds: Vec<String> = Vec::new();
    for artifact in artifacts {
        builds.push(format!("{:?}", build(&artifact.file)));
    }
    builds.sort();
    let key = blake3::hash(builds.join("\n").as_bytes()).to_hex();
    let folder = package.join(format!("crates-{}", &key[..12]));
    if folder.is_dir() {
        return Ok(folder);
    }
    let unfinished = tempfile::Builder::new()
        .prefix("unfinished-")
        .tempdir_in(package)?;
    for artifact in artifacts {
        if let Some(name) = artifact.file.file_name() {
            link_or_copy(&artifact.file, &unfinished.path().join(name))?;
        }
    }
    match std::fs::rename(unfinished.path(), &folder) {
        Ok(()) => {
            let _ = unfinished.keep();
        }
        // Another kernel was quicker.
        Err(_) if folder.is_dir() => {}
        Err(error) => return Err(error),
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(folder: &Path, name: &str, text: &str) -> Artifact {
        let file = folder.join(name);
        std::fs::write(&file, text).expect("a file");
        Artifact {
            package: "a".to_owned(),
            version: "1.0.0".to_owned(),
            file,
            is_macro: false,
            fresh: false,
        }
    }

    fn linked(folder: PathBuf) -> Linked {
        Linked {
            folder: Some(folder),
            ..Linked::default()
        }
    }

    #[test]
    fn a_crate_built_again_has_changed_and_one_that_stays_has_not() {
        let root = tempfile::tempdir().expect("a folder");
        let target = root.path().join("target");
        std::fs::create_dir(&target).expect("a folder");
        let stays = artifact(&target, "libstays-1.rlib", "stays");
        let first = [stays.clone(), artifact(&target, "libnear_by-2.rlib", "one")];
        let before = linked(place(&first, root.path()).expect("placed"));
        assert_eq!(
            place(&first, root.path()).expect("placed"),
            before.folder.clone().expect("one")
        );
        std::fs::remove_file(&first[1].file).expect("removed");
        let second = [
            stays,
            artifact(&target, "libnear_by-2.rlib", "another"),
            artifact(&target, "libmore-3.rlib", "more"),
        ];
        let after = linked(place(&second, root.path()).expect("placed"));
        let changed: Vec<String> = after.changed_since(&before).into_iter().collect();
        assert_eq!(changed, ["near_by"]);
        assert!(after.changed_since(&Linked::default()).is_empty());
        assert!(before.is_whole() && after.is_whole());
    }

    #[test]
    fn cells_name_the_dylib_and_enter_its_runtime() {
        let mut linked = Linked {
            dylib: Some((
                "notebook_1".to_owned(),
                PathBuf::from("/a/libnotebook_1.so"),
            )),
            ..Linked::default()
        };
        assert_eq!(linked.preamble(), "extern crate notebook_1;\n");
        assert_eq!(linked.entering(), "");
        linked.enters = true;
        assert!(linked.entering().contains("::notebook_1::enter()"));
        assert!(!linked.is_whole());
        assert_eq!(
            Linked::default().preamble() + &Linked::default().entering(),
            ""
        );
        assert_eq!(
            linked.arguments(),
            ["--extern", "notebook_1=/a/libnotebook_1.so"]
        );
    }
}

//! The package that cargo builds for a notebook: a manifest, and a crate that holds all that it names.
//!
//! It is a dylib, which the child loads once. Compiled into each cell, every cell would have a runtime of
//! tokio's, a logger and a pool of threads of its own.

use std::io;
use std::path::{Path, PathBuf};

use super::Wanted;

/// A package for a set of crates.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its folder.
    pub folder: PathBuf,
    /// Its crate's name in source.
    pub name: String,
}

impl Package {
    /// The one for these crates below `root`; `what` is what else it depends on.
    pub fn of(root: &Path, wanted: &[Wanted], what: &str) -> Self {
        let lines: Vec<String> = wanted.iter().map(Wanted::line).collect();
        let key = blake3::hash(format!("{what}\n{}", lines.join("\n")).as_bytes()).to_hex();
        Self {
            folder: root.join(&key[..16]),
            name: format!("notebook_{}", &key[..16]),
        }
    }

    /// Writes what cargo reads. Versions are those of `earlier`, if it has any of these crates.
    pub fn write(&self, wanted: &[Wanted], earlier: Option<&Path>) -> io::Result<()> {
        std::fs::create_dir_all(self.folder.join("src"))?;
        let source = self.folder.join("src/lib.rs");
        if !source.exists() {
            std::fs::write(source, "")?;
        }
        keep(&self.folder.join("Cargo.toml"), &self.manifest(wanted))?;
        let lock = self.folder.join("Cargo.lock");
        if let Some(earlier) = earlier
            && !lock.exists()
            && earlier.join("Cargo.lock").exists()
        {
            std::fs::copy(earlier.join("Cargo.lock"), lock)?;
        }
        Ok(())
    }

    /// Writes its crate, once it is known what source calls each of the wanted ones.
    pub fn name_crates(&self, named: &[(&Wanted, String)]) -> io::Result<()> {
        keep(&self.folder.join("src/lib.rs"), &source(named))
    }

    fn manifest(&self, wanted: &[Wanted]) -> String {
        let lines: Vec<String> = wanted.iter().map(|one| asked(one).line() + "\n").collect();
        format!(
            "[package]\nname = \"notebook\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
             [lib]\nname = \"{}\"\ncrate-type = [\"dylib\"]\n\n\
             [workspace]\n\n[profile.release]\ndebug = false\n\n[dependencies]\n{}",
            self.name,
            lines.concat()
        )
    }
}

/// What cargo is asked for: a runtime can only be made of tokio where it has one.
fn asked(wanted: &Wanted) -> Wanted {
    match is_tokio(wanted) {
        true => wanted.with_feature("rt-multi-thread"),
        false => wanted.clone(),
    }
}

/// Tokio, for a notebook that only names crates that use it; by a name that no cell writes.
pub fn hidden_tokio() -> Wanted {
    let text = |text: &str| toml::Value::String(text.to_owned());
    Wanted {
        key: HIDDEN.to_owned(),
        table: [("package", "tokio"), ("version", "1")]
            .map(|(key, value)| (key.to_owned(), text(value)))
            .into_iter()
            .collect(),
    }
}

/// The name of [`hidden_tokio`].
pub const HIDDEN: &str = "gradbook-tokio";

/// Whether `.await` in a cell may need tokio's runtime.
pub fn is_tokio(wanted: &Wanted) -> bool {
    wanted.package() == "tokio"
}

/// The crate: all that the notebook names is in it, and what cells begin with if there is a tokio.
fn source(named: &[(&Wanted, String)]) -> String {
    let mut source = "#![allow(unused)]\n".to_owned();
    for (_, name) in named {
        source.push_str(&format!("pub extern crate {name};\n"));
    }
    if let Some((_, name)) = named.iter().find(|(wanted, _)| is_tokio(wanted)) {
        source.push_str(&RUNTIME.replace("TOKIO", name));
    }
    source
}

/// Futures are polled on the cell's thread; timers, sockets and spawned tasks need a runtime around it.
const RUNTIME: &str = "
static RUNTIME: std::sync::OnceLock<TOKIO::runtime::Runtime> = std::sync::OnceLock::new();

pub fn enter() -> TOKIO::runtime::EnterGuard<'static> {
    let make = || TOKIO::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    RUNTIME.get_or_init(make).enter()
}
";

/// An unchanged file keeps its time, so that cargo finds nothing to do.
fn keep(path: &Path, text: &str) -> io::Result<()> {
    match std::fs::read_to_string(path) {
        Ok(there) if there == text => Ok(()),
        _ => std::fs::write(path, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(line: &str) -> Wanted {
        let mut all = Wanted::parse(line, Path::new("/")).expect(line);
        all.remove(0)
    }

    #[test]
    fn a_manifest_nests_tables_below_dependencies() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = [
            wanted("serde = { version = \"1\", features = [\"derive\"] }"),
            wanted("either = \"1\""),
        ];
        let package = Package::of(folder.path(), &all, "");
        package.write(&all, None).expect("written");
        let text = std::fs::read_to_string(package.folder.join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = text.parse().expect("a table");
        assert_eq!(manifest["package"]["edition"].as_str(), Some("2021"));
        let serde = &manifest["dependencies"]["serde"];
        assert_eq!(serde["features"][0].as_str(), Some("derive"));
        assert_eq!(manifest["dependencies"]["either"].as_str(), Some("1"));
    }

    #[test]
    fn versions_stay_when_crates_are_added() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = ([wanted("a")], [wanted("a"), wanted("b")]);
        let earlier = Package::of(folder.path(), &one, "");
        earlier.write(&one, None).expect("written");
        std::fs::write(earlier.folder.join("Cargo.lock"), "locked").expect("a file");
        let later = Package::of(folder.path(), &two, "");
        assert_ne!(earlier.folder, later.folder);
        later.write(&two, Some(&earlier.folder)).expect("written");
        let lock = std::fs::read_to_string(later.folder.join("Cargo.lock")).expect("a lock");
        assert_eq!(lock, "locked");
    }

    #[test]
    fn a_runtime_is_there_only_if_tokio_is() {
        let (tokio, either) = (wanted("t = { package = \"tokio\" }"), wanted("either"));
        let with = source(&[(&tokio, "t".to_owned()), (&either, "either".to_owned())]);
        assert!(with.contains("pub extern crate either;") && with.contains("t::runtime"));
        assert!(!source(&[(&either, "either".to_owned())]).contains("enter"));
        assert_eq!(asked(&tokio).features(), ["rt-multi-thread"]);
        assert!(is_tokio(&hidden_tokio()) && asked(&either).features().is_empty());
    }
}

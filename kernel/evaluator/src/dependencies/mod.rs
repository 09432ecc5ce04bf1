//! `:dep`: crates for a notebook, from the prebuilt library if it holds what is asked for, else built once by
//! cargo, in a folder shared by all notebooks.

mod cargo;
mod choice;
mod compiler;
mod error;
mod linked;
mod package;
mod progress;
mod wanted;

use std::path::{Path, PathBuf};

use crate::abort::Abort;
use crate::library::{Held, Library};

use cargo::{Artifact, Cargo, Node};
use choice::{From, choose, displaced, remark};
use package::{HIDDEN, Package, hidden_tokio, is_tokio};

pub use cargo::Watch;
pub use error::DependencyError;
pub use linked::Linked;
pub use progress::Progress;
pub use wanted::Wanted;

/// The crates that a notebook asked for.
#[derive(Debug, Clone, Default)]
pub struct Dependencies {
    wanted: Vec<Wanted>,
    /// What they were built as.
    folder: Option<PathBuf>,
    /// What cells link to.
    pub linked: Linked,
}

/// What became of new lines.
#[derive(Debug)]
pub struct Added {
    /// All crates of the notebook, old ones too.
    pub dependencies: Dependencies,
    /// What the learner should know, each with its newline.
    pub remarks: Vec<String>,
}

/// How the building is done.
pub struct Builder<'a> {
    /// What is there already.
    pub library: &'a Library,
    /// Where crates are kept; shared by all notebooks of this user.
    pub root: PathBuf,
    /// Stops cargo.
    pub abort: &'a Abort,
}

impl Dependencies {
    /// The same with more crates, ready to be used; these stay as they are.
    ///
    /// # Errors
    /// See [`DependencyError`].
    pub fn with(
        &self,
        lines: &[&str],
        builder: &Builder<'_>,
        watch: &mut dyn Watch,
    ) -> Result<Added, DependencyError> {
        let folder = std::env::current_dir()?;
        let mut new = Vec::new();
        for line in lines {
            new.extend(Wanted::parse(line, &folder)?);
        }
        let mut wanted = self.wanted.clone();
        for one in &new {
            wanted.retain(|old| old.key.replace('-', "_") != one.key.replace('-', "_"));
            wanted.push(one.clone());
        }
        let request = Request {
            wanted: &wanted,
            new: &new,
            line: lines.join("`, `"),
            earlier: self,
        };
        let (linked, folder, remarks) = builder.link(&request, watch)?;
        let dependencies = Self {
            wanted,
            folder,
            linked,
        };
        Ok(Added {
            dependencies,
            remarks,
        })
    }

    /// The lines of a manifest that ask for the same.
    pub fn lines(&self) -> Vec<String> {
        self.wanted.iter().map(Wanted::line).collect()
    }
}

/// All that is wanted, and what of it is new.
struct Request<'a> {
    wanted: &'a [Wanted],
    new: &'a [Wanted],
    line: String,
    earlier: &'a Dependencies,
}

/// A wanted crate, and what the library holds of it.
type Pair<'a> = (&'a Wanted, &'a Held);

impl Builder<'_> {
    /// Takes what the library holds from there, and builds the rest.
    fn link(
        &self,
        request: &Request<'_>,
        watch: &mut dyn Watch,
    ) -> Result<(Linked, Option<PathBuf>, Vec<String>), DependencyError> {
        let (mut there, mut to_build, mut copies) = (Vec::new(), Vec::new(), Vec::new());
        for one in request.wanted {
            match choose(one, &self.library.held)? {
                From::Library(held) => there.push((one, held)),
                From::Cargo(other) => {
                    to_build.push(one.clone());
                    copies.extend(other.map(|held| (one, held)));
                }
            }
        }
        let (mut linked, folder) = match to_build.is_empty() {
            true => (Linked::default(), None),
            false => {
                let built = self.build(request, &mut there, &mut copies, to_build, watch)?;
                (built.0, Some(built.1))
            }
        };
        for (wanted, held) in &there {
            let name = wanted.renamed().unwrap_or_else(|| held.name.clone());
            linked.externs.insert(name, held.file.clone());
            let version = format!("{} (from the lessons library)", held.version);
            linked.versions.insert(wanted.key.clone(), version);
        }
        let mut remarks: Vec<String> = Vec::new();
        for (wanted, held) in &there {
            remarks.extend(remark(wanted, held).filter(|_| request.new.contains(wanted)));
        }
        for (wanted, held) in copies {
            let version = linked
                .versions
                .get(&wanted.key)
                .cloned()
                .unwrap_or_default();
            let mut earlier = request.earlier.linked.externs.values();
            if request.new.contains(wanted) || earlier.any(|file| *file == held.file) {
                remarks.push(about_copy(held, &version));
            }
        }
        Ok((linked, folder, remarks))
    }

    /// Builds what the library does not hold. What it holds and these use is built as well, and moves from
    /// `there` to `copies`.
    fn build<'a>(
        &self,
        request: &Request<'_>,
        there: &mut Vec<Pair<'a>>,
        copies: &mut Vec<Pair<'a>>,
        mut to_build: Vec<Wanted>,
        watch: &mut dyn Watch,
    ) -> Result<(Linked, PathBuf), DependencyError> {
        let target = compiler::target(&self.root, self.library);
        compiler::write(&target, self.library)?;
        let cargo = Cargo {
            library: self.library,
            target: &target,
            abort: self.abort,
        };
        let failed = |failed| DependencyError::of(failed, &request.line);
        let what = target.to_string_lossy();
        let asked = Package::of(&self.root, &to_build, &what);
        if let Some((linked, keys)) = finished(&asked.folder, &to_build) {
            move_to(there, copies, |wanted| keys.contains(&wanted.key));
            return Ok((linked, asked.folder));
        }
        let first = to_build.clone();
        let (package, nodes) = loop {
            let package = Package::of(&self.root, &to_build, &what);
            package.write(&to_build, request.earlier.folder.as_deref())?;
            let nodes = cargo.tree(&package.folder, watch).map_err(failed)?;
            let used = |package: &str| nodes.iter().any(|node| node.package == package);
            if let Some(package) = ["tch", "torch-sys"].into_iter().find(|one| used(one)) {
                return Err(DependencyError::NeedsAnother {
                    line: request.line.clone(),
                    package: package.to_owned(),
                });
            }
            let graph = nodes.iter();
            let graph = graph.map(|node| (node.package.clone(), node.version.clone()));
            let displaced = displaced(there, &graph.collect());
            let before = to_build.len();
            move_to(there, copies, |wanted| {
                let moves = displaced.contains(wanted.package());
                to_build.extend(moves.then(|| wanted.clone()));
                moves
            });
            if used("tokio") && !to_build.iter().any(is_tokio) {
                to_build.push(hidden_tokio());
            }
            if to_build.len() == before {
                break (package, nodes);
            }
        };
        let direct = to_build.iter().map(|wanted| {
            let node = direct(wanted, &nodes).filter(|node| !node.name.is_empty());
            let package = wanted.package().to_owned();
            node.ok_or(DependencyError::NoLibrary { package })
        });
        let direct: Vec<&Node> = direct.collect::<Result<_, _>>()?;
        let names = to_build.iter().zip(&direct);
        let name = |(wanted, node): (&Wanted, &&Node)| {
            wanted.renamed().unwrap_or_else(|| node.name.clone())
        };
        let named: Vec<(&Wanted, String)> = names.map(|pair| (pair.0, name(pair))).collect();
        package.name_crates(&named)?;
        let artifacts = cargo.build(&package.folder, watch).map_err(failed)?;
        let mut linked = collect(&package, &artifacts)?;
        for ((wanted, name), node) in named.iter().zip(direct) {
            let file = file_of(node, &artifacts, &target.join(&self.library.target));
            let file = file.and_then(|file| Some(linked.folder.as_ref()?.join(file.file_name()?)));
            let package = wanted.package().to_owned();
            let file = file.ok_or(DependencyError::NoLibrary { package })?;
            linked.enters |= is_tokio(wanted);
            if wanted.key != HIDDEN {
                linked.externs.insert(name.clone(), file);
                linked
                    .versions
                    .insert(wanted.key.clone(), node.version.clone());
            }
        }
        finish(&asked.folder, &first, &to_build, &linked);
        Ok((linked, package.folder))
    }
}

/// Moves the crates of which this is true from one list to the other.
fn move_to<'a>(
    there: &mut Vec<Pair<'a>>,
    copies: &mut Vec<Pair<'a>>,
    mut moves: impl FnMut(&Wanted) -> bool,
) {
    there.retain(|(wanted, held)| {
        let goes = moves(wanted);
        copies.extend(goes.then_some((*wanted, *held)));
        !goes
    });
}

fn about_copy(held: &Held, version: &str) -> String {
    let (package, own) = (&held.package, &held.version);
    let why = match own == version {
        true => "the notebook's other crates, or features it asks for, need that".to_owned(),
        false => format!("the lessons library has {own}"),
    };
    format!(
        "`{package}` {version} is a copy of this notebook's own ({why}): what tch and the lessons take and \
         give are types of the library's `{package}`\n"
    )
}

/// The crate that a wanted one became.
fn direct<'a>(wanted: &Wanted, nodes: &'a [Node]) -> Option<&'a Node> {
    let mut fitting = nodes.iter().filter(|node| {
        let version = semver::Version::parse(&node.version);
        node.depth == 1
            && node.package == wanted.package()
            && version.is_ok_and(|version| wanted.requirement().matches(&version))
    });
    fitting.next()
}

/// The file of a crate: of those for the program, not those that build scripts use.
fn file_of<'a>(node: &Node, artifacts: &'a [Artifact], program: &Path) -> Option<&'a Path> {
    let fits = |artifact: &&Artifact| {
        artifact.package == node.package
            && artifact.version == node.version
            && (artifact.is_macro || artifact.file.starts_with(program))
    };
    artifacts.iter().find(fits).map(|artifact| &*artifact.file)
}

/// What cargo has built, in a folder of its own.
fn collect(package: &Package, artifacts: &[Artifact]) -> Result<Linked, DependencyError> {
    let folder = linked::place(artifacts, &package.folder)?;
    let dylib = artifacts.iter().rfind(|one| one.package == "notebook");
    let dylib = dylib.and_then(|one| Some(folder.join(one.file.file_name()?)));
    Ok(Linked {
        dylib: dylib.map(|file| (package.name.clone(), file)),
        folder: Some(folder),
        ..Linked::default()
    })
}

/// What an earlier notebook's build left for these crates, and which were built beside them. Sources of the
/// learner's may have changed since.
fn finished(folder: &Path, wanted: &[Wanted]) -> Option<(Linked, Vec<String>)> {
    if wanted.iter().any(Wanted::is_local) {
        return None;
    }
    let text = std::fs::read(folder.join("built.json")).ok()?;
    let found: (Linked, Vec<String>) = serde_json::from_slice(&text).ok()?;
    found.0.is_whole().then_some(found)
}

fn finish(folder: &Path, first: &[Wanted], all: &[Wanted], linked: &Linked) {
    let more = all.iter().filter(|one| !first.contains(one));
    let keys: Vec<&String> = more.map(|one| &one.key).collect();
    let write = || {
        let text = serde_json::to_vec(&(linked, keys))?;
        let unfinished = tempfile::NamedTempFile::new_in(folder)?;
        std::fs::write(unfinished.path(), text)?;
        unfinished.persist(folder.join("built.json"))?;
        std::io::Result::Ok(())
    };
    if let Err(error) = write() {
        tracing::warn!("what was built is not remembered: {error}");
    }
}

/// Shared by all notebooks of this user.
pub fn cache_folder() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home);
    cache.unwrap_or_else(std::env::temp_dir).join("gradbook")
}

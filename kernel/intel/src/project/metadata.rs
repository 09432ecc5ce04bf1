//! What `cargo metadata` says of the project, asked for once and kept.
//! Knows nothing of sessions but the folder that takes the place of the project's own.

use super::prune::prune;
use super::{Cargo, Library, MANIFEST};
use anyhow::{Context, Result, bail};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Crates that cells can name beside the lessons, where the lock file has them. Their features are
/// those that the lessons ask for.
const BESIDE_LESSONS: [&str; 2] = ["tch", "plotters"];
const LIBRARY: [&str; 4] = ["lessons", "course", "tch", "plotters"];
const ANSWER: &str = "metadata.json";

/// A folder with a project and with cargo's answer about it.
#[derive(Debug, Clone)]
pub struct Template {
    folder: PathBuf,
}

impl Template {
    /// The template of a library: made if it is new, else found.
    pub fn of(library: &Library, cargo: &Cargo, work: &Path) -> Result<Template> {
        let lock = lock_of(library)?;
        let dependencies = dependencies(library.lessons.as_deref(), &lock)?;
        let cache = library.cache.clone().unwrap_or_else(|| work.join("cache"));
        let mut key = DefaultHasher::new();
        (MANIFEST, &cargo.program, &dependencies, &lock).hash(&mut key);
        if let Some(lessons) = &library.lessons {
            std::fs::read_to_string(lessons.join("Cargo.toml"))
                .unwrap_or_default()
                .hash(&mut key);
        }
        let folder = cache.join(format!("project-{:016x}", key.finish()));
        if let Err(error) = make(&folder, cargo, &dependencies, &lock) {
            // The standard library alone is better than nothing.
            eprintln!("gradbook-intel: tch and the lessons stay unknown: {error:#}");
            let folder = cache.join("project-bare");
            make(&folder, cargo, "", "")?;
            return Ok(Template { folder });
        }
        Ok(Template { folder })
    }

    /// A template that is there already.
    pub fn at(folder: PathBuf) -> Template {
        Template { folder }
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same library and more: what `:dep` adds to a session.
    pub fn extended(&self, cargo: &Cargo, more: &str) -> Result<Template> {
        let manifest = self.read("Cargo.toml")?;
        let own = manifest
            .split_once("[dependencies]\n")
            .map_or("", |(_, own)| own);
        let dependencies = format!("{own}{more}\n");
        let lock = self.read("Cargo.lock").unwrap_or_default();
        let mut key = DefaultHasher::new();
        more.hash(&mut key);
        let mut folder = self.folder.clone().into_os_string();
        folder.push(format!("-{:016x}", key.finish()));
        let folder = PathBuf::from(folder);
        make(&folder, cargo, &dependencies, &lock)?;
        Ok(Template { folder })
    }

    /// Cargo's answer, as if the project lay in `session`.
    pub fn answer(&self, session: &Path) -> Result<String> {
        Ok(self.read(ANSWER)?.replace(
            self.folder.to_string_lossy().as_ref(),
            session.to_string_lossy().as_ref(),
        ))
    }

    fn read(&self, name: &str) -> Result<String> {
        let path = self.folder.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("{} is unreadable", path.display()))
    }
}

/// The Cargo.lock given, or the first one above the lessons. None at all is an empty one.
fn lock_of(library: &Library) -> Result<String> {
    let found = match (&library.lock, &library.lessons) {
        (Some(lock), _) => Some(lock.clone()),
        (None, Some(lessons)) => lessons
            .ancestors()
            .map(|folder| folder.join("Cargo.lock"))
            .find(|lock| lock.is_file()),
        (None, None) => None,
    };
    found.map_or(Ok(String::new()), |lock| {
        std::fs::read_to_string(&lock).with_context(|| format!("{} is unreadable", lock.display()))
    })
}

fn dependencies(lessons: Option<&Path>, lock: &str) -> Result<String> {
    let Some(lessons) = lessons else {
        return Ok(String::new());
    };
    let lessons = lessons
        .canonicalize()
        .with_context(|| format!("there is no lessons crate at {}", lessons.display()))?;
    let mut lines = format!(
        "lessons = {{ path = {:?} }}\n",
        lessons.to_string_lossy().as_ref()
    );
    // The exercises lie in the lessons' folder; a lessons crate without them is one too.
    let course = lessons.join("course");
    if course.join("Cargo.toml").is_file() {
        lines.push_str(&format!(
            "course = {{ path = {:?} }}\n",
            course.to_string_lossy().as_ref()
        ));
    }
    for name in BESIDE_LESSONS {
        if lock.contains(&format!("\nname = \"{name}\"\n")) {
            lines.push_str(&format!(
                "{name} = {{ version = \"*\", default-features = false }}\n"
            ));
        }
    }
    Ok(lines)
}

/// Writes a project and asks cargo about it, with no network. Complete folders are left alone:
/// the answer is put there last, under its name in one step.
fn make(folder: &Path, cargo: &Cargo, dependencies: &str, lock: &str) -> Result<()> {
    if folder.join(ANSWER).is_file() {
        return Ok(());
    }
    std::fs::create_dir_all(folder.join("src"))?;
    std::fs::write(folder.join("src").join("lib.rs"), "")?;
    if !lock.is_empty() {
        std::fs::write(folder.join("Cargo.lock"), lock)?;
    }
    std::fs::write(
        folder.join("Cargo.toml"),
        format!("{MANIFEST}{dependencies}"),
    )?;
    let output = cargo
        .command()
        .args(["metadata", "--offline", "--format-version", "1"])
        // A build brought the crates of this platform, and no others.
        .arg("--filter-platform")
        .arg(&cargo.platform)
        .current_dir(folder)
        .output()
        .with_context(|| format!("{} does not start", cargo.program.display()))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let mut answer = serde_json::from_slice(&output.stdout)?;
    prune(&mut answer, &LIBRARY);
    let unfinished = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&unfinished, &answer)?;
    unfinished.persist(folder.join(ANSWER))?;
    Ok(())
}

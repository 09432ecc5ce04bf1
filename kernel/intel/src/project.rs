//! The project that rust-analyzer is shown: one empty crate that depends on the lessons, tch and
//! plotters, as `cargo metadata` describes it.
//! Knows nothing of rust-analyzer: it writes folders and names the environment they need.

mod cargo;
mod metadata;
mod prune;

use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use cargo::Cargo;
pub use metadata::Template;

/// The folder of the [`Template`] that answers `cargo metadata`.
pub const TEMPLATE: &str = "GRADBOOK_INTEL_TEMPLATE";
/// The folder of the crate that stands for the notebook.
pub const SESSION: &str = "GRADBOOK_INTEL_SESSION";
/// The beginning of that crate's manifest; its dependencies follow.
pub const MANIFEST: &str = "[package]\nname = \"cell\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n\
     [lib]\npath = \"src/lib.rs\"\n\n[workspace]\n\n[dependencies]\n";

const WORK: &str = "GRADBOOK_INTEL_WORK";

/// What cells can name without asking for it.
#[derive(Debug, Clone)]
pub struct Library {
    /// The lessons crate; without it only the standard library is known.
    pub lessons: Option<PathBuf>,
    /// The versions to use.
    pub lock: Option<PathBuf>,
    /// Kept from one start to the next.
    pub cache: Option<PathBuf>,
    /// Decides which toolchain's standard library is read.
    pub rustc: PathBuf,
}

/// The folders of one process.
#[derive(Debug)]
pub struct Work {
    root: PathBuf,
}

impl Work {
    /// The given folder, or a temporary one.
    pub fn new(given: Option<PathBuf>) -> Result<Work> {
        let root = match given {
            Some(folder) => folder,
            None => tempfile::Builder::new()
                .prefix("gradbook-intel-")
                .tempdir()
                .context("no temporary folder")?
                // It outlives this process image, which is replaced once: see `main`.
                .keep(),
        };
        std::fs::create_dir_all(&root)
            .with_context(|| format!("{} cannot be created", root.display()))?;
        let root = root.canonicalize()?;
        Ok(Work { root })
    }

    /// The folder that the process image before this one prepared.
    pub fn prepared() -> Option<Work> {
        Some(Work {
            root: std::env::var_os(WORK)?.into(),
        })
    }

    /// Leaves nothing behind.
    pub fn remove(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.root) {
            eprintln!("gradbook-intel: {} stays: {error}", self.root.display());
        }
    }

    /// Where the notebook's crate lies.
    pub fn session(&self) -> PathBuf {
        self.root.join("session")
    }

    /// Programs found before all others.
    fn programs(&self) -> PathBuf {
        self.root.join("cargo-home").join("bin")
    }
}

/// Writes the folders and says which variables rust-analyzer must find in its environment.
pub fn prepare(library: &Library, work: &Work) -> Result<Vec<(&'static str, OsString)>> {
    for folder in [work.session(), work.programs()] {
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be created", folder.display()))?;
    }
    let (toolchain, platform) = toolchain(&library.rustc)?;
    let cargo = Cargo {
        program: toolchain.join("bin").join("cargo"),
        home: std::env::var_os("CARGO_HOME").unwrap_or_default(),
        platform: platform.into(),
    };
    let template = Template::of(library, &cargo, &work.root)?;
    stand_in_for(&["cargo", "rustup"], &work.programs())?;

    let mut path = vec![work.programs(), toolchain.join("bin")];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let path = std::env::join_paths(path)?;
    let cargo_home = &work.root.join("cargo-home");
    let mut variables = vec![
        ("PATH", path),
        // rust-analyzer takes cargo from here before any other place.
        ("CARGO_HOME", cargo_home.into()),
        ("CARGO", work.programs().join("cargo").into()),
        (SESSION, work.session().into()),
        // What rust-analyzer leaves behind when it is killed goes with the folder.
        ("TMPDIR", work.session().into()),
        (TEMPLATE, template.folder().into()),
    ];
    variables.push((WORK, work.root.clone().into()));
    variables.extend(cargo.variables());
    Ok(variables)
}

/// The toolchain's folder and platform, by asking its compiler.
fn toolchain(rustc: &Path) -> Result<(PathBuf, String)> {
    let output = Command::new(rustc)
        .args(["--print", "sysroot", "--print", "host-tuple"])
        .output()
        .with_context(|| format!("{} does not start", rustc.display()))?;
    let answer = String::from_utf8(output.stdout)?;
    match answer.lines().collect::<Vec<_>>()[..] {
        [sysroot, platform] if output.status.success() => {
            Ok((PathBuf::from(sysroot), platform.to_owned()))
        }
        _ => bail!("`{} --print sysroot` failed", rustc.display()),
    }
}

/// Links to this very program under the names of the tools it stands in for.
fn stand_in_for(tools: &[&str], folder: &Path) -> Result<()> {
    let program = std::env::current_exe()?;
    for tool in tools {
        let link = folder.join(tool);
        match std::os::unix::fs::symlink(&program, &link) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| format!("no link at {}", link.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

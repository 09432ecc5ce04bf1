//! The prebuilt library: where its parts lie, as set-up wrote them down.

mod assemble;
mod held;
mod linker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

pub(crate) use assemble::link_or_copy;
pub use assemble::{AssembleError, RUNTIME, STD_ALONE, assemble, rustc_arguments};
pub(crate) use held::package_of;
pub use held::{Held, TREE};
pub(crate) use linker::executable;

/// The variable by which the lessons find trained models.
pub const MODELS: &str = "GRADBOOK_MODELS";

/// What a cell is compiled and run with; stored as `library.json` beside the files it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Library {
    /// The compiler that built the library; only it can link to it.
    pub rustc: PathBuf,
    /// What `rustc --version` says.
    pub rustc_version: String,
    /// The machine that it is for: `x86_64-unknown-linux-gnu`.
    pub target: String,
    /// All crates in it, and the macros they use.
    pub held: Vec<Held>,
    /// Those of them with C code inside that the dylib may hide.
    pub native: Vec<PathBuf>,
    /// The crates a cell may name, with the file of each.
    pub externs: BTreeMap<String, PathBuf>,
    /// The dylib that holds them all, and runs cells.
    pub runtime: PathBuf,
    /// Where rustc finds the crates that those crates use.
    pub dependencies: PathBuf,
    /// Empty stand-ins for libtorch's libraries: the linker needs their names only.
    pub stubs: PathBuf,
    /// Links a cell to nothing: all it needs is loaded already where it runs. `None` where rustc
    /// brings no linker of its own.
    #[serde(default)]
    pub linker: Option<PathBuf>,
    /// Folders that the child's dynamic loader searches: libtorch, and Rust's standard library.
    pub load_path: Vec<PathBuf>,
    /// Trained models that the lessons look into; the child is told of it by [`MODELS`].
    pub models: PathBuf,
    /// rustc names types in full with this flag; `None` where it does not know it.
    pub full_paths_flag: Option<String>,
}

/// Why there is no library.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The description cannot be read.
    #[error("the lessons library is not set up ({path}: {source}); run `cargo lab setup`", path = path.display())]
    Missing {
        /// The description.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The description is not one.
    #[error("{path} is damaged ({source}); run `cargo lab setup` to build the library anew", path = path.display())]
    Damaged {
        /// The description.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A file it names is gone.
    #[error("{path} is missing from the lessons library; run `cargo lab setup`", path = path.display())]
    Incomplete {
        /// The file.
        path: PathBuf,
    },
}

/// Tells one build of the library from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    modified: SystemTime,
    bytes: u64,
}

impl Library {
    /// The build that lies there now; `None` while it is being replaced.
    #[must_use]
    pub fn build(&self) -> Option<Build> {
        let file = std::fs::metadata(&self.runtime).ok()?;
        Some(Build {
            modified: file.modified().ok()?,
            bytes: file.len(),
        })
    }

    /// Reads `library.json`.
    ///
    /// # Errors
    /// See [`LibraryError`].
    pub fn read(path: &Path) -> Result<Self, LibraryError> {
        let missing = |source| LibraryError::Missing {
            path: path.to_owned(),
            source,
        };
        let damaged = |source| LibraryError::Damaged {
            path: path.to_owned(),
            source,
        };
        let text = std::fs::read(path).map_err(missing)?;
        let library: Self = serde_json::from_slice(&text).map_err(damaged)?;
        for part in [&library.rustc, &library.runtime, &library.dependencies] {
            if !part.exists() {
                return Err(LibraryError::Incomplete { path: part.clone() });
            }
        }
        Ok(library)
    }
}

//! The compiler that cargo calls for the crates of notebooks: rustc, told that these are not the library's.
//!
//! Two crates of the same name, version and features are one to rustc, unless their metadata differs. A flag
//! in `RUSTFLAGS` would do, too, but replace the flags that a user's own configuration asks for.

use std::io;
use std::path::{Path, PathBuf};

use crate::library::{Library, executable};

/// Changes whenever [`script`] does: crates compiled by another one have other names.
const GENERATION: &str = "1";

/// Where crates are compiled, for all notebooks that share this compiler.
pub fn target(root: &Path, library: &Library) -> PathBuf {
    let what = format!(
        "{}\n{}\n{GENERATION}",
        library.rustc_version,
        library.rustc.display()
    );
    root.join(format!(
        "target-{}",
        &blake3::hash(what.as_bytes()).to_hex()[..12]
    ))
}

/// The script, in the folder that is its own.
pub fn path(target: &Path) -> PathBuf {
    target.join("rustc.sh")
}

/// Writes it, if it is not there.
pub fn write(target: &Path, library: &Library) -> io::Result<()> {
    let to = path(target);
    let text = script(&library.rustc);
    // Cargo compiles everything again if its compiler is a newer file.
    if std::fs::read_to_string(&to).is_ok_and(|there| there == text) {
        return Ok(());
    }
    std::fs::create_dir_all(target)?;
    let unfinished = tempfile::NamedTempFile::new_in(target)?;
    std::fs::write(unfinished.path(), text)?;
    executable(unfinished.path())?;
    unfinished.persist(to)?;
    Ok(())
}

/// A crate from a folder of the learner's is another one each time it is compiled: the child may have loaded
/// the one before, and would take functions of the same name from there.
fn script(rustc: &Path) -> String {
    let rustc = rustc.display().to_string().replace('\'', r"'\''");
    format!(
        "#!/bin/sh\n\
         case $CARGO_MANIFEST_DIR in\n\
         '' | */registry/src/* | */git/checkouts/*) ;;\n\
         *) set -- \"$@\" \"-Cmetadata=$(date +%s)-$$\" ;;\n\
         esac\n\
         exec '{rustc}' \"$@\" -Cmetadata=gradbook-notebook\n"
    )
}

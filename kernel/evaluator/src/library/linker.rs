//! A linker for cells that looks at no library: the child has loaded all of them, for everyone to see.
//! rustc calls it as it would call `ld`.
//!
//! The usual way asks the C compiler to start the linker, which then reads every library to find
//! out which symbols it has: a tenth to a fifth of the time a cell takes. Nothing is lost: a symbol that
//! is nowhere is found missing when the cell is loaded, before any of it runs.

use std::io;
use std::path::{Path, PathBuf};

/// Writes the linker into `folder`; `None` where rustc has none that it can call.
///
/// # Errors
/// When it cannot be written.
pub fn write(sysroot: &Path, target: &str, folder: &Path) -> io::Result<Option<PathBuf>> {
    let lld = sysroot.join(format!("lib/rustlib/{target}/bin/rust-lld"));
    if !cfg!(target_os = "linux") || !lld.is_file() {
        return Ok(None);
    }
    let path = folder.join("link.sh");
    std::fs::write(&path, script(&lld))?;
    executable(&path)?;
    Ok(Some(path))
}

/// Shared libraries go; objects and archives, which hold code that is nowhere else, stay.
fn script(lld: &Path) -> String {
    let lld = lld.display().to_string().replace('\'', r"'\''");
    format!(
        "#!/bin/sh\n\
         for argument; do\n\
         \tshift\n\
         \tcase ${{argument##*/}} in -l*|lib*.so) ;; *) set -- \"$@\" \"$argument\" ;; esac\n\
         done\n\
         exec '{lld}' \"$@\" --no-demangle\n"
    )
}

/// Lets a script be run.
#[cfg(unix)]
pub(crate) fn executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
pub(crate) fn executable(_: &Path) -> io::Result<()> {
    Ok(())
}

//! Addresses of code go in, lines of cells come out; addresses outside of cells have none.
//! Knows nothing of panics.
//!
//! The symbol lookup of std and of the backtrace crate lists the loaded libraries once; cells are
//! loaded all the time. Looking only into cells is also what makes it quick: libtorch alone would
//! cost a second.

use std::collections::BTreeSet;
use std::ffi::{CStr, OsStr, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use addr2line::Loader;
use gradbook_control::Place;

/// Generated sources are named so.
const CELL_FILE: &str = "gradbook-cell-";

static CELLS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Takes note of the library of a cell.
pub(crate) fn loaded(library: &Path) {
    cells().insert(library.to_owned());
}

/// Whether a source file is a cell's.
pub(crate) fn is_cell(file: &str) -> bool {
    file.contains(CELL_FILE)
}

/// The lines at the instruction before an address (the call, for a return address), innermost
/// first: more than one where functions were inlined.
pub(crate) fn at(address: *mut c_void) -> Vec<Place> {
    let Some((library, offset)) = in_a_cell(address) else {
        return Vec::new();
    };
    lines(&library, offset).unwrap_or_default()
}

/// The source files at an address of a cell, those of std's functions included that are compiled into it; `None`
/// outside of cells.
pub(crate) fn files(address: *mut c_void) -> Option<Vec<String>> {
    let (library, offset) = in_a_cell(address)?;
    let mut files = Vec::new();
    if let Ok(loader) = Loader::new(&library)
        && let Ok(mut frames) = loader.find_frames(offset)
    {
        while let Ok(Some(frame)) = frames.next() {
            let file = frame.location.and_then(|at| at.file.map(str::to_owned));
            files.extend(file);
        }
    }
    Some(files)
}

fn lines(library: &Path, offset: u64) -> Option<Vec<Place>> {
    let loader = Loader::new(library).ok()?;
    let mut frames = loader.find_frames(offset).ok()?;
    let mut places = Vec::new();
    while let Ok(Some(frame)) = frames.next() {
        let place = frame.location.and_then(|at| {
            let file = at.file.filter(|file| is_cell(file))?;
            Some(Place {
                file: file.to_owned(),
                line: at.line?,
                column: at.column.unwrap_or(1),
            })
        });
        places.extend(place);
    }
    Some(places)
}

/// The cell's library that an address lies in, and how far into it the instruction before lies.
fn in_a_cell(address: *mut c_void) -> Option<(PathBuf, u64)> {
    // SAFETY: `dladdr` only reads its argument as an address, and fills `found` when it answers
    // non-zero; the name then lives as long as the library, and cells are never unloaded.
    let (name, base) = unsafe {
        let mut found: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(address, &raw mut found) == 0 || found.dli_fname.is_null() {
            return None;
        }
        (CStr::from_ptr(found.dli_fname), found.dli_fbase)
    };
    let library = PathBuf::from(OsStr::from_bytes(name.to_bytes()));
    let offset = (address as u64).checked_sub(base as u64 + 1)?;
    cells().contains(&library).then_some((library, offset))
}

fn cells() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    CELLS.lock().unwrap_or_else(PoisonError::into_inner)
}

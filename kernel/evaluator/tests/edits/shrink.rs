//! A shorter session with the same kind of fault in its last cell.

use std::path::Path;

use crate::cell::Cell;
use crate::{program, session};

/// Drops cells one by one, from the end to the beginning, as long as the fault stays.
pub fn shrink(
    library: &Path,
    rustc: &Path,
    folder: &Path,
    cells: Vec<Cell>,
    kind: &str,
) -> Vec<Cell> {
    let mut kept = cells;
    let mut at = kept.len().saturating_sub(1);
    while at > 0 {
        at -= 1;
        let mut fewer = kept.clone();
        fewer.remove(at);
        if fails(library, rustc, folder, &fewer, kind) {
            kept = fewer;
        }
    }
    kept
}

fn fails(library: &Path, rustc: &Path, folder: &Path, cells: &[Cell], kind: &str) -> bool {
    let mut session = session::run(library, cells);
    if let Ok(outputs) = program::outputs(rustc, folder, &[(0, &session.program)]) {
        session::compare(&mut session, 0, &outputs);
    }
    session::decide(&mut session, rustc, folder);
    let last = cells.len() - 1;
    session
        .faults
        .iter()
        .any(|fault| fault.at == last && fault.kind == kind)
}

//! Our own evaluator's answers.

use std::path::Path;

use crate::corpus::Session;
use crate::kernel::{Answer, Kernel};

/// One answer per cell of a session, in a child of its own.
pub fn answers(library: &Path, session: &Session) -> Vec<Answer> {
    let mut kernel = Kernel::start(library);
    let cells = session.cells.iter();
    let answers = cells.map(|cell| kernel.run(&cell.source)).collect();
    kernel.shutdown();
    answers
}

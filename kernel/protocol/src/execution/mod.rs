//! Cells and comm messages wait here for their turn, run on the evaluator's thread, and report back.
//! Knows nothing of how a cell is evaluated.

mod cell;
mod comm;
mod frontend;
mod intelligences;
mod interrupts;
mod queue;
mod thread;

pub(crate) use frontend::Ways;
pub(crate) use intelligences::Intelligences;
pub(crate) use interrupts::Interrupts;
pub(crate) use queue::{Queue, Queued, QueuedCell, queue, run};
pub(crate) use thread::{EvaluatorThread, start};

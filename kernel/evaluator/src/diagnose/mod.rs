//! What went wrong, told to the learner: one error per cell, with the cell's own lines.
//! Knows nothing of how the cell was compiled or run; it is given the answers.

pub mod colours;
mod compile_error;
mod foreign;
mod hints;
mod libtorch;
mod run_error;

pub use compile_error::compile_error;
pub(crate) use libtorch::{Printed, value};
pub use run_error::{left, lost, run_error};

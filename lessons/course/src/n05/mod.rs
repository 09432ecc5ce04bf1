//! The exercises of notebook 05, in the order in which they stand there.

mod training_loop_order;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::training_loop_order::training_loop_order;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[training_loop_order::EXERCISE];

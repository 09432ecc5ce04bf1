//! The exercises of notebook 02, in the order in which they stand there.

mod gpt2_parameters;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::gpt2_parameters::gpt2_parameters;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[gpt2_parameters::EXERCISE];

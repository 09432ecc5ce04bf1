//! The exercises of notebook 03, in the order in which they stand there.

mod explain_activations;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::explain_activations::explain_activations;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[explain_activations::EXERCISE];

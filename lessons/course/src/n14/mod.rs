//! The exercises of notebook 14, in the order in which they stand there.

mod beat_bigram;
mod insert_softmax;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::beat_bigram::beat_bigram;
    pub use super::insert_softmax::insert_softmax;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[beat_bigram::EXERCISE, insert_softmax::EXERCISE];

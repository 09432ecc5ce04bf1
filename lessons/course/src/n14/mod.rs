//! The exercises of notebook 14, in the order in which they stand there.

use crate::exercise::Exercise;

/// The checkers.
pub mod check {}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[];

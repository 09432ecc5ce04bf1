//! The exercises of notebook 08, in the order in which they stand there.

mod analogy_both_ways;
mod nearest_rows;
mod semantic_search;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::analogy_both_ways::analogy_both_ways;
    pub use super::nearest_rows::nearest_rows;
    pub use super::semantic_search::semantic_search;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    nearest_rows::EXERCISE,
    analogy_both_ways::EXERCISE,
    semantic_search::EXERCISE,
];

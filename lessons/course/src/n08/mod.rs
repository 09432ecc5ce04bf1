//! The exercises of notebook 08, in the order in which they stand there.

mod cosine_by_hand;
mod king_analogy;
mod nearest_vectors;
mod semantic_search;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::cosine_by_hand::cosine_by_hand;
    pub use super::king_analogy::king_analogy;
    pub use super::nearest_vectors::nearest_vectors;
    pub use super::semantic_search::semantic_search;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    cosine_by_hand::EXERCISE,
    nearest_vectors::EXERCISE,
    king_analogy::EXERCISE,
    semantic_search::EXERCISE,
];

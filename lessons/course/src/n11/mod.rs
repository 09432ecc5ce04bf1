//! The exercises of notebook 11, in the order in which they stand there.

mod deletion_by_hand;
mod probe_selectivity;
mod randomised_weights;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::deletion_by_hand::deletion_by_hand;
    pub use super::probe_selectivity::probe_selectivity;
    pub use super::randomised_weights::randomised_weights;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    probe_selectivity::EXERCISE,
    deletion_by_hand::EXERCISE,
    randomised_weights::EXERCISE,
];

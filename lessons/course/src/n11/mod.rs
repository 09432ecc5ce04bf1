//! The exercises of notebook 11, in the order in which they stand there.

mod probe_selectivity;
mod rank_likeness;
mod saliency_deletion;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::probe_selectivity::probe_selectivity;
    pub use super::rank_likeness::rank_likeness;
    pub use super::saliency_deletion::saliency_deletion;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    probe_selectivity::EXERCISE,
    saliency_deletion::EXERCISE,
    rank_likeness::EXERCISE,
];

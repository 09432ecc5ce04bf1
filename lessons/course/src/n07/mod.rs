//! The exercises of notebook 07, in the order in which they stand there.

mod best_size;
mod fit_alpha;
mod loss_of_size_and_data;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::best_size::best_size;
    pub use super::fit_alpha::fit_alpha;
    pub use super::loss_of_size_and_data::loss_of_size_and_data;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    fit_alpha::EXERCISE,
    loss_of_size_and_data::EXERCISE,
    best_size::EXERCISE,
];

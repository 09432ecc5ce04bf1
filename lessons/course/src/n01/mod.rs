//! The exercises of notebook 01, in the order in which they stand there.

mod fit_houses;
mod price_model;
mod sort_quantities;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::fit_houses::fit_houses;
    pub use super::price_model::price_model;
    pub use super::sort_quantities::sort_quantities;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    price_model::EXERCISE,
    sort_quantities::EXERCISE,
    fit_houses::EXERCISE,
];

//! The exercises of notebook 06, in the order in which they stand there.

mod gradient_norms;
mod network_parameters;
mod rate_sweep;
mod step_ratio;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::gradient_norms::gradient_norms;
    pub use super::network_parameters::network_parameters;
    pub use super::rate_sweep::rate_sweep;
    pub use super::step_ratio::step_ratio;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    network_parameters::EXERCISE,
    step_ratio::EXERCISE,
    gradient_norms::EXERCISE,
    rate_sweep::EXERCISE,
];

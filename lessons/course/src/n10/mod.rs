//! The exercises of notebook 10, in the order in which they stand there.

mod cnn_against_vit;
mod conv_parameters;
mod expert_count;
mod match_architecture;
mod top_k_router;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::cnn_against_vit::cnn_against_vit;
    pub use super::conv_parameters::conv_parameters;
    pub use super::expert_count::expert_count;
    pub use super::match_architecture::match_architecture;
    pub use super::top_k_router::top_k_router;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    conv_parameters::EXERCISE,
    top_k_router::EXERCISE,
    expert_count::EXERCISE,
    cnn_against_vit::EXERCISE,
    match_architecture::EXERCISE,
];

//! The exercises of notebook 02, in the order in which they stand there.

mod choose_model;
mod configuration;
mod gpt2_parameters;
mod llama2_parameters;
mod mlp_parameters;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::choose_model::choose_model;
    pub use super::gpt2_parameters::gpt2_parameters;
    pub use super::llama2_parameters::llama2_parameters;
    pub use super::mlp_parameters::mlp_parameters;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    mlp_parameters::EXERCISE,
    gpt2_parameters::EXERCISE,
    llama2_parameters::EXERCISE,
    choose_model::EXERCISE,
];

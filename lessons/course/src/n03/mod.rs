//! The exercises of notebook 03, in the order in which they stand there.

mod explain_activations;
mod five_activations;
mod fold_layers;
mod forward_by_hand;
mod pick_activation;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::explain_activations::explain_activations;
    pub use super::five_activations::five_activations;
    pub use super::fold_layers::fold_layers;
    pub use super::forward_by_hand::forward_by_hand;
    pub use super::pick_activation::pick_activation;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    fold_layers::EXERCISE,
    explain_activations::EXERCISE,
    five_activations::EXERCISE,
    pick_activation::EXERCISE,
    forward_by_hand::EXERCISE,
];

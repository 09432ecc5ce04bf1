//! The exercises of notebook 04, in the order in which they stand there.

mod attention_by_hand;
mod order_blind;
mod pipeline_order;
mod token_number;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::attention_by_hand::attention_by_hand;
    pub use super::order_blind::order_blind;
    pub use super::pipeline_order::pipeline_order;
    pub use super::token_number::token_number;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    attention_by_hand::EXERCISE,
    order_blind::EXERCISE,
    token_number::EXERCISE,
    pipeline_order::EXERCISE,
];

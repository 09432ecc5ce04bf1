//! The exercises of notebook 05, in the order in which they stand there.

mod batch_tradeoff;
mod chain_rule;
mod critical_rate;
mod early_stopper;
mod gradient_noise;
mod losses;
mod schedule;
mod training_loop_order;
mod valley_steps;
mod valley_words;
mod whole_loop;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::batch_tradeoff::batch_tradeoff;
    pub use super::chain_rule::chain_rule;
    pub use super::critical_rate::critical_rate;
    pub use super::early_stopper::early_stopper;
    pub use super::gradient_noise::gradient_noise;
    pub use super::losses::losses;
    pub use super::schedule::schedule;
    pub use super::training_loop_order::training_loop_order;
    pub use super::valley_steps::valley_steps;
    pub use super::valley_words::valley_words;
    pub use super::whole_loop::whole_loop;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    losses::EXERCISE,
    valley_words::EXERCISE,
    valley_steps::EXERCISE,
    chain_rule::EXERCISE,
    critical_rate::EXERCISE,
    schedule::EXERCISE,
    gradient_noise::EXERCISE,
    batch_tradeoff::EXERCISE,
    early_stopper::EXERCISE,
    training_loop_order::EXERCISE,
    whole_loop::EXERCISE,
];

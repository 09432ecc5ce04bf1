//! The exercises of notebook 09, in the order in which they stand there.

mod benchmark_facts;
mod metrics_by_hand;
mod nats_to_bits;
mod spam_trap;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::benchmark_facts::benchmark_facts;
    pub use super::metrics_by_hand::metrics_by_hand;
    pub use super::nats_to_bits::nats_to_bits;
    pub use super::spam_trap::spam_trap;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    spam_trap::EXERCISE,
    metrics_by_hand::EXERCISE,
    nats_to_bits::EXERCISE,
    benchmark_facts::EXERCISE,
];

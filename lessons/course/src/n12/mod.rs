//! The exercises of notebook 12, in the order in which they stand there.

mod curves;
mod diagnose_curves;
mod mend_divergence;
mod mend_early_stopping;
mod mend_slow;
mod mend_underfit;
mod mend_vanishing;
mod normalise;
mod overfitting_fixes;
mod rates;

use crate::exercise::Exercise;

pub use curves::mystery_curve;

/// The checkers.
pub mod check {
    pub use super::diagnose_curves::diagnose_curves;
    pub use super::mend_divergence::mend_divergence;
    pub use super::mend_early_stopping::mend_early_stopping;
    pub use super::mend_slow::mend_slow;
    pub use super::mend_underfit::mend_underfit;
    pub use super::mend_vanishing::mend_vanishing;
    pub use super::normalise::normalise;
    pub use super::overfitting_fixes::overfitting_fixes;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    mend_divergence::EXERCISE,
    mend_slow::EXERCISE,
    overfitting_fixes::EXERCISE,
    mend_early_stopping::EXERCISE,
    mend_underfit::EXERCISE,
    mend_vanishing::EXERCISE,
    normalise::EXERCISE,
    diagnose_curves::EXERCISE,
];

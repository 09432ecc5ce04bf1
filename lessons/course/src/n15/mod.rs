//! The exercises of notebook 15, in the order in which they stand there.

mod takeaway_results;
mod where_next;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::takeaway_results::takeaway_results;
    pub use super::where_next::where_next;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[takeaway_results::EXERCISE, where_next::EXERCISE];

//! A count of parameters as a function of a model's configuration: what the two counting exercises take.
//! A bare number is taken too, and fits one configuration only: whoever copies one is told so.

/// A function of four whole numbers, in the card's order, or one number for every configuration.
#[diagnostic::on_unimplemented(
    message = "the answer is a function of the configuration, as on the card",
    label = "this is not a function of four `i64` that returns an `i64`"
)]
pub trait Counts {
    /// The count for one configuration.
    fn count(&self, configuration: [i64; 4]) -> i64;
}

impl<F: Fn(i64, i64, i64, i64) -> i64> Counts for F {
    fn count(&self, [first, second, third, fourth]: [i64; 4]) -> i64 {
        self(first, second, third, fourth)
    }
}

impl Counts for i64 {
    fn count(&self, _: [i64; 4]) -> i64 {
        *self
    }
}

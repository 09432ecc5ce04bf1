//! The exercises of notebook 13, in the order in which they stand there.

mod bank;
mod bigger_or_not;
mod explain_descent;
mod explain_to_a_friend;
mod first_aid;
mod fit_a_line;
mod loss_of_three;
mod missing_line;
mod name_the_rate;
mod noise_of_batch;
mod numbers_that_learn;
mod output_activation;
mod rate_at_step;
mod read_the_curves;
mod slope_through_two;
mod three_cures;
mod two_neurons;
mod vocabulary;
mod when_to_stop;

use crate::exercise::Exercise;

/// The checkers.
pub mod check {
    pub use super::bigger_or_not::bigger_or_not;
    pub use super::explain_descent::explain_descent;
    pub use super::explain_to_a_friend::explain_to_a_friend;
    pub use super::first_aid::first_aid;
    pub use super::fit_a_line::fit_a_line;
    pub use super::loss_of_three::loss_of_three;
    pub use super::missing_line::missing_line;
    pub use super::name_the_rate::name_the_rate;
    pub use super::noise_of_batch::noise_of_batch;
    pub use super::numbers_that_learn::numbers_that_learn;
    pub use super::output_activation::output_activation;
    pub use super::rate_at_step::rate_at_step;
    pub use super::read_the_curves::read_the_curves;
    pub use super::slope_through_two::slope_through_two;
    pub use super::three_cures::three_cures;
    pub use super::two_neurons::two_neurons;
    pub use super::vocabulary::vocabulary;
    pub use super::when_to_stop::when_to_stop;
}

/// The exercises.
pub(crate) const EXERCISES: &[Exercise] = &[
    numbers_that_learn::EXERCISE,
    two_neurons::EXERCISE,
    loss_of_three::EXERCISE,
    explain_descent::EXERCISE,
    slope_through_two::EXERCISE,
    name_the_rate::EXERCISE,
    output_activation::EXERCISE,
    missing_line::EXERCISE,
    noise_of_batch::EXERCISE,
    when_to_stop::EXERCISE,
    three_cures::EXERCISE,
    read_the_curves::EXERCISE,
    explain_to_a_friend::EXERCISE,
    bigger_or_not::EXERCISE,
    rate_at_step::EXERCISE,
    fit_a_line::EXERCISE,
    first_aid::EXERCISE,
    vocabulary::EXERCISE,
];

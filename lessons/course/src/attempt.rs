//! One attempt at an exercise: draws the inputs, calls the learner's code, records what came of it.
//! Knows nothing of any one exercise; their checkers do the judging.

use crate::draw::Draw;
use crate::exercise::Exercise;
use crate::learner;
use crate::number::{Count, Real};
use crate::panics::{Panicked, caught};
use crate::verdict::{Outcome, Verdict};

/// Why an answer is not correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsolved {
    /// The learner has not begun.
    NotAttempted,
    /// What is wrong, and why.
    NotYet(String),
    /// A text, to be compared with these points by its writer.
    Grade(Vec<String>),
}

/// What a checker works with.
#[derive(Debug)]
pub struct Attempt {
    /// The stream from which the learner's question was drawn: draw the same things in the same order.
    pub question: Draw,
    /// A stream for held-out inputs, another one for each attempt.
    pub held_out: Draw,
}

/// Judges an answer and records the verdict.
///
/// `judge` returns what a correct answer shows, or why it is not correct.
pub fn attempt(
    exercise: &Exercise,
    judge: impl FnOnce(&mut Attempt) -> Result<String, Unsolved>,
) -> Verdict {
    let record = learner::record(exercise.id);
    let mut attempt = Attempt {
        question: learner::question_now(&record, exercise.id),
        held_out: Draw::new(record.seed, exercise.id, "held out", record.attempts),
    };
    // A checker's own panic (tch panics on shapes that do not fit) is an answer too.
    let judged = caught(|| judge(&mut attempt)).unwrap_or_else(|panicked| {
        Err(match panicked {
            Panicked::Todo => Unsolved::NotAttempted,
            Panicked::Message(message) => Unsolved::NotYet(format!(
                "Your answer could not be used: {}",
                first_line(&message)
            )),
        })
    });
    let outcome = match judged {
        Ok(shows) => Outcome::Correct {
            shows,
            with_solution: record.with_solution(),
        },
        Err(Unsolved::NotAttempted) => Outcome::NotAttempted,
        Err(Unsolved::NotYet(why)) => Outcome::NotYet(why),
        Err(Unsolved::Grade(points)) => Outcome::Grade(points),
    };
    let notes = learner::keep(exercise.id, &outcome);
    Verdict::new(exercise, outcome, notes)
}

/// "Not yet", with what is wrong and why.
pub fn not_yet<T>(why: impl Into<String>) -> Result<T, Unsolved> {
    Err(Unsolved::NotYet(why.into()))
}

impl Attempt {
    /// Calls the learner's function. `call` says how, with its inputs: `"price(1200.0, 3.0)"`.
    ///
    /// # Errors
    /// `todo!` is not an attempt; any other panic is "not yet", with the inputs.
    pub fn call<T>(&self, call: &str, function: impl FnOnce() -> T) -> Result<T, Unsolved> {
        caught(function).map_err(|panicked| match panicked {
            Panicked::Todo => Unsolved::NotAttempted,
            Panicked::Message(message) => Unsolved::NotYet(format!(
                "Your function panicked when called as {call}: {}",
                first_line(&message)
            )),
        })
    }

    /// The number that was answered.
    ///
    /// # Errors
    /// `None` is not an attempt; a number that is not finite is "not yet".
    pub fn number(&self, answer: impl Real) -> Result<f64, Unsolved> {
        let number = answer.real().ok_or(Unsolved::NotAttempted)?;
        if !number.is_finite() {
            return not_yet(format!(
                "Your answer is {number}: look for a division by zero or a logarithm of 0."
            ));
        }
        Ok(number)
    }

    /// The count that was answered.
    ///
    /// # Errors
    /// `None` is not an attempt.
    pub fn count(&self, answer: impl Count) -> Result<i64, Unsolved> {
        answer.count().ok_or(Unsolved::NotAttempted)
    }
}

/// tch's messages go on with a C++ backtrace.
fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

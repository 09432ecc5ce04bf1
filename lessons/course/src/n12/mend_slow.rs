//! Mend a run that hardly moves.

use super::rates::{Run, STEPS, one_digit, run, trial, wanted};
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "mend_slow",
    notebook: "12_common_training_mistakes",
    title: "Mend a run that crawls",
    codes: &["AK2", "SC2"],
    question,
    starter: "check::mend_slow(None) // your learning rate in place of None",
    hints: &[
        "The loss falls in every step, but by next to nothing. What is too small?",
        "Two to five times more is the text's advice. Is that enough here? Try ten times, and ten times again, \
         until it arrives.",
        "About 2,500 times the rate on your card arrives.",
    ],
    solution,
};

/// Checks a learning rate for a run that crawled.
pub fn mend_slow(rate: impl Real) -> Verdict {
    judge(rate.real())
}

fn broken(run: &Run) -> f64 {
    one_digit(run.limit / 10_000.0)
}

fn question(draw: &mut Draw) -> Question {
    let run = run(draw);
    let rate = broken(&run);
    let (first, last) = run.train(rate);
    let question = Question::new(format!(
        "A linear model is trained by plain gradient descent for {STEPS} steps, and its loss hardly \
         falls. Which learning rate mends the run, with no more steps?"
    ))
    .given("learning rate", rate)
    .given("loss before", format!("{first:.3}"))
    .given("loss after", format!("{last:.3}"));
    wanted(question)
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let trial = trial(attempt, answer)?;
        let (rate, said, broken) = (trial.rate, &trial.said, broken(&trial.run));
        if rate <= broken {
            return not_yet(format!(
                "{said} A lower rate makes shorter steps, and it takes even longer."
            ));
        } else if trial.explodes() {
            return not_yet(format!("{said} Now it explodes: that is too much."));
        } else if trial.lags() {
            return not_yet(format!(
                "{said} Better, but it has not arrived. {:.0} times the old rate is not enough.",
                rate / broken
            ));
        }
        Ok(format!(
            "{said} It took {:.0} times the old rate. \"Two to five times\" would have been too timid.",
            rate / broken
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    format!(
        "check::mend_slow({:?})",
        one_digit(2_500.0 * broken(&run(draw)))
    )
}

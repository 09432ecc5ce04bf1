//! Mend a run whose loss explodes.

use super::rates::{Run, STEPS, one_digit, run, trial, wanted};
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "mend_divergence",
    notebook: "12_common_training_mistakes",
    title: "Mend a run that explodes",
    codes: &["AK2", "SC2"],
    question,
    starter: "check::mend_divergence(None) // your learning rate in place of None",
    hints: &[
        "The loss grows from step to step: which number decides how long a step is?",
        "Divide the rate by ten and look again. If it then crawls, go back up by two or three.",
        "A fifth of the rate on your card is stable and quick.",
    ],
    solution,
};

/// Checks a learning rate for a run that diverged.
pub fn mend_divergence(rate: impl Real) -> Verdict {
    judge(rate.real())
}

fn broken(run: &Run) -> f64 {
    one_digit(2.0 * run.limit)
}

fn question(draw: &mut Draw) -> Question {
    let run = run(draw);
    let rate = broken(&run);
    let (first, last) = run.train(rate);
    let question = Question::new(format!(
        "A linear model is trained by plain gradient descent for {STEPS} steps, and its loss explodes. \
         Which learning rate mends the run? It is trained with your rate, on your data."
    ))
    .given("learning rate", rate)
    .given("loss before", format!("{first:.3}"))
    .given("loss after", format!("{last:.1e}"));
    wanted(question)
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let trial = trial(attempt, answer)?;
        let (rate, said, broken) = (trial.rate, &trial.said, broken(&trial.run));
        if rate >= broken {
            return not_yet(format!(
                "{said} A higher rate makes longer steps, and the loss explodes sooner."
            ));
        } else if trial.explodes() {
            return not_yet(format!("{said} It still explodes: lower the rate further."));
        } else if trial.lags() {
            return not_yet(format!(
                "{said} It no longer explodes, but has not arrived after {STEPS} steps: that is too careful."
            ));
        }
        Ok(format!(
            "{said} For this loss the limit was {:.4}.",
            trial.run.limit
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    format!(
        "check::mend_divergence({:?})",
        one_digit(0.2 * broken(&run(draw)))
    )
}

//! The learning rate of a cosine schedule at one step.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "rate_at_step",
    notebook: "13_validation_checklist",
    title: "A cosine schedule at one step",
    codes: &["CD4"],
    question,
    starter: "\
check::rate_at_step(None)",
    hints: &[
        "The cosine of 0 is 1 and of pi is -1. Which part of the way from 0 to pi is this step?",
        "rate(t) = start * (1 + cos(pi * t / steps)) / 2.",
        "start * (1.0 + (std::f64::consts::PI * t / steps).cos()) / 2.0",
    ],
    solution,
};

/// Checks the rate.
pub fn rate_at_step(rate: impl Real) -> Verdict {
    judge(rate.real())
}

/// Start rate, all steps, and the step that is asked for: never the middle, where a line would pass.
fn schedule(draw: &mut Draw) -> [f64; 3] {
    let start = draw.rounded(0.02, 0.2, 2);
    let steps = draw.choice(&[400.0, 800.0, 1200.0]);
    [
        start,
        steps,
        steps * draw.choice(&[0.2, 0.25, 0.3, 0.7, 0.75, 0.8]),
    ]
}

fn question(draw: &mut Draw) -> Question {
    let [start, steps, step] = schedule(draw);
    Question::new(
        "A cosine schedule starts high, to get near the minimum fast, and ends at 0, to settle there: \
         half a wave of the cosine between. What is its learning rate at this step?",
    )
    .given("rate at step 0", start)
    .given("steps in all, where it reaches 0", steps)
    .given("step", step)
    .wanted("the learning rate")
    .tolerance("one part in 100")
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let [start, steps, step] = schedule(&mut attempt.question);
        let got = attempt.number(answer)?;
        let part = step / steps;
        let cosine = (std::f64::consts::PI * part).cos();
        let is = |other: f64| close(got / other, 1.0, 1e-2);
        if is(start * (1.0 + cosine) / 2.0) {
            return Ok(
                "Long steps early cover the distance; short steps late keep the noise of the batches from \
                 throwing the weights about."
                    .to_owned(),
            );
        }
        let why = if is(start * (1.0 - part)) {
            "lies on a straight line down to 0: the cosine stays high longer and ends flatter"
        } else if is(start) {
            "is the rate at the start: a schedule lowers it"
        } else if is(start * (1.0 + cosine)) {
            "lacks the half: at step 0 this would be twice the start rate"
        } else if got < 0.0 {
            "is negative, and would walk uphill: add 1 to the cosine and halve it"
        } else {
            "is not start * (1 + cos(pi * step / steps)) / 2"
        };
        not_yet(format!("{got} {why}."))
    })
}

fn solution(draw: &mut Draw) -> String {
    let [start, steps, step] = schedule(draw);
    format!(
        "let angle = std::f64::consts::PI * {step:?} / {steps:?};\n\
         check::rate_at_step({start:?} * (1.0 + angle.cos()) / 2.0)"
    )
}

//! The mean squared error of three predictions.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "loss_of_three",
    notebook: "13_validation_checklist",
    title: "How wrong are three predictions?",
    codes: &["CC3"],
    question,
    starter: "\
check::loss_of_three(None)",
    hints: &[
        "How far off is each prediction?",
        "Mean squared error: square each difference, then take the mean of the squares.",
        "((p1 - t1).powi(2) + (p2 - t2).powi(2) + (p3 - t3).powi(2)) / 3.0",
    ],
    solution,
};

/// Checks the loss.
pub fn loss_of_three(loss: impl Real) -> Verdict {
    judge(loss.real())
}

/// Predictions and targets.
fn pairs(draw: &mut Draw) -> [(f64, f64); 3] {
    // Both signs occur, so that errors without squares would cancel.
    [1, -1, 1].map(|sign| {
        let target = draw.integer(30..=90);
        let error = sign * draw.integer(6..=29);
        ((target + error) as f64 / 10.0, target as f64 / 10.0)
    })
}

fn question(draw: &mut Draw) -> Question {
    let mut question = Question::new(
        "A model made three predictions. What is its mean squared error, the loss that training would \
         lower?",
    );
    for (number, (prediction, target)) in (1..).zip(pairs(draw)) {
        question = question
            .given(&format!("prediction {number}"), prediction)
            .given(&format!("target {number}"), target);
    }
    question.wanted("the loss, one number").tolerance("0.001")
}

fn judge(loss: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let errors = pairs(&mut attempt.question).map(|(prediction, target)| prediction - target);
        let loss = attempt.number(loss)?;
        let squares: f64 = errors.iter().map(|error| error * error).sum();
        let is = |other: f64| close(loss, other, 1e-3);
        if is(squares / 3.0) {
            return Ok(
                "One number for all three: 0 would be perfect, and a large miss counts more than \
                several small ones."
                    .to_owned(),
            );
        }
        let why = if is(squares) {
            "is the sum of the squares: take their mean, or the loss grows with the number of examples"
        } else if is((squares / 3.0).sqrt()) {
            "is the root of it: mean squared error keeps the squares"
        } else if is(errors.iter().map(|error| error.abs()).sum::<f64>() / 3.0) {
            "is the mean absolute error: square the differences"
        } else if is(errors.iter().sum::<f64>() / 3.0) {
            "is the mean of the plain differences: too high and too low cancel there"
        } else if loss < 0.0 {
            "is negative, and a mean of squares cannot be"
        } else {
            "is not the mean of the three squared differences"
        };
        not_yet(format!("{loss} {why}."))
    })
}

fn solution(draw: &mut Draw) -> String {
    let squares = pairs(draw)
        .map(|(prediction, target)| format!("({prediction:?} - {target:?}_f64).powi(2)"));
    format!("check::loss_of_three(({}) / 3.0)", squares.join(" + "))
}

//! The chain rule through two factors.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "slope_through_two",
    notebook: "13_validation_checklist",
    title: "A gradient through two layers",
    codes: &["CC5"],
    question,
    starter: "\
check::slope_through_two(None)",
    hints: &[
        "Begin at the loss and walk back to w1: how many steps lie between?",
        "Multiply the slopes of the steps: of L by y, of y by h, of h by w1.",
        "2.0 * (w2 * w1 * x - t) * w2 * x",
    ],
    solution,
};

/// Checks the gradient.
pub fn slope_through_two(gradient: impl Real) -> Verdict {
    judge(gradient.real())
}

/// w1, w2, x, t: no factor is near 1, and the prediction is always too low.
fn numbers(draw: &mut Draw) -> [f64; 4] {
    [(0.2, 0.5), (1.2, 1.9), (2.2, 4.0), (8.0, 12.0)].map(|(low, high)| draw.rounded(low, high, 1))
}

fn question(draw: &mut Draw) -> Question {
    let [w1, w2, x, t] = numbers(draw);
    Question::new(
        "Two layers of one weight each: h = w1 x, y = w2 h, and the loss is L = (y - t)^2. \
         What is the derivative of L by w1?",
    )
    .given("w1", w1)
    .given("w2", w2)
    .given("x", x)
    .given("t", t)
    .wanted("dL/dw1, one number")
    .tolerance("one part in 1,000")
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let [w1, w2, x, t] = numbers(&mut attempt.question);
        let got = attempt.number(answer)?;
        let by_output = 2.0 * (w2 * w1 * x - t);
        let right = by_output * w2 * x;
        let is = |other: f64| close(got, other, 1e-3);
        if is(right) {
            return Ok(
                "One factor for each step back from the loss. Backpropagation is this, and it keeps what \
                 the layers share: dL/dy is worked out once."
                    .to_owned(),
            );
        }
        let why = if is(-right) {
            "has the wrong sign: the prediction is too low, so raising w1 lowers the loss"
        } else if is(right / 2.0) {
            "lacks the 2 of the square's derivative"
        } else if is(by_output * x) {
            "leaves out w2: the way from w1 to the loss goes through the second layer"
        } else if is(by_output * w2) {
            "leaves out x: that is dL/dh, one step is still missing"
        } else if is(by_output * w1 * x) {
            "is the derivative by w2"
        } else {
            "is not the product of dL/dy, dy/dh and dh/dw1"
        };
        not_yet(format!("{got} {why}."))
    })
}

fn solution(draw: &mut Draw) -> String {
    let [w1, w2, x, t] = numbers(draw);
    format!("check::slope_through_two(2.0 * ({w2:?} * {w1:?} * {x:?} - {t:?}) * {w2:?} * {x:?})")
}

//! How much calmer the gradient of a larger batch is.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "noise_of_batch",
    notebook: "13_validation_checklist",
    title: "The noise of a larger batch",
    codes: &["PU3", "CD3"],
    question,
    starter: "\
check::noise_of_batch(None)",
    hints: &[
        "A batch's gradient is a mean over its examples. How does a mean of more of them scatter?",
        "The standard deviation of a mean falls with the square root of how many are averaged.",
        "noise * (small / large).sqrt()",
    ],
    solution,
};

/// Checks the noise.
pub fn noise_of_batch(noise: impl Real) -> Verdict {
    judge(noise.real())
}

struct Batches {
    noise: f64,
    small: i64,
    /// The large batch is this squared times as large.
    root: i64,
}

fn batches(draw: &mut Draw) -> Batches {
    Batches {
        noise: draw.rounded(1.2, 4.8, 1),
        small: draw.choice(&[8, 16, 32]),
        root: draw.choice(&[2, 3, 4]),
    }
}

fn question(draw: &mut Draw) -> Question {
    let batches = batches(draw);
    Question::new(
        "The gradient of a batch scatters around the gradient of all data. For the small batch its \
         standard deviation was measured. About what will it be for the large batch? Examples are drawn \
         independently.",
    )
    .given("small batch", batches.small)
    .given("its standard deviation", batches.noise)
    .given("large batch", batches.small * batches.root * batches.root)
    .wanted("the standard deviation for the large batch")
    .tolerance("one part in 100")
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let Batches { noise, root, .. } = batches(&mut attempt.question);
        let got = attempt.number(answer)?;
        let root = root as f64;
        let is = |other: f64| close(got / other, 1.0, 1e-2);
        if is(noise / root) {
            return Ok(format!(
                "{} times the examples, and only {root} times less noise: that is the price of a stable gradient.",
                root * root
            ));
        }
        let why = if is(noise / (root * root)) {
            "falls as fast as the batch grows; the variance does, the standard deviation is its root"
        } else if is(noise * root) || is(noise * root * root) {
            "is larger than before: averaging over more examples makes the gradient calmer"
        } else if is(noise) {
            "is the noise of the small batch: more examples in the mean calm it"
        } else {
            "does not follow from noise that falls with the square root of the batch size"
        };
        not_yet(format!("{got} {why}."))
    })
}

fn solution(draw: &mut Draw) -> String {
    let Batches { noise, small, root } = batches(draw);
    let (small, large) = (small as f64, (small * root * root) as f64);
    format!("check::noise_of_batch({noise:?} * ({small:?} / {large:?}_f64).sqrt())")
}

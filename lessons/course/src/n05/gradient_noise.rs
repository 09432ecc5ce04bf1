//! How the noise of a gradient falls with the batch size.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "gradient_noise",
    notebook: "05_how_models_learn",
    title: "How noisy is a larger batch?",
    codes: &["CD3", "PU3"],
    question,
    starter: "\
fn noise(known_batch: f64, known_noise: f64, batch: f64) -> f64 {
    todo!(\"the noise at another batch size\")
}
check::gradient_noise(noise)",
    hints: &[
        "Look at the measured table: by what factor does the noise fall when the batch is four times as large?",
        "The standard deviation of a mean of B numbers is that of one number divided by the square root of B.",
        "known_noise * (known_batch / batch).sqrt()",
    ],
    solution,
};

/// Checks the noise at another batch size.
pub fn gradient_noise(noise: impl Fn(f64, f64, f64) -> f64) -> Verdict {
    judge(&noise)
}

fn question(draw: &mut Draw) -> Question {
    let batch = draw.choice(&[4, 8, 16]);
    Question::new(
        "The gradient of a batch is the mean of its examples' gradients, so it differs from batch to \
         batch. Call its standard deviation the noise. It was measured at one batch size: what is it at \
         another? Your function must work for any sizes, such as these.",
    )
    .given("known batch", batch)
    .given("known noise", draw.rounded(0.5, 2.0, 2))
    .given("another batch", batch * draw.choice(&[2, 4, 16]))
    .wanted("fn noise(known_batch: f64, known_noise: f64, batch: f64) -> f64")
    .tolerance("one part in a million")
}

fn judge(noise: &dyn Fn(f64, f64, f64) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..6 {
            let known_batch = attempt.held_out.integer(2..=40) as f64;
            let factor = attempt.held_out.choice(&[0.5, 2.0, 3.0, 5.0, 9.0]);
            let known_noise = attempt.held_out.rounded(0.3, 3.0, 2);
            let batch = known_batch * factor;
            let call = format!("noise({known_batch:?}, {known_noise:?}, {batch:?})");
            let got = attempt.call(&call, || noise(known_batch, known_noise, batch))?;
            let same = |other: f64| close(got / known_noise, other, 1e-6);
            if same(factor.sqrt().recip()) {
                continue;
            }
            let why = if same(1.0) {
                "the noise does not stay the same: a mean over more examples varies less."
            } else if same(factor.recip()) {
                "that falls as 1/B. Four times the batch halves the noise, it does not quarter it."
            } else if same(factor.sqrt()) {
                "that is the wrong way round: larger batches are less noisy."
            } else if same(factor) {
                "that grows with the batch. A mean over more examples varies less."
            } else {
                "the noise goes as 1 / sqrt(B), so only the ratio of the batch sizes matters."
            };
            return not_yet(format!("{call} is {got:.4}: {why}"));
        }
        Ok("Half the noise costs four times the work. That is why very large batches pay off badly.".to_owned())
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn noise(known_batch: f64, known_noise: f64, batch: f64) -> f64 {
    known_noise * (known_batch / batch).sqrt()
}
check::gradient_noise(noise)"
        .to_owned()
}

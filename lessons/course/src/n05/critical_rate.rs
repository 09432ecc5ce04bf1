//! Predict from the data alone at which learning rate a linear model's training diverges.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "critical_rate",
    notebook: "05_how_models_learn",
    title: "Where does training diverge?",
    codes: &["CC6"],
    question,
    starter: "\
fn critical_rate(x: &Tensor) -> f64 {
    // x is [examples, features]; the model is x.matmul(&w), the loss mse_loss
    todo!(\"2 divided by the largest curvature\")
}
check::critical_rate(critical_rate)",
    hints: &[
        "The curvature does not depend on the targets: only on x.",
        "The loss is mean((x w - y)^2). Its second derivatives are the matrix 2/n x^T x, with n examples.",
        "let curvature = x.tr().matmul(x) * (2.0 / n); the largest is curvature.linalg_eigvalsh(\"L\").max().item(), \
         and n is x.size()[0] as f64.",
    ],
    solution,
};

/// Checks a rate above which gradient descent diverges.
pub fn critical_rate(rate: impl Fn(&Tensor) -> f64) -> Verdict {
    judge(&rate)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A linear model without a bias is trained by gradient descent on the mean squared error over \
         all examples. Compute from the inputs x the learning rate above which the loss grows without \
         end. The checker then trains just below your rate and just above it.",
    )
    .wanted("fn critical_rate(x: &Tensor) -> f64, for x of shape [examples, features]")
    .tolerance("one part in a thousand")
}

/// The loss after so many steps at this rate, in terms of the first loss.
fn growth(x: &Tensor, rate: f64) -> f64 {
    let (n, features) = (x.size()[0], x.size()[1]);
    let mut w = Tensor::ones([features, 1], (Kind::Double, Device::Cpu));
    // Targets of 0: the error is x w, and the lowest loss is 0.
    let loss = |w: &Tensor| x.matmul(w).square().mean(Kind::Double).double_value(&[]);
    let first = loss(&w);
    for _ in 0..400 {
        w = &w - x.tr().matmul(&x.matmul(&w)) * (2.0 * rate / n as f64);
    }
    loss(&w) / first
}

fn judge(rate: &dyn Fn(&Tensor) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut trained = (0.0, 0.0);
        for _ in 0..4 {
            let n = attempt.held_out.integer(20..=60);
            let features = attempt.held_out.integer(2..=5);
            // A common part in all columns: eigenvalues lie apart, so mistakes show.
            let common = attempt.held_out.tensor(&[n, 1]);
            let x = attempt.held_out.tensor(&[n, features]) + common;
            let call = format!("critical_rate(x of shape [{n}, {features}])");
            let got = attempt.call(&call, || rate(&x))?;
            let double = x.to_kind(Kind::Double);
            let values = (double.tr().matmul(&double) * (2.0 / n as f64)).linalg_eigvalsh("L");
            let (largest, smallest) = (
                values.max().double_value(&[]),
                values.min().double_value(&[]),
            );
            let right = 2.0 / largest;
            let same = |other: f64| close(got / other, 1.0, 1e-3);
            if same(right) {
                trained = (growth(&double, 0.95 * got), growth(&double, 1.05 * got));
                continue;
            }
            let why = if same(1.0 / largest) {
                "that is 1 / largest curvature, where the steepest direction is crossed in one step. \
                 Steps may be twice as long before they grow."
            } else if same(largest) {
                "that is the curvature itself. Steeper valleys bear shorter steps: divide 2 by it."
            } else if same(2.0 / smallest) {
                "that is the flattest direction. The steepest one diverges first."
            } else if same(right / n as f64) {
                "the 1/n of the mean is missing in your curvature."
            } else if same(right * 2.0) {
                "the 2 of the square's derivative is missing in your curvature."
            } else {
                "compute 2/n x^T x and take its largest eigenvalue."
            };
            return not_yet(format!(
                "{call} is {got:.5}, but trained below and above {right:.5} the loss falls and grows: {why}"
            ));
        }
        Ok(format!(
            "400 steps at 0.95 of your rate leave {:.1e} of the loss; at 1.05 of it, it is {:.1e} times as large.",
            trained.0, trained.1
        ))
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn critical_rate(x: &Tensor) -> f64 {
    let n = x.size()[0] as f64;
    let curvature = x.tr().matmul(x) * (2.0 / n);
    2.0 / curvature.linalg_eigvalsh(\"L\").max().item()
}
check::critical_rate(critical_rate)"
        .to_owned()
}

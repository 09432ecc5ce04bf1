//! Train the smallest model there is, from nothing.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "fit_a_line",
    notebook: "13_validation_checklist",
    title: "Train a line from nothing",
    codes: &["SC1", "AK1"],
    question,
    starter: "\
fn fit(x: &[f64], y: &[f64]) -> (f64, f64) {
    todo!(\"the weight and the bias\")
}
check::fit_a_line(fit)",
    hints: &[
        "Begin with weight 0 and bias 0. What does one step of gradient descent do to each?",
        "The error of an example is w * x + b - y. The gradient of the mean squared error is the mean of \
         2 * error * x for the weight, and the mean of 2 * error for the bias.",
        "for _ in 0..1000 { let (mut dw, mut db) = (0.0, 0.0); for (x, y) in x.iter().zip(y) { let error = \
         w * x + b - y; dw += 2.0 * error * x / n; db += 2.0 * error / n; } w -= 0.1 * dw; b -= 0.1 * db; }",
    ],
    solution,
};

/// Checks a function that trains.
pub fn fit_a_line(fit: impl Fn(&[f64], &[f64]) -> (f64, f64)) -> Verdict {
    judge(&fit)
}

type Fit<'a> = dyn Fn(&[f64], &[f64]) -> (f64, f64) + 'a;

fn judge(fit: &Fit) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..3 {
            let draw = &mut attempt.held_out;
            let (weight, bias) = (draw.range(-3.0, -1.2), draw.range(1.2, 4.0));
            let x: Vec<f64> = (0..40).map(|_| draw.range(-1.5, 1.5)).collect();
            let y: Vec<f64> = x.iter().map(|x| weight * x + bias).collect();
            let (w, b) = attempt.call("fit(&x, &y) with 40 points of a line", || fit(&x, &y))?;
            let is = |got: f64, right: f64| (got - right).abs() <= 0.02;
            if is(w, weight) && is(b, bias) {
                continue;
            }
            let said =
                format!("fit gave w = {w:.3}, b = {b:.3} for the line {weight:.3} x + {bias:.3}");
            return not_yet(if !w.is_finite() || !b.is_finite() {
                format!("{said}: it diverged. Lower the learning rate.")
            } else if is(w, bias) && is(b, weight) {
                format!("{said}: weight and bias are swapped.")
            } else if w == 0.0 && b == 0.0 {
                format!("{said}: nothing was learned. Do the steps change w and b?")
            } else if b == 0.0 {
                format!(
                    "{said}: the bias has never moved. It has a gradient too: the mean of 2 * error."
                )
            } else if w.abs() > 1e3 || b.abs() > 1e3 {
                format!("{said}: it walks uphill. Subtract the gradient.")
            } else {
                format!("{said}: more than 0.02 off. More steps, or longer ones?")
            });
        }
        Ok(
            "Forward, error, gradient, step: your own training loop, with no library under it."
                .to_owned(),
        )
    })
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write a training loop without any library: it gets the points of a line y = w x + b, without \
         noise, x between -1.5 and 1.5, and returns w and b. It is tried on three lines that you do not see.",
    )
    .given("points", 40)
    .wanted("fn fit(x: &[f64], y: &[f64]) -> (f64, f64), weight and bias")
    .tolerance("0.02 for each")
}

fn solution(_: &mut Draw) -> String {
    "\
fn fit(x: &[f64], y: &[f64]) -> (f64, f64) {
    let (mut w, mut b) = (0.0, 0.0);
    let n = x.len() as f64;
    for _ in 0..1000 {
        let (mut dw, mut db) = (0.0, 0.0);
        for (x, y) in x.iter().zip(y) {
            let error = w * x + b - y;
            dw += 2.0 * error * x / n;
            db += 2.0 * error / n;
        }
        w -= 0.1 * dw;
        b -= 0.1 * db;
    }
    (w, b)
}
check::fit_a_line(fit)"
        .to_owned()
}

//! The slopes of one neuron's loss by the chain rule, against autograd.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "chain_rule",
    notebook: "05_how_models_learn",
    title: "The chain rule by hand",
    codes: &["CC5"],
    question,
    starter: "\
fn slopes(x: f64, w: f64, target: f64) -> [f64; 4] {
    // dL/dp, dp/dz, dz/dw, and dL/dw, for z = w * x, p = sigmoid(z), L = (p - target)^2
    todo!(\"three local slopes and the whole one\")
}
check::chain_rule(slopes)",
    hints: &[
        "Each local slope knows only its own formula: how does L answer to p, p to z, z to w?",
        "dL/dp = 2 (p - target); dp/dz = p (1 - p); dz/dw = x; the whole slope is their product.",
        "let p = 1.0 / (1.0 + (-w * x).exp()); then put the three in an array, and their product at the end.",
    ],
    solution,
};

/// Checks the three local slopes and their product.
pub fn chain_rule(slopes: impl Fn(f64, f64, f64) -> [f64; 4]) -> Verdict {
    judge(&slopes)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A neuron computes z = w * x and p = sigmoid(z); its loss is L = (p - target)^2. Compute the \
         local slopes dL/dp, dp/dz and dz/dw, and from them dL/dw. Autograd will check the last one.",
    )
    .wanted("fn slopes(x: f64, w: f64, target: f64) -> [f64; 4]")
    .tolerance("one part in a million")
}

/// dL/dw, from libtorch.
fn autograd(x: f64, w: f64, target: f64) -> f64 {
    let w = Tensor::from(w).set_requires_grad(true);
    let loss = ((&w * x).sigmoid() - target).square();
    loss.backward();
    w.grad().double_value(&[])
}

fn judge(slopes: &dyn Fn(f64, f64, f64) -> [f64; 4]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..6 {
            let x = attempt.held_out.rounded(1.1, 2.9, 1);
            let w = attempt.held_out.rounded(-0.9, -0.2, 1);
            let target = attempt.held_out.rounded(0.6, 1.0, 1);
            let call = format!("slopes({x:?}, {w:?}, {target:?})");
            let got = attempt.call(&call, || slopes(x, w, target))?;
            let p = 1.0 / (1.0 + (-w * x).exp());
            let (outer, middle, inner) = (2.0 * (p - target), p * (1.0 - p), x);
            let same = |at: usize, expected: f64| close(got[at], expected, 1e-6);
            if !same(0, outer) {
                let why = if same(0, outer / 2.0) {
                    "the 2 of the square is missing."
                } else if same(0, -outer) {
                    "the sign is wrong: L grows when p moves away from the target, so it is p - target."
                } else {
                    "L = (p - target)^2 is a square: its slope is 2 (p - target)."
                };
                return not_yet(format!("{call}: dL/dp is {:.5}; {why}", got[0]));
            }
            if !same(1, middle) {
                let why = if same(1, p) {
                    "that is the sigmoid itself, not its slope."
                } else {
                    "the sigmoid's slope is p (1 - p), at most 1/4."
                };
                return not_yet(format!("{call}: dp/dz is {:.5}; {why}", got[1]));
            }
            if !same(2, inner) {
                return not_yet(format!(
                    "{call}: dz/dw is {:.5}; z = w * x, and w is what moves: x stays.",
                    got[2]
                ));
            }
            if !same(3, autograd(x, w, target)) {
                let why = if same(3, outer + middle + inner) {
                    "the local slopes were added. Along a chain they multiply."
                } else {
                    "it should be the product of the three."
                };
                return not_yet(format!("{call}: dL/dw is {:.5}; {why}", got[3]));
            }
        }
        Ok("Autograd says the same. It keeps the local slopes and multiplies them from the loss backwards.".to_owned())
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn slopes(x: f64, w: f64, target: f64) -> [f64; 4] {
    let p = 1.0 / (1.0 + (-w * x).exp());
    let (outer, middle, inner) = (2.0 * (p - target), p * (1.0 - p), x);
    [outer, middle, inner, outer * middle * inner]
}
check::chain_rule(slopes)"
        .to_owned()
}

//! List the gradient norms of a network's weights with their names.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "gradient_norms",
    notebook: "06_code_examples",
    title: "A gradient table of your own",
    codes: &[],
    question,
    starter: "\
fn gradient_norms(net: &Sequential) -> Vec<(String, f64)> {
    todo!(\"name and gradient norm of every weight, first layer first; no biases\")
}
check::gradient_norms(gradient_norms)",
    hints: &[
        "Which method gives every parameter with its name? Section 2 used it for the step by hand.",
        "net.named_parameters() gives pairs of name and parameter. Keep the names that end in \"weight\"; \
         the number in front counts activations too.",
        "parameter.grad().norm().item() is the norm: sqrt of the sum of squares. filter, map, collect.",
    ],
    solution,
};

/// Checks names and norms.
pub fn gradient_norms(norms: impl Fn(&Sequential) -> Vec<(String, f64)>) -> Verdict {
    judge(&norms)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write what section 4's table is made of: for a network after backward, the name of each weight \
         and the norm of its gradient, sqrt(sum of squares). It is called with networks of several \
         depths, whose names you cannot know.",
    )
    .wanted("fn gradient_norms(net: &Sequential) -> Vec<(String, f64)>")
    .tolerance("one part in a thousand")
}

fn judge(norms: &dyn Fn(&Sequential) -> Vec<(String, f64)>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..3 {
            manual_seed(attempt.held_out.seed());
            let hidden = attempt.held_out.integer(2..=5);
            let mut net = Sequential::new();
            for layer in 0..hidden {
                net = net
                    .add(linear(if layer == 0 { 3 } else { 6 }, 6))
                    .add(tanh());
            }
            let net = net.add(linear(6, 1));
            // Not the mean: small gradients could not be told apart.
            let loss = (net.forward(&randn(&[20, 3])) - 3.0)
                .square()
                .sum(Kind::Float)
                * 10.0;
            loss.backward();
            let expected: Vec<(String, Tensor)> = net
                .named_parameters()
                .into_iter()
                .filter(|(name, _)| name.ends_with("weight"))
                .collect();
            let call = format!("gradient_norms(a network with {hidden} hidden layers)");
            let got = attempt.call(&call, || norms(&net))?;
            let names: Vec<&str> = got.iter().map(|(name, _)| name.as_str()).collect();
            if names.iter().any(|name| name.ends_with("bias")) {
                return not_yet(format!(
                    "{call} lists biases too: keep the names that end in \"weight\"."
                ));
            }
            let consecutive = (0..=hidden).map(|at| format!("{at}.weight"));
            if consecutive.eq(names.iter().map(|&name| name.to_owned())) {
                return not_yet(format!(
                    "{call} counts 0, 1, 2. Activations have numbers too, so the weights are 0, 2, 4: take \
                     the names from the network."
                ));
            }
            let wanted: Vec<&str> = expected.iter().map(|(name, _)| name.as_str()).collect();
            if names.iter().rev().eq(&wanted) {
                return not_yet(format!("{call} is in reverse: first layer first."));
            } else if names != wanted {
                return not_yet(format!(
                    "{call} has the names {names:?}, and should have {wanted:?}."
                ));
            }
            for ((name, got), (_, weight)) in got.iter().zip(&expected) {
                let gradient = weight.grad();
                let right = gradient.norm().double_value(&[]);
                let same = |other: f64| close(*got / right, other / right, 1e-3);
                if same(right) {
                    continue;
                }
                let why = if same(weight.norm().double_value(&[])) {
                    "that is the norm of the weight itself, not of its gradient."
                } else if same(gradient.abs().mean(Kind::Float).double_value(&[])) {
                    "that is the mean size. The norm is the square root of the sum of squares."
                } else if same(right * right) {
                    "that is the sum of squares: take the square root."
                } else if same(gradient.sum(Kind::Float).double_value(&[])) {
                    "that is the sum: positive and negative numbers cancel."
                } else {
                    "that is not the square root of the sum of squares of its gradient."
                };
                return not_yet(format!(
                    "{call}: {name} is {got:.4}, and should be {right:.4}; {why}"
                ));
            }
        }
        Ok("That is the table by which one sees gradients fade.".to_owned())
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn gradient_norms(net: &Sequential) -> Vec<(String, f64)> {
    let weights = net.named_parameters().into_iter().filter(|(name, _)| name.ends_with(\"weight\"));
    weights.map(|(name, weight)| (name, weight.grad().norm().item())).collect()
}
check::gradient_norms(gradient_norms)"
        .to_owned()
}

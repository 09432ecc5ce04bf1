//! Mend a deep network whose first layer hears nothing of the loss.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "mend_vanishing",
    notebook: "12_common_training_mistakes",
    title: "Mend gradients that vanish",
    codes: &["AK2", "SC2"],
    question,
    starter: "\
fn deep_net() -> Sequential {
    // twelve times linear(.., 32) and sigmoid(), then linear(32, 1): the first layer learns nothing
    todo!(\"as deep, but with gradients that arrive\")
}
check::mend_vanishing(deep_net)",
    hints: &[
        "What is the largest slope of a sigmoid, and what is its twelfth power?",
        "ReLU has slope 1 where it is open. And the first weights must be large enough: with_init.",
        "In a loop: net = net.add(linear(if layer == 0 { 10 } else { 32 }, 32).with_init(Init::HeNormal)).add(relu())",
    ],
    solution,
};

/// Checks a network's gradient flow.
pub fn mend_vanishing(net: impl Fn() -> Sequential) -> Verdict {
    judge(&net)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A network of twelve hidden layers of 32 neurons, from 10 features to 1 number, does not learn: \
         the gradient of its first layer has a norm of a millionth or less. Build one that is as deep, \
         whose gradients arrive. It is built with five seeds, and gets random examples.",
    )
    .wanted("fn deep_net() -> Sequential, from [n, 10] to [n, 1], with 13 linear layers")
    .tolerance("the norm of the first weight's gradient must lie between 0.01 and 1000")
}

fn judge(build: &dyn Fn() -> Sequential) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut worst = f64::INFINITY;
        for _ in 0..5 {
            manual_seed(attempt.held_out.seed());
            let net = attempt.call("deep_net()", build)?;
            let (x, y) = (randn(&[64, 10]), randn(&[64, 1]));
            let output = match net.try_forward(&x) {
                Ok(output) if output.size() == [64, 1] => output,
                Ok(output) => {
                    return not_yet(format!(
                        "Your network gives {:?} for 64 examples, and should give [64, 1].",
                        output.size()
                    ));
                }
                Err(error) => {
                    return not_yet(format!("Your network refuses ten features: {error}"));
                }
            };
            let weights: Vec<Tensor> = net
                .named_parameters()
                .into_iter()
                .filter(|(name, weight)| name.ends_with("weight") && weight.dim() == 2)
                .map(|(_, weight)| weight)
                .collect();
            if weights.len() < 13 {
                return not_yet(format!(
                    "Your network has {} linear layers. Making it shallow avoids the question: build 13.",
                    weights.len()
                ));
            }
            mse_loss(&output, &y).backward();
            let norm = |weight: &Tensor| {
                let gradient = weight.grad();
                if gradient.defined() {
                    gradient.norm().double_value(&[])
                } else {
                    0.0
                }
            };
            let first = norm(&weights[0]);
            if !first.is_finite() || first > 1000.0 {
                return not_yet(format!(
                    "The first layer's gradient has norm {first:.1e}: now they explode. The first \
                     weights are too large."
                ));
            }
            if first < 0.01 {
                let mut layers = net.layers();
                let sigmoid =
                    |layer: &dyn Layer| layer.describe().to_lowercase().contains("sigmoid");
                let why = if layers.any(|(_, layer)| sigmoid(layer)) {
                    "There is a sigmoid in it: its slope is at most 1/4, and the product of twelve of \
                     them is tiny."
                } else {
                    "The activation lets gradients through, but the first weights are too small: \
                     PyTorch's shrink the signal in every layer. See Init."
                };
                return not_yet(format!(
                    "The first layer's gradient has norm {first:.1e}. {why}"
                ));
            }
            worst = worst.min(first);
        }
        Ok(format!(
            "In the worst of five seeds the first layer's gradient has norm {worst:.2}: it learns too."
        ))
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn deep_net() -> Sequential {
    let mut net = Sequential::new();
    for layer in 0..12 {
        let inputs = if layer == 0 { 10 } else { 32 };
        net = net.add(linear(inputs, 32).with_init(Init::HeNormal)).add(relu());
    }
    net.add(linear(32, 1).with_init(Init::HeNormal))
}
check::mend_vanishing(deep_net)"
        .to_owned()
}

//! Write a whole training run; it is judged on examples that it never saw.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "whole_loop",
    notebook: "05_how_models_learn",
    title: "Train a network from scratch",
    codes: &["AK1", "SC1"],
    question,
    starter: "\
fn learn(x: &Tensor, y: &Tensor) -> Sequential {
    // x is [200, 3], y is [200, 1]
    todo!(\"a network, an optimiser, and the loop\")
}
check::whole_loop(learn)",
    hints: &[
        "Look at the training loop of section 9. Which three things must exist before the first epoch?",
        "Forward, loss, zero_grad, backward, step; a few hundred times over all 200 houses.",
        "let net = Sequential::new().add(linear(3, 16)).add(relu()).add(linear(16, 1)); let mut optimizer = \
         adam(&net, 0.02); then 600 times the five lines.",
    ],
    solution,
};

/// Checks a training run.
pub fn whole_loop(learn: impl Fn(&Tensor, &Tensor) -> Sequential) -> Verdict {
    judge(&learn)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "200 houses with three features each; the price is a weighted sum of them plus a bias that you \
         are not told. Write the whole run, without the trainer: build a network, train it, return it. \
         It is called with new houses, and judged on 100 more that it never saw.",
    )
    .wanted("fn learn(x: &Tensor, y: &Tensor) -> Sequential, from [200, 3] and [200, 1]")
    .tolerance("mean squared error on the unseen houses below 0.001; some seconds at most")
}

const GOAL: f64 = 1e-3;

fn judge(learn: &dyn Fn(&Tensor, &Tensor) -> Sequential) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let draw = &mut attempt.held_out;
        let weights = tensor([
            [draw.rounded(0.3, 0.9, 1)],
            [draw.rounded(-0.9, -0.3, 1)],
            [draw.rounded(0.1, 0.6, 1)],
        ]);
        let bias = draw.rounded(0.5, 1.5, 1);
        let (x, unseen) = (draw.tensor(&[200, 3]), draw.tensor(&[100, 3]));
        let price = |x: &Tensor| x.matmul(&weights) + bias;
        manual_seed(draw.seed());
        let call = "learn(x of shape [200, 3], y of shape [200, 1])";
        let net = attempt.call(call, || learn(&x, &price(&x)))?;
        let prediction = match net.try_forward(&unseen) {
            Ok(prediction) => no_grad(|| prediction.detach()),
            Err(error) => return not_yet(format!("Your network refuses three features: {error}")),
        };
        if prediction.size() != [100, 1] {
            return not_yet(format!(
                "Your network gives {:?} for 100 houses, and should give [100, 1]: one price each.",
                prediction.size()
            ));
        }
        let truth = price(&unseen);
        let error = mse_loss(&prediction, &truth).double_value(&[]);
        let guess = (&truth - truth.mean(Kind::Float))
            .square()
            .mean(Kind::Float);
        let guess = guess.double_value(&[]);
        if error < GOAL {
            return Ok(format!(
                "Mean squared error {error:.1e} on houses that it never saw: it found the formula."
            ));
        }
        let spread = prediction.std(false).double_value(&[]);
        let why = if !error.is_finite() {
            "The weights are no numbers any more: the learning rate is far too high.".to_owned()
        } else if spread < 1e-6 {
            "It gives the same price for every house.".to_owned()
        } else if error > 0.5 * guess {
            format!(
                "Guessing the mean price would give {guess:.3}: it has learned next to nothing. Does \
                 optimizer.step() run after loss.backward()? Does zero_grad() stand before it?"
            )
        } else {
            "It is on its way. More steps, or a rate that is neither tiny nor huge.".to_owned()
        };
        not_yet(format!(
            "Mean squared error {error:.4} on unseen houses, and {GOAL} is wanted. {why}"
        ))
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn learn(x: &Tensor, y: &Tensor) -> Sequential {
    let net = Sequential::new().add(linear(3, 16)).add(relu()).add(linear(16, 1));
    let mut optimizer = adam(&net, 0.02);
    for _step in 0..600 {
        let loss = mse_loss(&net.forward(x), y);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
    }
    net
}
check::whole_loop(learn)"
        .to_owned()
}

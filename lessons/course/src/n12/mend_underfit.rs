//! Mend a run whose network is too simple.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "mend_underfit",
    notebook: "12_common_training_mistakes",
    title: "Mend a run that underfits",
    codes: &["AK2", "SC2"],
    question,
    starter: "\
fn larger_net() -> Sequential {
    // Sequential::new().add(linear(2, 2)) was too simple
    todo!(\"from 2 features to 2 classes\")
}
check::mend_underfit(larger_net)",
    hints: &[
        "What is the only kind of border that one linear layer can draw?",
        "A straight one. Put a hidden layer between, and something that bends.",
        "Sequential::new().add(linear(2, 32)).add(relu()).add(linear(32, 2))",
    ],
    solution,
};

/// Checks a network by training it.
pub fn mend_underfit(net: impl Fn() -> Sequential) -> Verdict {
    judge(&net)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Two half moons, and a single linear layer that tells them apart: both losses stay high, about \
         87 % are right. Build a network that can do it. It is trained for 150 steps of Adam at rate \
         0.05 on 200 points, and judged on 400 others.",
    )
    .wanted("fn larger_net() -> Sequential, from [n, 2] to [n, 2]")
    .tolerance("at least 95 % of the held-out points right")
}

fn judge(build: &dyn Fn() -> Sequential) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        manual_seed(attempt.held_out.seed());
        let (train, held_out) = (two_moons(200, 0.1), two_moons(400, 0.1));
        let mut net = attempt.call("larger_net()", build)?;
        let (layers, names) = (net.layers().len(), net.describe());
        match net.try_forward(&train.x) {
            Err(error) => {
                return not_yet(format!("Your network refuses two features: {error}"));
            }
            Ok(output) if output.size() != [200, 2] => {
                return not_yet(format!(
                    "Your network gives {:?} for 200 points, and should give [200, 2]: one number for \
                     each class.",
                    output.size()
                ));
            }
            Ok(_) => {}
        }
        if net.named_parameters().is_empty() {
            return not_yet("Your network has no parameters: there is nothing to train.");
        }
        let mut optimizer = adam(&net, 0.05);
        for _ in 0..150 {
            lessons::interrupt::checkpoint();
            optimizer.backward_step(&cross_entropy_loss(&net.forward(&train.x), &train.y));
        }
        net.eval();
        let right = no_grad(|| net.forward(&held_out.x))
            .argmax(1, false)
            .eq_tensor(&held_out.y);
        let accuracy = right
            .to_kind(Kind::Float)
            .mean(Kind::Float)
            .double_value(&[]);
        let said = format!(
            "{:.1} % of the held-out points are right.",
            100.0 * accuracy
        );
        if accuracy >= 0.95 {
            return Ok(format!(
                "{said} The hidden layer bends the border around the moons."
            ));
        }
        let bends = net
            .layers()
            .any(|(_, layer)| layer.named_parameters().is_empty());
        let why = if layers > 1 && !bends {
            "Linear layers in a row are one linear layer: nothing bends between them."
        } else if !bends {
            "One linear layer draws one straight border, and no straight border fits."
        } else {
            "It bends, but has too few hidden neurons, or they have gone silent: make it wider."
        };
        not_yet(format!("{said} {why} ({names})"))
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn larger_net() -> Sequential {
    Sequential::new().add(linear(2, 32)).add(relu()).add(linear(32, 2))
}
check::mend_underfit(larger_net)"
        .to_owned()
}

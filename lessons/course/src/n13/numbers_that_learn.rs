//! Count the numbers that training changes, among others that it does not.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::{Count, thousands};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "numbers_that_learn",
    notebook: "13_validation_checklist",
    title: "How many numbers does training change?",
    codes: &["CC1"],
    question,
    starter: "\
check::numbers_that_learn(None)",
    hints: &[
        "Which of these numbers did a person choose?",
        "Only weights and biases are learned. A linear layer from n to m numbers has n * m weights and \
         m biases.",
        "inputs * hidden + hidden, plus hidden * outputs + outputs.",
    ],
    solution,
};

/// Checks the count.
pub fn numbers_that_learn(count: impl Count) -> Verdict {
    judge(count.count())
}

struct Net {
    inputs: i64,
    hidden: i64,
    outputs: i64,
    epochs: i64,
}

fn net(draw: &mut Draw) -> Net {
    Net {
        inputs: draw.integer(6..=20),
        hidden: draw.integer(24..=60),
        outputs: draw.integer(2..=5),
        epochs: draw.integer(10..=40),
    }
}

fn question(draw: &mut Draw) -> Question {
    let net = net(draw);
    Question::new(
        "A network has two linear layers with biases and a ReLU between them. These are all the \
         numbers that describe the run. How many numbers does the optimizer change?",
    )
    .given("inputs", net.inputs)
    .given("hidden width", net.hidden)
    .given("outputs", net.outputs)
    .given("epochs", net.epochs)
    .given("batch size", 32)
    .given("learning rate", 0.01)
    .wanted("a whole number, or an expression that makes one")
    .tolerance("exact")
}

fn judge(count: Option<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let net = net(&mut attempt.question);
        let count = attempt.count(count)?;
        let weights = net.inputs * net.hidden + net.hidden * net.outputs;
        let right = weights + net.hidden + net.outputs;
        let said = thousands(count);
        if count == right {
            return Ok(format!(
                "{said} parameters are learned. Widths, epochs, batch size and learning rate are yours to choose."
            ));
        }
        let why = if count == weights {
            "counts the weights only: every output of a layer has a bias, and it is learned too"
        } else if count > right && count <= right + 6 {
            "counts hyperparameters too: what a person chose is not learned"
        } else if count == right * net.epochs {
            "counts every number once for each epoch: the same numbers are changed again and again"
        } else if count == net.inputs + net.hidden + net.outputs {
            "counts neurons: the parameters are the connections between them, and the biases"
        } else if count > right {
            "is too many"
        } else {
            "is too few"
        };
        not_yet(format!("{said} {why}."))
    })
}

fn solution(draw: &mut Draw) -> String {
    let Net {
        inputs,
        hidden,
        outputs,
        ..
    } = net(draw);
    format!(
        "check::numbers_that_learn({inputs} * {hidden} + {hidden} + {hidden} * {outputs} + {outputs})"
    )
}

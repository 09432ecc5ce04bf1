//! Count the parameters of any stack of linear layers with biases.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::thousands;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "mlp_parameters",
    notebook: "02_weights_and_parameters",
    title: "Count any stack of linear layers",
    codes: &[],
    question,
    starter: "\
fn count_parameters(widths: &[i64]) -> i64 {
    todo!(\"weights and biases of all layers\")
}
check::mlp_parameters(count_parameters)",
    hints: &[
        "How many layers stand between three widths?",
        "A layer from n to m numbers has n * m weights and m biases. Neighbours in the list are one \
         layer: widths.windows(2) goes through them.",
        "widths.windows(2).map(|pair| pair[0] * pair[1] + pair[1]).sum()",
    ],
    solution,
};

/// Checks a function that counts.
pub fn mlp_parameters(count: impl Fn(&[i64]) -> i64) -> Verdict {
    judge(&count)
}

fn layers(widths: &[i64], one: impl Fn(i64, i64) -> i64) -> i64 {
    widths.windows(2).map(|pair| one(pair[0], pair[1])).sum()
}

fn judge(count: &dyn Fn(&[i64]) -> i64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut asked = vec![widths(&mut attempt.question)];
        asked.extend((0..8).map(|_| widths(&mut attempt.held_out)));
        for widths in asked {
            let call = format!("count_parameters(&{widths:?})");
            let got = attempt.call(&call, || count(&widths))?;
            let right = layers(&widths, |n, m| n * m + m);
            if got == right {
                continue;
            }
            let weights = layers(&widths, |n, m| n * m);
            let said = thousands(got);
            let why = if got == weights {
                "the weights alone: each output has a bias too.".to_owned()
            } else if got == weights + widths.iter().sum::<i64>() {
                "a bias for each input of the network too: biases belong to outputs, and the first \
                 width is only data."
                    .to_owned()
            } else if got == layers(&widths, |n, m| n * m + n) {
                "as many biases as inputs in each layer: a bias is added to each output.".to_owned()
            } else if got == layers(&widths, |n, m| n * m + 1) {
                "one bias for each layer: every neuron has its own.".to_owned()
            } else if got == widths.iter().sum::<i64>() {
                "the number of units. Parameters sit on the connections between them.".to_owned()
            } else {
                format!("not {}.", thousands(right))
            };
            return not_yet(format!("{call} is {said}: {why}"));
        }
        Ok(
            "Weights grow with the product of neighbouring widths, biases only with one width: wide \
            layers beside each other are what costs."
                .to_owned(),
        )
    })
}

fn widths(draw: &mut Draw) -> Vec<i64> {
    let count = draw.integer(3..=5);
    // Different from each other: then no two ways of counting agree by chance.
    let mut widths: Vec<i64> = (0..count).map(|_| draw.integer(2..=90)).collect();
    for at in 1..widths.len() {
        while widths[..at].contains(&widths[at]) {
            widths[at] += 1;
        }
    }
    widths
}

fn question(draw: &mut Draw) -> Question {
    Question::new(
        "A network is a stack of linear layers, each with weights and biases. Write a function that \
         counts its parameters from the list of widths: the first is the number of inputs, the last the \
         number of outputs.",
    )
    .given("an example of widths", format!("{:?}", widths(draw)))
    .wanted("fn count_parameters(widths: &[i64]) -> i64")
    .tolerance("exact")
}

fn solution(_: &mut Draw) -> String {
    "\
fn count_parameters(widths: &[i64]) -> i64 {
    widths.windows(2).map(|pair| pair[0] * pair[1] + pair[1]).sum()
}
check::mlp_parameters(count_parameters)"
        .to_owned()
}

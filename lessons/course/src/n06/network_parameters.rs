//! Count the parameters of a network like that of section 1.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Count;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "network_parameters",
    notebook: "06_code_examples",
    title: "Count your network's parameters",
    codes: &[],
    question,
    starter: "check::network_parameters(None) // your count in place of None",
    hints: &[
        "The network above has 4 inputs, 8 hidden neurons and 1 output, and 49 parameters. Where do they come from?",
        "A linear layer from n to m has n * m weights and m biases. ReLU has none.",
        "inputs * hidden + hidden for the first layer, hidden * outputs + outputs for the second.",
    ],
    solution,
};

/// Checks a count of parameters.
pub fn network_parameters(count: impl Count) -> Verdict {
    judge(count.count())
}

fn sizes(draw: &mut Draw) -> [i64; 3] {
    [
        draw.integer(5..=12),
        draw.integer(14..=40),
        draw.integer(2..=4),
    ]
}

fn question(draw: &mut Draw) -> Question {
    let [inputs, hidden, outputs] = sizes(draw);
    Question::new(
        "A network like the one above, with other sizes: a linear layer, ReLU, and a second linear \
         layer. How many numbers does it learn?",
    )
    .given("inputs", inputs)
    .given("hidden", hidden)
    .given("outputs", outputs)
    .wanted("a whole number")
    .tolerance("exact")
}

fn judge(answer: Option<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let count = attempt.count(answer)?;
        let [inputs, hidden, outputs] = sizes(&mut attempt.question);
        let weights = inputs * hidden + hidden * outputs;
        let right = weights + hidden + outputs;
        if count == right {
            return Ok(format!(
                "{weights} weights and {} biases.",
                hidden + outputs
            ));
        }
        not_yet(if count == weights {
            format!("{count} are the weights. Every neuron has a bias as well.")
        } else if count == right + hidden {
            format!("{count} counts {hidden} numbers too many: ReLU learns nothing.")
        } else if count == right + inputs {
            format!("{count} counts {inputs} numbers too many: inputs are data, and have no bias.")
        } else if count == inputs + hidden + outputs {
            format!(
                "{count} is the number of neurons. Each pair of neighbours has a weight between them."
            )
        } else if count == 49 {
            "49 belongs to the network above. Yours has other sizes.".to_owned()
        } else {
            format!(
                "{count} is not it. The first layer alone has {inputs} * {hidden} weights and {hidden} biases."
            )
        })
    })
}

fn solution(draw: &mut Draw) -> String {
    let [inputs, hidden, outputs] = sizes(draw);
    format!(
        "check::network_parameters({inputs} * {hidden} + {hidden} + {hidden} * {outputs} + {outputs})"
    )
}

//! Pick an activation for each of six situations.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "pick_activation",
    notebook: "03_neural_network_basics",
    title: "Pick an activation for six situations",
    codes: &["PU1"],
    question,
    starter: "\
check::pick_activation(&[
    // (\"output: ...\", \"...\"),
])",
    hints: &[
        "First tell output layers from hidden layers: an output has a range that the task dictates.",
        "A yes or no is a probability; one of several is a choice whose chances add up to 1; an amount \
         has no bounds. Between layers the slope matters: it must not fade.",
        "Yes or no, and gates from 0 to 1: Sigmoid. One of several: Softmax. An amount: none. A state \
         from -1 to 1: Tanh. BERT and GPT-2: GELU. Llama's gated network: SiLU. CNNs: ReLU.",
    ],
    solution,
};

/// Checks pairs of a situation and an activation.
pub fn pick_activation(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let situations = situations(&mut attempt.question);
        for (situation, given) in answer {
            let hidden = situation.trim().starts_with("hidden layers");
            if hidden && given.trim().eq_ignore_ascii_case("sigmoid") {
                return not_yet(format!(
                    "\"{}\": a sigmoid's slope is at most 1/4. Layer by layer the gradient would fade.",
                    situation.trim()
                ));
            }
        }
        classify(answer, &situations, &ACTIVATIONS)?;
        Ok(
            "Outputs follow the task's range; hidden layers follow what keeps gradients alive, and what \
            the architecture was built with."
                .to_owned(),
        )
    })
}

const ACTIVATIONS: [&str; 7] = ["ReLU", "GELU", "SiLU", "Sigmoid", "Tanh", "Softmax", "none"];

/// A situation, its activation, and why.
type Situation = (&'static str, &'static str, &'static str);

/// One of each group is asked.
const GROUPS: [&[Situation]; 6] = [
    &[
        (
            "hidden layers of a CNN on a small processor",
            "ReLU",
            "Here the cheapest function counts, and one whose slope does not fade: max(0, x).",
        ),
        (
            "hidden layers of a plain CNN",
            "ReLU",
            "The default of convolutional networks: cheap, sparse, slope 1 where it is on.",
        ),
    ],
    &[
        (
            "feed-forward network of GPT-2",
            "GELU",
            "GPT-2 was built with the smooth function x times the normal distribution's P(Z <= x).",
        ),
        (
            "feed-forward network of BERT",
            "GELU",
            "BERT was built with the smooth function x times the normal distribution's P(Z <= x).",
        ),
    ],
    &[
        (
            "output: is this mail spam, yes or no",
            "Sigmoid",
            "One probability between 0 and 1 is wanted.",
        ),
        (
            "output: which of many tags fit a photo, each by itself",
            "Sigmoid",
            "Each tag is a yes or no of its own: their chances need not add up to 1.",
        ),
        (
            "gate of an LSTM: how much to keep, from 0 to 1",
            "Sigmoid",
            "A gate is a factor between 0 and 1.",
        ),
    ],
    &[
        (
            "new state of a plain RNN, from -1 to 1",
            "Tanh",
            "The state is fed back in every step: it must stay bounded, and centred at 0.",
        ),
        (
            "candidate state of an LSTM, from -1 to 1",
            "Tanh",
            "It is bounded and centred at 0: the state may go up and down.",
        ),
    ],
    &[
        (
            "output: the price of a house",
            "none",
            "An amount has no upper bound, and a bend at the output would cut off what it may say.",
        ),
        (
            "output: tomorrow's temperature in Celsius",
            "none",
            "It may be negative, and has no fixed bounds: the linear layer's number is the answer.",
        ),
    ],
    &[
        (
            "gated feed-forward network of Llama",
            "SiLU",
            "Llama uses SwiGLU: x sigmoid(x) on the gate, not GELU.",
        ),
        (
            "output: which one of ten digits",
            "Softmax",
            "Exactly one is right, so the ten chances must add up to 1.",
        ),
    ],
];

fn situations(draw: &mut Draw) -> Vec<Situation> {
    let chosen: Vec<Situation> = GROUPS.iter().map(|group| draw.choice(group)).collect();
    draw.shuffle(&chosen)
}

fn question(draw: &mut Draw) -> Question {
    let items: Vec<&str> = situations(draw)
        .into_iter()
        .map(|(item, ..)| item)
        .collect();
    Question::new("Which activation belongs to each of these six?")
        .items(&items)
        .allowed(&ACTIVATIONS)
        .wanted("&[(\"situation\", \"activation\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    let lines: String = situations(draw)
        .iter()
        .map(|(item, right, _)| format!("    ({item:?}, {right:?}),\n"))
        .collect();
    format!("check::pick_activation(&[\n{lines}])")
}

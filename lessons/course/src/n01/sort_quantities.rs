//! Tell ten quantities apart: learned in training, or set before it.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "sort_quantities",
    notebook: "01_what_are_models",
    title: "Parameter or hyperparameter?",
    codes: &["CC1"],
    question,
    starter: "\
check::sort_quantities(&[
    // (\"learning rate\", \"...\"),
])",
    hints: &[
        "Who sets the number: a person before training, or training itself?",
        "What changes in every step of the optimizer is a parameter. What stays as you chose it is a \
         hyperparameter.",
        "Weights and biases of any layer, and embeddings, are parameters. The rest are choices: \
         (\"learning rate\", \"hyperparameter\").",
    ],
    solution,
};

/// Checks pairs of a quantity and its kind.
pub fn sort_quantities(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let quantities = quantities(&mut attempt.question);
        if answer.len() == quantities.len()
            && quantities.iter().all(|right| opposite(right, answer))
        {
            return not_yet(
                "All of them are the wrong way round: parameters are what training learns.",
            );
        }
        classify(answer, &quantities, &GROUPS)?;
        Ok(
            "Training changes parameters; everything that you must choose first is a \
            hyperparameter."
                .to_owned(),
        )
    })
}

/// A quantity, its kind, and why.
type Quantity = (&'static str, &'static str, &'static str);

const GROUPS: [&str; 2] = ["parameter", "hyperparameter"];

const PARAMETERS: [Quantity; 7] = [
    (
        "weight of square feet",
        GROUPS[0],
        "Fitting the houses finds it.",
    ),
    (
        "bias of a neuron",
        GROUPS[0],
        "It gets a gradient and is updated in every step.",
    ),
    (
        "weights of a hidden layer",
        GROUPS[0],
        "They get gradients and are updated in every step.",
    ),
    (
        "vector of a word in the embedding",
        GROUPS[0],
        "It is a row of a weight matrix, and is learned.",
    ),
    (
        "query matrix of an attention head",
        GROUPS[0],
        "It is a weight matrix, and is learned.",
    ),
    (
        "kernel of a convolution",
        GROUPS[0],
        "Its numbers are weights, and are learned.",
    ),
    (
        "scale of a layer normalization",
        GROUPS[0],
        "It starts at 1 and is learned.",
    ),
];

const HYPERPARAMETERS: [Quantity; 8] = [
    (
        "learning rate",
        GROUPS[1],
        "You set the size of the steps; no gradient changes it.",
    ),
    (
        "batch size",
        GROUPS[1],
        "You choose how many examples make one step.",
    ),
    (
        "number of layers",
        GROUPS[1],
        "It is fixed before the first weight is made.",
    ),
    (
        "number of epochs",
        GROUPS[1],
        "You choose how often the data is seen.",
    ),
    (
        "width of a hidden layer",
        GROUPS[1],
        "It says how many weights there are; it is not one of them.",
    ),
    (
        "dropout rate",
        GROUPS[1],
        "You choose it; no gradient changes it.",
    ),
    (
        "number of attention heads",
        GROUPS[1],
        "It is fixed before the first weight is made.",
    ),
    (
        "weight decay",
        GROUPS[1],
        "It acts on the weights, but you set it: the name misleads.",
    ),
];

fn quantities(draw: &mut Draw) -> Vec<Quantity> {
    let mut chosen = draw.sample(&PARAMETERS, 5);
    chosen.extend(draw.sample(&HYPERPARAMETERS, 5));
    draw.shuffle(&chosen)
}

fn opposite((item, group, _): &Quantity, answer: &[(&str, &str)]) -> bool {
    let wrong = |(i, g): &(&str, &str)| i == item && GROUPS.contains(g) && g != group;
    answer.iter().any(wrong)
}

fn question(draw: &mut Draw) -> Question {
    let items: Vec<&str> = quantities(draw)
        .into_iter()
        .map(|(item, _, _)| item)
        .collect();
    Question::new("Which of these ten are parameters, which hyperparameters?")
        .items(&items)
        .allowed(&GROUPS)
        .wanted("&[(\"quantity\", \"kind\"), ...], all ten")
}

fn solution(draw: &mut Draw) -> String {
    let pairs = quantities(draw).into_iter();
    let lines: String = pairs
        .map(|(item, kind, _)| format!("    ({item:?}, {kind:?}),\n"))
        .collect();
    format!("check::sort_quantities(&[\n{lines}])")
}

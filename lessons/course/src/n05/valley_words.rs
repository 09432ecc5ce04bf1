//! Match the words of the valley in the fog with what they stand for.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "valley_words",
    notebook: "05_how_models_learn",
    title: "The valley in the fog",
    codes: &["CC4"],
    question,
    starter: "\
check::valley_words(&[
    // (\"where you stand\", \"...\"),
])",
    hints: &[
        "What would you have to change to stand somewhere else?",
        "Your place is made of weights, your height is the loss there, and you can only feel the slope.",
        "(\"where you stand\", \"weights\"), (\"your height\", \"loss\"), (\"the slope under your feet\", \
         \"gradient\"), (\"the length of your stride\", \"learning rate\"), (\"the valley floor\", \"minimum\")",
    ],
    solution,
};

/// Checks pairs of a picture and its meaning.
pub fn valley_words(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |_| {
        let says = |item: &str, group: &str| {
            let mut pairs = answer.iter();
            pairs.any(|(i, g)| i.trim() == item && g.trim() == group)
        };
        if says(PAIRS[0].0, "loss") && says(PAIRS[1].0, "weights") {
            return not_yet(
                "Place and height are swapped: you walk by changing weights, and the loss is how high \
                 the ground is there.",
            );
        }
        if says(PAIRS[2].0, "learning rate") && says(PAIRS[3].0, "gradient") {
            return not_yet(
                "Slope and stride are swapped: the ground gives the slope, you choose how far to go.",
            );
        }
        classify(answer, &PAIRS, &MEANINGS)?;
        Ok(
            "Feel the slope, take one step down, feel again: nobody ever sees the whole valley."
                .to_owned(),
        )
    })
}

const MEANINGS: [&str; 5] = ["weights", "loss", "gradient", "learning rate", "minimum"];

const PAIRS: [(&str, &str, &str); 5] = [
    (
        "where you stand",
        MEANINGS[0],
        "You stand somewhere else as soon as the weights change.",
    ),
    (
        "your height",
        MEANINGS[1],
        "High ground is a large error: the height is what you want to make small.",
    ),
    (
        "the slope under your feet",
        MEANINGS[2],
        "It says which way is up, and how steep.",
    ),
    (
        "the length of your stride",
        MEANINGS[3],
        "You choose it; the ground only says in which direction.",
    ),
    (
        "the valley floor",
        MEANINGS[4],
        "There the slope is 0, and a step no longer moves you.",
    ),
];

fn question(draw: &mut Draw) -> Question {
    let items: Vec<&str> = PAIRS.iter().map(|&(item, _, _)| item).collect();
    Question::new("You look for the lowest point of a valley in thick fog. What does each part stand for in training?")
        .items(&draw.shuffle(&items))
        .allowed(&draw.shuffle(&MEANINGS))
        .wanted("&[(\"part\", \"meaning\"), ...], all five")
}

fn solution(_: &mut Draw) -> String {
    let lines: String = PAIRS
        .iter()
        .map(|(item, meaning, _)| format!("    ({item:?}, {meaning:?}),\n"))
        .collect();
    format!("check::valley_words(&[\n{lines}])")
}

//! Which activation belongs at the end of a network, or inside it.

use super::bank::{self, Item};
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "output_activation",
    notebook: "13_validation_checklist",
    title: "Which activation where?",
    codes: &["PU1"],
    question,
    starter: "\
check::output_activation(&[
    // (\"place\", \"...\"),
])",
    hints: &[
        "What values must come out there: any number, one probability, or several that add up to 1?",
        "Any number: nothing. One yes or no: sigmoid. One of several classes: softmax. Hidden layers: \
         ReLU, and GELU in transformers.",
        "Several labels that may all hold are several yes-or-no questions: sigmoid for each.",
    ],
    solution,
};

/// Checks pairs of a place and its activation.
pub fn output_activation(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let places = bank::drawn(&mut attempt.question, &PLACES, 7);
        let says = |group: &str, instead: &str| {
            let mut items = places.iter().filter(|item| item.1 == group);
            items.any(|item| answer.contains(&(item.0, instead)))
        };
        if says("none", "relu") {
            return not_yet(
                "ReLU at the end of a regression can never answer with a negative number, and gets no \
                 gradient where it answers 0.",
            );
        }
        if says("relu", "sigmoid") {
            return not_yet(
                "Sigmoid inside a deep network flattens gradients: its slope is 0.25 at most.",
            );
        }
        bank::judge(answer, &places)?;
        Ok("The output's activation follows from what is asked; inside, what counts is that gradients get through.".to_owned())
    })
}

const PLACES: [Item<'static>; 10] = [
    (
        "output: is this mail spam?",
        "sigmoid",
        "One probability for yes or no.",
    ),
    (
        "output: will the customer leave?",
        "sigmoid",
        "One probability for yes or no.",
    ),
    (
        "output: every tag that fits a photo",
        "sigmoid",
        "Each tag is a yes or no of its own; they need not add up to 1.",
    ),
    (
        "output: which of ten digits?",
        "softmax",
        "The probabilities of classes that exclude each other add up to 1.",
    ),
    (
        "output: which word comes next?",
        "softmax",
        "One of many words: probabilities that add up to 1.",
    ),
    (
        "output: tomorrow's temperature in Celsius",
        "none",
        "Any number may be right, negative ones too.",
    ),
    (
        "output: gain or loss in euros",
        "none",
        "Any number may be right, negative ones too.",
    ),
    (
        "hidden layers of a small classifier",
        "relu",
        "Fast, and its slope is 1 where it is active.",
    ),
    (
        "hidden layers of a CNN for photos",
        "relu",
        "Fast, and its slope is 1 where it is active.",
    ),
    (
        "feed-forward part of GPT-2",
        "gelu",
        "GPT-2 uses the smooth GELU there.",
    ),
];

fn question(draw: &mut Draw) -> Question {
    bank::card(
        "Which activation is the usual choice at each place?",
        &bank::drawn(draw, &PLACES, 7),
    )
    .wanted("&[(\"place\", \"activation\"), ...], all seven")
}

fn solution(draw: &mut Draw) -> String {
    bank::cell(EXERCISE.id, &bank::drawn(draw, &PLACES, 7))
}

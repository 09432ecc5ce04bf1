//! Would a bigger model help, a smaller one, or more data?

use super::bank::{self, Item};
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "bigger_or_not",
    notebook: "13_validation_checklist",
    title: "Bigger, smaller, or more data?",
    codes: &["CD2", "SC5"],
    question,
    starter: "\
check::bigger_or_not(&[
    // (\"situation\", \"...\"),
])",
    hints: &[
        "What is short in each situation: capacity, time and money, or examples?",
        "A bigger model needs more data, more compute, and is slower for every single answer.",
        "Both losses high with much data: bigger model. A limit on time, memory or cost: smaller model. \
         A wide gap on few examples: more data.",
    ],
    solution,
};

/// Checks pairs of a situation and what to do.
pub fn bigger_or_not(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let situations = bank::drawn(&mut attempt.question, &SITUATIONS, 6);
        if answer.len() == situations.len() && answer.iter().all(|pair| pair.1 == BIGGER) {
            return not_yet(
                "Bigger everywhere: that costs time and money in each answer, and on little data it only \
                 learns by heart.",
            );
        }
        let hungry = |item: &&Item| item.1 == DATA && answer.contains(&(item.0, BIGGER));
        if let Some((situation, _, why)) = situations.iter().find(hungry) {
            return not_yet(format!(
                "\"{situation}\": a bigger model asks for still more data, and data is what is short. {why}"
            ));
        }
        bank::judge(answer, &situations)?;
        Ok("Size is one of three budgets; data and compute are the others, and every answer pays for size again.".to_owned())
    })
}

const BIGGER: &str = "bigger model";
const SMALLER: &str = "smaller model";
const DATA: &str = "more data";

const SITUATIONS: [Item<'static>; 9] = [
    (
        "both losses stay high, and there are millions of examples",
        BIGGER,
        "It underfits, and there is data enough for more capacity.",
    ),
    (
        "training loss stops at twice what an expert reaches, data is plenty",
        BIGGER,
        "It cannot even fit its training data.",
    ),
    (
        "a linear model on data that bends, a million rows",
        BIGGER,
        "One straight line cannot bend, and there is data enough.",
    ),
    (
        "each answer must come in 20 ms on a phone",
        SMALLER,
        "Time and memory for one answer are the limit.",
    ),
    (
        "98 % is reached, 95 % is enough, and the bill is too high",
        SMALLER,
        "There is quality to spare, and cost to save.",
    ),
    (
        "the weights do not fit into the memory of the device",
        SMALLER,
        "It must fit before anything else counts.",
    ),
    (
        "300 examples, training loss near 0, validation loss high",
        DATA,
        "It has learned its few examples by heart.",
    ),
    (
        "a 70B model was trained on far fewer than 20 tokens per parameter",
        DATA,
        "For its compute it has too many parameters and too few tokens.",
    ),
    (
        "every new example still lowers the validation loss, the gap is wide",
        DATA,
        "The gap is still closing: examples are what is short.",
    ),
];

fn question(draw: &mut Draw) -> Question {
    bank::card(
        "What would you try first in each situation?",
        &bank::drawn(draw, &SITUATIONS, 6),
    )
    .wanted("&[(\"situation\", \"what to try\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    bank::cell(EXERCISE.id, &bank::drawn(draw, &SITUATIONS, 6))
}

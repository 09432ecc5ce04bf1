//! Match the symptom of a failing run with what to do first.

use super::bank::{self, Item};
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "first_aid",
    notebook: "13_validation_checklist",
    title: "First aid for a failing run",
    codes: &["SC2", "AK2"],
    question,
    starter: "\
check::first_aid(&[
    // (\"symptom\", \"...\"),
])",
    hints: &[
        "Name what is wrong before you look at the remedies.",
        "Steps too long or too short, gradients that pile up or vanish, a test that is not honest: each \
         has one remedy here.",
        "Loss grows: lower the rate. Falls evenly and slowly: raise it. First layers stand still: ReLU, \
         He initialisation, residual connections.",
    ],
    solution,
};

/// Checks pairs of a symptom and its remedy.
pub fn first_aid(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let symptoms = symptoms(&mut attempt.question);
        if answer.contains(&(SYMPTOMS[0].0, SYMPTOMS[1].1)) {
            return not_yet(
                "The loss grows with every step: longer steps would make it grow faster.",
            );
        }
        if answer.contains(&(SYMPTOMS[1].0, SYMPTOMS[0].1)) {
            return not_yet("It is slow already: shorter steps would make it slower.");
        }
        bank::judge(answer, &symptoms)?;
        Ok("One symptom, one cause, one change at a time: then you know what helped.".to_owned())
    })
}

const SYMPTOMS: [Item<'static>; 8] = [
    (
        "the loss grows until it is inf",
        "lower the learning rate",
        "Each step overshoots by more than it gains.",
    ),
    (
        "the loss falls evenly, and hardly at all",
        "raise the learning rate",
        "The way is right and the steps are short.",
    ),
    (
        "the step seems to remember all batches before it",
        "call zero_grad before backward",
        "Gradients add up until they are cleared.",
    ),
    (
        "gradients of the first layers are near 0",
        "use ReLU, He initialisation or residual connections",
        "Each sigmoid multiplies the gradient by at most 0.25.",
    ),
    (
        "validation loss rises while training loss falls",
        "stop earlier, or add dropout",
        "It learns its examples by heart.",
    ),
    (
        "one column in thousands, one in thousandths: training zigzags",
        "normalise the inputs",
        "The valley is long and narrow: no one rate fits both columns.",
    ),
    (
        "the test score is wonderful, users complain",
        "look for test data that leaked into training",
        "A score on known data is no forecast.",
    ),
    (
        "both losses stay high, at any learning rate",
        "use a larger model",
        "It has not the capacity for its training data.",
    ),
];

/// The first two belong to everyone: they are what the document asks.
fn symptoms(draw: &mut Draw) -> Vec<Item<'static>> {
    let mut chosen = SYMPTOMS[..2].to_vec();
    chosen.extend(draw.sample(&SYMPTOMS[2..], 4));
    draw.shuffle(&chosen)
}

fn question(draw: &mut Draw) -> Question {
    bank::card(
        "Six runs fail. Match each symptom with the remedy to try first.",
        &symptoms(draw),
    )
    .wanted("&[(\"symptom\", \"remedy\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    bank::cell(EXERCISE.id, &symptoms(draw))
}

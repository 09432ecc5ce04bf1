//! What speaks for a small batch, what for a large one.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "batch_tradeoff",
    notebook: "05_how_models_learn",
    title: "Small batch or large batch?",
    codes: &["PU3"],
    question,
    starter: "\
check::batch_tradeoff(&[
    // (\"needs less memory\", \"...\"),
])",
    hints: &[
        "What has to be kept in memory for each example of a batch?",
        "An epoch has examples / batch steps. And a mean over more examples is steadier.",
        "Small: less memory, noisier gradients, more updates in an epoch, can shake out of a poor place. \
         Large: steadier gradients, fewer updates in an epoch, more work to share among processors.",
    ],
    solution,
};

/// Checks pairs of a property and a size.
pub fn batch_tradeoff(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let shown = properties(&mut attempt.question);
        let says = |item: &str, group: &str| {
            let mut pairs = answer.iter();
            pairs.any(|(i, g)| i.trim() == item && g.trim() == group)
        };
        let wrong = |(item, group, _): &Property| {
            says(
                item,
                if *group == SIZES[0] {
                    SIZES[1]
                } else {
                    SIZES[0]
                },
            )
        };
        if answer.len() == shown.len() && shown.iter().all(wrong) {
            return not_yet("All of them are the wrong way round.");
        }
        if says(PROPERTIES[0].0, SIZES[0]) {
            return not_yet(
                "More updates in an epoch do not make each one steadier: a mean over few examples is noisy.",
            );
        }
        classify(answer, &shown, &SIZES)?;
        Ok("Memory and noise pull in opposite directions. 32 is a habit, not a law.".to_owned())
    })
}

type Property = (&'static str, &'static str, &'static str);

const SIZES: [&str; 2] = ["small batch", "large batch"];

const PROPERTIES: [Property; 6] = [
    (
        "steadier gradients",
        SIZES[1],
        "A mean over more examples varies less.",
    ),
    (
        "needs less memory",
        SIZES[0],
        "Every example's activations are kept until backward.",
    ),
    (
        "more updates in an epoch",
        SIZES[0],
        "An epoch has examples / batch steps.",
    ),
    (
        "fewer updates in an epoch",
        SIZES[1],
        "An epoch has examples / batch steps.",
    ),
    (
        "noisier gradients",
        SIZES[0],
        "Few examples say little about all of them.",
    ),
    (
        "more work to share among processors",
        SIZES[1],
        "The examples of one batch do not wait for each other.",
    ),
];

fn properties(draw: &mut Draw) -> Vec<Property> {
    draw.shuffle(&PROPERTIES)
}

fn question(draw: &mut Draw) -> Question {
    let properties = properties(draw);
    let items: Vec<&str> = properties.iter().map(|&(item, _, _)| item).collect();
    Question::new("What belongs to a small batch, what to a large one?")
        .items(&items)
        .allowed(&SIZES)
        .wanted("&[(\"property\", \"size\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    let pairs = properties(draw).into_iter();
    let lines: String = pairs
        .map(|(item, size, _)| format!("    ({item:?}, {size:?}),\n"))
        .collect();
    format!("check::batch_tradeoff(&[\n{lines}])")
}

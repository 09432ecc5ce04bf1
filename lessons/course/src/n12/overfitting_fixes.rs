//! Name three cures of overfitting.

use crate::attempt::{Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::choose;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "overfitting_fixes",
    notebook: "12_common_training_mistakes",
    title: "Three cures of overfitting",
    codes: &["PU5"],
    question,
    starter: "\
check::overfitting_fixes(&[
    // \"...\",
])",
    hints: &[
        "What makes it harder to learn the examples by heart?",
        "Fewer weights, smaller weights, unreliable neurons, more examples, or simply less time.",
        "\"early stopping\", \"weight decay\" and \"dropout\" are three of them, where your card lists them; \
         so are \"more training data\" and \"a smaller model\".",
    ],
    solution,
};

/// Checks three cures.
pub fn overfitting_fixes(answer: &[&str]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        if answer.is_empty() {
            return Err(Unsolved::NotAttempted);
        }
        let shown = shown(&mut attempt.question);
        for (at, given) in answer.iter().enumerate() {
            let given = given.trim().to_lowercase();
            let cure = CURES.iter().any(|&(word, _)| word == given);
            // A cure is right, whichever it is; for anything else the reason why it is none.
            let right = if cure { given.as_str() } else { "" };
            choose(&given, right, &shown)?;
            if answer[..at]
                .iter()
                .any(|earlier| earlier.trim().to_lowercase() == given)
            {
                return not_yet(format!("\"{given}\" stands there twice."));
            }
        }
        if answer.len() != 3 {
            return not_yet(format!("You named {}; three are wanted.", answer.len()));
        }
        Ok("All three make it harder to learn examples by heart.".to_owned())
    })
}

const CURES: [(&str, &str); 5] = [
    (
        "early stopping",
        "It ends before the examples are learned by heart.",
    ),
    (
        "weight decay",
        "It keeps weights small, and the function smooth.",
    ),
    ("dropout", "No neuron can rely on another one."),
    (
        "more training data",
        "More examples are harder to learn by heart.",
    ),
    ("a smaller model", "It has no room for the examples."),
];

const NO_CURES: [(&str, &str); 5] = [
    (
        "more epochs",
        "more time is what it needs to learn the examples by heart.",
    ),
    (
        "a larger model",
        "it has more room to learn the examples by heart. That cures underfitting.",
    ),
    (
        "a higher learning rate",
        "the training loss is fine; steps are not the problem.",
    ),
    (
        "less training data",
        "fewer examples are easier to learn by heart.",
    ),
    (
        "validating on the training data",
        "that hides the sickness and cures nothing.",
    ),
];

/// Four cures and three that are none.
fn shown(draw: &mut Draw) -> Vec<(&'static str, &'static str)> {
    let mut shown = draw.sample(&CURES, 4);
    shown.extend(draw.sample(&NO_CURES, 3));
    draw.shuffle(&shown)
}

fn question(draw: &mut Draw) -> Question {
    let shown = shown(draw);
    let words: Vec<&str> = shown.iter().map(|&(word, _)| word).collect();
    Question::new(
        "The training loss is low and the validation loss rises. Name three of these that help.",
    )
    .items(&words)
    .wanted("&[\"...\", \"...\", \"...\"], three of the list")
}

fn solution(draw: &mut Draw) -> String {
    let shown = shown(draw).into_iter();
    let cures = shown.filter(|cure| CURES.contains(cure)).take(3);
    let lines: String = cures.map(|(word, _)| format!("    {word:?},\n")).collect();
    format!("check::overfitting_fixes(&[\n{lines}])")
}

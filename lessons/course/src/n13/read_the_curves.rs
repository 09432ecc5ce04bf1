//! Tell from the losses of training and validation what a run suffers from.

use super::bank;
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "read_the_curves",
    notebook: "13_validation_checklist",
    title: "Read six pairs of losses",
    codes: &["AK3", "AK4"],
    question,
    starter: "\
check::read_the_curves(&[
    // (\"losses\", \"...\"),
])",
    hints: &[
        "Look at training first: did it learn at all? Then at the gap.",
        "High and high is underfitting. Low and much higher, and rising again, is overfitting. Low and \
         nearly as low is a good fit. Growing is diverging.",
        "A validation loss a little above the training loss is normal; several times as high is not.",
    ],
    solution,
};

/// Checks pairs of losses and their diagnosis.
pub fn read_the_curves(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let runs = runs(&mut attempt.question);
        let runs = bank::borrowed(&runs);
        let says = |group: &str, instead: &str| {
            let mut items = runs.iter().filter(|item| item.1 == group);
            items.any(|item| answer.contains(&(item.0, instead)))
        };
        if says(GOOD, OVER) {
            return not_yet(
                "A validation loss a little above the training loss is not overfitting: it is normal.",
            );
        }
        if says(UNDER, OVER) || says(UNDER, GOOD) {
            return not_yet(
                "Where both losses stay high the model has not even learned its training data.",
            );
        }
        bank::judge(answer, &runs)?;
        Ok("Training loss says whether it learns, the gap says whether that carries over. More data or \
            dropout helps the one kind of run, a larger model or longer training the other."
            .to_owned())
    })
}

const UNDER: &str = "underfitting";
const OVER: &str = "overfitting";
const GOOD: &str = "good fit";
const DIVERGING: &str = "diverging";

fn runs(draw: &mut Draw) -> Vec<(String, &'static str, String)> {
    let kinds = [UNDER, OVER, GOOD, DIVERGING];
    let mut chosen = kinds.to_vec();
    chosen.extend(draw.sample(&kinds, 2));
    draw.shuffle(&chosen)
        .into_iter()
        .map(|kind| run(draw, kind))
        .collect()
}

/// Losses at the beginning, in the middle and at the end.
fn run(draw: &mut Draw, kind: &'static str) -> (String, &'static str, String) {
    let start = draw.rounded(1.5, 2.4, 2);
    let shares = match kind {
        UNDER => [[0.9, 0.91], [0.87, 0.88]],
        OVER => [[0.25, 0.4], [0.02, 0.75]],
        GOOD => [[0.2, 0.22], [0.08, 0.1]],
        _ => [[3.1, 3.3], [40.0, 43.0]],
    };
    let [[middle, middle_v], [end, end_v]] =
        shares.map(|pair| pair.map(|share| start * share * draw.range(0.97, 1.03)));
    let item = format!(
        "training {start:.2}, {middle:.2}, {end:.2}; validation {:.2}, {middle_v:.2}, {end_v:.2}",
        start + 0.02
    );
    let why = match kind {
        UNDER => {
            "Both losses have hardly moved: the model is too small, or its rate too low.".to_owned()
        }
        OVER => {
            format!("Validation rises from {middle_v:.2} to {end_v:.2} while training falls on.")
        }
        GOOD => "Both losses fall together and stay near each other.".to_owned(),
        _ => "Both losses grow.".to_owned(),
    };
    (item, kind, why)
}

fn question(draw: &mut Draw) -> Question {
    let runs = runs(draw);
    bank::card(
        "Six runs. Each line has the losses at the beginning, in the middle and at the end. \
         What does each run show?",
        &bank::borrowed(&runs),
    )
    .wanted("&[(\"losses\", \"diagnosis\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    bank::cell(EXERCISE.id, &bank::borrowed(&runs(draw)))
}

//! Tell from the path of one weight whether the learning rate was too low, good, or too high.

use super::bank;
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "name_the_rate",
    notebook: "13_validation_checklist",
    title: "Name the learning rate",
    codes: &["CC6", "AK2"],
    question,
    starter: "\
check::name_the_rate(&[
    // (\"path\", \"...\"),
])",
    hints: &[
        "Where is the minimum, and how near does the weight come in five steps?",
        "Each step multiplies the weight by 1 - rate * curvature. Look at that factor: its sign and its size.",
        "Factor near 1: too low. Well between 0 and 1: good. Between -1 and 0: high but settles. Below -1: diverges.",
    ],
    solution,
};

/// Checks pairs of a path and its rate.
pub fn name_the_rate(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let paths = paths(&mut attempt.question);
        let paths = bank::borrowed(&paths);
        let says = |group: &str, instead: &str| {
            let mut items = paths.iter().filter(|item| item.1 == group);
            items.any(|item| answer.contains(&(item.0, instead)))
        };
        if says(SETTLES, DIVERGES) {
            return not_yet(
                "A path that jumps from side to side but comes nearer each time does not diverge.",
            );
        }
        if says(SLOW, GOOD) {
            return not_yet(
                "A path that goes the right way is not yet good: see how much is left after five steps.",
            );
        }
        bank::judge(answer, &paths)?;
        Ok("Each step multiplies the distance by 1 - rate * curvature: that one factor is the whole \
            story, and it flips at 1/curvature and bursts at 2/curvature."
            .to_owned())
    })
}

const SLOW: &str = "too low";
const GOOD: &str = "good";
const SETTLES: &str = "high but settles";
const DIVERGES: &str = "diverges";

fn paths(draw: &mut Draw) -> Vec<(String, &'static str, String)> {
    let kinds = [
        (SLOW, 0.95, 0.98),
        (GOOD, 0.15, 0.4),
        (SETTLES, -0.8, -0.55),
        (DIVERGES, -1.6, -1.2),
    ];
    let mut chosen = kinds.to_vec();
    chosen.extend(draw.sample(&kinds, 2));
    let mut paths = Vec::new();
    for (kind, low, high) in draw.shuffle(&chosen) {
        let start = draw.rounded(2.0, 9.0, 1);
        let factor = draw.range(low, high);
        let path: Vec<String> = (0..6)
            .map(|step| format!("{:.2}", start * factor.powi(step)))
            .collect();
        let why = format!("Each step multiplies the weight by {factor:.2}.");
        paths.push((path.join(", "), kind, why));
    }
    paths
}

fn question(draw: &mut Draw) -> Question {
    let paths = paths(draw);
    bank::card(
        "Six runs of gradient descent on one weight; the minimum is at 0. Each line is the weight at \
         the start and after each of five steps. What was the learning rate like?",
        &bank::borrowed(&paths),
    )
    .wanted("&[(\"path\", \"rate\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    bank::cell(EXERCISE.id, &bank::borrowed(&paths(draw)))
}

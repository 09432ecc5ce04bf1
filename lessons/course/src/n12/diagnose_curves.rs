//! Read six loss curves.

use super::curves::{DIAGNOSES, Run, runs};
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "diagnose_curves",
    notebook: "12_common_training_mistakes",
    title: "Diagnose six runs",
    codes: &["AK3", "AK4", "PU5"],
    question,
    starter: "\
check::diagnose_curves(&[
    // (\"A\", \"...\"),
])",
    hints: &[
        "Ask three things of each curve: does the training loss fall? Does validation follow? Where do they end?",
        "Training grows: rate too high. Hardly moves: too low. Rests high: underfitting. Validation turns: \
         overfitting. Validation is far off from the start and never turns: different data.",
        "Compare the first, the lowest and the last number of both rows. Low at the end and side by side is \
         a good fit.",
    ],
    solution,
};

/// Checks pairs of a run and its diagnosis.
pub fn diagnose_curves(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let runs = runs(&mut attempt.question);
        let says = |diagnosis: usize, word: &str| {
            let run = runs.iter().find(|run| run.diagnosis == diagnosis);
            let name = run.map_or("", |run| run.name);
            let mut pairs = answer.iter();
            pairs.any(|(n, w)| n.trim() == name && w.trim() == word)
        };
        if says(1, "underfitting") && says(2, "overfitting") {
            return not_yet(
                "Overfitting and underfitting are swapped. Under: not even the training loss gets low. \
                 Over: the training loss gets lower than the truth allows.",
            );
        }
        if says(4, "underfitting") && says(2, "learning rate too low") {
            return not_yet(
                "Two runs end high, and are swapped. One has come to rest: more steps will not help it. \
                 The other still falls, in an almost straight line.",
            );
        }
        if says(5, "overfitting") && says(1, "different data") {
            return not_yet(
                "Overfitting and different data are swapped. Where a network learns by heart, validation \
                 is good at first and then turns.",
            );
        }
        let right: Vec<_> = runs.iter().map(expected).collect();
        classify(answer, &right, &words())?;
        Ok("Two lines and three questions are enough to tell six runs apart.".to_owned())
    })
}

fn expected(run: &Run) -> (&'static str, &'static str, &'static str) {
    let (_, why) = DIAGNOSES[run.diagnosis];
    (run.name, DIAGNOSES[run.diagnosis].0, why)
}

fn words() -> Vec<&'static str> {
    DIAGNOSES.iter().map(|&(word, _)| word).collect()
}

fn question(draw: &mut Draw) -> Question {
    let runs = runs(draw);
    let mut question = Question::new(
        "Six runs of 60 epochs each. Which has which sickness, and which is well? The table shows some \
         epochs; mystery_curve(\"A\") draws a run.",
    );
    for run in &runs {
        let at = |losses: &[f64]| {
            let some = [0, 9, 19, 39, 59].map(|epoch| format!("{}", losses[epoch]));
            some.join(", ")
        };
        let value = format!(
            "train {}; validation {}",
            at(&run.train),
            at(&run.validation)
        );
        question = question.given(
            &format!("run {}, epochs 1, 10, 20, 40, 60", run.name),
            value,
        );
    }
    question
        .items(&["A", "B", "C", "D", "E", "F"])
        .allowed(&words())
        .wanted("&[(\"run\", \"diagnosis\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    let lines: String = runs(draw)
        .iter()
        .map(|run| format!("    ({:?}, {:?}),\n", run.name, DIAGNOSES[run.diagnosis].0))
        .collect();
    format!("check::diagnose_curves(&[\n{lines}])")
}

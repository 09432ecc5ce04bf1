//! Loss curves of six runs, five of them sick, made anew for each learner.
//! Knows nothing of exercises.

use lessons::prelude::*;

use crate::draw::Draw;
use crate::learner;

/// A diagnosis, and how one sees it.
pub(super) const DIAGNOSES: [(&str, &str); 6] = [
    ("good fit", "Both losses fall and end low, side by side."),
    (
        "overfitting",
        "The training loss goes on falling while the validation loss turns and rises.",
    ),
    (
        "underfitting",
        "Both losses come to rest soon, side by side, but high.",
    ),
    (
        "learning rate too high",
        "The training loss grows without end.",
    ),
    (
        "learning rate too low",
        "Both losses still fall in an almost straight line, and have hardly moved.",
    ),
    (
        "different data",
        "The training loss and its own kind of data are fine, but validation is far off from the \
         first epoch to the last, and does not turn.",
    ),
];

/// One run.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub name: &'static str,
    pub diagnosis: usize,
    pub train: Vec<f64>,
    pub validation: Vec<f64>,
}

const NAMES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
const EPOCHS: usize = 60;

pub(super) fn runs(draw: &mut Draw) -> Vec<Run> {
    let order = draw.shuffle(&[0, 1, 2, 3, 4, 5]);
    let runs = NAMES.into_iter().zip(order);
    runs.map(|(name, diagnosis)| {
        let start = draw.rounded(0.9, 1.6, 2);
        let speed = draw.range(0.08, 0.14);
        let turn = draw.range(12.0, 20.0);
        let mut noise = |size: f64| 1.0 + draw.range(-size, size);
        let mut train = Vec::new();
        let mut validation = Vec::new();
        for epoch in 0..EPOCHS {
            let t = epoch as f64;
            let fall = (-speed * t).exp();
            let (a, b) = match diagnosis {
                0 => (0.05 + start * fall, 0.06 + start * fall),
                1 => (
                    0.01 + start * fall,
                    0.2 + start * fall + 0.02 * (t - turn).max(0.0),
                ),
                2 => (start * (0.7 + 0.3 * fall), start * (0.72 + 0.3 * fall)),
                3 => (start * (0.16 * t).exp(), start * 1.05 * (0.16 * t).exp()),
                4 => (start * (1.0 - 0.001 * t), start * (1.02 - 0.001 * t)),
                _ => (0.05 + start * fall, 0.9 * start + 0.4 * start * fall),
            };
            train.push(rounded(a * noise(0.01)));
            validation.push(rounded(b * noise(0.015)));
        }
        Run {
            name,
            diagnosis,
            train,
            validation,
        }
    })
    .collect()
}

fn rounded(loss: f64) -> f64 {
    (loss * 1000.0).round() / 1000.0
}

/// The loss curve of one of the learner's six runs, `"A"` to `"F"`, of exercise `diagnose_curves`.
///
/// # Panics
/// Where there is no such run.
pub fn mystery_curve(name: &str) -> LossCurve {
    let record = learner::record("diagnose_curves");
    let runs = runs(&mut learner::question_now(&record, "diagnose_curves"));
    let found = runs.iter().find(|run| run.name == name.trim());
    let run = found.unwrap_or_else(|| panic!("there is no run {name:?}: they are \"A\" to \"F\""));
    loss_curve(&run.train, &run.validation).title(&format!("Run {}", run.name))
}

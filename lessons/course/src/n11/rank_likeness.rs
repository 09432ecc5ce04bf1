//! Spearman's rank correlation: how alike two saliency maps are.

use lessons::interpret::rank_correlation;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "rank_likeness",
    notebook: "11_interpretability",
    title: "The randomised-weight check",
    codes: &[],
    question,
    starter: "\
fn likeness(trained: &[f64], random: &[f64]) -> f64 {
    todo!(\"rank correlation, from -1 to 1\")
}
fn passes(likeness: f64) -> bool {
    todo!(\"does the map show what was learned?\")
}
check::rank_likeness(likeness, passes)",
    hints: &[
        "Replace each number by its place in the order; then correlate the places.",
        "With n different values and d the difference of the two ranks: 1 - 6 * sum(d^2) / (n (n^2 - 1)). \
         A map that shows what was learned must not stay the same when the weights are random.",
        "Rank of v: how many values are smaller than v. passes: likeness < 0.5 is enough here.",
    ],
    solution,
};

/// Checks a rank correlation of two maps, and what it says of a map.
pub fn rank_likeness(
    likeness: impl Fn(&[f64], &[f64]) -> f64,
    passes: impl Fn(f64) -> bool,
) -> Verdict {
    judge(&likeness, &passes)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A map was made with the trained network, and another one with random weights. Compute how alike \
         they are by Spearman's rank correlation (the maps that the checker draws have no equal values). \
         Then say whether a map passes the check: it passes where it shows what was learned. The checker \
         asks about likenesses near 0 and near 1.",
    )
    .wanted("fn likeness(trained: &[f64], random: &[f64]) -> f64 and fn passes(likeness: f64) -> bool")
    .tolerance("within 0.000001")
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let mean = |n: &[f64]| n.iter().sum::<f64>() / n.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    product(a, ma, b, mb) / (product(a, ma, a, ma) * product(b, mb, b, mb)).sqrt()
}

fn judge(likeness: &dyn Fn(&[f64], &[f64]) -> f64, passes: &dyn Fn(f64) -> bool) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for case in 0..6 {
            let draw = &mut attempt.held_out;
            let trained: Vec<f64> = (0..9).map(|_| draw.normal(0.0, 1.0).exp()).collect();
            let sign = if case % 2 == 0 { 1.0 } else { -1.0 };
            let random: Vec<f64> = trained
                .iter()
                .map(|v| (sign * v + draw.normal(0.0, 0.7)).exp())
                .collect();
            let short = |n: &[f64]| {
                let shown: Vec<String> = n.iter().map(|n| format!("{n:.2}")).collect();
                shown.join(", ")
            };
            let call = format!("likeness(&[{}], &[{}])", short(&trained), short(&random));
            let got = attempt.call(&call, || likeness(&trained, &random))?;
            let expected = rank_correlation(&trained, &random);
            if close(got, expected, 1e-6) {
                continue;
            }
            if close(got, pearson(&trained, &random), 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: you correlated the values. One large value decides that; take \
                     their ranks first."
                ));
            } else if case > 0 && close(got, expected.abs(), 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: keep the sign. A map that is turned round is not the same map."
                ));
            } else if close(got, -expected, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: the sign is wrong. One of the two is ranked from the other end."
                ));
            }
            return not_yet(format!("{call} is {got:.3}, and should be {expected:.3}."));
        }
        for alike in [0.02, 0.97, -0.05, 0.99, 0.11] {
            let got = attempt.call(&format!("passes({alike})"), || passes(alike))?;
            if got != (alike < 0.5) {
                return not_yet(if got {
                    format!(
                        "passes({alike}) is true. A map that hardly changes when the network forgets all \
                         that it learned cannot show what it learned."
                    )
                } else {
                    format!(
                        "passes({alike}) is false. This map changed when the network forgot: that is what \
                         a map of what was learned must do."
                    )
                });
            }
        }
        Ok("A map passes where it changes. Passing is necessary, not sufficient: a random map passes too."
            .to_owned())
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn likeness(trained: &[f64], random: &[f64]) -> f64 {
    let rank = |all: &[f64], v: f64| all.iter().filter(|&&other| other < v).count() as f64;
    let n = trained.len() as f64;
    let pairs = trained.iter().zip(random);
    let squares = pairs.map(|(&a, &b)| (rank(trained, a) - rank(random, b)).powi(2));
    1.0 - 6.0 * squares.sum::<f64>() / (n * (n * n - 1.0))
}
fn passes(likeness: f64) -> bool {
    likeness < 0.5
}
check::rank_likeness(likeness, passes)"
        .to_owned()
}

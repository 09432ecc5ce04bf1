//! Walk down a parabola by gradient descent.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "valley_steps",
    notebook: "05_how_models_learn",
    title: "Walk down a valley",
    codes: &["CC4"],
    question,
    starter: "\
fn walk(start: f64, learning_rate: f64, steps: usize) -> Vec<f64> {
    todo!(\"every place you stood: the start, then one for each step\")
}
check::valley_steps(walk)",
    hints: &[
        "How steep is the valley at w? Take the derivative of the loss.",
        "The slope is 2 * steepness * (w - lowest). A step goes against it: w - learning_rate * slope.",
        "Keep w in a `let mut`, a Vec with the start in it, and push the new w in a loop over 0..steps.",
    ],
    solution,
};

/// Checks the places of a walk.
pub fn valley_steps(walk: impl Fn(f64, f64, usize) -> Vec<f64>) -> Verdict {
    judge(&walk)
}

/// This learner's valley: `steepness * (w - lowest)^2`.
fn valley(draw: &mut Draw) -> (f64, f64) {
    (draw.rounded(0.3, 0.9, 1), draw.rounded(1.5, 4.5, 1))
}

fn question(draw: &mut Draw) -> Question {
    let (steepness, lowest) = valley(draw);
    Question::new(
        "A loss depends on one weight: loss(w) = steepness * (w - lowest)^2. Walk down it by gradient \
         descent, and return every place where you stood, the start first.",
    )
    .given("steepness", steepness)
    .given("lowest", lowest)
    .wanted("fn walk(start: f64, learning_rate: f64, steps: usize) -> Vec<f64>, steps + 1 places")
    .tolerance("one part in a million")
}

fn places(start: f64, steps: usize, step: impl Fn(f64) -> f64) -> Vec<f64> {
    let next = |w: &f64| Some(w - step(*w));
    std::iter::successors(Some(start), next)
        .take(steps + 1)
        .collect()
}

fn judge(walk: &dyn Fn(f64, f64, usize) -> Vec<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let (steepness, lowest) = valley(&mut attempt.question);
        for _ in 0..6 {
            let start = attempt.held_out.rounded(-6.0, -1.0, 1);
            let rate = attempt.held_out.rounded(0.05, 0.6, 2);
            let steps = attempt.held_out.integer(3..=8) as usize;
            let call = format!("walk({start:?}, {rate:?}, {steps})");
            let got = attempt.call(&call, || walk(start, rate, steps))?;
            let slope = |w: f64| 2.0 * steepness * (w - lowest);
            let same = |step: &dyn Fn(f64) -> f64| {
                let expected = places(start, steps, step);
                got.len() == expected.len()
                    && got.iter().zip(expected).all(|(&g, e)| close(g, e, 1e-6))
            };
            if same(&|w| rate * slope(w)) {
                continue;
            }
            if got.len() != steps + 1 {
                return not_yet(format!(
                    "{call} gave {} places. The start and {steps} steps are {}.",
                    got.len(),
                    steps + 1
                ));
            } else if same(&|w| -rate * slope(w)) {
                return not_yet(format!(
                    "{call} walks uphill: subtract the slope, do not add it."
                ));
            } else if same(&slope) {
                return not_yet(format!("{call} does not use the learning rate."));
            } else if same(&|w| rate * slope(w) / 2.0) {
                return not_yet(format!(
                    "{call}: your slope is half of the right one. The derivative of (w - lowest)^2 is \
                     2 (w - lowest)."
                ));
            } else if same(&|w| rate * steepness * (w - lowest).powi(2)) {
                return not_yet(format!(
                    "{call} steps by the loss itself. The step is made of its slope."
                ));
            }
            let first = got[1];
            return not_yet(format!(
                "{call}: your first step leads to {first:.4}, and should lead to {:.4}: the slope at \
                 {start:?} is {:.4}.",
                start - rate * slope(start),
                slope(start)
            ));
        }
        Ok(
            "The slope gets flatter as you come near, so the steps get shorter by themselves."
                .to_owned(),
        )
    })
}

fn solution(draw: &mut Draw) -> String {
    let (steepness, lowest) = valley(draw);
    format!(
        "\
fn walk(start: f64, learning_rate: f64, steps: usize) -> Vec<f64> {{
    let mut w = start;
    let mut places = vec![w];
    for _ in 0..steps {{
        w -= learning_rate * 2.0 * {steepness:?} * (w - {lowest:?});
        places.push(w);
    }}
    places
}}
check::valley_steps(walk)"
    )
}

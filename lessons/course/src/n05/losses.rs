//! Write the two losses: minus the logarithm of a probability, and the mean squared error.

use crate::attempt::{Attempt, Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "losses",
    notebook: "05_how_models_learn",
    title: "Write two losses",
    codes: &["CC3"],
    question,
    starter: "\
fn surprise(probability: f64) -> f64 {
    todo!(\"small if the right answer was likely, large if it was not\")
}
fn squared_error(predicted: &[f64], actual: &[f64]) -> f64 {
    todo!(\"the mean of the squared differences\")
}
check::losses(surprise, squared_error)",
    hints: &[
        "Which loss has an answer with probability 1? And one with a probability near 0?",
        "The first is minus the natural logarithm. The second adds the squares of predicted - actual \
         and divides by how many there are.",
        "-probability.ln(), and predicted.iter().zip(actual).map(|(p, a)| (p - a).powi(2)).sum::<f64>() \
         / predicted.len() as f64",
    ],
    solution,
};

/// Checks cross-entropy of one answer and the mean squared error.
pub fn losses(
    surprise: impl Fn(f64) -> f64,
    squared_error: impl Fn(&[f64], &[f64]) -> f64,
) -> Verdict {
    judge(&surprise, &squared_error)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A model gave the right answer some probability. Write the loss of that answer, \
         -log(probability). Then write the mean squared error of a list of predictions.",
    )
    .wanted("fn surprise(probability: f64) -> f64, in nats; fn squared_error(predicted: &[f64], actual: &[f64]) -> f64")
    .tolerance("one part in a million")
}

fn judge(surprise: &dyn Fn(f64) -> f64, error: &dyn Fn(&[f64], &[f64]) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut probabilities = vec![0.9, 0.1];
        for _ in 0..6 {
            probabilities.push(attempt.held_out.rounded(0.02, 0.98, 2));
        }
        for p in probabilities {
            judge_surprise(attempt, surprise, p)?;
        }
        for _ in 0..5 {
            judge_error(attempt, error)?;
        }
        Ok(format!(
            "Probability 0.9 costs {:.4}, probability 0.1 costs {:.4}: being sure and wrong is expensive.",
            -(0.9f64.ln()),
            -(0.1f64.ln())
        ))
    })
}

fn judge_surprise(
    attempt: &Attempt,
    surprise: &dyn Fn(f64) -> f64,
    p: f64,
) -> Result<(), Unsolved> {
    let call = format!("surprise({p:?})");
    let got = attempt.call(&call, || surprise(p))?;
    let same = |other: f64| close(got, other, 1e-6);
    if same(-p.ln()) {
        return Ok(());
    }
    let why = if same(p.ln()) {
        "that is negative: a loss must be small where the model is right. A minus is missing."
    } else if same(-p.log10()) {
        "that is the logarithm to base 10. The loss uses the natural one: ln()."
    } else if same(-p.log2()) {
        "that is in bits, the logarithm to base 2. The loss is in nats: ln()."
    } else if same(1.0 - p) {
        "1 - p never exceeds 1, however wrong the model is. The logarithm has no such limit."
    } else {
        "that is not minus the natural logarithm of the probability."
    };
    not_yet(format!("{call} is {got:.4}: {why}"))
}

fn judge_error(
    attempt: &mut Attempt,
    error: &dyn Fn(&[f64], &[f64]) -> f64,
) -> Result<(), Unsolved> {
    let count = attempt.held_out.integer(3..=6);
    let mut some = || -> Vec<f64> {
        (0..count)
            .map(|_| attempt.held_out.rounded(-4.0, 4.0, 1))
            .collect()
    };
    let (predicted, mut actual) = (some(), some());
    // Never all equal, so that every mistake below shows.
    actual[0] = predicted[0] + 2.5;
    let call = format!("squared_error(&{predicted:?}, &{actual:?})");
    let got = attempt.call(&call, || error(&predicted, &actual))?;
    let differences: Vec<f64> = predicted.iter().zip(&actual).map(|(p, a)| p - a).collect();
    let sum: f64 = differences.iter().map(|d| d * d).sum();
    let mean = sum / count as f64;
    let absolute = differences.iter().map(|d| d.abs()).sum::<f64>() / count as f64;
    let same = |other: f64| close(got, other, 1e-6);
    if same(mean) {
        return Ok(());
    }
    let why = if same(sum) {
        "that is the sum. The mean divides it by the number of examples, so that more data does not look worse."
    } else if same(absolute) {
        "that is the mean absolute error: the differences are not squared."
    } else if same(mean.sqrt()) {
        "that is the root of the mean squared error. Leave the root out."
    } else if same(mean / 2.0) {
        "that is half of it. Some books put 1/2 in front; here the plain mean is meant."
    } else {
        "that is not the mean of the squared differences."
    };
    not_yet(format!("{call} is {got:.4}: {why}"))
}

fn solution(_: &mut Draw) -> String {
    "\
fn surprise(probability: f64) -> f64 {
    -probability.ln()
}
fn squared_error(predicted: &[f64], actual: &[f64]) -> f64 {
    let squares = predicted.iter().zip(actual).map(|(p, a)| (p - a).powi(2));
    squares.sum::<f64>() / predicted.len() as f64
}
check::losses(surprise, squared_error)"
        .to_owned()
}

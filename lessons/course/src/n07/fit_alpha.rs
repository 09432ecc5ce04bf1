//! Find the exponent of a power law from runs of several sizes.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "fit_alpha",
    notebook: "07_capacity_and_scaling",
    title: "Fit the exponent",
    codes: &[],
    question,
    starter: "\
fn alpha(sizes: &[f64], losses: &[f64]) -> f64 {
    todo!(\"the alpha of loss = A * size^(-alpha)\")
}
check::fit_alpha(alpha)",
    hints: &[
        "What does a power law look like when both axes are logarithmic?",
        "ln loss = ln A - alpha ln size: a straight line. Its slope by least squares is \
         sum((x - mean x)(y - mean y)) / sum((x - mean x)^2), and alpha is minus that.",
        "Map both slices through f64::ln, take the two means, sum the products and the squares, and return \
         -products / squares.",
    ],
    solution,
};

/// Checks a fit of the exponent.
pub fn fit_alpha(alpha: impl Fn(&[f64], &[f64]) -> f64) -> Verdict {
    judge(&alpha)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Several networks were trained, each of another size. Their losses follow loss = A * \
         size^(-alpha), but for a little noise. Find alpha by least squares on the logarithms.\n\nThe \
         checker makes runs of its own, with sizes, A, alpha and noise drawn anew.",
    )
    .wanted("fn alpha(sizes: &[f64], losses: &[f64]) -> f64")
    .tolerance("within 0.000001 of the least-squares line")
}

/// Least squares through the points: slope of y over x.
fn slope(x: &[f64], y: &[f64]) -> f64 {
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let (middle_x, middle_y) = (mean(x), mean(y));
    let products = x
        .iter()
        .zip(y)
        .map(|(x, y)| (x - middle_x) * (y - middle_y));
    products.sum::<f64>() / x.iter().map(|x| (x - middle_x).powi(2)).sum::<f64>()
}

fn judge(alpha: &dyn Fn(&[f64], &[f64]) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..5 {
            let draw = &mut attempt.held_out;
            let (factor, true_alpha) = (draw.rounded(2.0, 9.0, 2), draw.rounded(0.08, 0.6, 3));
            let first = draw.rounded(100.0, 900.0, 0);
            let sizes: Vec<f64> = (0..6).map(|step| first * 3f64.powi(step)).collect();
            let noisy = |size: &f64| factor * size.powf(-true_alpha) * draw.normal(0.0, 0.03).exp();
            let losses: Vec<f64> = sizes.iter().map(noisy).collect();
            let shown = |numbers: &[f64]| {
                let short: Vec<String> = numbers.iter().map(|n| format!("{n:.4}")).collect();
                format!("&[{}]", short.join(", "))
            };
            let call = format!("alpha({}, {})", shown(&sizes), shown(&losses));
            let got = attempt.call(&call, || alpha(&sizes, &losses))?;
            let logs = |numbers: &[f64]| numbers.iter().map(|n| n.ln()).collect::<Vec<f64>>();
            let (x, y) = (logs(&sizes), logs(&losses));
            let expected = -slope(&x, &y);
            let ends = -(y[5] - y[0]) / (x[5] - x[0]);
            let is = |expected: f64| close(got, expected, 1e-6);
            if is(expected) {
                continue;
            }
            if is(-expected) {
                return not_yet(format!(
                    "The sign is wrong: {got:.4} is the slope. A loss that falls has a negative slope and \
                     a positive alpha."
                ));
            } else if is(slope(&sizes, &losses)) || is(-slope(&sizes, &losses)) {
                return not_yet(format!(
                    "{got:.2e} is the slope of the losses over the sizes themselves. A power law is a \
                     straight line only after the logarithm, of both."
                ));
            } else if is(-slope(&x, &losses)) || is(slope(&x, &losses)) {
                return not_yet(format!(
                    "{got:.4}: only the sizes went through a logarithm. The losses must too."
                ));
            } else if is(ends) {
                return not_yet(format!(
                    "{got:.4} uses the first and the last run alone, and with them all their noise. Least \
                     squares uses every run and finds {expected:.4}."
                ));
            }
            return not_yet(format!("{call} is {got:.4}, and should be {expected:.4}."));
        }
        Ok(
            "One slope tells what the next tenfold of size will bring, as far as the line goes on."
                .to_owned(),
        )
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn alpha(sizes: &[f64], losses: &[f64]) -> f64 {
    let logs = |numbers: &[f64]| numbers.iter().map(|n| n.ln()).collect::<Vec<f64>>();
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let (x, y) = (logs(sizes), logs(losses));
    let (middle_x, middle_y) = (mean(&x), mean(&y));
    let products = x.iter().zip(&y).map(|(x, y)| (x - middle_x) * (y - middle_y));
    let squares = x.iter().map(|x| (x - middle_x).powi(2));
    -products.sum::<f64>() / squares.sum::<f64>()
}
check::fit_alpha(alpha)"
        .to_owned()
}

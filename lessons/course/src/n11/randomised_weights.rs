//! Compare a map of what a network learned with the same map of one that learned nothing.

use lessons::prelude::{
    Kind, Sequential, Tensor, linear, manual_seed, rank_correlation, relu, saliency,
};

use crate::attempt::{Attempt, Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "randomised_weights",
    notebook: "11_interpretability",
    title: "The randomised-weight check",
    codes: &[],
    question,
    starter: "\
fn likeness_of_maps(
    map: &dyn Fn(&Sequential) -> Tensor,
    trained: &Sequential,
    untrained: &Sequential,
) -> f64 {
    todo!(\"rank correlation of the sizes in the two networks' maps\")
}
check::randomised_weights(likeness_of_maps)",
    hints: &[
        "map is a function: what do you get from map(trained), and what from map(untrained)?",
        "Take the size (abs) of every number in both maps, make two lists of them, and give them to \
         rank_correlation(&a, &b).",
        "let sizes = |map: Tensor| Vec::<f64>::try_from(map.abs().reshape([-1]).to_kind(Kind::Double)).unwrap(); \
         then rank_correlation(&sizes(map(trained)), &sizes(map(untrained))).",
    ],
    solution,
};

/// Checks a measure of how like the maps of two networks are.
pub fn randomised_weights(
    likeness: impl Fn(&dyn Fn(&Sequential) -> Tensor, &Sequential, &Sequential) -> f64,
) -> Verdict {
    judge(&likeness)
}

type Map<'a> = &'a dyn Fn(&Sequential) -> Tensor;
type Answer<'a> = &'a dyn Fn(Map, &Sequential, &Sequential) -> f64;

// Not generic, so that a cell has nothing of it to compile.
fn judge(likeness: Answer) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..4 {
            let draw = &mut attempt.held_out;
            let size = draw.integer(20..=30);
            manual_seed(draw.seed());
            let [trained, untrained] = [0, 1].map(|_| {
                Sequential::new()
                    .add(linear(size, 12))
                    .add(relu())
                    .add(linear(12, 2))
            });
            let x = draw.tensor(&[1, size]).exp();
            let class = draw.integer(0..=1);
            let gradient = |net: &Sequential| saliency(net, &x, class).gradient;
            let times_input = |net: &Sequential| saliency(net, &x, class).times_input();
            let image = |_: &Sequential| x.copy();
            let maps: [(&str, Map); 3] = [
                ("the gradient", &gradient),
                ("gradient times input", &times_input),
                ("the input itself", &image),
            ];
            for (name, map) in maps {
                check(attempt, likeness, name, map, &trained, &untrained)?;
            }
        }
        Ok("A map near 1 shows the input, whatever the network learned; yours is the test that finds out.".to_owned())
    })
}

fn check(
    attempt: &Attempt,
    likeness: Answer,
    name: &str,
    map: Map,
    trained: &Sequential,
    untrained: &Sequential,
) -> Result<(), Unsolved> {
    let call = format!("likeness_of_maps({name}, trained, untrained)");
    let got = attempt.call(&call, || likeness(map, trained, untrained))?;
    let [before, after] = [trained, untrained].map(|net| numbers(&map(net)));
    let [big_before, big_after] = [&before, &after].map(|values| sizes(values));
    let right = rank_correlation(&big_before, &big_after);
    if close(got, right, 1e-4) {
        return Ok(());
    }
    let place = format!("{call} is {got:.3}, and should be {right:.3}");
    if close(got, 1.0, 1e-4) {
        return not_yet(format!(
            "{place}: do you compare a map with itself? One comes from map(trained), the other from map(untrained)."
        ));
    } else if close(got, rank_correlation(&before, &after), 1e-4) {
        return not_yet(format!(
            "{place}: you compare with signs. How much a number matters is the size, so take abs first."
        ));
    } else if close(got, correlation(&big_before, &big_after), 1e-4) {
        return not_yet(format!(
            "{place}: that is the correlation of the values. It follows the few largest; ranks weigh all alike."
        ));
    } else if close(got, cosine(&big_before, &big_after), 1e-4) {
        return not_yet(format!(
            "{place}: that is the cosine. Sizes are all positive, so any two maps are alike by it."
        ));
    } else if close(got, 1.0 - right, 1e-4) || close(got, -right, 1e-4) {
        return not_yet(format!(
            "{place}: you measure how much the maps differ. Wanted is how like they are, 1 for the same order."
        ));
    }
    not_yet(format!("{place}."))
}

fn numbers(map: &Tensor) -> Vec<f64> {
    Vec::try_from(map.detach().to_kind(Kind::Double).reshape([-1])).unwrap_or_default()
}

fn sizes(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| value.abs()).collect()
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

/// Pearson's: the cosine of what is above or below the mean.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let centred = |values: &[f64]| -> Vec<f64> {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| value - mean).collect()
    };
    cosine(&centred(a), &centred(b))
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "How like is the map of a trained network to that of an untrained one? Write a function that makes both \
         maps and returns the rank correlation of their sizes, whatever the sign.\n\n\
         map is any way to make a saliency map of a network: map(trained) is one. Your function is tried with \
         several ways and with networks that you have not seen. rank_correlation(&a, &b) takes two slices of f64.",
    )
    .wanted("a function of map, trained and untrained that returns an f64, from -1 to 1")
    .tolerance("0.0001")
}

fn solution(_: &mut Draw) -> String {
    "\
fn likeness_of_maps(
    map: &dyn Fn(&Sequential) -> Tensor,
    trained: &Sequential,
    untrained: &Sequential,
) -> f64 {
    let sizes = |map: Tensor| -> Vec<f64> {
        Vec::try_from(map.abs().reshape([-1]).to_kind(Kind::Double)).unwrap()
    };
    rank_correlation(&sizes(map(trained)), &sizes(map(untrained)))
}
check::randomised_weights(likeness_of_maps)"
        .to_owned()
}

//! The exercises of notebook 07.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use course::exercise::Question;
use course::verdict::Outcome;
use course::{catalogue, check, learner};

use crate::harness::{as_learner, tested};

fn slope(x: &[f64], y: &[f64]) -> f64 {
    let mean = |n: &[f64]| n.iter().sum::<f64>() / n.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let products: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    products / x.iter().map(|x| (x - mx).powi(2)).sum::<f64>()
}

fn logs(n: &[f64]) -> Vec<f64> {
    n.iter().map(|n| n.ln()).collect()
}

#[test]
fn fit_alpha() {
    tested("fit_alpha", |test| {
        test.unattempted(|| check::fit_alpha(|_, _| todo!()));
        test.accepts(|_| check::fit_alpha(|x, y| -slope(&logs(x), &logs(y))));
        test.accepts(|_| check::fit_alpha(|x, y| -lessons::prelude::fit_power_law(x, y).exponent));
        test.refuses("The sign is wrong", |_| {
            check::fit_alpha(|x, y| slope(&logs(x), &logs(y)))
        });
        test.refuses("over the sizes themselves", |_| check::fit_alpha(slope));
        test.refuses("only the sizes went through a logarithm", |_| {
            check::fit_alpha(|x, y| -slope(&logs(x), y))
        });
        test.refuses("the first and the last run alone", |_| {
            check::fit_alpha(|x, y| -(y[5] / y[0]).ln() / (x[5] / x[0]).ln())
        });
        test.refuses("and should be", |_| check::fit_alpha(|_, _| 0.34));
        test.refuses("and should be", |_| check::fit_alpha(|_, _| f64::NAN));
        test.refuses("panicked when called as alpha(&[", |_| {
            check::fit_alpha(|x, _| x[9])
        });
    });
}

fn law(card: &Question) -> impl Fn(f64, f64) -> f64 + use<> {
    let [e, a, alpha, b, beta] = ["E", "A", "alpha", "B", "beta"].map(|name| card.number(name));
    move |n, d| e + a / n.powf(alpha) + b / d.powf(beta)
}

/// Whatever numbers were drawn: the sentence at the end is true for them.
#[test]
fn what_the_loss_shows_is_what_the_learners_law_says() {
    let exercise = catalogue::find("loss_of_size_and_data").expect("the exercise");
    let mut said = BTreeMap::new();
    for seed in 0..300 {
        let card = (exercise.question)(&mut learner::question_draw(seed, exercise.id));
        let law = law(&card);
        let [small, large] = [law(7e9, 1e12), law(70e9, 1e11)].map(|loss| format!("{loss:.3}"));
        let verdict = as_learner(seed, || check::loss_of_size_and_data(law));
        let Outcome::Correct { shows, .. } = verdict.outcome() else {
            panic!("learner {seed}: {verdict:#?}");
        };
        let (word, other) = match small.cmp(&large) {
            Ordering::Less => ("and worse", "is ahead"),
            Ordering::Greater => ("is ahead", "and worse"),
            Ordering::Equal => ("no difference", "worse"),
        };
        let numbers = shows.contains(&small) && shows.contains(&large);
        let right = shows.contains(word) && !shows.contains(other);
        assert!(numbers && right, "learner {seed}: {shows}\n{card:#?}");
        *said.entry(word).or_insert(0) += 1;
    }
    assert!(said["and worse"] > 100 && said["is ahead"] > 20, "{said:?}");
}

#[test]
fn loss_of_size_and_data() {
    tested("loss_of_size_and_data", |test| {
        test.unattempted(|| check::loss_of_size_and_data(|_, _| todo!()));
        test.accepts(|card| check::loss_of_size_and_data(law(card)));
        test.refuses("E is missing", |card| {
            let (law, e) = (law(card), card.number("E"));
            check::loss_of_size_and_data(move |n, d| law(n, d) - e)
        });
        test.refuses("have changed places", |card| {
            let law = law(card);
            check::loss_of_size_and_data(move |n, d| law(d, n))
        });
        test.refuses("this loss grows with size", |card| {
            let [e, a, alpha, b, beta] =
                ["E", "A", "alpha", "B", "beta"].map(|name| card.number(name));
            check::loss_of_size_and_data(move |n, d| e + a * n.powf(alpha) + b * d.powf(beta))
        });
        test.refuses("those are the numbers of Hoffmann", |_| {
            check::loss_of_size_and_data(lessons::prelude::chinchilla_loss)
        });
        test.refuses("and should be", |_| {
            check::loss_of_size_and_data(|_, _| 2.0)
        });
    });
}

#[test]
fn best_size() {
    tested("best_size", |test| {
        let card_numbers = |card: &Question| {
            let ratio = card.number("tokens per parameter");
            (card.number("compute in FLOP"), ratio)
        };
        let with = move |card: &Question, size: fn(f64, f64) -> f64| {
            let (compute, ratio) = card_numbers(card);
            check::best_size(size(compute, ratio))
        };
        test.unattempted(|| check::best_size(None));
        test.accepts(|card| with(card, |c, r| (c / (6.0 * r)).sqrt()));
        test.refuses("The square root is missing", |card| {
            with(card, |c, r| c / (6.0 * r))
        });
        test.refuses("is the number of tokens", |card| {
            with(card, |c, r| r * (c / (6.0 * r)).sqrt())
        });
        test.refuses("as many tokens as parameters", |card| {
            with(card, |c, _| (c / 6.0).sqrt())
        });
        test.refuses("The 6 is missing", |card| with(card, |c, r| (c / r).sqrt()));
        test.refuses("would cost", |card| with(card, |c, _| c / 100.0));
        test.refuses("would cost", |_| check::best_size(0));
    });
}

//! The exercises of notebook 13.

mod numbers;
mod sorting;

use course::exercise::Question;
use course::prelude::self_grade;
use course::verdict::{Outcome, Verdict};
use course::{catalogue, check, learner};

use crate::harness::tested;
use sorting::{agrees, sorting};

#[test]
fn numbers_that_learn() {
    numbers::numbers_that_learn();
}

#[test]
fn two_neurons() {
    numbers::two_neurons();
}

#[test]
fn loss_of_three() {
    numbers::loss_of_three();
}

#[test]
fn slope_through_two() {
    numbers::slope_through_two();
}

#[test]
fn noise_of_batch() {
    numbers::noise_of_batch();
}

#[test]
fn when_to_stop() {
    numbers::when_to_stop();
}

#[test]
fn three_cures() {
    // Told apart by their first words, which no card changes.
    let cure = |item: &&str| {
        let starts = ["collect", "halve", "add", "keep"];
        starts.iter().any(|start| item.starts_with(start))
    };
    let cures = |card: &Question, count: usize| {
        let items = card.shown_items();
        let cures: Vec<&str> = items.into_iter().filter(cure).take(count).collect();
        check::three_cures(&cures)
    };
    tested("three_cures", |test| {
        test.unattempted(|| check::three_cures(&[]));
        test.accepts(|card| cures(card, 3));
        test.accepts(|card| {
            let items = card.shown_items();
            let loud: Vec<String> = items
                .iter()
                .filter(|i| cure(i))
                .map(|i| i.to_uppercase())
                .collect();
            check::three_cures(&[&loud[1], &loud[2], &loud[3]])
        });
        test.refuses("You named 2", |card| cures(card, 2));
        test.refuses("You named 4", |card| cures(card, 4));
        test.refuses("stands there twice", |card| {
            let items = card.shown_items();
            let cure = items.into_iter().find(|item| cure(item)).expect("a cure");
            check::three_cures(&[cure, cure, cure])
        });
        test.refuses("There is no \"rest\"", |_| check::three_cures(&["rest"]));
        test.refuses("Not \"", |card| {
            let items = card.shown_items();
            let others: Vec<&str> = items.into_iter().filter(|item| !cure(item)).collect();
            check::three_cures(&others[..3])
        });
        test.for_each_learner(|_, card| {
            for (start, why) in [
                ("train", "would rise on"),
                ("double", "a cure of underfitting"),
                ("multiply", "length of the steps"),
                ("leave out", "all the sooner"),
                ("validate", "would be the same"),
            ] {
                let items = card.shown_items();
                let Some(item) = items.into_iter().find(|item| item.starts_with(start)) else {
                    continue;
                };
                let verdict = check::three_cures(&[item]);
                let refused =
                    matches!(verdict.outcome(), Outcome::NotYet(said) if said.contains(why));
                assert!(refused, "{item}: {verdict:#?}");
            }
        });
    });
}

#[test]
fn rate_at_step() {
    numbers::rate_at_step();
}

#[test]
fn explain_descent() {
    explained(
        "explain_descent",
        check::explain_descent,
        4,
        "Add it and run your cell again",
    );
}

#[test]
fn explain_to_a_friend() {
    explained(
        "explain_to_a_friend",
        check::explain_to_a_friend,
        3,
        "neither longer training",
    );
}

#[test]
fn name_the_rate() {
    agrees("name_the_rate", check::name_the_rate, |path| {
        match path[1] / path[0] {
            factor if factor < -1.0 => "diverges",
            factor if factor < 0.0 => "high but settles",
            factor if factor < 0.6 => "good",
            _ => "too low",
        }
    });
    sorting(
        "name_the_rate",
        check::name_the_rate,
        &[
            ("high but settles", "diverges", "comes nearer each time"),
            ("too low", "good", "how much is left"),
        ],
    );
}

#[test]
fn output_activation() {
    sorting(
        "output_activation",
        check::output_activation,
        &[
            ("none", "relu", "never answer with a negative number"),
            ("relu", "sigmoid", "0.25 at most"),
        ],
    );
}

#[test]
fn missing_line() {
    let lines = [
        "optimizer.zero_grad()",
        "loss.backward()",
        "optimizer.step()",
    ];
    let shown = |card: &Question| [1, 2, 3, 4].map(|n| card.value(&format!("line {n}")).to_owned());
    tested("missing_line", |test| {
        test.unattempted(|| check::missing_line(""));
        test.accepts(|card| {
            let shown = shown(card);
            let missing = lines
                .iter()
                .find(|line| !shown.contains(&(**line).to_owned()));
            check::missing_line(missing.expect("one is missing"))
        });
        test.refuses("in the loop on the card", |card| {
            let shown = shown(card);
            let there = lines
                .iter()
                .find(|line| shown.contains(&(**line).to_owned()));
            check::missing_line(there.expect("two are there"))
        });
        test.refuses("could not be computed", |_| {
            check::missing_line("let prediction = model.forward(&x)")
        });
        test.refuses("nothing to go back from", |_| {
            check::missing_line("let loss = mse_loss(&prediction, &y)")
        });
        test.refuses("Did you mean", |_| {
            check::missing_line("optimizer.zerograd()")
        });
    });
}

#[test]
fn read_the_curves() {
    agrees("read_the_curves", check::read_the_curves, |losses| {
        let (start, end, validation) = (losses[0], losses[2], losses[5]);
        match (end / start, validation / end) {
            (share, _) if share > 1.0 => "diverging",
            (_, gap) if gap > 3.0 => "overfitting",
            (share, _) if share > 0.5 => "underfitting",
            _ => "good fit",
        }
    });
    sorting(
        "read_the_curves",
        check::read_the_curves,
        &[
            ("good fit", "overfitting", "it is normal"),
            ("underfitting", "overfitting", "has not even learned"),
        ],
    );
}

#[test]
fn bigger_or_not() {
    sorting(
        "bigger_or_not",
        check::bigger_or_not,
        &[("more data", "bigger model", "data is what is short")],
    );
    let all_bigger = |card: &Question| {
        let items = card.shown_items().into_iter();
        let pairs: Vec<_> = items.map(|item| (item, "bigger model")).collect();
        check::bigger_or_not(&pairs)
    };
    crate::harness::as_learner(1, || {
        let exercise = catalogue::find("bigger_or_not").expect("it");
        let card = (exercise.question)(&mut learner::question_draw(1, exercise.id));
        let verdict = all_bigger(&card);
        assert!(
            matches!(verdict.outcome(), Outcome::NotYet(why) if why.contains("Bigger everywhere"))
        );
    });
}

#[test]
fn fit_a_line() {
    fn closed_form(x: &[f64], y: &[f64]) -> (f64, f64) {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (mx, my) = (mean(x), mean(y));
        let both: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
        let w = both / x.iter().map(|x| (x - mx).powi(2)).sum::<f64>();
        (w, my - w * mx)
    }
    fn descent(x: &[f64], y: &[f64], rate: f64, steps: usize) -> (f64, f64) {
        let (mut w, mut b) = (0.0, 0.0);
        for _ in 0..steps {
            let errors: Vec<f64> = x.iter().zip(y).map(|(x, y)| w * x + b - y).collect();
            let n = x.len() as f64;
            w -= rate * 2.0 * errors.iter().zip(x).map(|(e, x)| e * x).sum::<f64>() / n;
            b -= rate * 2.0 * errors.iter().sum::<f64>() / n;
        }
        (w, b)
    }
    tested("fit_a_line", |test| {
        test.unattempted(|| check::fit_a_line(|_, _| todo!()));
        test.accepts(|_| check::fit_a_line(|x, y| descent(x, y, 0.1, 500)));
        test.accepts(|_| check::fit_a_line(closed_form));
        test.refuses("it diverged", |_| {
            check::fit_a_line(|x, y| descent(x, y, 3.0, 2000))
        });
        test.refuses("weight and bias are swapped", |_| {
            check::fit_a_line(|x, y| {
                let (w, b) = closed_form(x, y);
                (b, w)
            })
        });
        test.refuses("nothing was learned", |_| {
            check::fit_a_line(|_, _| (0.0, 0.0))
        });
        test.refuses("the bias has never moved", |_| {
            check::fit_a_line(|x, y| (closed_form(x, y).0, 0.0))
        });
        test.refuses("walks uphill", |_| {
            check::fit_a_line(|x, y| descent(x, y, -0.1, 100))
        });
        test.refuses("more than 0.02 off", |_| {
            check::fit_a_line(|x, y| descent(x, y, 0.1, 3))
        });
        test.refuses("panicked when called as", |_| {
            check::fit_a_line(|_, _| panic!("no"))
        });
    });
}

#[test]
fn first_aid() {
    let (grows, slow) = (
        "the loss grows until it is inf",
        "the loss falls evenly, and hardly at all",
    );
    sorting(
        "first_aid",
        check::first_aid,
        &[
            (grows, "raise the learning rate", "grow faster"),
            (slow, "lower the learning rate", "make it slower"),
        ],
    );
}

#[test]
fn vocabulary() {
    sorting(
        "vocabulary",
        check::vocabulary,
        &[
            ("dropout", "pulls weights towards 0", "on activations"),
            (
                "logits",
                "turns scores into probabilities",
                "it may be negative",
            ),
        ],
    );
}

fn explained(id: &str, check: fn(&str) -> Verdict, points: usize, lacking: &str) {
    const TEXT: &str = "A text of a good dozen words, such as a learner may well write here.";
    let grade = |points: &[bool]| self_grade(id, points).verdict().expect("a verdict").clone();
    tested(id, |test| {
        test.unattempted(|| check(" "));
        test.accepts(|_| {
            let verdict = check(TEXT);
            assert!(matches!(verdict.outcome(), Outcome::Grade(shown) if shown.len() == points));
            grade(&vec![true; points])
        });
        test.refuses("That is 2 words", |_| check("It learns"));
        test.refuses("There is no text to grade yet", |_| {
            grade(&vec![true; points])
        });
        test.refuses(lacking, |_| {
            let _ = check(TEXT);
            let mut given = vec![true; points];
            given[1] = false;
            grade(&given)
        });
    });
}

//! The exercises of notebook 13.

use std::collections::HashMap;

use course::exercise::Question;
use course::prelude::self_grade;
use course::verdict::{Outcome, Verdict};
use course::{catalogue, check, learner};

use crate::harness::tested;

type Pairs<'a> = [(&'a str, &'a str)];

/// Items and groups of all learners of the tests, read from the solutions.
fn key(id: &str) -> HashMap<String, String> {
    let exercise = catalogue::find(id).expect("an exercise");
    let mut key = HashMap::new();
    for seed in 1..=4 {
        let solution = (exercise.solution)(&mut learner::question_draw(seed, id));
        for line in solution.lines().filter(|line| line.starts_with("    (")) {
            let words: Vec<&str> = line.split('"').collect();
            key.insert(words[1].to_owned(), words[3].to_owned());
        }
    }
    key
}

/// What every sorting question must take and refuse; `swap` answers one group's items with another
/// word, which must get `feedback`.
fn sorting(id: &str, check: fn(&Pairs) -> Verdict, swaps: &[(&str, &str, &str)]) {
    let key = key(id);
    let group = |item: &str| key[item].as_str();
    let answer = |card: &Question, change: &dyn Fn(&str) -> String| {
        let items = card.shown_items().into_iter();
        let pairs: Vec<_> = items.map(|item| (item.to_owned(), change(item))).collect();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(i, g)| (i.as_str(), g.as_str()))
            .collect();
        check(&pairs)
    };
    tested(id, |test| {
        test.unattempted(|| check(&[]));
        test.accepts(|card| answer(card, &|item| group(item).to_owned()));
        test.refuses("is missing: you answered 1 of", |card| {
            let item = card.shown_items()[0];
            check(&[(item, group(item))])
        });
        test.refuses("Did you mean", |card| {
            answer(card, &|item| format!("{}x", group(item)))
        });
        test.refuses("is not \"", |card| {
            // The last two items of different groups change places.
            let items = card.shown_items();
            let last = items[items.len() - 1];
            let other = items.iter().rev().find(|item| group(item) != group(last)).expect("groups");
            let check_one = |item: &str| {
                if item == last { group(other).to_owned() } else { group(item).to_owned() }
            };
            let verdict = answer(card, &check_one);
            match verdict.outcome() {
                // A misconception may answer first; then any other wrong word must be refused too.
                Outcome::NotYet(why) if !why.contains("is not \"") => {
                    let groups: Vec<&str> = items.iter().map(|item| group(item)).collect();
                    let mut wrong = groups.iter().filter(|word| **word != group(last));
                    wrong.find_map(|word| {
                        let verdict = answer(card, &|item| {
                            if item == last { (*word).to_owned() } else { group(item).to_owned() }
                        });
                        let plain = matches!(verdict.outcome(), Outcome::NotYet(why) if why.contains("is not \""));
                        plain.then_some(verdict)
                    })
                    .unwrap_or(verdict)
                }
                _ => verdict,
            }
        });
        for &(from, to, feedback) in swaps {
            test.refuses(feedback, |card| {
                answer(card, &|item| {
                    let right = group(item);
                    if right == from || item == from {
                        to.to_owned()
                    } else {
                        right.to_owned()
                    }
                })
            });
        }
    });
}

#[test]
fn numbers_that_learn() {
    let net = |card: &Question| {
        ["inputs", "hidden width", "outputs", "epochs"].map(|name| card.number(name) as i64)
    };
    tested("numbers_that_learn", |test| {
        test.unattempted(|| check::numbers_that_learn(None));
        test.accepts(|card| {
            let [i, h, o, _] = net(card);
            check::numbers_that_learn((i + 1) * h + (h + 1) * o)
        });
        test.refuses("counts the weights only", |card| {
            let [i, h, o, _] = net(card);
            check::numbers_that_learn(i * h + h * o)
        });
        test.refuses("counts hyperparameters too", |card| {
            let [i, h, o, _] = net(card);
            check::numbers_that_learn((i + 1) * h + (h + 1) * o + 3)
        });
        test.refuses("once for each epoch", |card| {
            let [i, h, o, epochs] = net(card);
            check::numbers_that_learn(((i + 1) * h + (h + 1) * o) * epochs)
        });
        test.refuses("counts neurons", |card| {
            let [i, h, o, _] = net(card);
            check::numbers_that_learn(i + h + o)
        });
        test.refuses("too few", |_| check::numbers_that_learn(0));
    });
}

#[test]
fn two_neurons() {
    let get = |card: &Question, names: &[&str; 3]| names.map(|name| card.number(name));
    let sums = |card: &Question| {
        [["w11", "w12", "b1"], ["w21", "w22", "b2"]].map(|names| {
            let [a, b, c] = get(card, &names);
            a * card.number("x1") + b * card.number("x2") + c
        })
    };
    tested("two_neurons", |test| {
        test.unattempted(|| check::two_neurons(None));
        test.accepts(|card| {
            let ([z1, z2], [v1, v2, c]) = (sums(card), get(card, &["v1", "v2", "c"]));
            check::two_neurons(v1 * z1.max(0.0) + v2 * z2.max(0.0) + c)
        });
        test.refuses("leaves out ReLU", |card| {
            let ([z1, z2], [v1, v2, c]) = (sums(card), get(card, &["v1", "v2", "c"]));
            check::two_neurons(v1 * z1 + v2 * z2 + c)
        });
        test.refuses("lacks the output's bias", |card| {
            check::two_neurons(card.number("v1") * sums(card)[0])
        });
        test.refuses("drops the sign", |card| {
            let ([z1, z2], [v1, v2, c]) = (sums(card), get(card, &["v1", "v2", "c"]));
            check::two_neurons(v1 * z1 - v2 * z2 + c)
        });
        test.refuses("is not the output", |_| check::two_neurons(-40.0));
        test.refuses("Your answer is NaN", |_| check::two_neurons(f64::NAN));
    });
}

#[test]
fn loss_of_three() {
    let errors = |card: &Question| {
        [1, 2, 3]
            .map(|n| card.number(&format!("prediction {n}")) - card.number(&format!("target {n}")))
    };
    let squares = |card: &Question| errors(card).iter().map(|e| e * e).sum::<f64>();
    tested("loss_of_three", |test| {
        test.unattempted(|| check::loss_of_three(None));
        test.accepts(|card| check::loss_of_three(squares(card) / 3.0));
        test.refuses("sum of the squares", |card| {
            check::loss_of_three(squares(card))
        });
        test.refuses("is the root", |card| {
            check::loss_of_three((squares(card) / 3.0).sqrt())
        });
        test.refuses("mean absolute error", |card| {
            check::loss_of_three(errors(card).iter().map(|e| e.abs()).sum::<f64>() / 3.0)
        });
        test.refuses("cancel", |card| {
            check::loss_of_three(errors(card).iter().sum::<f64>() / 3.0)
        });
        test.refuses("is not the mean", |_| check::loss_of_three(1e6));
    });
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

#[test]
fn slope_through_two() {
    let numbers = |card: &Question| ["w1", "w2", "x", "t"].map(|name| card.number(name));
    let loss = |[w1, w2, x, t]: [f64; 4]| (w2 * w1 * x - t).powi(2);
    tested("slope_through_two", |test| {
        test.unattempted(|| check::slope_through_two(None));
        test.accepts(|card| {
            // A central difference, which is exact for a parabola.
            let [w1, w2, x, t] = numbers(card);
            check::slope_through_two(
                (loss([w1 + 0.01, w2, x, t]) - loss([w1 - 0.01, w2, x, t])) / 0.02,
            )
        });
        test.refuses("lacks the 2", |card| {
            let [w1, w2, x, t] = numbers(card);
            check::slope_through_two((w2 * w1 * x - t) * w2 * x)
        });
        test.refuses("leaves out w2", |card| {
            let [w1, w2, x, t] = numbers(card);
            check::slope_through_two(2.0 * (w2 * w1 * x - t) * x)
        });
        test.refuses("has the wrong sign", |card| {
            let [w1, w2, x, t] = numbers(card);
            check::slope_through_two(2.0 * (t - w2 * w1 * x) * w2 * x)
        });
        test.refuses("derivative by w2", |card| {
            let [w1, w2, x, t] = numbers(card);
            check::slope_through_two(2.0 * (w2 * w1 * x - t) * w1 * x)
        });
        test.refuses("is not the product", |_| check::slope_through_two(1.0));
    });
}

#[test]
fn name_the_rate() {
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
fn noise_of_batch() {
    let numbers = |card: &Question| {
        ["its standard deviation", "small batch", "large batch"].map(|name| card.number(name))
    };
    tested("noise_of_batch", |test| {
        test.unattempted(|| check::noise_of_batch(None));
        test.accepts(|card| {
            let [noise, small, large] = numbers(card);
            check::noise_of_batch(noise * (small / large).sqrt())
        });
        test.refuses("the variance does", |card| {
            let [noise, small, large] = numbers(card);
            check::noise_of_batch(noise * small / large)
        });
        test.refuses("is larger than before", |card| {
            let [noise, small, large] = numbers(card);
            check::noise_of_batch(noise * (large / small).sqrt())
        });
        test.refuses("is the noise of the small batch", |card| {
            check::noise_of_batch(numbers(card)[0])
        });
        test.refuses("does not follow", |_| check::noise_of_batch(0));
    });
}

#[test]
fn when_to_stop() {
    let losses = |card: &Question| {
        let shown = format!("{card:?}").matches("\"epoch ").count();
        let epochs = (1..=shown).map(|epoch| card.number(&format!("epoch {epoch}")));
        epochs.collect::<Vec<f64>>()
    };
    let stop = |card: &Question| {
        let (mut lowest, mut waited) = (f64::INFINITY, 0.0);
        for (epoch, loss) in (1..).zip(losses(card)) {
            (lowest, waited) = if loss < lowest {
                (loss, 0.0)
            } else {
                (lowest, waited + 1.0)
            };
            if waited == card.number("patience p") {
                return epoch;
            }
        }
        panic!("it does not stop")
    };
    tested("when_to_stop", |test| {
        test.unattempted(|| check::when_to_stop(None));
        test.accepts(|card| check::when_to_stop(stop(card)));
        test.refuses("nobody knows that yet", |card| {
            check::when_to_stop(stop(card) - card.number("patience p") as i64)
        });
        test.refuses("is the first rise", |card| {
            check::when_to_stop(stop(card) - card.number("patience p") as i64 - 1)
        });
        test.refuses("is one too early", |card| {
            check::when_to_stop(stop(card) - 1)
        });
        test.refuses("is the last in the table", |card| {
            check::when_to_stop(losses(card).len() as i64)
        });
        test.refuses("count the epochs after", |_| check::when_to_stop(0));
    });
}

#[test]
fn read_the_curves() {
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
        &[(
            "more data",
            "bigger model",
            "would learn these examples by heart",
        )],
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
fn rate_at_step() {
    let names = ["rate at step 0", "steps in all, where it reaches 0", "step"];
    let numbers = |card: &Question| {
        let [start, steps, step] = names.map(|name| card.number(name));
        (
            start,
            step / steps,
            (std::f64::consts::PI * step / steps).cos(),
        )
    };
    tested("rate_at_step", |test| {
        test.unattempted(|| check::rate_at_step(None));
        test.accepts(|card| {
            let (start, _, cosine) = numbers(card);
            check::rate_at_step(start * (0.5 + 0.5 * cosine))
        });
        test.refuses("straight line", |card| {
            let (start, part, _) = numbers(card);
            check::rate_at_step(start * (1.0 - part))
        });
        test.refuses("is the rate at the start", |card| {
            check::rate_at_step(numbers(card).0)
        });
        test.refuses("lacks the half", |card| {
            let (start, _, cosine) = numbers(card);
            check::rate_at_step(start * (1.0 + cosine))
        });
        test.refuses("walk uphill", |_| check::rate_at_step(-0.01));
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

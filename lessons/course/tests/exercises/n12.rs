//! The exercises of notebook 12.

use course::check;
use course::exercise::Question;
use course::verdict::Verdict;
use lessons::prelude::*;

use crate::harness::tested;

/// The numbers of a run as the card shows them: training, validation.
fn shown(card: &Question, run: &str) -> (Vec<f64>, Vec<f64>) {
    let text = card.value(&format!("run {run}, epochs 1, 10, 20, 40, 60"));
    let (train, validation) = text.split_once("; validation ").expect("two rows");
    let numbers = |row: &str| {
        let row = row.trim_start_matches("train ");
        row.split(", ")
            .map(|n| n.parse().expect("a number"))
            .collect()
    };
    (numbers(train), numbers(validation))
}

/// A reader of curves with nothing but the hints.
fn diagnosis(card: &Question, run: &str) -> &'static str {
    let (train, validation) = shown(card, run);
    let lowest = validation.iter().copied().fold(f64::MAX, f64::min);
    if train[4] > train[0] {
        "learning rate too high"
    } else if train[4] > 0.9 * train[0] {
        "learning rate too low"
    } else if train[4] > 0.5 * train[0] {
        "underfitting"
    } else if validation[4] > 1.5 * lowest {
        "overfitting"
    } else if validation[4] > 4.0 * train[4] {
        "different data"
    } else {
        "good fit"
    }
}

fn diagnosed(card: &Question, change: &dyn Fn(&'static str) -> &'static str) -> Verdict {
    let runs = card.shown_items().into_iter();
    let pairs: Vec<_> = runs
        .map(|run| (run, change(diagnosis(card, run))))
        .collect();
    check::diagnose_curves(&pairs)
}

fn swapped(one: &'static str, other: &'static str) -> impl Fn(&'static str) -> &'static str {
    move |word| match word {
        _ if word == one => other,
        _ if word == other => one,
        _ => word,
    }
}

#[test]
fn diagnose_curves() {
    tested("diagnose_curves", |test| {
        test.unattempted(|| check::diagnose_curves(&[]));
        test.accepts(|card| diagnosed(card, &|word| word));
        test.refuses("Overfitting and underfitting are swapped", |card| {
            diagnosed(card, &swapped("overfitting", "underfitting"))
        });
        test.refuses("Two runs end high", |card| {
            diagnosed(card, &swapped("underfitting", "learning rate too low"))
        });
        test.refuses("Overfitting and different data", |card| {
            diagnosed(card, &swapped("overfitting", "different data"))
        });
        test.refuses("is not \"good fit\"", |card| {
            diagnosed(card, &|_| "good fit")
        });
        test.refuses("Did you mean \"overfitting\"?", |card| {
            diagnosed(card, &|_| "over fitting")
        });
        test.for_each_learner(|_, card| {
            for run in card.shown_items() {
                let (train, _) = shown(card, run);
                let text = course::prelude::mystery_curve(run)
                    .show()
                    .plain()
                    .to_owned();
                let first = format!("{:.4}", train[0]);
                assert!(
                    text.contains(&first),
                    "the picture shows the card's run: {first} {text}"
                );
            }
        });
    });
}

const CURES: [&str; 5] = [
    "early stopping",
    "weight decay",
    "dropout",
    "more training data",
    "a smaller model",
];

#[test]
fn overfitting_fixes() {
    let cures = |card: &Question, count: usize| {
        let items = card.shown_items();
        let cures: Vec<&str> = items
            .iter()
            .copied()
            .filter(|item| CURES.contains(item))
            .take(count)
            .collect();
        check::overfitting_fixes(&cures)
    };
    tested("overfitting_fixes", |test| {
        test.unattempted(|| check::overfitting_fixes(&[]));
        test.accepts(|card| cures(card, 3));
        test.refuses("You named 2", |card| cures(card, 2));
        test.refuses("You named 4", |card| cures(card, 4));
        test.refuses("Not \"", |card| {
            let items = card.shown_items();
            let wrong: Vec<&str> = items
                .into_iter()
                .filter(|item| !CURES.contains(item))
                .collect();
            check::overfitting_fixes(&wrong)
        });
        test.refuses("stands there twice", |card| {
            let items = card.shown_items();
            let cure = items
                .iter()
                .find(|item| CURES.contains(item))
                .expect("a cure");
            check::overfitting_fixes(&[cure, cure, cure])
        });
        test.refuses("There is no \"prayer\"", |_| {
            check::overfitting_fixes(&["prayer"])
        });
    });
}

#[test]
fn mend_divergence() {
    let times = |factor: f64| {
        move |card: &Question| check::mend_divergence(factor * card.number("learning rate"))
    };
    tested("mend_divergence", |test| {
        test.unattempted(|| check::mend_divergence(None));
        test.accepts(times(0.2));
        test.accepts(times(0.1));
        test.refuses("explodes sooner", times(2.0));
        test.refuses("explodes sooner", times(1.0));
        test.refuses("It still explodes", times(0.9));
        test.refuses("too careful", times(0.0005));
        test.refuses("must be above 0", times(0.0));
    });
}

#[test]
fn mend_slow() {
    let times = |factor: f64| {
        move |card: &Question| check::mend_slow(factor * card.number("learning rate"))
    };
    tested("mend_slow", |test| {
        test.unattempted(|| check::mend_slow(None));
        test.accepts(times(2_500.0));
        test.accepts(times(5_000.0));
        test.refuses("it takes even longer", times(0.5));
        test.refuses("is not enough", times(3.0));
        test.refuses("Now it explodes", times(50_000.0));
        test.refuses("must be above 0", times(-1.0));
    });
}

#[test]
fn mend_underfit() {
    tested("mend_underfit", |test| {
        test.unattempted(|| check::mend_underfit(|| todo!()));
        test.accepts(|_| {
            check::mend_underfit(|| {
                Sequential::new()
                    .add(linear(2, 32))
                    .add(relu())
                    .add(linear(32, 2))
            })
        });
        test.accepts(|_| {
            check::mend_underfit(|| {
                Sequential::new()
                    .add(linear(2, 32))
                    .add(tanh())
                    .add(linear(32, 2))
            })
        });
        test.refuses("one straight border", |_| {
            check::mend_underfit(|| Sequential::new().add(linear(2, 2)))
        });
        test.refuses("nothing bends between them", |_| {
            check::mend_underfit(|| Sequential::new().add(linear(2, 64)).add(linear(64, 2)))
        });
        test.refuses("make it wider", |_| {
            check::mend_underfit(|| {
                Sequential::new()
                    .add(linear(2, 1))
                    .add(relu())
                    .add(linear(1, 2))
            })
        });
        test.refuses("should give [200, 2]", |_| {
            check::mend_underfit(|| Sequential::new().add(linear(2, 1)))
        });
        test.refuses("refuses two features", |_| {
            check::mend_underfit(|| Sequential::new().add(linear(3, 2)))
        });
        test.refuses("nothing to train", |_| {
            check::mend_underfit(Sequential::new)
        });
    });
}

fn deep(layers: usize, activation: Activation, init: Init) -> Sequential {
    let mut net = Sequential::new();
    for layer in 0..layers {
        let inputs = if layer == 0 { 10 } else { 32 };
        net = net.add(linear(inputs, 32).with_init(init)).add(activation);
    }
    net.add(linear(32, 1).with_init(init))
}

#[test]
fn mend_vanishing() {
    tested("mend_vanishing", |test| {
        test.unattempted(|| check::mend_vanishing(|| todo!()));
        test.accepts(|_| check::mend_vanishing(|| deep(12, relu(), Init::HeNormal)));
        test.accepts(|_| check::mend_vanishing(|| deep(12, relu(), Init::HeUniform)));
        test.accepts(|_| check::mend_vanishing(|| deep(12, tanh(), Init::XavierNormal)));
        test.refuses("There is a sigmoid in it", |_| {
            check::mend_vanishing(|| deep(12, sigmoid(), Init::PyTorch))
        });
        test.refuses("the first weights are too small", |_| {
            check::mend_vanishing(|| deep(12, relu(), Init::PyTorch))
        });
        test.refuses("now they explode", |_| {
            check::mend_vanishing(|| deep(12, relu(), Init::Normal(1.5)))
        });
        test.refuses("Making it shallow", |_| {
            check::mend_vanishing(|| deep(2, relu(), Init::HeNormal))
        });
        test.refuses("should give [64, 1]", |_| {
            check::mend_vanishing(|| Sequential::new().add(linear(10, 2)))
        });
    });
}

/// The listing with one thing changed.
fn stopper(patience_counts: bool, at_end: fn(f64, f64, f64) -> f64) -> Verdict {
    check::mend_early_stopping(move |next, epochs, patience| {
        let (mut best, mut weight, mut last, mut waited) = (f64::INFINITY, 0.0, 0.0, 0);
        for _ in 0..epochs {
            let (loss, now) = next();
            last = now;
            if loss < best {
                (best, weight, waited) = (loss, now, 0);
            } else {
                waited += 1;
                if patience_counts && waited >= patience {
                    return weight;
                }
            }
        }
        at_end(weight, last, best)
    })
}

#[test]
fn mend_early_stopping() {
    tested("mend_early_stopping", |test| {
        test.unattempted(|| check::mend_early_stopping(|_, _, _| todo!()));
        test.unattempted(|| stopper(true, |_, _, _| todo!("and if patience never ran out?")));
        test.accepts(|_| stopper(true, |weight, _, _| weight));
        test.refuses("the mistake of the listing", |_| {
            stopper(true, |_, last, _| last)
        });
        test.refuses("The weight is wanted", |_| stopper(true, |_, _, best| best));
        test.refuses("and should train", |_| {
            stopper(false, |weight, _, _| weight)
        });
        test.refuses("trained 0 epochs", |_| {
            check::mend_early_stopping(|_, _, _| 0.0)
        });
        test.refuses("not the weight of the best epoch", |_| {
            stopper(true, |_, _, _| f64::NAN)
        });
        test.refuses("was called", |_| {
            check::mend_early_stopping(|next, _, _| (0..100).map(|_| next().1).sum())
        });
    });
}

fn by(x: &Tensor, statistics: &Tensor) -> Tensor {
    (x - statistics.mean_dim(0, true, Kind::Float)) / statistics.std_dim(0, true, true)
}

#[test]
fn normalise() {
    tested("normalise", |test| {
        test.unattempted(|| check::normalise(|_, _| todo!()));
        test.accepts(|_| check::normalise(|train, other| (by(train, train), by(other, train))));
        test.accepts(|_| {
            check::normalise(|train, other| {
                let scale = normalizer(train);
                (scale.apply(train), scale.apply(other))
            })
        });
        test.refuses("by its own mean and deviation", |_| {
            check::normalise(|train, other| (by(train, train), by(other, other)))
        });
        test.refuses("validation leaks into training", |_| {
            check::normalise(|train, other| {
                let both = Tensor::cat(&[train, other], 0);
                (by(train, &both), by(other, &both))
            })
        });
        test.refuses("column by column", |_| {
            check::normalise(|train, other| {
                let (mean, deviation) = (train.mean(Kind::Float), train.std(true));
                ((train - &mean) / &deviation, (other - &mean) / &deviation)
            })
        });
        test.refuses("not divided by their deviation", |_| {
            check::normalise(|train, other| {
                let mean = train.mean_dim(0, true, Kind::Float);
                (train - &mean, other - &mean)
            })
        });
        test.refuses("was not scaled", |_| {
            check::normalise(|train, other| (by(train, train), other.shallow_clone()))
        });
        test.refuses("and should have 0 and 1", |_| {
            check::normalise(|train, other| (train.shallow_clone(), other.shallow_clone()))
        });
        test.refuses("they must stay as they are", |_| {
            check::normalise(|train, _| (by(train, train), by(train, train)))
        });
    });
}

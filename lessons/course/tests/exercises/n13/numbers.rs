//! The questions whose answer is one number.

use course::check;
use course::exercise::Question;

use crate::harness::tested;

pub(super) fn numbers_that_learn() {
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

pub(super) fn two_neurons() {
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

pub(super) fn loss_of_three() {
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

pub(super) fn slope_through_two() {
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

pub(super) fn noise_of_batch() {
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

pub(super) fn when_to_stop() {
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

pub(super) fn rate_at_step() {
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

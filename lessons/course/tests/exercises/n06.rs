//! The exercises of notebook 06.

use course::check;
use course::verdict::Verdict;
use lessons::prelude::*;

use crate::harness::tested;

#[test]
fn network_parameters() {
    tested("network_parameters", |test| {
        let with = |count: fn(i64, i64, i64) -> i64| {
            move |card: &course::exercise::Question| {
                let size = |name| card.number(name) as i64;
                check::network_parameters(count(size("inputs"), size("hidden"), size("outputs")))
            }
        };
        test.unattempted(|| check::network_parameters(None));
        test.accepts(with(|i, h, o| i * h + h + h * o + o));
        test.refuses("are the weights", with(|i, h, o| i * h + h * o));
        test.refuses(
            "ReLU learns nothing",
            with(|i, h, o| i * h + 2 * h + h * o + o),
        );
        test.refuses("inputs are data", with(|i, h, o| i + i * h + h + h * o + o));
        test.refuses("number of neurons", with(|i, h, o| i + h + o));
        test.refuses("belongs to the network above", with(|_, _, _| 49));
        test.refuses("The first layer alone", with(|_, _, _| 0));
    });
}

#[test]
fn step_ratio() {
    tested("step_ratio", |test| {
        let with = |ratio: fn(f64, [f64; 3]) -> f64| {
            move |card: &course::exercise::Question| {
                let inputs = ["x1", "x2", "x3"].map(|name| card.number(name));
                check::step_ratio(ratio(card.number("learning rate"), inputs))
            }
        };
        test.unattempted(|| check::step_ratio(None));
        test.accepts(with(|rate, x| {
            (1.0 - 2.0 * rate * (squares(x) + 1.0)).powi(2)
        }));
        test.refuses(
            "The loss is its square",
            with(|rate, x| 1.0 - 2.0 * rate * (squares(x) + 1.0)),
        );
        test.refuses(
            "leaves the bias out",
            with(|rate, x| (1.0 - 2.0 * rate * squares(x)).powi(2)),
        );
        test.refuses(
            "leaves out the 2",
            with(|rate, x| (1.0 - rate * (squares(x) + 1.0)).powi(2)),
        );
        test.refuses(
            "add squares",
            with(|rate, x| (1.0 - 2.0 * rate * (x.iter().sum::<f64>() + 1.0)).powi(2)),
        );
        test.refuses("1 - 2 * rate", with(|_, _| -1.0));
        test.refuses("division by zero", with(|_, _| f64::NAN));
    });
}

fn squares(x: [f64; 3]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

/// Name and `of` each weight of the network.
fn table(net: &Sequential, of: impl Fn(&Tensor) -> f64) -> Vec<(String, f64)> {
    let weights = net.named_parameters().into_iter();
    weights
        .filter(|(name, _)| name.ends_with("weight"))
        .map(|(name, weight)| (name, of(&weight)))
        .collect()
}

#[test]
fn gradient_norms() {
    let norm = |w: &Tensor| w.grad().norm().item();
    tested("gradient_norms", |test| {
        test.unattempted(|| check::gradient_norms(|_| todo!()));
        test.accepts(|_| check::gradient_norms(|net| table(net, norm)));
        test.refuses("lists biases too", |_| {
            check::gradient_norms(|net| {
                let all = net.named_parameters().into_iter();
                all.map(|(name, w)| (name, norm(&w))).collect()
            })
        });
        test.refuses("counts 0, 1, 2", |_| {
            check::gradient_norms(|net| {
                let norms = table(net, norm).into_iter().enumerate();
                norms
                    .map(|(at, (_, norm))| (format!("{at}.weight"), norm))
                    .collect()
            })
        });
        test.refuses("in reverse", |_| {
            check::gradient_norms(|net| table(net, norm).into_iter().rev().collect())
        });
        test.refuses("the weight itself", |_| {
            check::gradient_norms(|net| table(net, |w| w.norm().item()))
        });
        test.refuses("the mean size", |_| {
            check::gradient_norms(|net| table(net, |w| w.grad().abs().mean(Kind::Float).item()))
        });
        test.refuses("take the square root", |_| {
            check::gradient_norms(|net| table(net, |w| w.grad().square().sum(Kind::Float).item()))
        });
        test.refuses("should have", |_| check::gradient_norms(|_| Vec::new()));
    });
}

fn sweep_with(fair: bool, steps: usize, measure_after: bool) -> Verdict {
    check::rate_sweep(move |model, x, y, rates| {
        let start = copy_weights(model);
        let run = |&rate: &f64| {
            if fair {
                restore_weights(model, &start);
            }
            let mut optimizer = sgd(model, rate);
            let mut last = 0.0;
            for _ in 0..steps {
                let loss = mse_loss(&model.forward(x), y);
                last = loss.item();
                optimizer.backward_step(&loss);
            }
            if measure_after {
                last = mse_loss(&model.forward(x), y).item();
            }
            last
        };
        rates.iter().map(run).collect()
    })
}

#[test]
fn rate_sweep() {
    tested("rate_sweep", |test| {
        test.unattempted(|| check::rate_sweep(|_, _, _, _| todo!()));
        test.accepts(|_| sweep_with(true, 20, true));
        test.refuses("goes on where the one before stopped", |_| {
            sweep_with(false, 20, true)
        });
        test.refuses("before the last step", |_| sweep_with(true, 20, false));
        test.refuses("no step reached the model", |_| sweep_with(true, 0, true));
        test.refuses("another number of steps", |_| sweep_with(true, 50, true));
        test.refuses("gave 0 losses", |_| {
            check::rate_sweep(|_, _, _, _| Vec::new())
        });
        test.refuses("do not make a new model", |_| {
            check::rate_sweep(|_, _, _, rates| rates.iter().map(|_| f64::NAN).collect())
        });
    });
}

//! The exercises of notebook 05.

mod runs;

use course::check;
use course::exercise::Question;
use course::verdict::Verdict;
use lessons::prelude::*;

use crate::harness::tested;

#[test]
fn training_loop_order() {
    let (batch, forward) = ("take the next batch", "prediction = model.forward(x)");
    let loss = "loss = mse_loss(prediction, y)";
    let (clear, backward, step) = (
        "optimizer.zero_grad()",
        "loss.backward()",
        "optimizer.step()",
    );
    tested("training_loop_order", |test| {
        test.unattempted(|| check::training_loop_order(&[]));
        test.accepts(|_| {
            check::training_loop_order(&[batch, forward, loss, clear, backward, step])
        });
        test.refuses("no gradients to step along", |_| {
            check::training_loop_order(&[batch, forward, loss, clear, step, backward])
        });
        test.refuses("clears the gradients that backward() has just made", |_| {
            check::training_loop_order(&[batch, forward, loss, backward, clear, step])
        });
        test.refuses("The loss needs the prediction", |_| {
            check::training_loop_order(&[batch, loss, forward, clear, backward, step])
        });
        test.refuses("Did you mean \"optimizer.zero_grad()\"?", |_| {
            check::training_loop_order(&[
                batch,
                forward,
                loss,
                "optimizer.zerograd()",
                backward,
                step,
            ])
        });
        test.refuses("is missing", |_| {
            check::training_loop_order(&[forward, loss, clear, backward, step])
        });
        test.refuses("stands there twice", |_| {
            check::training_loop_order(&[batch, batch, forward, loss, clear, backward])
        });
    });
}

fn mse(p: &[f64], a: &[f64]) -> f64 {
    let squares = p.iter().zip(a).map(|(p, a)| (p - a).powi(2));
    squares.sum::<f64>() / p.len() as f64
}

#[test]
fn losses() {
    tested("losses", |test| {
        test.unattempted(|| check::losses(|_| todo!(), |_, _| todo!()));
        test.unattempted(|| check::losses(|p| -p.ln(), |_, _| todo!()));
        test.accepts(|_| check::losses(|p| -p.ln(), mse));
        test.refuses("A minus is missing", |_| check::losses(f64::ln, mse));
        test.refuses("base 10", |_| check::losses(|p| -p.log10(), mse));
        test.refuses("in bits", |_| check::losses(|p| -p.log2(), mse));
        test.refuses("never exceeds 1", |_| check::losses(|p| 1.0 - p, mse));
        test.refuses("not minus the natural", |_| check::losses(|_| 0.1054, mse));
        test.refuses("not minus the natural", |_| {
            check::losses(|_| f64::NAN, mse)
        });
        test.refuses("that is the sum", |_| {
            check::losses(|p| -p.ln(), |p, a| mse(p, a) * p.len() as f64)
        });
        test.refuses("root", |_| {
            check::losses(|p| -p.ln(), |p, a| mse(p, a).sqrt())
        });
        test.refuses("half", |_| {
            check::losses(|p| -p.ln(), |p, a| mse(p, a) / 2.0)
        });
        test.refuses("absolute", |_| {
            let absolute = |p: &[f64], a: &[f64]| {
                let sizes = p.iter().zip(a).map(|(p, a)| (p - a).abs());
                sizes.sum::<f64>() / p.len() as f64
            };
            check::losses(|p| -p.ln(), absolute)
        });
        test.refuses("not the mean", |_| check::losses(|p| -p.ln(), |_, _| 0.0));
    });
}

#[test]
fn valley_words() {
    let right = [
        ("where you stand", "weights"),
        ("your height", "loss"),
        ("the slope under your feet", "gradient"),
        ("the length of your stride", "learning rate"),
        ("the valley floor", "minimum"),
    ];
    let with = |a: usize, b: usize| {
        let mut pairs = right;
        (pairs[a].1, pairs[b].1) = (right[b].1, right[a].1);
        check::valley_words(&pairs)
    };
    tested("valley_words", |test| {
        test.unattempted(|| check::valley_words(&[]));
        test.accepts(|_| check::valley_words(&right));
        test.refuses("Place and height are swapped", |_| with(0, 1));
        test.refuses("Slope and stride are swapped", |_| with(2, 3));
        test.refuses("is not \"minimum\"", |_| with(0, 4));
        test.refuses("is missing", |_| check::valley_words(&right[1..]));
    });
}

fn walk_by(card: &Question, step: impl Fn(f64, f64, f64) -> f64) -> Verdict {
    let (steepness, lowest) = (card.number("steepness"), card.number("lowest"));
    check::valley_steps(|start, rate, steps| {
        let mut places = vec![start];
        for at in 0..steps {
            places.push(places[at] - step(rate, steepness, places[at] - lowest));
        }
        places
    })
}

#[test]
fn valley_steps() {
    tested("valley_steps", |test| {
        test.unattempted(|| check::valley_steps(|_, _, _| todo!()));
        test.accepts(|card| walk_by(card, |rate, a, d| rate * 2.0 * a * d));
        test.refuses("walks uphill", |card| {
            walk_by(card, |rate, a, d| -rate * 2.0 * a * d)
        });
        test.refuses("does not use the learning rate", |card| {
            walk_by(card, |_, a, d| 2.0 * a * d)
        });
        test.refuses("half of the right one", |card| {
            walk_by(card, |rate, a, d| rate * a * d)
        });
        test.refuses("steps by the loss itself", |card| {
            walk_by(card, |rate, a, d| rate * a * d * d)
        });
        test.refuses("your first step leads to", |card| {
            walk_by(card, |_, _, _| 0.0)
        });
        test.refuses("gave 0 places", |_| {
            check::valley_steps(|_, _, _| Vec::new())
        });
    });
}

#[test]
fn chain_rule() {
    let slopes = |x: f64, w: f64, t: f64| {
        let p = 1.0 / (1.0 + (-w * x).exp());
        let (outer, middle) = (2.0 * (p - t), p * (1.0 - p));
        [outer, middle, x, outer * middle * x]
    };
    let with = |at: usize, change: fn([f64; 4], f64) -> f64| {
        check::chain_rule(move |x, w, t| {
            let mut answer = slopes(x, w, t);
            answer[at] = change(answer, w);
            answer
        })
    };
    tested("chain_rule", |test| {
        test.unattempted(|| check::chain_rule(|_, _, _| todo!()));
        test.accepts(|_| check::chain_rule(slopes));
        test.refuses("the 2 of the square is missing", |_| {
            with(0, |s, _| s[0] / 2.0)
        });
        test.refuses("the sign is wrong", |_| with(0, |s, _| -s[0]));
        test.refuses("the sigmoid itself", |_| {
            check::chain_rule(move |x, w, t| {
                let mut answer = slopes(x, w, t);
                answer[1] = 1.0 / (1.0 + (-w * x).exp());
                answer
            })
        });
        test.refuses("w is what moves", |_| with(2, |_, w| w));
        test.refuses("were added", |_| with(3, |s, _| s[0] + s[1] + s[2]));
        test.refuses("the product of the three", |_| with(3, |_, _| f64::NAN));
        test.refuses("is a square", |_| check::chain_rule(|_, _, _| [0.0; 4]));
    });
}

fn eigenvalues(x: &Tensor) -> (f64, f64) {
    let n = x.size()[0] as f64;
    let values = (x.tr().matmul(x) * (2.0 / n)).linalg_eigvalsh("L");
    (
        values.max().double_value(&[]),
        values.min().double_value(&[]),
    )
}

#[test]
fn critical_rate() {
    tested("critical_rate", |test| {
        test.unattempted(|| check::critical_rate(|_| todo!()));
        test.accepts(|_| check::critical_rate(|x| 2.0 / eigenvalues(x).0));
        test.refuses("crossed in one step", |_| {
            check::critical_rate(|x| 1.0 / eigenvalues(x).0)
        });
        test.refuses("the curvature itself", |_| {
            check::critical_rate(|x| eigenvalues(x).0)
        });
        test.refuses("the flattest direction", |_| {
            check::critical_rate(|x| 2.0 / eigenvalues(x).1)
        });
        test.refuses("the 1/n of the mean is missing", |_| {
            check::critical_rate(|x| 2.0 / (eigenvalues(x).0 * x.size()[0] as f64))
        });
        test.refuses("the 2 of the square's", |_| {
            check::critical_rate(|x| 4.0 / eigenvalues(x).0)
        });
        test.refuses("take its largest eigenvalue", |_| {
            check::critical_rate(|_| 0.1)
        });
        test.refuses("take its largest eigenvalue", |_| {
            check::critical_rate(|_| f64::NAN)
        });
    });
}

#[test]
fn schedule() {
    let part = |step: usize, steps: usize| step as f64 / steps as f64;
    tested("schedule", |test| {
        test.unattempted(|| check::schedule(|_, _| todo!()));
        test.accepts(|_| check::schedule(|step, steps| cosine(0.5, steps).rate(step)));
        test.accepts(|_| check::schedule(|step, steps| 0.5 * (1.0 - part(step, steps))));
        test.accepts(|_| check::schedule(|step, _| 1.0 / (1.0 + step as f64 / 10.0)));
        test.accepts(|_| check::schedule(|step, steps| step_decay(0.5, steps / 4, 0.3).rate(step)));
        test.refuses("It is a constant", |_| check::schedule(|_, _| 0.14));
        test.refuses("some rate is above 2", |_| check::schedule(|_, _| 2.5));
        test.refuses("It grows", |_| {
            check::schedule(|step, steps| 0.3 * part(step, steps))
        });
        test.refuses("too small too soon", |_| {
            check::schedule(|step, steps| 0.05 * (1.0 - part(step, steps)))
        });
        test.refuses("too noisy at the end", |_| {
            check::schedule(|step, steps| {
                if step == 0 {
                    0.9
                } else {
                    0.8 - 0.1 * part(step, steps)
                }
            })
        });
        test.refuses("a finite number", |_| check::schedule(|_, _| f64::NAN));
    });
}

#[test]
fn gradient_noise() {
    tested("gradient_noise", |test| {
        test.unattempted(|| check::gradient_noise(|_, _, _| todo!()));
        test.accepts(|_| check::gradient_noise(|b, noise, other| noise * (b / other).sqrt()));
        test.refuses("falls as 1/B", |_| {
            check::gradient_noise(|b, noise, other| noise * b / other)
        });
        test.refuses("does not stay the same", |_| {
            check::gradient_noise(|_, noise, _| noise)
        });
        test.refuses("larger batches are less noisy", |_| {
            check::gradient_noise(|b, noise, other| noise * (other / b).sqrt())
        });
        test.refuses("grows with the batch", |_| {
            check::gradient_noise(|b, noise, other| noise * other / b)
        });
        test.refuses("1 / sqrt(B)", |_| check::gradient_noise(|_, _, _| 0.0));
    });
}

#[test]
fn batch_tradeoff() {
    let size = |item: &str| match item {
        "needs less memory" | "more updates in an epoch" | "noisier gradients" => "small batch",
        _ => "large batch",
    };
    let other = |item: &str| match size(item) {
        "small batch" => "large batch",
        _ => "small batch",
    };
    let answered = |card: &Question, group: &dyn Fn(&str) -> &'static str| {
        let items = card.shown_items();
        let pairs: Vec<_> = items.into_iter().map(|item| (item, group(item))).collect();
        check::batch_tradeoff(&pairs)
    };
    tested("batch_tradeoff", |test| {
        test.unattempted(|| check::batch_tradeoff(&[]));
        test.accepts(|card| answered(card, &size));
        test.refuses("the wrong way round", |card| answered(card, &other));
        test.refuses("do not make each one steadier", |card| {
            answered(card, &|_| "small batch")
        });
        test.refuses("is not \"large batch\"", |card| {
            answered(card, &|_| "large batch")
        });
        test.refuses("is missing", |card| {
            let item = card.shown_items()[0];
            check::batch_tradeoff(&[(item, size(item))])
        });
    });
}

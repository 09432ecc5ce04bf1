//! The exercises of notebook 14.

use course::check;
use lessons::prelude::*;

use crate::harness::tested;

#[test]
fn insert_softmax() {
    let last = |logits: &Tensor| logits.get(logits.size()[0] - 1);
    tested("insert_softmax", |test| {
        test.unattempted(|| check::insert_softmax(|_, _| todo!()));
        test.accepts(|_| check::insert_softmax(|l, t| (last(l) / t).softmax(-1, None)));
        test.accepts(|_| check::insert_softmax(|l, t| Sampling::temperature(t).chances(&last(l))));
        test.refuses("these are still logits", |_| {
            check::insert_softmax(|l, _| last(l))
        });
        test.refuses("the temperature has no effect", |_| {
            check::insert_softmax(|l, _| last(l).softmax(-1, None))
        });
        test.refuses("you multiplied by the temperature", |_| {
            check::insert_softmax(|l, t| (last(l) * t).softmax(-1, None))
        });
        test.refuses("after the first position", |_| {
            check::insert_softmax(|l, t| (l.get(0) / t).softmax(-1, None))
        });
        test.refuses("logarithms of chances", |_| {
            check::insert_softmax(|l, t| (last(l) / t).log_softmax(-1, None))
        });
        test.refuses("makes them compete", |_| {
            check::insert_softmax(|l, t| (last(l) / t).sigmoid())
        });
        test.refuses("leaves negative numbers", |_| {
            check::insert_softmax(|l, _| last(l) / last(l).sum(Kind::Float))
        });
        test.refuses("not the chances", |_| {
            check::insert_softmax(|l, t| last(l).softmax(-1, None) / t)
        });
        test.refuses("Only the last position", |_| {
            check::insert_softmax(|l, t| (l / t).softmax(-1, None))
        });
        test.refuses("not the chosen token", |_| {
            check::insert_softmax(|l, _| last(l).argmax(0, false))
        });
        test.refuses("the chances are not", |_| {
            check::insert_softmax(|l, _| last(l).ones_like() / l.size()[1] as f64)
        });
    });
}

/// Trains for so many steps, on what `pick` makes of the windows.
fn train(
    net: &Sequential,
    text: &Tensor,
    steps: usize,
    rate: f64,
    pick: impl Fn(Tensor, Tensor) -> (Tensor, Tensor),
) {
    let mut optimizer = adamw(net, rate);
    for _ in 0..steps {
        let (x, y) = windows(text, 32, 16);
        let (x, y) = pick(x, y);
        let loss = next_token_loss(&net.forward(&x), &y);
        optimizer.backward_step(&loss);
    }
}

#[test]
fn beat_bigram() {
    tested("beat_bigram", |test| {
        test.unattempted(|| check::beat_bigram(|_, _| todo!()));
        test.accepts(|_| {
            check::beat_bigram(|net, text| train(net, text, 300, 0.01, |x, y| (x, y)))
        });
        test.refuses("The network did not change", |_| {
            check::beat_bigram(|net, text| {
                let _ = net.forward(&windows(text, 32, 1).0);
            })
        });
        test.refuses("Train longer", |_| {
            check::beat_bigram(|net, text| train(net, text, 20, 0.01, |x, y| (x, y)))
        });
        test.refuses("learned to repeat", |_| {
            check::beat_bigram(|net, text| {
                train(net, text, 50, 0.01, |x, _| (x.shallow_clone(), x))
            })
        });
        test.refuses("The loss on unseen text rose", |_| {
            check::beat_bigram(|net, text| train(net, text, 10, 30.0, |x, y| (x, y)))
        });
        test.refuses("training diverged", |_| {
            check::beat_bigram(|net, _| {
                no_grad(|| {
                    for (_, mut parameter) in net.named_parameters() {
                        let _ = parameter.fill_(f64::NAN);
                    }
                })
            })
        });
        test.refuses("panicked when called as learn(", |_| {
            check::beat_bigram(|net, text| {
                let _ = net.forward(&text.unsqueeze(0));
            })
        });
    });
}

//! The exercises of notebook 11.

use course::check;
use lessons::prelude::*;

use crate::harness::tested;

#[test]
fn probe_selectivity() {
    // A probe's tensors are small: more threads only wait for each other.
    tch::set_num_threads(1);
    tested("probe_selectivity", |test| {
        test.unattempted(|| check::probe_selectivity(|_, _, _| todo!("the measure")));
        test.accepts(|_| {
            check::probe_selectivity(|hidden, labels, words| {
                probe_with_control(hidden, labels, words).selectivity()
            })
        });
        test.accepts(|_| {
            check::probe_selectivity(|hidden, labels, words| {
                let control = control_labels(labels, words);
                probe(hidden, labels).accuracy - probe(hidden, &control).accuracy
            })
        });
        test.refuses("with nothing subtracted", |_| {
            check::probe_selectivity(|hidden, labels, _| probe(hidden, labels).accuracy)
        });
        test.refuses("the wrong way round", |_| {
            check::probe_selectivity(|hidden, labels, words| {
                -probe_with_control(hidden, labels, words).selectivity()
            })
        });
        test.refuses("a control label must belong to a word", |_| {
            check::probe_selectivity(|hidden, labels, _| {
                let each = Tensor::arange(labels.numel() as i64, (Kind::Int64, Device::Cpu));
                probe_with_control(hidden, labels, &each).selectivity()
            })
        });
        test.refuses("a control label must belong to a word", |_| {
            check::probe_selectivity(|hidden, labels, _| {
                let found = probe(hidden, labels);
                found.accuracy - found.majority
            })
        });
        test.refuses("held-out examples", |_| {
            check::probe_selectivity(|hidden, labels, words| {
                let found = probe_with_control(hidden, labels, words);
                found.task.train_accuracy - found.control.train_accuracy
            })
        });
        test.refuses("is about 0.5", |_| check::probe_selectivity(|_, _, _| 0.0));
        test.refuses("no difference of two shares", |_| {
            check::probe_selectivity(|_, _, _| f64::NAN)
        });
        test.refuses("panicked when called as selectivity(", |_| {
            check::probe_selectivity(|_, _, _| panic!("no idea"))
        });
    });
}

/// Right, but for what `order` and `score` do.
fn curve(net: &Sequential, x: &Tensor, order: &Tensor, score: impl Fn(&Tensor) -> f64) -> Vec<f64> {
    let left = x.copy();
    let mut curve = vec![score(&net.forward(&left))];
    for step in 0..order.numel() as i64 {
        let _ = left.i((0, order.i(step).item() as i64)).fill_(0.0);
        curve.push(score(&net.forward(&left)));
    }
    curve
}

fn share(logits: &Tensor, class: i64) -> f64 {
    logits.softmax(-1, Kind::Float).i((0, class)).item()
}

fn order(map: &Tensor, descending: bool) -> Tensor {
    map.reshape([-1]).argsort(0, descending)
}

#[test]
fn deletion_by_hand() {
    tested("deletion_by_hand", |test| {
        test.unattempted(|| check::deletion_by_hand(|_, _, _, _| todo!("the curve")));
        test.accepts(|_| {
            check::deletion_by_hand(|net, x, class, map| {
                curve(net, x, &order(map, true), |logits| share(logits, class))
            })
        });
        test.accepts(|_| {
            check::deletion_by_hand(|net, x, class, map| deletion_test(net, x, class, map).salient)
        });
        test.refuses("the least salient first", |_| {
            check::deletion_by_hand(|net, x, class, map| {
                curve(net, x, &order(map, false), |logits| share(logits, class))
            })
        });
        test.refuses("that is the logit", |_| {
            check::deletion_by_hand(|net, x, class, map| {
                curve(net, x, &order(map, true), |logits| {
                    logits.i((0, class)).item()
                })
            })
        });
        test.refuses("you sort by the size", |_| {
            check::deletion_by_hand(|net, x, class, map| {
                curve(net, x, &order(&map.abs(), true), |logits| {
                    share(logits, class)
                })
            })
        });
        test.refuses("the first is missing", |_| {
            check::deletion_by_hand(|net, x, class, map| {
                deletion_test(net, x, class, map).salient.split_off(1)
            })
        });
        test.refuses("has come back", |_| {
            check::deletion_by_hand(|net, x, class, map| {
                let order = order(map, true);
                let mut curve = vec![share(&net.forward(x), class)];
                for step in 0..order.numel() as i64 {
                    let copy = x.copy();
                    let _ = copy.i((0, order.i(step).item() as i64)).fill_(0.0);
                    curve.push(share(&net.forward(&copy), class));
                }
                curve
            })
        });
        test.refuses("x itself is changed", |_| {
            check::deletion_by_hand(|net, x, class, map| {
                let right = deletion_test(net, x, class, map).salient;
                let _ = x.shallow_clone().zero_();
                right
            })
        });
        test.refuses("values, and should have", |_| {
            check::deletion_by_hand(|_, _, _, _| vec![0.5])
        });
        test.refuses("after 0 deletions", |_| {
            check::deletion_by_hand(|_, x, _, _| vec![0.123; x.numel() + 1])
        });
    });
}

fn flat(map: &Tensor) -> Vec<f64> {
    Vec::try_from(map.reshape([-1]).to_kind(Kind::Double)).expect("numbers")
}

#[test]
fn randomised_weights() {
    tested("randomised_weights", |test| {
        test.unattempted(|| check::randomised_weights(|_, _, _| todo!("the likeness")));
        test.accepts(|_| {
            check::randomised_weights(|map, trained, untrained| {
                rank_correlation(&flat(&map(trained).abs()), &flat(&map(untrained).abs()))
            })
        });
        test.accepts(|_| {
            check::randomised_weights(|map, trained, untrained| {
                let sizes = [untrained, trained].map(|net| flat(&map(net).square()));
                rank_correlation(&sizes[0], &sizes[1])
            })
        });
        test.refuses("compare a map with itself", |_| {
            check::randomised_weights(|map, trained, _| {
                rank_correlation(&flat(&map(trained)), &flat(&map(trained)))
            })
        });
        test.refuses("you compare with signs", |_| {
            check::randomised_weights(|map, trained, untrained| {
                rank_correlation(&flat(&map(trained)), &flat(&map(untrained)))
            })
        });
        test.refuses("that is the cosine", |_| {
            check::randomised_weights(|map, trained, untrained| {
                let (a, b) = (map(trained).abs(), map(untrained).abs());
                ((&a * &b).sum(Kind::Double) / (a.norm() * b.norm())).item()
            })
        });
        test.refuses("the correlation of the values", |_| {
            check::randomised_weights(|map, trained, untrained| {
                let both = [trained, untrained].map(|net| map(net).abs().reshape([-1]));
                Tensor::stack(&both, 0).corrcoef().i((0, 1)).item()
            })
        });
        test.refuses("how much the maps differ", |_| {
            check::randomised_weights(|map, trained, untrained| {
                1.0 - rank_correlation(&flat(&map(trained).abs()), &flat(&map(untrained).abs()))
            })
        });
        test.refuses("and should be", |_| {
            check::randomised_weights(|_, _, _| 0.0)
        });
    });
}

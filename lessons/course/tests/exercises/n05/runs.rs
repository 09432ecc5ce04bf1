//! The exercises of notebook 05 that stop a run or are one.

use course::check;
use course::verdict::Verdict;
use lessons::prelude::*;

use crate::harness::tested;

fn stop(losses: &[f64], patience: usize) -> (usize, usize) {
    let mut best = 0;
    for (epoch, &loss) in losses.iter().enumerate() {
        if loss < losses[best] {
            best = epoch;
        } else if epoch - best == patience {
            return (epoch, best);
        }
    }
    (losses.len() - 1, best)
}

/// Stops by a count that `misses` keeps: called with the loss, the one before, and the best so far.
fn stop_by(
    losses: &[f64],
    patience: usize,
    misses: fn(usize, f64, f64, f64) -> usize,
) -> (usize, usize) {
    let (mut best, mut count) = (0, 0);
    for at in 1..losses.len() {
        count = misses(count, losses[at], losses[at - 1], losses[best]);
        if losses[at] < losses[best] {
            best = at;
        }
        if count == patience {
            return (at, best);
        }
    }
    (losses.len() - 1, best)
}

#[test]
fn early_stopper() {
    tested("early_stopper", |test| {
        test.unattempted(|| check::early_stopper(|_, _| todo!()));
        test.accepts(|_| check::early_stopper(stop));
        test.accepts(|_| {
            check::early_stopper(|losses, patience| {
                stop_by(
                    losses,
                    patience,
                    |count, loss, _, best| {
                        if loss < best { 0 } else { count + 1 }
                    },
                )
            })
        });
        test.refuses("starts the count anew", |_| {
            check::early_stopper(|losses, patience| {
                stop_by(losses, patience, |count, loss, _, best| {
                    count + usize::from(loss >= best)
                })
            })
        });
        test.refuses("Compare with the best so far", |_| {
            check::early_stopper(|losses, patience| {
                stop_by(
                    losses,
                    patience,
                    |count, loss, before, _| {
                        if loss < before { 0 } else { count + 1 }
                    },
                )
            })
        });
        test.refuses("one epoch too late", |_| {
            check::early_stopper(|losses, patience| stop(losses, patience + 1))
        });
        test.refuses("you never stop early", |_| {
            check::early_stopper(|losses, _| stop(losses, losses.len()))
        });
        test.refuses("the two numbers are swapped", |_| {
            check::early_stopper(|losses, patience| {
                let (last, best) = stop(losses, patience);
                (best, last)
            })
        });
        test.refuses("not where training stops", |_| {
            check::early_stopper(|losses, patience| {
                let (last, _) = stop(losses, patience);
                (last, last)
            })
        });
        test.refuses("it should be", |_| check::early_stopper(|_, _| (0, 0)));
    });
}

fn loop_with(rate: f64, steps: usize, clear: bool, step: bool) -> Verdict {
    check::whole_loop(move |x, y| {
        let net = Sequential::new()
            .add(linear(3, 16))
            .add(relu())
            .add(linear(16, 1));
        let mut optimizer = sgd(&net, rate);
        for _ in 0..steps {
            let loss = mse_loss(&net.forward(x), y);
            if clear {
                optimizer.zero_grad();
            }
            loss.backward();
            if step {
                optimizer.step();
            }
        }
        net
    })
}

#[test]
fn whole_loop() {
    tested("whole_loop", |test| {
        test.unattempted(|| check::whole_loop(|_, _| todo!()));
        test.accepts(|_| {
            check::whole_loop(|x, y| {
                let net = Sequential::new()
                    .add(linear(3, 16))
                    .add(relu())
                    .add(linear(16, 1));
                let mut optimizer = adam(&net, 0.02);
                for _ in 0..600 {
                    let loss = mse_loss(&net.forward(x), y);
                    optimizer.backward_step(&loss);
                }
                net
            })
        });
        // A linear model is allowed: it is the simplest network.
        test.accepts(|_| {
            check::whole_loop(|x, y| {
                let net = Sequential::new().add(linear(3, 1));
                let mut optimizer = sgd(&net, 0.1);
                for _ in 0..300 {
                    let loss = mse_loss(&net.forward(x), y);
                    optimizer.backward_step(&loss);
                }
                net
            })
        });
        test.refuses("learned next to nothing", |_| {
            loop_with(0.1, 50, true, false)
        });
        test.refuses("the learning rate is far too high", |_| {
            loop_with(50.0, 100, true, true)
        });
        test.refuses("It is on its way", |_| loop_with(0.02, 60, true, true));
        test.refuses("should give [100, 1]", |_| {
            check::whole_loop(|_, _| Sequential::new().add(linear(3, 2)))
        });
        test.refuses("refuses three features", |_| {
            check::whole_loop(|_, _| Sequential::new().add(linear(4, 1)))
        });
        test.refuses("the same price", |_| {
            check::whole_loop(|_, _| {
                Sequential::new().add(linear(3, 1).with_init(Init::Constant(0.0)))
            })
        });
    });
}

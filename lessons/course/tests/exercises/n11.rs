//! The exercises of notebook 11.

use course::check;
use lessons::prelude::{rank_correlation, saliency};

use crate::harness::tested;

#[test]
fn probe_selectivity() {
    fn control(words: &[i64], coins: &[i64]) -> Vec<i64> {
        words.iter().map(|&word| coins[word as usize]).collect()
    }
    tested("probe_selectivity", |test| {
        test.unattempted(|| check::probe_selectivity(|_, _| todo!(), |_, _| todo!()));
        test.accepts(|_| check::probe_selectivity(control, |a, b| a - b));
        test.refuses("two different labels", |_| {
            check::probe_selectivity(
                |words, _| (0..words.len() as i64).map(|at| at % 2).collect(),
                |a, b| a - b,
            )
        });
        test.refuses("all labels are 0", |_| {
            check::probe_selectivity(|words, _| vec![0; words.len()], |a, b| a - b)
        });
        test.refuses("not for each word", |_| {
            check::probe_selectivity(|_, coins| coins.to_vec(), |a, b| a - b)
        });
        test.refuses("not its coin", |_| {
            check::probe_selectivity(|words, _| words.to_vec(), |a, b| a - b)
        });
        test.refuses("the sign is wrong", |_| {
            check::probe_selectivity(control, |a, b| b - a)
        });
        test.refuses("the accuracy alone", |_| {
            check::probe_selectivity(control, |a, _| a)
        });
        test.refuses("not a ratio", |_| {
            check::probe_selectivity(control, |a, b| a / b)
        });
        test.refuses("and should be", |_| {
            check::probe_selectivity(control, |_, _| 0.2)
        });
    });
}

#[test]
fn rank_likeness() {
    tested("rank_likeness", |test| {
        let below = |alike: f64| alike < 0.5;
        test.unattempted(|| check::rank_likeness(|_, _| todo!(), |_| todo!()));
        test.accepts(|_| check::rank_likeness(rank_correlation, below));
        test.refuses("you correlated the values", |_| {
            check::rank_likeness(
                |a, b| {
                    let n = a.len() as f64;
                    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
                    let ab: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
                    let aa: f64 = a.iter().map(|x| (x - ma).powi(2)).sum();
                    let bb: f64 = b.iter().map(|y| (y - mb).powi(2)).sum();
                    ab / (aa * bb).sqrt()
                },
                below,
            )
        });
        test.refuses("the sign is wrong", |_| {
            check::rank_likeness(|a, b| -rank_correlation(a, b), below)
        });
        test.refuses("keep the sign", |_| {
            check::rank_likeness(|a, b| rank_correlation(a, b).abs(), below)
        });
        test.refuses("passes(0.97) is true", |_| {
            check::rank_likeness(rank_correlation, |_| true)
        });
        test.refuses("passes(0.02) is false", |_| {
            check::rank_likeness(rank_correlation, |alike| alike > 0.5)
        });
        test.refuses("and should be", |_| {
            check::rank_likeness(|_, _| f64::NAN, below)
        });
    });
}

#[test]
fn saliency_deletion() {
    tested("saliency_deletion", |test| {
        test.unattempted(|| check::saliency_deletion(|_, _, _| todo!()));
        test.accepts(|_| {
            check::saliency_deletion(|net, x, class| saliency(net, x, class).times_input())
        });
        test.refuses("Your map is the image", |_| {
            check::saliency_deletion(|_, x, _| x.shallow_clone())
        });
        test.refuses("the gradient's size", |_| {
            check::saliency_deletion(|net, x, class| saliency(net, x, class).strength())
        });
        test.refuses("Yours is worse", |_| {
            check::saliency_deletion(|net, x, class| -saliency(net, x, class).times_input())
        });
        test.refuses("64 numbers", |_| {
            check::saliency_deletion(|_, x, _| x.narrow(2, 0, 1))
        });
    });
}

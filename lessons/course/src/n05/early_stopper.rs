//! Decide from validation losses when to stop, and which epoch was best.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "early_stopper",
    notebook: "05_how_models_learn",
    title: "Stop at the right time",
    codes: &["PU4"],
    question,
    starter: "\
fn stop(losses: &[f64], patience: usize) -> (usize, usize) {
    todo!(\"the epoch after which training stops, and the best epoch up to there\")
}
check::early_stopper(stop)",
    hints: &[
        "Which two things must you remember while you walk through the losses?",
        "Remember the best epoch so far. Stop as soon as `patience` epochs have passed since it.",
        "In a loop over losses.iter().enumerate(): if the loss is below losses[best], best = epoch; else if \
         epoch - best == patience, return (epoch, best). After the loop: (losses.len() - 1, best).",
    ],
    solution,
};

/// Checks where training stops, and the best epoch.
pub fn early_stopper(stop: impl Fn(&[f64], usize) -> (usize, usize)) -> Verdict {
    judge(&stop)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Here are validation losses, one for each epoch, counted from 0. Training stops after the first \
         epoch that is the patience-th in a row without a loss below the best so far (an equal loss is \
         no improvement). If that never happens it stops after the last epoch. Return the epoch after \
         which it stops and the best epoch until then.",
    )
    .given("example losses", "[0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5]")
    .given("example patience", 2)
    .given("example answer", "(5, 3)")
    .wanted("fn stop(losses: &[f64], patience: usize) -> (usize, usize): (stopped after, best)")
}

fn right(losses: &[f64], patience: usize) -> (usize, usize) {
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

/// The usual mistakes, each with its own sentence.
const MISTAKES: [(Mistake, &str); 4] = [
    (
        total,
        "you count every epoch without improvement. Only those in a row count: a better loss starts \
         the count anew.",
    ),
    (
        since_last,
        "you compare with the epoch before. Compare with the best so far: after a bad epoch, a \
         slightly less bad one is no progress.",
    ),
    (
        one_late,
        "you stop one epoch too late: the patience-th epoch without improvement is the last one.",
    ),
    (never, "you never stop early: patience must end the loop."),
];

type Mistake = fn(&[f64], usize) -> usize;

fn total(losses: &[f64], patience: usize) -> usize {
    let (mut best, mut count) = (f64::INFINITY, 0);
    stopped(losses, |loss| {
        count += usize::from(loss >= best);
        best = best.min(loss);
        count == patience
    })
}

fn since_last(losses: &[f64], patience: usize) -> usize {
    let (mut last, mut count) = (f64::INFINITY, 0);
    stopped(losses, |loss| {
        count = if loss < last { 0 } else { count + 1 };
        last = loss;
        count == patience
    })
}

fn one_late(losses: &[f64], patience: usize) -> usize {
    right(losses, patience + 1).0
}

fn never(losses: &[f64], _: usize) -> usize {
    losses.len() - 1
}

fn stopped(losses: &[f64], mut stops: impl FnMut(f64) -> bool) -> usize {
    let found = losses.iter().position(|&loss| stops(loss));
    found.unwrap_or(losses.len() - 1)
}

type Stop<'a> = &'a dyn Fn(&[f64], usize) -> (usize, usize);

fn judge(stop: Stop<'_>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut cases = vec![(vec![0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5], 2)];
        cases.extend((0..40).map(|_| case(&mut attempt.held_out)));
        // A run that improves to its last epoch, and one that never does.
        cases.push((vec![0.9, 0.8, 0.7, 0.6], 2));
        cases.push((vec![0.5, 0.6, 0.5, 0.7, 0.8], 3));
        let mut answers = Vec::new();
        for (losses, patience) in &cases {
            let call = format!("stop(&{losses:?}, {patience})");
            answers.push((attempt.call(&call, || stop(losses, *patience))?, call));
        }
        let all = |mistake: Mistake| {
            let mut pairs = cases.iter().zip(&answers);
            pairs.all(|((losses, patience), (got, _))| got.0 == mistake(losses, *patience))
        };
        let known = MISTAKES.iter().find(|(mistake, _)| all(*mistake));
        for ((losses, patience), (got, call)) in cases.iter().zip(&answers) {
            let (last, best) = right(losses, *patience);
            if *got == (last, best) {
                continue;
            }
            let why = match known {
                Some((_, why)) => (*why).to_owned(),
                None if *got == (best, last) => {
                    "the two numbers are swapped: first where it stops.".to_owned()
                }
                None if got.0 == last && got.1 == last => {
                    "the best epoch is not where training stops, but where the loss was lowest."
                        .to_owned()
                }
                None if got.0 == last => {
                    format!("it does stop there, but the best epoch is {best}.")
                }
                None => format!("it should be {:?}.", (last, best)),
            };
            return not_yet(format!("{call} is {got:?}: {why}"));
        }
        Ok(
            "40 random curves, each stopped in time, and you know which epoch's weights to keep."
                .to_owned(),
        )
    })
}

/// A noisy curve that falls and rises again.
fn case(draw: &mut Draw) -> (Vec<f64>, usize) {
    let (epochs, turn) = (draw.integer(8..=14), draw.integer(3..=7));
    let losses = (0..epochs).map(|epoch| {
        let smooth = 0.5 + 0.05 * (epoch - turn).abs() as f64;
        (100.0 * (smooth + draw.range(-0.12, 0.12))).round() / 100.0
    });
    (losses.collect(), draw.integer(2..=3) as usize)
}

fn solution(_: &mut Draw) -> String {
    "\
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
check::early_stopper(stop)"
        .to_owned()
}

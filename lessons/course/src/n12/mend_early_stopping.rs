//! Mend a listing that gives back the best weights only if it stops early.

use std::cell::Cell;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "mend_early_stopping",
    notebook: "12_common_training_mistakes",
    title: "Mend the early-stopping listing",
    codes: &["SC2"],
    question,
    starter: "\
fn train_to_best(next_epoch: &dyn Fn() -> (f64, f64), epochs: usize, patience: usize) -> f64 {
    let (mut best_loss, mut best_weight, mut waited) = (f64::INFINITY, 0.0, 0);
    for _epoch in 0..epochs {
        let (loss, weight) = next_epoch(); // trains one epoch: its validation loss, its weight
        waited += 1;
        if loss < best_loss {
            (best_loss, best_weight, waited) = (loss, weight, 0);
        }
        if waited >= patience {
            return best_weight; // the listing restores here, and only here
        }
    }
    todo!(\"and if patience never ran out?\")
}
check::mend_early_stopping(train_to_best)",
    hints: &[
        "Which weights does the listing leave you with when all its epochs have run?",
        "It leaves those of the last epoch. They are the best ones only by luck.",
        "The best weight is known after the loop too: return best_weight.",
    ],
    solution,
};

/// Checks which weight comes back, and how many epochs were trained.
pub fn mend_early_stopping(
    train: impl Fn(&dyn Fn() -> (f64, f64), usize, usize) -> f64,
) -> Verdict {
    judge(&train)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "The text's listing saves the best weights, and loads them when patience runs out. Often it \
         does not run out: then the weights of the last epoch stay. Mend it. The run is boiled down to \
         one weight; next_epoch() trains an epoch and gives the validation loss and the weight. Return \
         the weight of the best epoch in every case, and do not train on after patience has run out.",
    )
    .wanted("fn train_to_best(next_epoch: &dyn Fn() -> (f64, f64), epochs: usize, patience: usize) -> f64")
}

/// How many epochs are to be trained, and the best of them.
fn right(losses: &[f64], patience: usize) -> (usize, usize) {
    let mut best = 0;
    for (epoch, &loss) in losses.iter().enumerate() {
        if loss < losses[best] {
            best = epoch;
        } else if epoch - best >= patience {
            return (epoch + 1, best);
        }
    }
    (losses.len(), best)
}

type Train<'a> = &'a dyn Fn(&dyn Fn() -> (f64, f64), usize, usize) -> f64;

fn judge(train: Train<'_>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        // The first runs never run out of patience; the others may.
        for case in 0..20 {
            let epochs = attempt.held_out.integer(6..=12) as usize;
            let turn = attempt.held_out.integer(2..=4) as f64;
            let patience = if case < 5 { 20 } else { 3 };
            let run: Vec<(f64, f64)> = (0..epochs)
                .map(|epoch| {
                    let smooth = 0.4 + 0.05 * (epoch as f64 - turn).abs();
                    let loss = smooth + attempt.held_out.range(-0.02, 0.02);
                    (loss, attempt.held_out.rounded(-9.0, 9.0, 3))
                })
                .collect();
            let trained = Cell::new(0);
            let next = || {
                let at = trained.get();
                trained.set(at + 1);
                assert!(
                    at < epochs,
                    "next_epoch() was called {} times, and there are {epochs} epochs",
                    at + 1
                );
                run[at]
            };
            let losses: Vec<f64> = run.iter().map(|&(loss, _)| loss).collect();
            let (wanted, best) = right(&losses, patience);
            let call = format!("train_to_best(next_epoch, {epochs}, {patience})");
            let got = attempt.call(&call, || train(&next, epochs, patience))?;
            let trained = trained.get();
            if trained != wanted {
                return not_yet(format!(
                    "{call} trained {trained} epochs, and should train {wanted}: patience is {patience}, \
                     and the best epoch is number {}.",
                    best + 1
                ));
            }
            if got == run[best].1 {
                continue;
            }
            let why = if got == run[wanted - 1].1 {
                "that is the weight of the last epoch: the mistake of the listing."
            } else if got == run[0].1 {
                "that is the weight of the first epoch."
            } else if got == run[best].0 {
                "that is the best loss. The weight is wanted."
            } else {
                "that is not the weight of the best epoch."
            };
            return not_yet(format!(
                "{call} gave {got}, and should give {}: {why}",
                run[best].1
            ));
        }
        Ok("The best weights come back in every case: whether patience ran out or not.".to_owned())
    })
}

fn solution(_: &mut Draw) -> String {
    EXERCISE.starter.replace(
        "    todo!(\"and if patience never ran out?\")",
        "    best_weight // all epochs have run: the best of them is still the answer",
    )
}

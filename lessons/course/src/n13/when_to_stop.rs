//! Find the epoch after which early stopping ends a run.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Count;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "when_to_stop",
    notebook: "13_validation_checklist",
    title: "When does this run stop?",
    codes: &["PU4"],
    question,
    starter: "\
check::when_to_stop(None)",
    hints: &[
        "Go through the epochs and remember the lowest loss so far.",
        "Count the epochs since the last new lowest loss; a new lowest loss sets the count to 0.",
        "The answer is the epoch of the lowest loss before the stop, plus the patience.",
    ],
    solution,
};

/// Checks the epoch.
pub fn when_to_stop(epoch: impl Count) -> Verdict {
    judge(epoch.count())
}

struct Run {
    losses: Vec<f64>,
    patience: i64,
    /// The epoch of the lowest loss, counted from 1.
    best: i64,
}

/// The loss falls, rises once, finds a new lowest value, and then wavers above it.
fn run(draw: &mut Draw) -> Run {
    let (falling, patience) = (draw.integer(3..=5), draw.integer(3..=4));
    let mut hundredths = vec![draw.integer(90..=99)];
    for _ in 1..falling {
        hundredths.push(hundredths[hundredths.len() - 1] - draw.integer(6..=12));
    }
    let lowest = hundredths[hundredths.len() - 1];
    hundredths.extend([lowest + 3, lowest - 5]);
    for epoch in 0..patience + 2 {
        // Every second one is lower than the one before, and still no new lowest.
        let above = if epoch % 2 == 0 { 6 } else { 3 };
        hundredths.push(lowest - 5 + above + draw.integer(0..=1));
    }
    Run {
        losses: hundredths.iter().map(|&loss| loss as f64 / 100.0).collect(),
        patience,
        best: falling + 2,
    }
}

fn question(draw: &mut Draw) -> Question {
    let run = run(draw);
    let mut question = Question::new(
        "Early stopping with patience p ends a run as soon as p epochs in a row have brought no new \
         lowest validation loss. Epochs are counted from 1. After which epoch does this run end?",
    )
    .given("patience p", run.patience);
    for (epoch, loss) in (1..).zip(&run.losses) {
        question = question.given(&format!("epoch {epoch}"), loss);
    }
    question
        .wanted("the epoch, a whole number")
        .tolerance("exact")
}

fn judge(epoch: Option<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let Run {
            best,
            patience,
            losses,
        } = run(&mut attempt.question);
        let epoch = attempt.count(epoch)?;
        let right = best + patience;
        if epoch == right {
            return Ok(format!(
                "It ends after epoch {epoch}, and the weights to keep are those of epoch {best}: store \
                 them when they are the best, not when the run ends."
            ));
        }
        not_yet(if epoch == best {
            format!(
                "Epoch {best} has the lowest loss, but nobody knows that yet: patience must run out first."
            )
        } else if epoch == best - 1 {
            format!(
                "Epoch {epoch} is the first rise. One rise is noise; patience {patience} waits for more."
            )
        } else if epoch == right - 1 {
            format!(
                "Epoch {epoch} is one too early: a new lowest loss sets the count of bad epochs back to 0."
            )
        } else if epoch == losses.len() as i64 {
            format!("Epoch {epoch} is the last in the table; patience has run out before.")
        } else {
            format!(
                "Not epoch {epoch}: count the epochs after the last new lowest loss, up to {patience}."
            )
        })
    })
}

fn solution(draw: &mut Draw) -> String {
    let Run { best, patience, .. } = run(draw);
    format!("check::when_to_stop({best} + {patience})")
}

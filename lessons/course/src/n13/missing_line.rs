//! Say which line a training loop lacks.

use crate::attempt::attempt;
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::choose;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "missing_line",
    notebook: "13_validation_checklist",
    title: "Which line is missing?",
    codes: &["PU2", "AK1"],
    question,
    starter: "\
check::missing_line(\"\")",
    hints: &[
        "Say the loop from memory: what comes after the loss?",
        "Forward, loss, clear, backward, update. Which of them does the card not show?",
        "Compare the card with: prediction, loss, zero_grad, backward, step.",
    ],
    solution,
};

/// Checks the line.
pub fn missing_line(answer: &str) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let missing = missing(&mut attempt.question);
        choose(answer.trim_end_matches(';'), LINES[missing].0, &LINES)?;
        Ok(AFTER[missing].to_owned())
    })
}

/// The lines, each with why it may not be the missing one.
const LINES: [(&str, &str); 5] = [
    (
        "let prediction = model.forward(&x)",
        "without a prediction the loss could not be computed at all.",
    ),
    (
        "let loss = mse_loss(&prediction, &y)",
        "the card shows it: without it there is nothing to go back from.",
    ),
    (
        "optimizer.zero_grad()",
        "the gradients are cleared in the loop on the card.",
    ),
    (
        "loss.backward()",
        "the gradients are computed in the loop on the card.",
    ),
    (
        "optimizer.step()",
        "the weights are updated in the loop on the card.",
    ),
];

/// What happens without each line.
const AFTER: [&str; 5] = [
    "",
    "",
    "Without it every step goes along the sum of all gradients so far.",
    "Without it there are no gradients, and no step can follow them.",
    "Without it gradients are computed and never used: the loss stays as it was.",
];

fn missing(draw: &mut Draw) -> usize {
    draw.choice(&[2, 3, 4])
}

fn question(draw: &mut Draw) -> Question {
    let missing = missing(draw);
    let mut question = Question::new(
        "This is the body of a training loop, run once for each batch (x, y). One line is missing. \
         Which one?",
    );
    let left = (0..LINES.len()).filter(|&at| at != missing);
    for (number, at) in (1..).zip(left) {
        question = question.given(&format!("line {number}"), LINES[at].0);
    }
    question.wanted("the missing line, in quotes")
}

fn solution(draw: &mut Draw) -> String {
    format!("check::missing_line({:?})", LINES[missing(draw)].0)
}

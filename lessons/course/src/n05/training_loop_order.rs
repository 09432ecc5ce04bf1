//! Put the five steps of a training loop in their order.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::order;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "training_loop_order",
    notebook: "05_how_models_learn",
    title: "Order the training loop",
    codes: &["PU2"],
    question,
    starter: "\
check::training_loop_order(&[
    // \"...\",
])",
    hints: &[
        "What does each step need that another one makes?",
        "The loss needs the prediction, the gradients need the loss, the update needs the gradients. \
         And gradients add up until they are cleared.",
        "Batch, forward, loss; then zero_grad, backward, step.",
    ],
    solution,
};

/// Checks the order of the steps.
pub fn training_loop_order(answer: &[&str]) -> Verdict {
    attempt(&EXERCISE, |_| {
        let place = |step: &str| answer.iter().position(|given| given.trim() == step);
        let before = |one: &str, other: &str| matches!((place(one), place(other)), (Some(one), Some(other)) if one < other);
        if before(STEP, BACKWARD) {
            return not_yet(
                "optimizer.step() comes before loss.backward(): there are no gradients to step along yet.",
            );
        }
        if before(BACKWARD, ZERO_GRAD) && before(ZERO_GRAD, STEP) {
            return not_yet(
                "zero_grad() stands between backward() and step(): it clears the gradients that \
                 backward() has just made, and nothing is learned.",
            );
        }
        order(answer, &STEPS)?;
        Ok(
            "Forward, loss, backward, update; and gradients are cleared before they are made anew."
                .to_owned(),
        )
    })
}

const ZERO_GRAD: &str = "optimizer.zero_grad()";
const BACKWARD: &str = "loss.backward()";
const STEP: &str = "optimizer.step()";

const STEPS: [(&str, &str); 6] = [
    (
        "take the next batch",
        "Without examples there is nothing to predict.",
    ),
    (
        "prediction = model.forward(x)",
        "The loss needs the prediction.",
    ),
    (
        "loss = mse_loss(prediction, y)",
        "Here the loss must be known before anything is done with gradients.",
    ),
    (
        ZERO_GRAD,
        "Gradients of the last step are still there, and backward() would add to them.",
    ),
    (BACKWARD, "The update needs gradients."),
    (STEP, "Only now is everything there for the update."),
];

fn question(draw: &mut Draw) -> Question {
    let steps: Vec<&str> = STEPS.iter().map(|&(step, _)| step).collect();
    Question::new(
        "Put the six steps of a training loop in order. zero_grad() stands right before the step that \
         would add to the old gradients.",
    )
    .items(&draw.shuffle(&steps))
    .wanted("&[\"first\", \"second\", ...], all six")
}

fn solution(_: &mut Draw) -> String {
    let lines: String = STEPS
        .iter()
        .map(|(step, _)| format!("    {step:?},\n"))
        .collect();
    format!("check::training_loop_order(&[\n{lines}])")
}

//! Say in one's own words how gradient descent works.

use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::self_grade::written;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "explain_descent",
    notebook: "13_validation_checklist",
    title: "Explain gradient descent",
    codes: &["CC4"],
    question,
    starter: "\
check::explain_descent(\"\")",
    hints: &[
        "Imagine a hill in fog. What do you know where you stand, and what do you not know?",
        "Height is the loss, your place is the weights, the slope under your feet is the gradient.",
        "Say four things: what height and place stand for, that the gradient is the slope there, that one \
         steps against it, and that the learning rate is the length of the step, again and again.",
    ],
    solution,
};

/// Takes the explanation.
pub fn explain_descent(text: &str) -> Verdict {
    written(&EXERCISE, text)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Explain gradient descent with the picture of a valley in fog, in three to five sentences, to \
         somebody who has never heard of it.",
    )
    .wanted("a text in quotes; then you grade it yourself")
    .rubric(&[
        "The height is the loss, and where one stands is the values of the weights.",
        "The gradient is the slope under one's feet: known only where one stands.",
        "A step goes against the gradient, downhill.",
        "The learning rate says how long a step is, and steps are repeated.",
    ])
}

fn solution(_: &mut Draw) -> String {
    "\
let text = \"You stand on a hill in fog: your place is the weights, your height is the loss. You see \\
    nothing, but you feel the slope under your feet, and that is the gradient. You step downhill, \\
    against it. The learning rate is the length of the step; then you feel again and step again.\";
check::explain_descent(text);
self_grade(\"explain_descent\", [true, true, true, true])"
        .to_owned()
}

//! Tell a friend who left the activations out what has become of the network.

use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::self_grade::written;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "explain_to_a_friend",
    notebook: "13_validation_checklist",
    title: "A friend left the activations out",
    codes: &["CD1", "SC4"],
    question,
    starter: "\
check::explain_to_a_friend(\"\")",
    hints: &[
        "What does the output look like when you write it out for two layers?",
        "W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2).",
        "Say three things: it is now one linear layer; training or more layers cannot change that; any \
         bend between the layers, such as ReLU, ends it.",
    ],
    solution,
};

/// Takes the explanation.
pub fn explain_to_a_friend(text: &str) -> Verdict {
    written(&EXERCISE, text)
}

fn question(draw: &mut Draw) -> Question {
    let layers = draw.integer(4..=12);
    Question::new(
        "A friend removed all ReLUs from a network to make it faster. It trains without an error, and \
         is no better than a straight line. Explain to your friend what has happened, and what to do.",
    )
    .given("linear layers in your friend's network", layers)
    .wanted("a text in quotes; then you grade it yourself")
    .rubric(&[
        "Linear layers in a row multiply out to one linear layer.",
        "So neither longer training nor more layers will help.",
        "Put a function that is not linear between the layers, such as ReLU.",
    ])
}

fn solution(_: &mut Draw) -> String {
    "\
let text = \"Without ReLU your layers are matrices in a row, and they multiply out to one matrix: one \\
    linear layer. More layers or longer training cannot change that, the product is always one matrix. \\
    Put a bend between the layers again, ReLU for instance.\";
check::explain_to_a_friend(text);
self_grade(\"explain_to_a_friend\", [true, true, true])"
        .to_owned()
}

//! Say in one's own words why a network needs activation functions.

use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::self_grade::written;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "explain_activations",
    notebook: "03_neural_network_basics",
    title: "Explain why activations are needed",
    codes: &["CD1", "SC4"],
    question,
    starter: "\
check::explain_activations(\"\")",
    hints: &[
        "What is a linear layer of a linear layer?",
        "W2 (W1 x + b1) + b2 is again a matrix times x plus a vector. What can one line not draw?",
        "Say three things: stacked linear layers fold into one; so depth adds nothing without a bend; \
         one task that no line solves, such as XOR.",
    ],
    solution,
};

/// Takes the explanation.
pub fn explain_activations(text: &str) -> Verdict {
    written(&EXERCISE, text)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Explain to a friend, in three or four sentences, why a neural network needs activation \
         functions.",
    )
    .wanted("a text in quotes; then you grade it yourself")
    .rubric(&[
        "Several linear layers without activations are the same as one linear layer.",
        "So without them more layers cannot express more.",
        "It names something that one linear layer cannot do, such as XOR or a curved boundary.",
    ])
}

fn solution(_: &mut Draw) -> String {
    "\
let text = \"A linear layer of a linear layer is again one linear layer: the matrices multiply to one. \\
    So without a bend between them a hundred layers can do no more than one. One layer draws a \\
    straight boundary, and no straight line separates XOR.\";
check::explain_activations(text);
self_grade(\"explain_activations\", [true, true, true])"
        .to_owned()
}

//! Put the nine steps from text to response in their order.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::order;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "pipeline_order",
    notebook: "04_transformer_architecture",
    title: "From text to response, in order",
    codes: &[],
    question,
    starter: "\
check::pipeline_order(&[
    // \"...\",
])",
    hints: &[
        "What does each step need? Begin with what the user typed.",
        "Text is cut, pieces become numbers, numbers become vectors, vectors get a position; only then come \
         the layers.",
        "After the layers: logits, then softmax, then one token is chosen, then it is appended and all \
         begins again.",
    ],
    solution,
};

/// Checks the order of the steps.
pub fn pipeline_order(answer: &[&str]) -> Verdict {
    attempt(&EXERCISE, |_| {
        let place = |step: &str| answer.iter().position(|given| given.trim() == step);
        let before = |one: &str, other: &str| matches!((place(one), place(other)), (Some(one), Some(other)) if one < other);
        if before(SOFTMAX, LOGITS) || before(CHOOSE, SOFTMAX) {
            return not_yet(
                "The network ends in logits, any real numbers. The softmax makes chances of them, and only from \
                 chances can a token be chosen.",
            );
        }
        if before(POSITIONS, EMBEDDINGS) {
            return not_yet(
                "Positions are vectors that are added to the tokens' vectors: the embeddings must be there first.",
            );
        }
        order(answer, &STEPS)?;
        Ok(
            "One turn of these steps writes one token. A long answer is hundreds of turns."
                .to_owned(),
        )
    })
}

const EMBEDDINGS: &str = "look up a vector for each number";
const POSITIONS: &str = "add the positions";
const LOGITS: &str = "a last linear layer gives one logit per token of the vocabulary";
const SOFTMAX: &str = "softmax turns logits into chances";
const CHOOSE: &str = "choose the next token";

const STEPS: [(&str, &str); 9] = [
    ("take the text", "Everything begins with what was typed."),
    (
        "cut the text into tokens",
        "A text must be cut before its pieces have numbers.",
    ),
    (
        "look up the number of each token",
        "An embedding is looked up by number.",
    ),
    (EMBEDDINGS, "The layers work on vectors."),
    (
        POSITIONS,
        "Without positions the layers see a bag of words.",
    ),
    (
        "pass through the transformer layers",
        "The last linear layer reads what the layers have made.",
    ),
    (LOGITS, "There are no chances without logits."),
    (SOFTMAX, "A token is chosen by its chance."),
    (CHOOSE, "Then it is appended, and all begins again."),
];

fn question(draw: &mut Draw) -> Question {
    let steps: Vec<&str> = STEPS.iter().map(|&(step, _)| step).collect();
    Question::new(
        "Put the nine steps in order in which a language model writes one token. They are those of this \
         notebook, but for two: logits and softmax are a step each, and the repetition is left out.",
    )
    .items(&draw.shuffle(&steps))
    .wanted("&[\"first\", \"second\", ...], all nine")
}

fn solution(_: &mut Draw) -> String {
    let lines: String = STEPS
        .iter()
        .map(|(step, _)| format!("    {step:?},\n"))
        .collect();
    format!("check::pipeline_order(&[\n{lines}])")
}

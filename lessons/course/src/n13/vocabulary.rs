//! Match the words of a research paper with what they mean.

use super::bank::{self, Item};
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "vocabulary",
    notebook: "13_validation_checklist",
    title: "The words of a paper",
    codes: &["SC3"],
    question,
    starter: "\
check::vocabulary(&[
    // (\"term\", \"...\"),
])",
    hints: &[
        "Begin with the words that you are sure of; fewer meanings are left for the others.",
        "Ask of each: is it a kind of network, a part of one, a loss, or a means against overfitting?",
        "(\"dropout\", \"switches random neurons off in training\"), (\"weight decay\", \"pulls weights towards \
         0\"), (\"logits\", \"scores before softmax\"), (\"softmax\", \"turns scores into probabilities\")",
    ],
    solution,
};

/// Checks pairs of a term and its meaning.
pub fn vocabulary(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let terms = terms(&mut attempt.question);
        if answer.contains(&(TERMS[0].0, TERMS[1].1)) {
            return not_yet(
                "Dropout works while training, on activations; shrinking the weights is another thing.",
            );
        }
        if answer.contains(&(TERMS[2].0, TERMS[3].1)) {
            return not_yet(
                "A logit is what comes before softmax: it may be negative, and logits do not add up to 1.",
            );
        }
        bank::judge(answer, &terms)?;
        Ok("With these words you can read the methods section of most papers.".to_owned())
    })
}

const TERMS: [Item<'static>; 20] = [
    (
        "dropout",
        "switches random neurons off in training",
        "It acts on activations, and only in training.",
    ),
    (
        "weight decay",
        "pulls weights towards 0",
        "It shrinks every weight a little in each step.",
    ),
    (
        "logits",
        "scores before softmax",
        "They become probabilities only by softmax.",
    ),
    (
        "softmax",
        "turns scores into probabilities",
        "Its outputs are positive and add up to 1.",
    ),
    (
        "residual connection",
        "adds a block's input to its output",
        "The gradient gets a direct way back.",
    ),
    (
        "layer normalization",
        "evens out each example's features",
        "It works within one example, not across the batch.",
    ),
    (
        "batch normalization",
        "evens out each feature over a batch",
        "It works across the examples of a batch.",
    ),
    (
        "self-attention",
        "mixes positions by query and key",
        "Each position takes in the others' values.",
    ),
    (
        "convolution",
        "slides one small kernel over the input",
        "The same weights at every place.",
    ),
    (
        "embedding",
        "a learned vector for each token",
        "It is a row of a table of weights.",
    ),
    (
        "cross-entropy",
        "loss for choosing one class",
        "The negative log probability of the right class.",
    ),
    (
        "mean squared error",
        "loss for predicting a number",
        "The mean of the squared differences.",
    ),
    (
        "perplexity",
        "e to the loss in nats",
        "As many equally likely words as the model hesitates between.",
    ),
    (
        "epoch",
        "one pass over all training data",
        "Many steps make one epoch.",
    ),
    (
        "fine-tuning",
        "trains on from given weights",
        "Training goes on, with the weights of another task to begin with.",
    ),
    (
        "mixture of experts",
        "a router picks a few subnetworks",
        "It saves compute for each token, not memory.",
    ),
    (
        "ablation",
        "takes a part away to see what it did",
        "One change, all else the same.",
    ),
    (
        "held-out set",
        "data that training never sees",
        "Only such data tells how well a model carries over.",
    ),
    (
        "momentum",
        "keeps part of the last step",
        "Steps in the same direction add up.",
    ),
    (
        "causal mask",
        "hides the positions that come later",
        "A decoder must not see what it is to predict.",
    ),
];

/// Two pairs that are easily confused belong to everyone.
fn terms(draw: &mut Draw) -> Vec<Item<'static>> {
    let mut chosen = TERMS[..4].to_vec();
    chosen.extend(draw.sample(&TERMS[4..], 4));
    draw.shuffle(&chosen)
}

fn question(draw: &mut Draw) -> Question {
    bank::card("Match each term with its meaning.", &terms(draw))
        .wanted("&[(\"term\", \"meaning\"), ...], all eight")
}

fn solution(draw: &mut Draw) -> String {
    bank::cell(EXERCISE.id, &terms(draw))
}

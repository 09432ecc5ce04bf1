//! Count the parameters of Llama-2-7B from its configuration.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::{Count, thousands};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "llama2_parameters",
    notebook: "02_weights_and_parameters",
    title: "Count Llama-2-7B",
    codes: &[],
    question,
    starter: "\
check::llama2_parameters(None)",
    hints: &[
        "Take GPT-2's count and go through the card: what is missing here, and what comes three times?",
        "A block: four d*d matrices for attention, three d*f matrices for the gated feed-forward \
         network, two normalizations of d. No biases, no positions; embedding and output are two matrices.",
        "2 * 32000*d + 32 * (4*d*d + 3*d*f + 2*d) + d with d = 4096 and f = 11008.",
    ],
    solution,
};

/// Checks the count.
pub fn llama2_parameters(count: impl Count) -> Verdict {
    judge(count.count())
}

const RIGHT: i64 = 6_738_415_616;

fn judge(count: Option<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let count = attempt.count(count)?;
        let said = thousands(count);
        let (d, f, words, blocks) = (4096, 11008, 32000, 32);
        let why = match count - RIGHT {
            0 => {
                return Ok(format!(
                    "{said} parameters, \"7B\" by name. 64 % of them are the feed-forward networks, 4 % \
                     the token embedding and the output."
                ));
            }
            more if more == -words * d => {
                "lacks one matrix of 32,000 words: here embedding and output are not shared"
            }
            more if more == -blocks * d * f => {
                "has two matrices in each feed-forward network: a gated one has three"
            }
            more if more == -(2 * blocks * d + d) => {
                "counts the matrices only: each normalization scales d numbers"
            }
            more if more == -d => "lacks the last normalization, after the blocks",
            more if more == 2 * blocks * d + d => {
                "gives each normalization a shift too: this kind has a scale only"
            }
            more if more == 4096 * d => {
                "counts a table of positions: here positions are rotations, and not learned"
            }
            _ if count == 7_000_000_000 => "is the name, not the count: add up what the card lists",
            more if more > 0 => "is too many",
            _ => "is too few",
        };
        not_yet(format!("{said} {why}."))
    })
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "How many parameters has Llama-2-7B? No layer has a bias; positions are rotations and are not \
         learned; each of the two normalizations in a block, and the last one, has a scale of d numbers \
         and no shift; the output layer does not share the embedding's matrix; the feed-forward network \
         has three matrices: gate and up (d to f) and down (f to d).",
    )
    .given("words in the vocabulary", 32000)
    .given("width d", 4096)
    .given("blocks", 32)
    .given("width f of the feed-forward network", 11008)
    .wanted("a whole number, or an expression that makes one")
    .tolerance("exact")
}

fn solution(_: &mut Draw) -> String {
    "\
let (d, f): (i64, i64) = (4096, 11008);
let block = 4 * d * d + 3 * d * f + 2 * d;
check::llama2_parameters(2 * 32000 * d + 32 * block + d)"
        .to_owned()
}

//! Count the parameters of GPT-2 small from its configuration.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::{Count, thousands};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "gpt2_parameters",
    notebook: "02_weights_and_parameters",
    title: "Count GPT-2 small",
    codes: &[],
    question,
    starter: "\
check::gpt2_parameters(None)",
    hints: &[
        "Count one block first, then multiply; embeddings and the last normalization come once.",
        "A block holds two layer normalizations (2d each), attention (3 d*d + 3d in, d*d + d out) and a \
         feed-forward network (d to 4d and back, with biases). The output shares the token embedding.",
        "50257*d + 1024*d + 12 * (12*d*d + 13*d) + 2*d with d = 768.",
    ],
    solution,
};

/// Checks the count.
pub fn gpt2_parameters(count: impl Count) -> Verdict {
    judge(count.count())
}

const RIGHT: i64 = 124_439_808;

fn judge(count: Option<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let count = attempt.count(count)?;
        let said = thousands(count);
        let (d, words) = (768, 50257);
        let why = match count - RIGHT {
            0 => {
                return Ok(format!(
                    "{said} parameters: 31 % of them are the token embedding, which is also the output."
                ));
            }
            more if more == words * d => {
                "is the token embedding too much: GPT-2's output layer uses that matrix again"
            }
            more if more == -1024 * d => {
                "lacks the positions: a vector of 768 for each of 1,024 places"
            }
            more if more == -2 * d => "lacks the last layer normalization, after the blocks",
            more if more == -(12 * 9 * d + 12 * 4 * d + 2 * d) => {
                "counts the large matrices only: add biases and normalizations"
            }
            more if more == -12 * 9 * d => "lacks the biases of the blocks: 9d in each",
            more if more > 0 => "is too many",
            _ => "is too few",
        };
        not_yet(format!("{said} {why}."))
    })
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "How many parameters has GPT-2 small? All linear layers have biases, positions are learned, \
         and the output layer shares the token embedding's matrix.",
    )
    .given("words in the vocabulary", 50257)
    .given("positions", 1024)
    .given("width d", 768)
    .given("blocks", 12)
    .given("width of the feed-forward network", "4d = 3072")
    .wanted("a whole number, or an expression that makes one")
    .tolerance("exact")
}

fn solution(_: &mut Draw) -> String {
    "\
let d: i64 = 768;
let block = 2 * 2 * d + (3 * d * d + 3 * d) + (d * d + d) + (4 * d * d + 4 * d) + (4 * d * d + d);
check::gpt2_parameters(50257 * d + 1024 * d + 12 * block + 2 * d)"
        .to_owned()
}

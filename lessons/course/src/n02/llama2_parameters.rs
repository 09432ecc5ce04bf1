//! Count the parameters of Llama-2-7B, and of any model built like it, from the configuration.

use super::configuration::Counts;
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::thousands;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "llama2_parameters",
    notebook: "02_weights_and_parameters",
    title: "Count Llama-2-7B",
    codes: &[],
    question,
    starter: "\
fn count_llama2(words: i64, d: i64, blocks: i64, f: i64) -> i64 {
    todo!(\"tables, blocks, and the last normalization\")
}
check::llama2_parameters(count_llama2)",
    hints: &[
        "Take GPT-2's count and go through the card: what is missing here, and what comes three times?",
        "A block: four d*d matrices for attention, three d*f matrices for the gated feed-forward \
         network, two normalizations of d. No biases, no positions; embedding and output are two matrices.",
        "2 * words * d + blocks * (4 * d * d + 3 * d * f + 2 * d) + d",
    ],
    solution,
};

/// Checks a function of words, width, blocks and the feed-forward network's width.
pub fn llama2_parameters(count: impl Counts) -> Verdict {
    judge(&count)
}

/// Words, width, blocks, width of the feed-forward network.
const SEVEN: [i64; 4] = [32000, 4096, 32, 11008];

fn right([words, d, blocks, f]: [i64; 4]) -> i64 {
    2 * words * d + blocks * (4 * d * d + 3 * d * f + 2 * d) + d
}

// Not generic, so that a cell has nothing of it to compile.
fn judge(count: &dyn Counts) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut asked = vec![SEVEN];
        asked.extend((0..5).map(|_| plan(&mut attempt.held_out)));
        for [words, d, blocks, f] in asked {
            let plan = [words, d, blocks, f];
            let call = format!("count_llama2({words}, {d}, {blocks}, {f})");
            let got = attempt.call(&call, || count.count(plan))?;
            if got != right(plan) {
                let said = thousands(got);
                return not_yet(format!("{call} is {said}: {}.", why_not(got, plan)));
            }
        }
        Ok(format!(
            "{} parameters, \"7B\" by name. 64 % of them are the feed-forward networks, 4 % the token \
             embedding and the output.",
            thousands(right(SEVEN))
        ))
    })
}

fn why_not(got: i64, plan: [i64; 4]) -> String {
    let [words, d, blocks, f] = plan;
    let why = match got - right(plan) {
        more if more == -words * d => {
            "that lacks one table of words: here embedding and output are not shared"
        }
        more if more == -blocks * d * f => {
            "that has two matrices in each feed-forward network: a gated one has three"
        }
        more if more == -(2 * blocks * d + d) => {
            "that counts the matrices only: each normalization scales d numbers"
        }
        more if more == -d => "that lacks the last normalization, after the blocks",
        more if more == 2 * blocks * d + d => {
            "that gives each normalization a shift too: this kind has a scale only"
        }
        more if more == 4096 * d => {
            "that counts a table of positions: here positions are rotations, and not learned"
        }
        more if more == 3 * blocks * d * (4 * d - f) => {
            "that takes 4d for the feed-forward network's width: here it is f"
        }
        _ if got == 7_000_000_000 => "that is the name, not the count: add up what the card lists",
        _ => return of_another_plan(got, plan),
    };
    why.to_owned()
}

/// What is right for Llama-2-7B, wholly or in one of its numbers, and wrong here.
fn of_another_plan(got: i64, plan: [i64; 4]) -> String {
    let names = ["words", "d", "blocks", "f"];
    if got == right(SEVEN) {
        return "that is Llama-2-7B's count, and this is another model. Write a function that uses its \
                inputs"
            .to_owned();
    }
    for (at, name) in names.into_iter().enumerate() {
        let mut other = plan;
        other[at] = SEVEN[at];
        if got == right(other) {
            return format!(
                "that is the count with Llama-2-7B's {}. Use the input `{name}`",
                SEVEN[at]
            );
        }
    }
    let right = right(plan);
    let size = if got > right { "many" } else { "few" };
    format!("that is too {size}, by {}", thousands((got - right).abs()))
}

/// Another model of the same kind. No number is Llama-2-7B's, and f is not 4d.
fn plan(draw: &mut Draw) -> [i64; 4] {
    let words = draw.integer(2_000..=31_000);
    let d = 64 * draw.choice(&[8, 12, 16, 24, 32, 40, 80]);
    let blocks = draw.choice(&[4, 6, 12, 16, 22, 40, 48]);
    [words, d, blocks, 2 * d + 32 * draw.integer(3..=20)]
}

fn question(_: &mut Draw) -> Question {
    let [words, d, blocks, f] = SEVEN;
    Question::new(
        "How many parameters does Llama-2-7B have? Write a function that counts them. No layer has a bias; \
         positions are rotations and are not learned; each of the two normalizations in a block, and the \
         last one, has a scale of d numbers and no shift; the output layer does not share the embedding's \
         matrix; the feed-forward network has three matrices: gate and up (d to f) and down (f to d).\n\n\
         The checker calls it with the numbers below, and then with those of other models that are built \
         the same way.",
    )
    .given("words in the vocabulary", words)
    .given("width d", d)
    .given("blocks", blocks)
    .given("width f of the feed-forward network", f)
    .wanted("fn count_llama2(words: i64, d: i64, blocks: i64, f: i64) -> i64")
    .tolerance("exact")
}

fn solution(_: &mut Draw) -> String {
    "\
fn count_llama2(words: i64, d: i64, blocks: i64, f: i64) -> i64 {
    let block = 4 * d * d + 3 * d * f + 2 * d;
    2 * words * d + blocks * block + d
}
check::llama2_parameters(count_llama2)"
        .to_owned()
}

//! Count the parameters of GPT-2 small, and of any model built like it, from the configuration.

use super::configuration::Counts;
use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::thousands;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "gpt2_parameters",
    notebook: "02_weights_and_parameters",
    title: "Count GPT-2 small",
    codes: &[],
    question,
    starter: "\
fn count_gpt2(words: i64, positions: i64, d: i64, blocks: i64) -> i64 {
    todo!(\"tables, blocks, and the last normalization\")
}
check::gpt2_parameters(count_gpt2)",
    hints: &[
        "Count one block first, then multiply; embeddings and the last normalization come once.",
        "A block holds two layer normalizations (2d each), attention (3 d*d + 3d in, d*d + d out) and a \
         feed-forward network (d to 4d and back, with biases). The output shares the token embedding.",
        "words * d + positions * d + blocks * (12 * d * d + 13 * d) + 2 * d",
    ],
    solution,
};

/// Checks a function of words, positions, width and blocks.
pub fn gpt2_parameters(count: impl Counts) -> Verdict {
    judge(&count)
}

/// Words, positions, width, blocks.
const SMALL: [i64; 4] = [50257, 1024, 768, 12];

/// A block holds 12 d*d weights, 9 d biases, and 4 d numbers of its normalizations.
fn right([words, positions, d, blocks]: [i64; 4]) -> i64 {
    words * d + positions * d + blocks * (12 * d * d + 9 * d + 4 * d) + 2 * d
}

// Not generic, so that a cell has nothing of it to compile.
fn judge(count: &dyn Counts) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut asked = vec![SMALL];
        asked.extend((0..5).map(|_| plan(&mut attempt.held_out)));
        for [words, positions, d, blocks] in asked {
            let plan = [words, positions, d, blocks];
            let call = format!("count_gpt2({words}, {positions}, {d}, {blocks})");
            let got = attempt.call(&call, || count.count(plan))?;
            if got != right(plan) {
                let said = thousands(got);
                return not_yet(format!("{call} is {said}: {}.", why_not(got, plan)));
            }
        }
        Ok(format!(
            "{} parameters for GPT-2 small: 31 % of them are the token embedding, which is also the \
             output. Your function counts every model that is built like it.",
            thousands(right(SMALL))
        ))
    })
}

fn why_not(got: i64, plan: [i64; 4]) -> String {
    let [words, positions, d, blocks] = plan;
    let why = match got - right(plan) {
        more if more == words * d => {
            "that is the token embedding too much: GPT-2's output layer uses that matrix again"
        }
        more if more == -positions * d => {
            "that lacks the positions, a vector of d numbers for each place"
        }
        more if more == -2 * d => "that lacks the last layer normalization, after the blocks",
        more if more == -(13 * blocks * d + 2 * d) => {
            "that counts the large matrices only: add biases and normalizations"
        }
        more if more == -9 * blocks * d => "that lacks the biases of the blocks: 9d in each",
        more if more == -4 * blocks * d => {
            "that lacks the two normalizations of each block: scale and shift make 4d"
        }
        more if more == -(blocks - 1) * (12 * d * d + 13 * d) => {
            "that counts one block, and there are several"
        }
        _ => return of_another_plan(got, plan),
    };
    why.to_owned()
}

/// What is right for GPT-2 small, wholly or in one of its numbers, and wrong here.
fn of_another_plan(got: i64, plan: [i64; 4]) -> String {
    let names = ["words", "positions", "d", "blocks"];
    if got == right(SMALL) {
        return "that is GPT-2 small's count, and this is another model. Write a function that uses its \
                inputs"
            .to_owned();
    }
    for (at, name) in names.into_iter().enumerate() {
        let mut other = plan;
        other[at] = SMALL[at];
        if got == right(other) {
            return format!(
                "that is the count with GPT-2 small's {}. Use the input `{name}`",
                SMALL[at]
            );
        }
    }
    let [_, _, d, blocks] = plan;
    if got == right(plan) + blocks * (2 * d + 1) * (3072 - 4 * d) {
        return "that takes the feed-forward network's width from GPT-2 small, 3072. It is 4d"
            .to_owned();
    }
    let right = right(plan);
    let size = if got > right { "many" } else { "few" };
    format!("that is too {size}, by {}", thousands((got - right).abs()))
}

/// Another model of the same kind. No number is GPT-2 small's.
fn plan(draw: &mut Draw) -> [i64; 4] {
    let words = draw.integer(2_000..=48_000);
    let positions = 32 * draw.integer(4..=30);
    let d = 64 * draw.choice(&[4, 5, 6, 8, 14, 16, 20, 24]);
    [words, positions, d, draw.choice(&[3, 4, 6, 8, 16, 20, 24])]
}

fn question(_: &mut Draw) -> Question {
    let [words, positions, d, blocks] = SMALL;
    Question::new(
        "How many parameters does GPT-2 small have? Write a function that counts them. All linear layers \
         have biases, positions are learned, and the output layer shares the token embedding's matrix.\n\n\
         The checker calls it with the numbers below, and then with those of other models that are built \
         the same way.",
    )
    .given("words in the vocabulary", words)
    .given("positions", positions)
    .given("width d", d)
    .given("blocks", blocks)
    .given("width of the feed-forward network", "always 4d, here 3072")
    .wanted("fn count_gpt2(words: i64, positions: i64, d: i64, blocks: i64) -> i64")
    .tolerance("exact")
}

fn solution(_: &mut Draw) -> String {
    "\
fn count_gpt2(words: i64, positions: i64, d: i64, blocks: i64) -> i64 {
    let normalizations = 2 * 2 * d;
    let attention = (3 * d * d + 3 * d) + (d * d + d);
    let feed_forward = (d * 4 * d + 4 * d) + (4 * d * d + d);
    let block = normalizations + attention + feed_forward;
    words * d + positions * d + blocks * block + 2 * d
}
check::gpt2_parameters(count_gpt2)"
        .to_owned()
}

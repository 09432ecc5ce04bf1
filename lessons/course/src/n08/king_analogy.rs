//! The king analogy, with the words that went into it and without them.

use lessons::prelude::{Tensor, WordVectors, word_vectors};

use crate::attempt::{Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "king_analogy",
    notebook: "08_embeddings",
    title: "The king analogy, both ways",
    codes: &[],
    question,
    starter: "\
let among_all = (\"\", None); // the nearest word and its cosine
let without_inputs = (\"\", None);
check::king_analogy(among_all, without_inputs)",
    hints: &[
        "words.vector(\"king\") is the vector of a word; vectors can be added and subtracted.",
        "words.nearest(&target, 1, &[]) finds the nearest of all words; the last argument lists words to \
         leave out.",
        "let found = words.nearest(&target, 1, &[\"king\", ...]); println!(\"{found:?}\"); prints the word \
         with its cosine.",
    ],
    solution,
};

/// Checks the nearest words to the target of an analogy, with their cosines.
pub fn king_analogy(among_all: (&str, impl Real), without_inputs: (&str, impl Real)) -> Verdict {
    judge(
        (among_all.0, among_all.1.real()),
        (without_inputs.0, without_inputs.1.real()),
    )
}

/// With each of these, king is the nearest of all words, and queen without the inputs.
const PAIRS: [[&str; 2]; 5] = [
    ["boy", "girl"],
    ["he", "she"],
    ["father", "mother"],
    ["husband", "wife"],
    ["men", "women"],
];

fn question(draw: &mut Draw) -> Question {
    let [minus, plus] = draw.choice(&PAIRS);
    Question::new(
        "Other words should show the same relation. Take the vector of king, subtract the first word, \
         add the second. Which word is nearest to the result, and with which cosine? Answer twice: among \
         all words, and with the three words of the analogy left out.",
    )
    .given("subtract", minus)
    .given("add", plus)
    .wanted("two pairs of a word and a cosine, such as (\"castle\", 0.123)")
    .tolerance("within 0.001")
}

type Answer<'a> = (&'a str, Option<f64>);

fn judge(among_all: Answer, without_inputs: Answer) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let [minus, plus] = attempt.question.choice(&PAIRS);
        let inputs = ["king", minus, plus];
        let [all, without] = [among_all, without_inputs].map(|(word, cosine)| {
            let word = word.trim().to_lowercase();
            match cosine {
                None => Err(Unsolved::NotAttempted),
                Some(_) if word.is_empty() => not_yet("A word is missing beside its cosine."),
                some => attempt.number(some).map(|cosine| (word, cosine)),
            }
        });
        let ((word, cosine), (other, other_cosine)) = (all?, without?);
        let words = word_vectors();
        let target = words.vector("king") - words.vector(minus) + words.vector(plus);
        let (first, first_cosine) = nearest(&words, &target, &[])?;
        let (second, second_cosine) = nearest(&words, &target, &inputs)?;
        let opposite = words.vector("king") + words.vector(minus) - words.vector(plus);
        let (_, turned) = nearest(&words, &opposite, &[])?;
        let near = |got: f64, expected: f64| (got - expected).abs() <= 1e-3;
        if word == second && other == first {
            return not_yet("The two answers are swapped: only the second leaves words out.");
        }
        if near(cosine, turned) && !near(cosine, first_cosine) {
            return not_yet(format!(
                "{cosine:.3} belongs to king + {minus} - {plus}: subtract {minus} and add {plus}."
            ));
        }
        if word == second {
            return not_yet(format!(
                "{second} is not the nearest of all {} words. An input may be the nearest; leave \
                 nothing out in the first answer.",
                words.words().len()
            ));
        }
        if word != first {
            return not_yet(format!(
                "Among all words, {word} is not the nearest to king - {minus} + {plus}."
            ));
        }
        if inputs.contains(&other.as_str()) {
            return not_yet(format!(
                "{other} is one of the three words of the analogy. Leave them out in the second answer."
            ));
        }
        if other != second {
            return not_yet(format!(
                "With the three words left out, {other} is not the nearest."
            ));
        }
        let direct = words.similarity("king", "queen");
        for (name, got, expected) in [
            (&word, cosine, first_cosine),
            (&other, other_cosine, second_cosine),
        ] {
            if near(got, expected) {
                continue;
            }
            if near(got, direct) {
                return not_yet(format!(
                    "{got:.3} is the cosine of king and queen. Compare {name} with king - {minus} + {plus}."
                ));
            }
            return not_yet(format!(
                "{name} is right, its cosine of {got:.3} is not: compare it with king - {minus} + {plus}."
            ));
        }
        Ok(format!(
            "The arithmetic moves the vector towards {second}, but not past {first}: {first_cosine:.3} \
             against {second_cosine:.3}. Leaving the inputs out decides the famous answer."
        ))
    })
}

/// The nearest word with its cosine.
fn nearest(
    words: &WordVectors,
    target: &Tensor,
    without: &[&str],
) -> Result<(String, f64), Unsolved> {
    match words.nearest(target, 1, without).pop() {
        Some(found) => Ok(found),
        None => not_yet("No word is left to compare with."),
    }
}

fn solution(draw: &mut Draw) -> String {
    let [minus, plus] = draw.choice(&PAIRS);
    format!(
        "\
let inputs = [\"king\", {minus:?}, {plus:?}];
let known = word_vectors();
let target = known.vector(inputs[0]) - known.vector(inputs[1]) + known.vector(inputs[2]);
let (first, second) = (known.nearest(&target, 1, &[]), known.nearest(&target, 1, &inputs));
let among_all = (first[0].0.as_str(), first[0].1);
let without_inputs = (second[0].0.as_str(), second[0].1);
check::king_analogy(among_all, without_inputs)"
    )
}

//! Measure an analogy both ways: among all words, and without the three that it is made of.

use lessons::prelude::{WordVectors, cosine_similarity, word_vectors};

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "analogy_both_ways",
    notebook: "08_embeddings",
    title: "An analogy, both ways",
    codes: &[],
    question,
    starter: "\
let among_all: Option<f64> = None; // the largest cosine of all words
let without_the_three: Option<f64> = None; // the largest cosine of all others
check::analogy_both_ways(among_all, without_the_three)",
    hints: &[
        "First make the target: a vector minus a vector plus a vector.",
        "nearest(&target, 1, &[]) looks among all words, nearest(&target, 1, &[a, b, c]) leaves three out.",
        "let target = words.vector(a) - words.vector(b) + words.vector(c); \
         words.nearest(&target, 1, &[])[0].1 is the first answer.",
    ],
    solution,
};

/// Checks the cosines of the nearest word, among all words and among all but three.
pub fn analogy_both_ways(among_all: impl Real, without_the_three: impl Real) -> Verdict {
    judge(among_all.real(), without_the_three.real())
}

/// Those whose nearest word of all is one of the three.
const ANALOGIES: [[&str; 3]; 8] = [
    ["king", "man", "woman"],
    ["queen", "woman", "man"],
    ["prince", "man", "woman"],
    ["sister", "woman", "man"],
    ["walking", "walk", "swim"],
    ["better", "good", "bad"],
    ["dogs", "dog", "cat"],
    ["faster", "fast", "slow"],
];

fn question(draw: &mut Draw) -> Question {
    let [a, b, c] = draw.choice(&ANALOGIES);
    Question::new(
        "Take this analogy in word_vectors(). Find the word nearest to the target among all words, and the \
         nearest one if the three words are left out. What are the two cosines?",
    )
    .given("analogy", format!("{a} - {b} + {c}"))
    .wanted("two cosines")
    .tolerance("0.002")
}

fn judge(among_all: Option<f64>, without: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let [a, b, c] = attempt.question.choice(&ANALOGIES);
        let (all, rest) = (attempt.number(among_all)?, attempt.number(without)?);
        let words = word_vectors();
        let found = Found::new(&words, [a, b, c]);
        let is = |got: f64, expected: f64| close(got, expected, 2e-3);
        let (first, second) = (&found.all.0, &found.rest.0);
        if is(all, found.all.1) && is(rest, found.rest.1) {
            return Ok(format!(
                "Nearest of all is \"{first}\", one of the three words themselves. \"{second}\" wins only because \
                 they are left out."
            ));
        } else if is(all, found.rest.1) && is(rest, found.all.1) {
            return not_yet("The two are swapped: among all words the largest cosine is larger.");
        } else if is(all, found.rest.1) && is(rest, found.rest.1) {
            return not_yet(format!(
                "{all:.3} is the cosine of \"{second}\". Among all words there is a nearer one: look at the three \
                 words themselves."
            ));
        } else if is(all, found.all.1) && is(rest, found.all.1) {
            return not_yet(format!(
                "{rest:.3} is the cosine of \"{first}\", which is one of the three: leave them out for the second \
                 answer."
            ));
        }
        let plus = words.vector(a) + words.vector(b) - words.vector(c);
        let nearest = words.nearest(&plus, 1, &[]);
        if nearest.iter().any(|(_, cosine)| is(all, *cosine)) {
            return not_yet(format!(
                "{all:.3} belongs to {a} + {b} - {c}: the second word is taken away, the third one added."
            ));
        }
        let pair = cosine_similarity(&words.vector(a), &words.vector(second));
        if is(all, pair) || is(rest, pair) {
            return not_yet(format!(
                "{pair:.3} is the cosine of \"{a}\" and \"{second}\". Compare with the target {a} - {b} + {c}."
            ));
        }
        let wrong = if is(all, found.all.1) {
            ("second", rest)
        } else {
            ("first", all)
        };
        not_yet(format!(
            "The {} answer, {:.3}, is not the largest cosine with {a} - {b} + {c}.",
            wrong.0, wrong.1
        ))
    })
}

/// The nearest words with their cosines.
struct Found {
    all: (String, f64),
    rest: (String, f64),
}

impl Found {
    fn new(words: &WordVectors, [a, b, c]: [&str; 3]) -> Found {
        let target = words.vector(a) - words.vector(b) + words.vector(c);
        let nearest = |without: &[&str]| words.nearest(&target, 1, without).remove(0);
        Found {
            all: nearest(&[]),
            rest: nearest(&[a, b, c]),
        }
    }
}

fn solution(draw: &mut Draw) -> String {
    let [a, b, c] = draw.choice(&ANALOGIES);
    format!(
        "\
let known = word_vectors();
let target = known.vector({a:?}) - known.vector({b:?}) + known.vector({c:?});
let among_all = known.nearest(&target, 1, &[])[0].1;
let without_the_three = known.nearest(&target, 1, &[{a:?}, {b:?}, {c:?}])[0].1;
check::analogy_both_ways(among_all, without_the_three)"
    )
}

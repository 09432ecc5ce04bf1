//! Find the number that GPT-2 reads for one word in a sentence.

use lessons::prelude::tokenizer;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "token_number",
    notebook: "04_transformer_architecture",
    title: "Which number does GPT-2 read?",
    codes: &[],
    question,
    starter: "check::token_number(None)",
    hints: &[
        "Show the pieces of the whole sentence. Where does the space before a word belong?",
        "GPT-2's tokens take the space before a word with them: the word in the middle of a sentence is \
         another token than the same word alone.",
        "tokenizer(\"gpt2\").encode(\" word\") with the space in front gives one number.",
    ],
    solution,
};

/// Checks the number of a token.
pub fn token_number(number: impl Real) -> Verdict {
    judge(number.real())
}

const WORDS: [&str; 8] = [
    "river", "window", "music", "doctor", "garden", "winter", "letter", "bridge",
];
const STARTS: [&str; 4] = [
    "Yesterday we saw the",
    "Nobody remembers the",
    "She often talks about the",
    "They asked us about the",
];

fn sentence(draw: &mut Draw) -> (&'static str, String) {
    let (word, start) = (draw.choice(&WORDS), draw.choice(&STARTS));
    (word, format!("{start} {word} again."))
}

fn question(draw: &mut Draw) -> Question {
    let (word, sentence) = sentence(draw);
    Question::new(
        "GPT-2 does not read letters but the numbers of its tokens. Which number does it read for this word \
         in this sentence?",
    )
    .given("sentence", sentence)
    .given("word", word)
    .wanted("the token's number in GPT-2's vocabulary")
    .tolerance("exactly this number")
}

fn judge(number: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let (word, sentence) = sentence(&mut attempt.question);
        let got = attempt.number(number)?;
        let gpt2 = tokenizer("gpt2");
        let inside = format!(" {word}");
        let is = |number: &u32| got == f64::from(*number);
        let all = gpt2.encode(&sentence);
        if gpt2.encode(&inside).iter().any(is) {
            return Ok(format!(
                "\"{inside}\" with its space is one token. \"{word}\" alone is read as {:?}.",
                gpt2.encode(word)
            ));
        } else if gpt2.encode(word).iter().any(is) {
            return not_yet(format!(
                "{got} is how \"{word}\" begins at the start of a text. Inside the sentence the space \
                 before it belongs to the token."
            ));
        } else if tokenizer("cl100k").encode(&inside).iter().any(is)
            || tokenizer("cl100k").encode(word).iter().any(is)
        {
            return not_yet(format!(
                "{got} is from cl100k, the vocabulary of GPT-4. Each vocabulary has its own numbers."
            ));
        } else if let Some(at) = all.iter().position(is) {
            return not_yet(format!(
                "{got} is in the sentence, but it stands for {:?} at place {at}.",
                gpt2.decode(&[all[at]])
            ));
        } else if (0.0..=all.len() as f64).contains(&got) {
            return not_yet(format!(
                "{got} looks like a place in the sentence or a count. Wanted is the number in the vocabulary."
            ));
        }
        not_yet(format!(
            "{got} is none of the sentence's tokens: show tokenizer(\"gpt2\").pieces(\"...\") of it."
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    let (word, _) = sentence(draw);
    format!("check::token_number(tokenizer(\"gpt2\").encode(\" {word}\")[0])")
}

//! Wire the steps of a search by meaning together, with a real encoder.

use lessons::prelude::SentenceEncoder;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "semantic_search",
    notebook: "08_embeddings",
    title: "Search a few documents",
    codes: &[],
    question,
    starter: "\
fn find(
    encoder: &SentenceEncoder, documents: &[&str], question: &str, count: usize,
) -> Vec<String> {
    todo!(\"the documents nearest to the question, the nearest first\")
}
check::semantic_search(&encoder, find)",
    hints: &[
        "The steps are in this section: encode the documents, store them, encode the question, search.",
        "encoder.encode(documents) makes all vectors at once, and index.add(documents, &vectors) stores \
         them. The question is encoded in the same way: encoder.encode(&[question]).",
        "index.search(&query, count).hits holds pairs of a text and its cosine; \
         .into_iter().map(|(text, _)| text).collect() keeps the texts.",
    ],
    solution,
};

/// Checks a search by meaning, with the encoder that it should use.
pub fn semantic_search(
    encoder: &SentenceEncoder,
    find: impl Fn(&SentenceEncoder, &[&str], &str, usize) -> Vec<String>,
) -> Verdict {
    judge(encoder, &find)
}

/// A document, and a question that it answers in other words.
const POOL: [[&str; 2]; 12] = [
    [
        "The library opens at nine in the morning.",
        "When can I get in to read?",
    ],
    [
        "Late books cost ten cents a day.",
        "Is there a fine for bringing a novel back too late?",
    ],
    ["Dogs must wait outside.", "May I bring my puppy?"],
    [
        "Printing costs five cents per page.",
        "How much is a paper copy?",
    ],
    [
        "The wireless network is free for members.",
        "How do I get online?",
    ],
    [
        "Children under six need an adult with them.",
        "Can my toddler come alone?",
    ],
    [
        "Lost property is kept at the front desk.",
        "I forgot my umbrella yesterday.",
    ],
    [
        "The lift is behind the stairs.",
        "How does a wheelchair get to the upper floor?",
    ],
    [
        "Coffee is sold in the basement.",
        "Where is something to drink?",
    ],
    [
        "You can borrow films for one week.",
        "How long may I keep a DVD?",
    ],
    [
        "Every Tuesday a writer reads from new work.",
        "When can I listen to an author?",
    ],
    [
        "In August the building is closed for repairs.",
        "Are you there in the summer holidays?",
    ],
];

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A library wants its notices found by meaning. Write the search: from a few documents, return \
         the texts of those nearest to a question, as many as asked for. Questions seldom share words \
         with their answers.",
    )
    .wanted("a Vec<String> of `count` documents, the nearest first")
    .tolerance("the same documents in the same order")
}

/// The learner's search: encoder, documents, question, count.
type Find<'a> = &'a dyn Fn(&SentenceEncoder, &[&str], &str, usize) -> Vec<String>;

fn judge(encoder: &SentenceEncoder, find: Find) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..2 {
            let chosen = attempt.held_out.sample(&POOL, 6);
            let documents: Vec<&str> = chosen.iter().map(|[document, _]| *document).collect();
            let [_, asked] = attempt.held_out.choice(&chosen);
            let count = attempt.held_out.integer(2..=3) as usize;
            let call = format!("find(&encoder, 6 documents, {asked:?}, {count})");
            let got = attempt.call(&call, || find(encoder, &documents, asked, count))?;
            let first = got.first().map(String::as_str).unwrap_or_default();
            let known = |text: &String| documents.contains(&text.as_str());
            // First what needs no encoder.
            if first == asked {
                return not_yet(format!(
                    "{call} found the question itself: only the documents belong into the index."
                ));
            } else if got.len() != count {
                return not_yet(format!("{call} gave {} documents, not {count}.", got.len()));
            } else if let Some(text) = got.iter().find(|text| !known(text)) {
                return not_yet(format!(
                    "{call} gave {text:?}, which is none of the documents."
                ));
            }
            let order = nearest_first(encoder, &documents, asked);
            let right = &order[..count];
            if got == right {
                continue;
            }
            let turned: Vec<&str> = right.iter().rev().copied().collect();
            let farthest: Vec<&str> = order.iter().rev().take(count).copied().collect();
            if got == documents[..count] {
                return not_yet(format!(
                    "{call} gave the first documents as they came. Nothing was searched."
                ));
            } else if got == farthest {
                return not_yet(format!(
                    "{call} gave the farthest documents: sort the other way."
                ));
            } else if got == turned {
                return not_yet(format!(
                    "{call} gave the right documents, the nearest last."
                ));
            }
            return not_yet(format!(
                "{call} gave {first:?} first. The largest cosines have, in this order: {}",
                right.join(" ")
            ));
        }
        Ok(
            "You wrote the retrieval half of RAG: what it returns is put before the question of a \
             language model."
                .to_owned(),
        )
    })
}

/// The documents, those with the largest cosines first.
fn nearest_first<'a>(
    encoder: &SentenceEncoder,
    documents: &[&'a str],
    question: &str,
) -> Vec<&'a str> {
    // All in one batch, the question last. The vectors have length 1.
    let vectors = encoder.encode(&[documents, &[question]].concat()); // [documents + 1, 384]
    let cosines = vectors.mv(&vectors.get(documents.len() as i64));
    let cosines = Vec::<f32>::try_from(cosines).unwrap_or_default();
    let mut places: Vec<usize> = (0..documents.len()).collect();
    places.sort_by(|&a, &b| cosines[b].total_cmp(&cosines[a]));
    places.into_iter().map(|place| documents[place]).collect()
}

fn solution(_: &mut Draw) -> String {
    "\
fn find(
    encoder: &SentenceEncoder, documents: &[&str], question: &str, count: usize,
) -> Vec<String> {
    let mut index = vector_index();
    index.add(documents, &encoder.encode(documents));
    let found = index.search(&encoder.encode(&[question]), count);
    found.hits.into_iter().map(|(text, _)| text).collect()
}
check::semantic_search(&encoder, find)"
        .to_owned()
}

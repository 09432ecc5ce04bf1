//! Find the document that answers a question, by meaning and not by words.

use lessons::prelude::SentenceEncoder;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "semantic_search",
    notebook: "08_embeddings",
    title: "Search by meaning",
    codes: &[],
    question,
    starter: "\
fn search(encoder: &SentenceEncoder, documents: &[&str], question: &str) -> usize {
    todo!(\"the place of the document that answers the question\")
}
check::semantic_search(&encoder, search)",
    hints: &[
        "What do documents and question have in common once the encoder has read them?",
        "Encode the documents and the question. The vectors have length 1, so the cosines are one product of \
         a matrix and a vector.",
        "let vectors = encoder.encode(documents); let asked = encoder.encode(&[question]).get(0); \
         vectors.mv(&asked).argmax(0, false).int64_value(&[]) as usize",
    ],
    solution,
};

/// Checks a search with a sentence encoder.
pub fn semantic_search(
    encoder: &SentenceEncoder,
    search: impl Fn(&SentenceEncoder, &[&str], &str) -> usize,
) -> Verdict {
    judge(encoder, &search)
}

/// Documents, each with a question that shares no important word with it.
const PAIRS: [(&str, &str); 10] = [
    (
        "Store opening hours are nine to six on weekdays.",
        "When can I come and buy something?",
    ),
    (
        "Send the parcel back within thirty days and we refund the price.",
        "I do not like my purchase. Do I get my money back?",
    ),
    (
        "To reset your password, click the link in the email we send you.",
        "I forgot my login and cannot get into my account.",
    ),
    (
        "Dogs and cats must be kept on a leash in the building.",
        "Are pets allowed?",
    ),
    (
        "The battery lasts about ten hours of video playback.",
        "How long does it run without charging?",
    ),
    (
        "Our kitchen prepares meals without meat on request.",
        "Is there something to eat for vegetarians?",
    ),
    (
        "Heavy snow is expected in the mountains tonight.",
        "What will the weather be like?",
    ),
    (
        "Take one tablet twice a day with a glass of water.",
        "How often should I swallow the medicine?",
    ),
    (
        "The train to the airport leaves from platform four.",
        "How do I get to my flight?",
    ),
    (
        "Parking costs two euros per hour behind the theatre.",
        "Where can I leave my car, and what is the fee?",
    ),
];

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Given an encoder, some documents and a question, which document answers the question? Return its \
         place, from 0.\n\n\
         The checker draws documents and questions anew. The questions use other words than the documents, \
         so looking for equal words is not enough.",
    )
    .wanted("fn search(encoder: &SentenceEncoder, documents: &[&str], question: &str) -> usize")
}

fn judge(
    encoder: &SentenceEncoder,
    search: &dyn Fn(&SentenceEncoder, &[&str], &str) -> usize,
) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let drawn = attempt.held_out.sample(&PAIRS, 6);
        let documents: Vec<&str> = drawn.iter().map(|&(document, _)| document).collect();
        let (mut wrong, mut places) = (Vec::new(), Vec::new());
        for (right, &(_, question)) in drawn.iter().enumerate() {
            let call = format!("search(&encoder, 6 documents, {question:?})");
            let got = attempt.call(&call, || search(encoder, &documents, question))?;
            let Some(document) = documents.get(got) else {
                return not_yet(format!(
                    "{call} gave {got}: the documents have the places 0 to 5."
                ));
            };
            places.push(got);
            if got != right {
                wrong.push((question, *document, right));
            }
        }
        let Some((question, document, right)) = wrong.first() else {
            return Ok("Six questions, six documents, hardly a word in common: the vectors carry the meaning.".to_owned());
        };
        let found = format!("\"{question}\" found \"{document}\"");
        if places.iter().all(|place| *place == places[0]) {
            return not_yet(format!(
                "{found}, and so did every other question: your answer does not depend on the question."
            ));
        }
        let away = drawn
            .iter()
            .zip(&places)
            .all(|((_, question), place)| farthest(encoder, &documents, question) == *place);
        if away {
            return not_yet(format!(
                "{found}: that is the farthest document. The nearest has the largest cosine."
            ));
        }
        let hits = 6 - wrong.len();
        not_yet(format!(
            "{hits} of 6 are right. {found}, and should have found \"{}\". Compare the encoder's vectors, not \
             words or lengths.",
            documents[*right]
        ))
    })
}

fn farthest(encoder: &SentenceEncoder, documents: &[&str], question: &str) -> usize {
    let asked = encoder.encode(&[question]).get(0);
    let cosines = encoder.encode(documents).mv(&asked);
    cosines.argmin(0, false).int64_value(&[]) as usize
}

fn solution(_: &mut Draw) -> String {
    "\
fn search(encoder: &SentenceEncoder, documents: &[&str], question: &str) -> usize {
    let vectors = encoder.encode(documents); // [documents, 384], each of length 1
    let asked = encoder.encode(&[question]).get(0);
    vectors.mv(&asked).argmax(0, false).int64_value(&[]) as usize
}
check::semantic_search(&encoder, search)"
        .to_owned()
}

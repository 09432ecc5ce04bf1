//! The exercises of notebook 08.

use course::check;
use course::exercise::Question;
use lessons::prelude::{
    Kind, SentenceEncoder, Tensor, cosine_similarity, sentence_encoder, vector_index, word_vectors,
};

use crate::harness::tested;

#[test]
fn cosine_by_hand() {
    let dot = |a: &Tensor, b: &Tensor| (a * b).sum(Kind::Float).double_value(&[]);
    let length = |a: &Tensor| a.norm().double_value(&[]);
    tested("cosine_by_hand", |test| {
        test.unattempted(|| check::cosine_by_hand(|_, _| todo!("from -1 to 1")));
        test.accepts(|_| check::cosine_by_hand(|a, b| dot(a, b) / length(a) / length(b)));
        test.refuses("that is the dot product", |_| check::cosine_by_hand(dot));
        test.refuses("by one length only", |_| {
            check::cosine_by_hand(|a, b| dot(a, b) / length(a))
        });
        test.refuses("a root is missing", |_| {
            check::cosine_by_hand(|a, b| dot(a, b) / dot(a, a) / dot(b, b))
        });
        test.refuses("distance between the two points", |_| {
            check::cosine_by_hand(|a, b| length(&(a - b)))
        });
        test.refuses("that is the angle", |_| {
            check::cosine_by_hand(|a, b| cosine_similarity(a, b).acos())
        });
        test.refuses("the sign is lost", |_| {
            check::cosine_by_hand(|a, b| cosine_similarity(a, b).abs())
        });
        test.refuses("and should be", |_| check::cosine_by_hand(|_, _| 0.0));
        test.refuses("is NaN, and should be", |_| {
            check::cosine_by_hand(|_, _| f64::NAN)
        });
        test.refuses("panicked when called as cosine_of(", |_| {
            check::cosine_by_hand(|_, _| panic!("no idea"))
        });
    });
}

#[test]
fn nearest_vectors() {
    /// Row numbers by a measure, the largest first.
    fn by(vectors: &Tensor, measure: impl Fn(&Tensor) -> f64) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..vectors.size()[0] as usize).collect();
        let of = |row: usize| measure(&vectors.get(row as i64));
        rows.sort_by(|&a, &b| of(b).total_cmp(&of(a)));
        rows
    }
    let first = |rows: Vec<usize>, k: usize| rows[..k].to_vec();
    tested("nearest_vectors", |test| {
        test.unattempted(|| check::nearest_vectors(|_, _, _| todo!("rows")));
        test.accepts(|_| {
            check::nearest_vectors(|q, all, k| first(by(all, |row| cosine_similarity(q, row)), k))
        });
        test.refuses("the largest dot products", |_| {
            check::nearest_vectors(|q, all, k| {
                first(by(all, |row| q.dot(row).double_value(&[])), k)
            })
        });
        test.refuses("nearest as points", |_| {
            check::nearest_vectors(|q, all, k| {
                first(by(all, |row| -(q - row).norm().double_value(&[])), k)
            })
        });
        test.refuses("upside down", |_| {
            check::nearest_vectors(|q, all, k| first(by(all, |row| -cosine_similarity(q, row)), k))
        });
        test.refuses("the nearest must come first", |_| {
            check::nearest_vectors(|q, all, k| {
                let mut rows = first(by(all, |row| cosine_similarity(q, row)), k);
                rows.reverse();
                rows
            })
        });
        test.refuses("that were asked for", |_| {
            check::nearest_vectors(|q, all, _| by(all, |row| cosine_similarity(q, row)))
        });
        test.refuses("there are only the rows 0 to", |_| {
            check::nearest_vectors(|_, _, k| (100..100 + k).collect())
        });
        test.refuses("", |_| check::nearest_vectors(|_, _, k| (0..k).collect()));
    });
}

/// The nearest word and its cosine, for king and the card's words with these signs.
fn king(card: &Question, sign: f64, leave_out: bool) -> (String, f64) {
    let words = word_vectors();
    let (minus, plus) = (card.value("subtract"), card.value("add"));
    let target = words.vector("king") + (words.vector(plus) - words.vector(minus)) * sign;
    let inputs = ["king", minus, plus];
    let without = if leave_out { &inputs[..] } else { &[] };
    words.nearest(&target, 1, without).remove(0)
}

#[test]
fn king_analogy() {
    tested("king_analogy", |test| {
        let all = |card: &Question| king(card, 1.0, false);
        let rest = |card: &Question| king(card, 1.0, true);
        test.unattempted(|| check::king_analogy(("", None), ("", None)));
        test.accepts(|card| {
            let ((king, one), (queen, other)) = (all(card), rest(card));
            check::king_analogy((&king, one), (&queen, other))
        });
        test.accepts(|card| {
            let round = |x: f64| (x * 1000.0).round() / 1000.0;
            check::king_analogy(
                ("King", round(all(card).1)),
                (" queen", round(rest(card).1)),
            )
        });
        test.refuses("are swapped", |card| {
            check::king_analogy(("queen", rest(card).1), ("king", all(card).1))
        });
        test.refuses("queen is not the nearest of all 10000 words", |card| {
            let cosine = rest(card).1;
            check::king_analogy(("queen", cosine), ("queen", cosine))
        });
        test.refuses("belongs to king +", |card| {
            let (word, cosine) = king(card, -1.0, false);
            check::king_analogy((&word, cosine), ("queen", 0.8))
        });
        test.refuses("king is one of the three words", |card| {
            check::king_analogy(("king", all(card).1), ("king", all(card).1))
        });
        test.refuses("castle is not the nearest to king", |card| {
            check::king_analogy(("castle", all(card).1), ("queen", rest(card).1))
        });
        test.refuses("left out, princess is not the nearest", |card| {
            check::king_analogy(("king", all(card).1), ("princess", rest(card).1))
        });
        test.refuses("is the cosine of king and queen", |card| {
            let direct = word_vectors().similarity("king", "queen");
            check::king_analogy(("king", all(card).1), ("queen", direct))
        });
        test.refuses("queen is right, its cosine of 0.500 is not", |card| {
            check::king_analogy(("king", all(card).1), ("queen", 0.5))
        });
        test.refuses("A word is missing", |_| {
            check::king_analogy(("", 0.9), ("queen", 0.8))
        });
    });
}

#[test]
fn semantic_search() {
    fn search(
        encoder: &SentenceEncoder,
        texts: &[&str],
        question: &str,
        count: usize,
    ) -> Vec<String> {
        let mut index = vector_index();
        index.add(texts, &encoder.encode(texts));
        let found = index.search(&encoder.encode(&[question]), count);
        found.hits.into_iter().map(|(text, _)| text).collect()
    }
    let encoder = sentence_encoder();
    tested("semantic_search", |test| {
        test.unattempted(|| check::semantic_search(&encoder, |_, _, _, _| todo!("documents")));
        test.accepts(|_| check::semantic_search(&encoder, search));
        test.refuses("found the question itself", |_| {
            check::semantic_search(&encoder, |_, documents, question, _| {
                vec![question.to_owned(), documents[0].to_owned()]
            })
        });
        test.refuses("gave 1 documents, not", |_| {
            check::semantic_search(&encoder, |_, documents, _, _| vec![documents[0].to_owned()])
        });
        test.refuses("the nearest last", |_| {
            check::semantic_search(&encoder, |encoder, documents, question, count| {
                let mut found = search(encoder, documents, question, count);
                found.reverse();
                found
            })
        });
        test.refuses("the farthest documents", |_| {
            check::semantic_search(&encoder, |encoder, documents, question, count| {
                let mut found = search(encoder, documents, question, documents.len());
                found.reverse();
                found.truncate(count);
                found
            })
        });
        test.refuses("none of the documents", |_| {
            check::semantic_search(&encoder, |_, _, _, count| vec!["Yes.".to_owned(); count])
        });
        test.refuses("Nothing was searched", |_| {
            check::semantic_search(&encoder, |_, documents, _, count| {
                documents[..count]
                    .iter()
                    .map(|&text| text.to_owned())
                    .collect()
            })
        });
    });
}

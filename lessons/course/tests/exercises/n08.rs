//! The exercises of notebook 08.

use course::check;
use lessons::encoder::try_sentence_encoder;
use lessons::prelude::*;

use crate::harness::tested;

/// The k places with the largest values.
fn largest(values: &Tensor, k: i64) -> Vec<i64> {
    Vec::try_from(values.topk(k, 0, true, true).1).expect("numbers")
}

fn cosines(query: &Tensor, vectors: &Tensor) -> Tensor {
    let squares = vectors.square().sum_dim_intlist(1, false, Kind::Float);
    vectors.mv(query) / squares.sqrt()
}

#[test]
fn nearest_rows() {
    tested("nearest_rows", |test| {
        test.unattempted(|| check::nearest_rows(|_, _, _| todo!()));
        test.accepts(|_| check::nearest_rows(|q, v, k| largest(&cosines(q, v), k)));
        test.refuses("these are the largest dot products", |_| {
            check::nearest_rows(|q, v, k| largest(&v.mv(q), k))
        });
        test.refuses("these are the smallest distances", |_| {
            check::nearest_rows(|q, v, k| {
                let far = (v - q).square().sum_dim_intlist(1, false, Kind::Float);
                largest(&-far, k)
            })
        });
        test.refuses("these are the smallest cosines", |_| {
            check::nearest_rows(|q, v, k| largest(&-cosines(q, v), k))
        });
        test.refuses("in another order", |_| {
            check::nearest_rows(|q, v, k| largest(&cosines(q, v), k).into_iter().rev().collect())
        });
        test.refuses("rows.", |_| {
            check::nearest_rows(|q, v, _| largest(&cosines(q, v), 1))
        });
        test.refuses("there is no row 99", |_| {
            check::nearest_rows(|_, _, k| vec![99; k as usize])
        });
        test.refuses("your first row has the cosine", |_| {
            check::nearest_rows(|q, v, k| {
                let worst = largest(&-cosines(q, v), 1)[0];
                vec![worst; k as usize]
            })
        });
    });
}

#[test]
fn analogy_both_ways() {
    let words = word_vectors();
    let parts = |analogy: &str| -> Vec<String> {
        let parts = analogy.split([' ', '-', '+']);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let both = |analogy: &str| {
        let parts = parts(analogy);
        let [a, b, c] = [0, 1, 2].map(|at| parts[at].as_str());
        let target = words.vector(a) - words.vector(b) + words.vector(c);
        let cosine = |without: &[&str]| words.nearest(&target, 1, without)[0].1;
        (cosine(&[]), cosine(&[a, b, c]))
    };
    tested("analogy_both_ways", |test| {
        test.unattempted(|| check::analogy_both_ways(None, None));
        test.accepts(|card| {
            let (all, rest) = both(card.value("analogy"));
            check::analogy_both_ways(all, rest)
        });
        test.refuses("The two are swapped", |card| {
            let (all, rest) = both(card.value("analogy"));
            check::analogy_both_ways(rest, all)
        });
        test.refuses("there is a nearer one", |card| {
            let rest = both(card.value("analogy")).1;
            check::analogy_both_ways(rest, rest)
        });
        test.refuses("which is one of the three", |card| {
            let all = both(card.value("analogy")).0;
            check::analogy_both_ways(all, all)
        });
        test.refuses("the second word is taken away", |card| {
            let parts = parts(card.value("analogy"));
            let [a, b, c] = [0, 1, 2].map(|at| words.vector(&parts[at]));
            let cosine = words.nearest(&(a + b - c), 1, &[])[0].1;
            check::analogy_both_ways(cosine, 0.5)
        });
        test.refuses("The second answer, 0.100", |card| {
            check::analogy_both_ways(both(card.value("analogy")).0, 0.1)
        });
        test.refuses("The first answer, 1.000", |_| {
            check::analogy_both_ways(1, 1)
        });
        test.refuses("Your answer is NaN", |_| {
            check::analogy_both_ways(f64::NAN, 0.5)
        });
    });
}

#[test]
fn semantic_search() {
    let encoder = match try_sentence_encoder() {
        Ok(encoder) => encoder,
        Err(error) => {
            eprintln!("not tested: {error}");
            return;
        }
    };
    let cosines = |documents: &[&str], question: &str| {
        let asked = encoder.encode(&[question]).get(0);
        encoder.encode(documents).mv(&asked)
    };
    let place = |values: Tensor| values.argmax(0, false).int64_value(&[]) as usize;
    tested("semantic_search", |test| {
        test.unattempted(|| check::semantic_search(&encoder, |_, _, _| todo!()));
        test.accepts(|_| {
            check::semantic_search(&encoder, |_, documents, question| {
                place(cosines(documents, question))
            })
        });
        test.refuses("does not depend on the question", |_| {
            check::semantic_search(&encoder, |_, _, _| 2)
        });
        test.refuses("that is the farthest document", |_| {
            check::semantic_search(&encoder, |_, documents, question| {
                place(-cosines(documents, question))
            })
        });
        test.refuses("the documents have the places 0 to 5", |_| {
            check::semantic_search(&encoder, |_, documents, _| documents.len())
        });
        test.refuses("of 6 are right", |_| {
            check::semantic_search(&encoder, |_, documents, question| {
                let common = |document: &&str| {
                    let words = question.split(' ');
                    words.filter(|word| document.contains(word)).count()
                };
                let counts: Vec<usize> = documents.iter().map(common).collect();
                let most = counts.iter().max().copied().unwrap_or(0);
                counts.iter().position(|count| *count == most).unwrap_or(0)
            })
        });
        test.refuses("panicked when called as search(", |_| {
            check::semantic_search(&encoder, |_, _, _| panic!("no idea"))
        });
    });
}

//! The exercises of notebook 15.

use course::check;
use course::exercise::Question;

use crate::harness::tested;

/// Each takeaway and the number that shows it, written down here once more by hand.
const RESULTS: [(&str, &str); 10] = [
    ("models are functions", "01: price"),
    ("parameters are learned numbers", "02:"),
    ("transformers use attention", "04:"),
    ("training adjusts parameters", "06:"),
    ("bigger can be better", "07: 45 parameters"),
    ("embeddings are vectors", "08:"),
    ("evaluation needs several metrics", "09:"),
    ("interpretability has limits", "11:"),
    ("architecture matters", "10:"),
    ("size, compute and data must balance", "07: about 20"),
];

/// The allowed words, read from the card as it is printed.
fn allowed(card: &Question) -> Vec<String> {
    let text = format!("{card:?}");
    let from = text.find("allowed: [").expect("allowed") + "allowed: [".len();
    let text = &text[from..];
    let words = text[..text.find("], wanted").expect("an end")].split("\", \"");
    words
        .map(|word| word.trim_matches('"').to_owned())
        .collect()
}

#[test]
fn takeaway_results() {
    let result = |card: &Question, takeaway: &str| {
        let (_, start) = RESULTS
            .iter()
            .find(|pair| pair.0 == takeaway)
            .expect("known");
        let words = allowed(card);
        words
            .into_iter()
            .find(|word| word.starts_with(start))
            .expect("a result")
    };
    let answer = |card: &Question, swap: [&str; 2]| {
        let [one, other] = swap;
        let other_of = |takeaway| {
            if takeaway == one {
                other
            } else if takeaway == other {
                one
            } else {
                takeaway
            }
        };
        let items = card.shown_items();
        let results: Vec<String> = items
            .iter()
            .map(|item| result(card, other_of(item)))
            .collect();
        let pairs: Vec<_> = items
            .into_iter()
            .zip(results.iter().map(String::as_str))
            .collect();
        check::takeaway_results(&pairs)
    };
    tested("takeaway_results", |test| {
        test.unattempted(|| check::takeaway_results(&[]));
        test.accepts(|card| answer(card, ["", ""]));
        test.refuses("Chinchilla trades them", |card| {
            answer(
                card,
                [
                    "bigger can be better",
                    "size, compute and data must balance",
                ],
            )
        });
        test.refuses("a mechanism", |card| {
            answer(
                card,
                ["transformers use attention", "interpretability has limits"],
            )
        });
        test.refuses("is not \"", |card| {
            answer(card, ["models are functions", "architecture matters"])
        });
        test.refuses("is missing: you answered 1 of 10", |card| {
            let item = card.shown_items()[0];
            check::takeaway_results(&[(item, &result(card, item))])
        });
    });
}

const TOPICS: [(&str, &str); 6] = [
    (
        "make a model write in the style of our reports",
        "fine-tuning",
    ),
    ("answer from documents that change every day", "retrieval"),
    ("run a model on a laptop with little memory", "quantization"),
    (
        "train a model that no single GPU can hold",
        "distributed training",
    ),
    ("let a model use a calculator and a calendar", "agents"),
    ("get more from 500 labelled photos", "data augmentation"),
];

#[test]
fn where_next() {
    let with = |at: usize, topic: &'static str| {
        let mut pairs = TOPICS;
        pairs[at].1 = topic;
        check::where_next(&pairs)
    };
    tested("where_next", |test| {
        test.unattempted(|| check::where_next(&[]));
        test.accepts(|_| check::where_next(&TOPICS));
        test.refuses("out of date tomorrow", |_| with(1, "fine-tuning"));
        test.refuses("no answer there", |_| with(2, "distributed training"));
        test.refuses("tools", |_| with(4, "retrieval"));
        test.refuses("Did you mean \"quantization\"?", |_| {
            with(2, "quantisation")
        });
        test.refuses("is missing", |_| check::where_next(&TOPICS[1..]));
    });
}

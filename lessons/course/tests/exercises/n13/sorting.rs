//! What every question that sorts items must take and refuse.

use std::collections::HashMap;

use course::exercise::Question;
use course::verdict::{Outcome, Verdict};
use course::{catalogue, learner};

use crate::harness::{as_learner, tested};

type Pairs<'a> = [(&'a str, &'a str)];

/// Items and groups of all learners of the tests, read from the solutions.
fn key(id: &str) -> HashMap<String, String> {
    let exercise = catalogue::find(id).expect("an exercise");
    let mut key = HashMap::new();
    for seed in 1..=4 {
        let solution = (exercise.solution)(&mut learner::question_draw(seed, id));
        for line in solution.lines().filter(|line| line.starts_with("    (")) {
            let words: Vec<&str> = line.split('"').collect();
            key.insert(words[1].to_owned(), words[3].to_owned());
        }
    }
    key
}

/// What every sorting question must take and refuse; `swap` answers one group's items with another
/// word, which must get `feedback`.
pub(super) fn sorting(id: &str, check: fn(&Pairs) -> Verdict, swaps: &[(&str, &str, &str)]) {
    let key = key(id);
    let group = |item: &str| key[item].as_str();
    let answer = |card: &Question, change: &dyn Fn(&str) -> String| {
        let items = card.shown_items().into_iter();
        let pairs: Vec<_> = items.map(|item| (item.to_owned(), change(item))).collect();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(i, g)| (i.as_str(), g.as_str()))
            .collect();
        check(&pairs)
    };
    tested(id, |test| {
        test.unattempted(|| check(&[]));
        test.accepts(|card| answer(card, &|item| group(item).to_owned()));
        test.refuses("is missing: you answered 1 of", |card| {
            let item = card.shown_items()[0];
            check(&[(item, group(item))])
        });
        test.refuses("Did you mean", |card| {
            answer(card, &|item| format!("{}x", group(item)))
        });
        test.refuses("is not \"", |card| {
            // Two items of different groups change places; some such pairs have a sentence of their own.
            let items = card.shown_items();
            let pairs = items.iter().flat_map(|one| items.iter().map(move |other| (*one, *other)));
            let swapped = pairs.filter(|(one, other)| group(one) != group(other));
            let mut verdicts = swapped.map(|(one, other)| {
                answer(card, &|item| {
                    let from = if item == one { other } else if item == other { one } else { item };
                    group(from).to_owned()
                })
            });
            let plain = |verdict: &Verdict| {
                matches!(verdict.outcome(), Outcome::NotYet(why) if why.contains("is not \""))
            };
            verdicts.find(plain).expect("a pair without a sentence of its own")
        });
        for &(from, to, feedback) in swaps {
            test.refuses(feedback, |card| {
                answer(card, &|item| {
                    let right = group(item);
                    if right == from || item == from {
                        to.to_owned()
                    } else {
                        right.to_owned()
                    }
                })
            });
        }
    });
}

/// What `oracle` says of each item, from the item alone, must be correct.
pub(super) fn agrees(id: &str, check: fn(&Pairs) -> Verdict, oracle: fn(&[f64]) -> &'static str) {
    let exercise = catalogue::find(id).expect("an exercise");
    for seed in 1..=8 {
        let card = (exercise.question)(&mut learner::question_draw(seed, id));
        let numbers = |item: &str| {
            let words = item.split([' ', ',', ';']);
            words
                .filter_map(|word| word.parse().ok())
                .collect::<Vec<f64>>()
        };
        let items = card.shown_items().into_iter();
        let pairs: Vec<_> = items.map(|item| (item, oracle(&numbers(item)))).collect();
        let verdict = as_learner(seed, || check(&pairs));
        assert!(verdict.is_correct(), "learner {seed}: {verdict:#?}");
    }
}

//! Labels for the control of a probe, and the selectivity that they give.

use std::collections::BTreeMap;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "probe_selectivity",
    notebook: "11_interpretability",
    title: "Control labels and selectivity",
    codes: &[],
    question,
    starter: "\
fn control(words: &[i64], coins: &[i64]) -> Vec<i64> {
    todo!(\"one label for each position of the text\")
}
fn selectivity(property_accuracy: f64, control_accuracy: f64) -> f64 {
    todo!(\"what the probe cannot have learned by heart\")
}
check::probe_selectivity(control, selectivity)",
    hints: &[
        "The same word must get the same label wherever it stands, and the label must mean nothing.",
        "coins[word] is the coin of a word: a random 0 or 1 for each word, tossed before. Selectivity is a \
         difference of two held-out accuracies.",
        "words.iter().map(|&word| coins[word as usize]).collect(), and property_accuracy - \
         control_accuracy.",
    ],
    solution,
};

/// Checks control labels (word numbers and a coin per word give a label per position) and selectivity.
pub fn probe_selectivity(
    control: impl Fn(&[i64], &[i64]) -> Vec<i64>,
    selectivity: impl Fn(f64, f64) -> f64,
) -> Verdict {
    judge(&control, &selectivity)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A text is a row of word numbers. For the control of a probe, each word gets one random label, \
         the same wherever the word stands: coins[word] is the 0 or 1 that was tossed for it. Make the \
         control labels of a text. Then say how selective a probe is, from its accuracy on the property \
         and on the control labels, both held out.",
    )
    .wanted(
        "fn control(words: &[i64], coins: &[i64]) -> Vec<i64> and \
         fn selectivity(property_accuracy: f64, control_accuracy: f64) -> f64",
    )
    .tolerance("labels exact; selectivity one part in a million")
}

/// Words and their coins give labels.
type Control<'a> = dyn Fn(&[i64], &[i64]) -> Vec<i64> + 'a;

fn judge(control: &Control, selectivity: &dyn Fn(f64, f64) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..5 {
            let draw = &mut attempt.held_out;
            // Both sides of the coin, however they fall.
            let coins = draw.shuffle(&[0, 0, 0, 0, 1, 1, 1, 1]);
            let mut words: Vec<i64> = (0..8).chain((0..16).map(|_| draw.integer(0..=7))).collect();
            words = draw.shuffle(&words);
            let call = format!("control(&{words:?}, &{coins:?})");
            let got = attempt.call(&call, || control(&words, &coins))?;
            if got.len() != words.len() {
                return not_yet(format!(
                    "{call} gives {} labels, and should give {}: one for each position, not for each word.",
                    got.len(),
                    words.len()
                ));
            }
            let mut of_word = BTreeMap::new();
            for (word, label) in words.iter().zip(&got) {
                if of_word
                    .insert(word, label)
                    .is_some_and(|before| before != label)
                {
                    return not_yet(format!(
                        "{call}: word {word} has two different labels. Then no probe can learn them, and \
                         the control accuracy is low for a reason that says nothing."
                    ));
                }
            }
            if got.windows(2).all(|pair| pair[0] == pair[1]) {
                return not_yet(format!(
                    "{call}: all labels are {}. A probe learns that at once.",
                    got[0]
                ));
            }
            let expected: Vec<i64> = words.iter().map(|&word| coins[word as usize]).collect();
            if got != expected {
                return not_yet(format!(
                    "{call} gives {got:?}: each word has one label, but it is not its coin, coins[word]."
                ));
            }
            let (property, by_heart) = (
                attempt.held_out.rounded(0.85, 0.98, 3),
                attempt.held_out.rounded(0.5, 0.8, 3),
            );
            let call = format!("selectivity({property}, {by_heart})");
            let got = attempt.call(&call, || selectivity(property, by_heart))?;
            if close(got, by_heart - property, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: the sign is wrong. Much is good."
                ));
            } else if close(got, property, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: that is the accuracy alone, and the control says how much of it \
                     any labels would reach."
                ));
            } else if close(got, property / by_heart, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: selectivity is a difference, not a ratio."
                ));
            } else if !close(got, property - by_heart, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}, and should be {:.3}.",
                    property - by_heart
                ));
            }
        }
        Ok("A probe that reaches 95 % on the property and 95 % on the control has shown only that it has a \
            good memory."
            .to_owned())
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn control(words: &[i64], coins: &[i64]) -> Vec<i64> {
    words.iter().map(|&word| coins[word as usize]).collect()
}
fn selectivity(property_accuracy: f64, control_accuracy: f64) -> f64 {
    property_accuracy - control_accuracy
}
check::probe_selectivity(control, selectivity)"
        .to_owned()
}

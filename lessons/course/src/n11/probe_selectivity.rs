//! Judge a probe by what it can do beyond learning words by heart.

use lessons::prelude::{Kind, Tensor, manual_seed};

use crate::attempt::{Attempt, Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "probe_selectivity",
    notebook: "11_interpretability",
    title: "Measure a probe's selectivity",
    codes: &[],
    question,
    starter: "\
fn selectivity(hidden: &Tensor, labels: &Tensor, words: &Tensor) -> f64 {
    todo!(\"held-out accuracy on the labels, less that on control labels\")
}
check::probe_selectivity(selectivity)",
    hints: &[
        "Two probes on the same hidden states: one for the labels, one for labels that mean nothing. \
         Which of a probe's two accuracies tells what it learned beyond its examples?",
        "A control label belongs to a word, so that a probe can learn it by heart: \
         control_labels(labels, words) tosses one coin for each word. Judge both probes by .accuracy, \
         which is the held-out one.",
        "let control = control_labels(labels, words); then \
         probe(hidden, labels).accuracy - probe(hidden, &control).accuracy.",
    ],
    solution,
};

/// Checks a measure of selectivity.
pub fn probe_selectivity(selectivity: impl Fn(&Tensor, &Tensor, &Tensor) -> f64) -> Verdict {
    judge(&selectivity)
}

type Answer<'a> = &'a dyn Fn(&Tensor, &Tensor, &Tensor) -> f64;

const EXAMPLES: i64 = 240;
const WORDS: i64 = 80;
/// Control labels are random, and a third of the examples judge: the measure itself scatters so much
/// around 0 and around a half. In 250 tries of a right answer, a half came out as 0.78 at most.
const SCATTER: f64 = 0.2;
const ABOUT_HALF: std::ops::RangeInclusive<f64> = 0.25..=0.85;

// Not generic, so that a cell has nothing of it to compile.
fn judge(selectivity: Answer) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        readable(attempt, selectivity)?;
        by_heart(attempt, selectivity)?;
        too_few_examples(attempt, selectivity)?;
        Ok(
            "Your measure is near 0 where the words can be learned by heart, and large where there is \
            something to read. A score of 95 % alone cannot tell these two apart."
                .to_owned(),
        )
    })
}

/// Hidden states that hold the label and nothing of the word: the probe is right, the control is a guess.
fn readable(attempt: &mut Attempt, selectivity: Answer) -> Result<(), Unsolved> {
    let words = words(&mut attempt.held_out, EXAMPLES);
    let labels = coins(&mut attempt.held_out, EXAMPLES);
    let hidden = attempt.held_out.tensor(&[EXAMPLES, 6]);
    plant(&hidden, &labels);
    let got = called(attempt, selectivity, &hidden, &labels, &words)?;
    let about = "In hidden states that hold the label but nothing of the word, a probe is right in all cases and its control in about half";
    if ABOUT_HALF.contains(&got) {
        Ok(())
    } else if ABOUT_HALF.contains(&-got) {
        not_yet(format!(
            "{about}. Your measure is {got:.2}, the wrong way round: the control is subtracted from the property."
        ))
    } else if got > 0.9 {
        not_yet(format!(
            "{about}. Your measure is {got:.2}: that is the probe's accuracy, with nothing subtracted."
        ))
    } else {
        not_yet(format!(
            "{about}, so selectivity is about 0.5. Your measure is {got:.2}."
        ))
    }
}

/// Hidden states that are the word and nothing else: property and control are learned by heart alike.
fn by_heart(attempt: &mut Attempt, selectivity: Answer) -> Result<(), Unsolved> {
    let words = words(&mut attempt.held_out, EXAMPLES);
    let of_word = coins(&mut attempt.held_out, WORDS);
    let labels = of_word.index_select(0, &words);
    let noise = attempt.held_out.tensor(&[EXAMPLES, WORDS]) * 0.01;
    let hidden = words.one_hot(WORDS).to_kind(Kind::Float) + noise;
    let got = called(attempt, selectivity, &hidden, &labels, &words)?;
    if got.abs() <= SCATTER {
        return Ok(());
    }
    not_yet(format!(
        "In hidden states that hold the word and nothing else, a probe learns any label of a word by heart, \
         so selectivity is about 0. Your measure is {got:.2}: a control label must belong to a word and be \
         the same wherever the word stands. A new coin for each example, or the most frequent label, is no \
         such control."
    ))
}

/// More numbers than examples: anything can be learned by heart, and held-out examples tell.
fn too_few_examples(attempt: &mut Attempt, selectivity: Answer) -> Result<(), Unsolved> {
    let (examples, size) = (120, 150);
    let words = Tensor::arange(examples, (Kind::Int64, tch::Device::Cpu));
    let labels = coins(&mut attempt.held_out, examples);
    let hidden = attempt.held_out.tensor(&[examples, size]);
    for column in 0..size / 3 {
        plant(&hidden.narrow(1, column, size - column), &labels);
    }
    let got = called(attempt, selectivity, &hidden, &labels, &words)?;
    if ABOUT_HALF.contains(&got) {
        return Ok(());
    }
    not_yet(format!(
        "With {size} numbers for each of {examples} examples, a probe fits every label of the examples that it \
         learned from, even nonsense. Your measure is {got:.2} and should be about 0.5: compare accuracies on \
         held-out examples."
    ))
}

fn called(
    attempt: &Attempt,
    selectivity: Answer,
    hidden: &Tensor,
    labels: &Tensor,
    words: &Tensor,
) -> Result<f64, Unsolved> {
    let (shape, count) = (hidden.size(), labels.numel());
    let call = format!("selectivity(hidden {shape:?}, labels [{count}], words [{count}])");
    // What the probe and the control draw is fixed, so that a right answer is right each time.
    manual_seed(0);
    let got = attempt.call(&call, || selectivity(hidden, labels, words))?;
    if got.is_finite() {
        return Ok(got);
    }
    not_yet(format!(
        "{call} is {got}, and no difference of two shares is."
    ))
}

/// Each word as often as every other.
fn words(draw: &mut Draw, examples: i64) -> Tensor {
    let all: Vec<i64> = (0..examples).map(|at| at % WORDS).collect();
    Tensor::from_slice(&draw.shuffle(&all))
}

/// As many ones as zeros.
fn coins(draw: &mut Draw, count: i64) -> Tensor {
    let all: Vec<i64> = (0..count).map(|at| at % 2).collect();
    Tensor::from_slice(&draw.shuffle(&all))
}

/// Adds the label to the first column, clearly.
fn plant(hidden: &Tensor, labels: &Tensor) {
    let mut column = hidden.select(1, 0);
    column += labels.to_kind(Kind::Float) * 6.0;
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write the selectivity of a linear probe: its accuracy on held-out examples for the labels, less the \
         same for control labels, which mean nothing.\n\n\
         hidden is [examples, size], labels and words are [examples] of whole numbers: words says which word an \
         example is. probe(hidden, labels) gives a Probe, and its fields train_accuracy and accuracy are \
         shares from 0 to 1. Your function is tried on hidden states that hold the label, on some that hold \
         only the word, and on some with more numbers than examples.",
    )
    .wanted("fn selectivity(hidden: &Tensor, labels: &Tensor, words: &Tensor) -> f64, a difference of shares")
    .tolerance("wide, because control labels are random: -0.2 to 0.2 for about 0, 0.25 to 0.85 for about a half")
}

fn solution(_: &mut Draw) -> String {
    "\
fn selectivity(hidden: &Tensor, labels: &Tensor, words: &Tensor) -> f64 {
    let control = control_labels(labels, words);
    probe(hidden, labels).accuracy - probe(hidden, &control).accuracy
}
check::probe_selectivity(selectivity)"
        .to_owned()
}

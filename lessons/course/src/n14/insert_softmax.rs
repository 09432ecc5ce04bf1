//! Put the missing softmax between a network's logits and the choice of a token.

use tch::{Kind, Tensor};

use crate::attempt::{Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::all_close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "insert_softmax",
    notebook: "14_putting_it_together",
    title: "Insert the missing softmax",
    codes: &[],
    question,
    starter: "\
fn next_chances(logits: &Tensor, temperature: f64) -> Tensor {
    todo!(\"the chance of each token to be the next\")
}
check::insert_softmax(next_chances)",
    hints: &[
        "The network gives a row of logits for every position. Which row speaks about the next token?",
        "Take the last row, divide it by the temperature, and make chances of it: positive, with sum 1.",
        "let last = logits.get(logits.size()[0] - 1); then (last / temperature).softmax(-1, None).",
    ],
    solution,
};

/// Checks a function from logits to the chances of the next token.
pub fn insert_softmax(next_chances: impl Fn(&Tensor, f64) -> Tensor) -> Verdict {
    judge(&next_chances)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A language model gave logits [positions, vocabulary]: for each position, one number per token. Write \
         what stands between them and the choice: the chance of each token to come next, after the last \
         position.\n\n\
         The temperature divides the logits before the softmax: at 1 nothing changes, below 1 likely tokens \
         become likelier.",
    )
    .wanted("fn next_chances(logits: &Tensor, temperature: f64) -> Tensor, [vocabulary], with sum 1")
    .tolerance("0.0001")
}

fn judge(next_chances: &dyn Fn(&Tensor, f64) -> Tensor) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        // 1 first: who forgets the temperature hears of everything else before.
        for round in 0..4 {
            let draw = &mut attempt.held_out;
            let (positions, vocabulary) = (draw.integer(3..=6), draw.integer(7..=12));
            let logits = draw.tensor(&[positions, vocabulary]) * 2.0;
            let temperature = if round == 0 {
                1.0
            } else {
                draw.rounded(0.3, 0.8, 1)
            };
            let call = format!("next_chances(logits [{positions}, {vocabulary}], {temperature:?})");
            let got = attempt.call(&call, || next_chances(&logits, temperature))?;
            if got.size() != [vocabulary] {
                return wrong_shape(&call, &got, vocabulary);
            }
            let last = logits.get(positions - 1);
            let expected = (&last / temperature).softmax(-1, None);
            if !all_close(&got, &expected, 1e-4) {
                return wrong_chances(&call, &got, &logits, temperature);
            }
        }
        Ok("Chances of the last position, sharpened by the temperature. From these a token can be drawn.".to_owned())
    })
}

fn wrong_shape(call: &str, got: &Tensor, vocabulary: i64) -> Result<String, Unsolved> {
    let why = if got.dim() == 2 {
        " Only the last position speaks about the next token."
    } else if got.numel() == 1 {
        " Wanted are all chances, not the chosen token."
    } else {
        ""
    };
    not_yet(format!(
        "{call} gave {:?}; it must be [{vocabulary}], one chance per token.{why}",
        got.size()
    ))
}

fn wrong_chances(
    call: &str,
    got: &Tensor,
    logits: &Tensor,
    temperature: f64,
) -> Result<String, Unsolved> {
    let got = got.to_kind(Kind::Float);
    let last = logits.get(logits.size()[0] - 1) / temperature;
    let sum = got.sum(Kind::Double).double_value(&[]);
    let is = |other: &Tensor| all_close(&got, other, 1e-4);
    let first = (logits.get(0) / temperature).softmax(-1, None);
    let why = if is(&last) || is(&logits.get(logits.size()[0] - 1)) {
        "these are still logits: some are negative, and they do not sum to 1. The softmax is missing."
    } else if is(&last.log_softmax(-1, None)) {
        "these are logarithms of chances: softmax, not log_softmax."
    } else if is(&last.sigmoid()) {
        "a sigmoid looks at each token by itself. The softmax makes them compete for a sum of 1."
    } else if is(&(&last / last.sum(Kind::Float))) {
        "dividing by the sum leaves negative numbers. The softmax takes exponentials first."
    } else if is(&first) {
        "these are the chances after the first position. The next token comes after the last one."
    } else if is(&(&last * temperature).softmax(-1, None)) {
        "the temperature has no effect: divide the logits by it."
    } else if is(&(&last * temperature * temperature).softmax(-1, None)) {
        "you multiplied by the temperature: divide by it, so that a low one sharpens."
    } else if is(&((&last * temperature).softmax(-1, None) / temperature)) {
        "the temperature divides the logits, not the chances: their sum must stay 1."
    } else if (sum - 1.0).abs() > 1e-3 {
        "chances sum to 1."
    } else {
        "the sum is right and the chances are not: softmax(last row / temperature)."
    };
    not_yet(format!("{call} sums to {sum:.3}: {why}"))
}

fn solution(_: &mut Draw) -> String {
    "\
fn next_chances(logits: &Tensor, temperature: f64) -> Tensor {
    let last = logits.get(logits.size()[0] - 1);
    (last / temperature).softmax(-1, None)
}
check::insert_softmax(next_chances)"
        .to_owned()
}

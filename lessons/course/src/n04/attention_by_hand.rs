//! Write causal attention: softmax(Q K^T / sqrt(d)) V, and nobody sees the future.

use lessons::prelude::scaled_dot_product_attention;
use tch::{Kind, Tensor};

use crate::attempt::{Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::all_close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "attention_by_hand",
    notebook: "04_transformer_architecture",
    title: "Write causal attention",
    codes: &[],
    question,
    starter: "\
fn causal_attention(q: &Tensor, k: &Tensor, v: &Tensor) -> (Tensor, Tensor) {
    todo!(\"the output and the weights\")
}
check::attention_by_hand(causal_attention)",
    hints: &[
        "Four lines: scores, mask, softmax, mix. Which of them must come before which?",
        "A score of minus infinity becomes a weight of 0. So mask the scores, then take the softmax of \
         each row, and divide the scores by the square root of d before.",
        "let scores = q.matmul(&k.tr()) / (d as f64).sqrt(); the future is \
         Tensor::ones([n, n], (Kind::Bool, Device::Cpu)).triu(1); \
         scores.masked_fill(&future, f64::NEG_INFINITY).softmax(-1, None); then .matmul(v).",
    ],
    solution,
};

/// Checks an attention that returns its output and its weights.
pub fn attention_by_hand(
    attention: impl Fn(&Tensor, &Tensor, &Tensor) -> (Tensor, Tensor),
) -> Verdict {
    judge(&attention)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write causal attention for one text. q and k are [n, d], v is [n, e]: n tokens, d numbers per \
         query and key, e per value. Return the output [n, e] and the weights [n, n].\n\n\
         Token i sees the tokens 0 to i: every later weight is 0, and each row still sums to 1. \
         The checker calls your function with other sizes and numbers each time.",
    )
    .wanted("fn causal_attention(q, k, v: &Tensor) -> (Tensor, Tensor), the output and the weights")
    .tolerance("0.0001")
}

type Attention<'a> = &'a dyn Fn(&Tensor, &Tensor, &Tensor) -> (Tensor, Tensor);

fn judge(attention: Attention) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..3 {
            let draw = &mut attempt.held_out;
            let (n, d, e) = (
                draw.integer(4..=7),
                draw.integer(5..=9),
                draw.integer(2..=4),
            );
            // Spread out, so that dividing by sqrt(d) makes a difference.
            let (q, k, v) = (
                draw.tensor(&[n, d]) * 1.5,
                draw.tensor(&[n, d]),
                draw.tensor(&[n, e]),
            );
            let call = format!("causal_attention(q [{n}, {d}], k [{n}, {d}], v [{n}, {e}])");
            let (output, weights) = attempt.call(&call, || attention(&q, &k, &v))?;
            if weights.size() != [n, n] || output.size() != [n, e] {
                return not_yet(format!(
                    "{call} gave an output {:?} and weights {:?}; they must be [{n}, {e}] and [{n}, {n}].",
                    output.size(),
                    weights.size()
                ));
            }
            let (expected_output, expected) = scaled_dot_product_attention(&q, &k, &v, true);
            if !all_close(&weights, &expected, 1e-4) {
                return wrong_weights(&q, &k, &weights);
            }
            if !all_close(&output, &expected_output, 1e-4) {
                return not_yet(
                    "The weights are right, the output is not: it is the weights times v, a weighted mean of \
                     the values.",
                );
            }
        }
        Ok("Each row sums to 1 and the future has weight 0. A model that writes text uses exactly this.".to_owned())
    })
}

fn wrong_weights(q: &Tensor, k: &Tensor, weights: &Tensor) -> Result<String, Unsolved> {
    let weights = weights.to_kind(Kind::Float);
    if weights.isfinite().all().int64_value(&[]) == 0 {
        return not_yet(
            "There is NaN or inf among the weights: was every score of a row masked, or the mask put in after \
             the softmax?",
        );
    }
    let sums = weights.sum_dim_intlist(-1, false, Kind::Float);
    let future = weights.triu(1).abs().max().double_value(&[]);
    if (&sums - 1.0).abs().max().double_value(&[]) > 1e-3 {
        let columns = weights.sum_dim_intlist(0, false, Kind::Float);
        let why = if (columns - 1.0).abs().max().double_value(&[]) < 1e-3 {
            "Your columns sum to 1, not your rows: take the softmax over the last dimension, softmax(-1, None)."
        } else if future < 1e-6 {
            "The mask came after the softmax: what it removes is missing from the sum. Mask the scores, \
             then take the softmax."
        } else {
            "The softmax of each row is missing or along another dimension."
        };
        return not_yet(format!(
            "Row 0 of the weights sums to {:.3}, not to 1. {why}",
            sums.double_value(&[0])
        ));
    }
    if future > 1e-6 {
        let past = weights.tril(-1).abs().max().double_value(&[]);
        let why = if past < 1e-6 {
            "You masked the past instead: the future of row i is what stands right of the diagonal, triu(1)."
        } else {
            "Set those scores to minus infinity before the softmax. A score of 0 is not a weight of 0."
        };
        return not_yet(format!(
            "A token looks at a later one, with weight {future:.3}. {why}"
        ));
    }
    let (_, unscaled) =
        scaled_dot_product_attention(&(q * (q.size()[1] as f64).sqrt()), k, k, true);
    if all_close(&weights, &unscaled, 1e-4) {
        return not_yet(
            "The scores are not divided by the square root of d: the weights are too sharp, and sharper the \
             larger d is.",
        );
    }
    not_yet(
        "The rows sum to 1 and the future is dark, but the weights are not softmax(Q K^T / sqrt(d)): compare \
         the scores, and how they are scaled.",
    )
}

fn solution(_: &mut Draw) -> String {
    "\
fn causal_attention(q: &Tensor, k: &Tensor, v: &Tensor) -> (Tensor, Tensor) {
    let (n, d) = (q.size()[0], q.size()[1]);
    let scores = q.matmul(&k.tr()) / (d as f64).sqrt();
    let future = Tensor::ones([n, n], (Kind::Bool, Device::Cpu)).triu(1);
    let weights = scores.masked_fill(&future, f64::NEG_INFINITY).softmax(-1, None);
    (weights.matmul(v), weights)
}
check::attention_by_hand(causal_attention)"
        .to_owned()
}

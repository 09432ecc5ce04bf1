//! A loss in nats, in bits, and as a perplexity.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "nats_to_bits",
    notebook: "09_model_evaluation",
    title: "Nats, bits and perplexity",
    codes: &[],
    question,
    starter: "\
let bits_per_token = None;
let perplexity_of_it = None;
check::nats_to_bits(bits_per_token, perplexity_of_it)",
    hints: &[
        "A fair coin costs one bit. How many nats is that?",
        "1 bit = ln 2 = 0.6931 nats, so there are more bits than nats. Perplexity takes the base of the \
         logarithm that the loss was made with.",
        "loss / 2f64.ln(), and loss.exp().",
    ],
    solution,
};

/// Checks bits per token and perplexity.
pub fn nats_to_bits(bits_per_token: impl Real, perplexity_of_it: impl Real) -> Verdict {
    judge(bits_per_token.real(), perplexity_of_it.real())
}

fn loss(draw: &mut Draw) -> f64 {
    draw.rounded(1.9, 4.1, 3)
}

fn question(draw: &mut Draw) -> Question {
    Question::new(
        "A language model's mean cross-entropy on held-out text is given in nats, as cross_entropy_loss \
         computes it. What is it in bits, and what is the perplexity?",
    )
    .given("loss in nats per token", loss(draw))
    .wanted("two numbers: bits per token, perplexity")
    .tolerance("one part in a thousand")
}

fn judge(in_bits: Option<f64>, perplexity: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let loss = loss(&mut attempt.question);
        let in_bits = attempt.number(in_bits)?;
        let perplexity = attempt.number(perplexity)?;
        let is = |got: f64, expected: f64| close(got, expected, 1e-3);
        let right = loss / std::f64::consts::LN_2;
        if is(in_bits, loss * std::f64::consts::LN_2) {
            return not_yet(
                "You multiplied by ln 2, which turns bits into nats. A bit is less than a nat (0.693), so \
                 there must be more of them.",
            );
        }
        if is(in_bits, loss) {
            return not_yet(
                "That is the loss in nats still: cross_entropy_loss uses the natural logarithm.",
            );
        }
        if !is(in_bits, right) {
            return not_yet(format!(
                "{in_bits} bits is not right: {loss} nats divided by the {:.4} nats of one bit.",
                std::f64::consts::LN_2
            ));
        }
        if is(perplexity, loss.exp2()) {
            return not_yet(format!(
                "2^loss is right for a loss in bits. This loss is in nats: take e^loss, or 2^{right:.3}."
            ));
        }
        if is(perplexity, right.exp()) {
            return not_yet(
                "You took e to the power of the bits. e goes with nats, 2 goes with bits.",
            );
        }
        if !is(perplexity, loss.exp()) {
            return not_yet(format!(
                "The perplexity {perplexity} is not right: it is e^loss for a loss in nats."
            ));
        }
        Ok(format!(
            "e^{loss} = 2^{right:.3} = {perplexity:.1}: the perplexity is the same in every unit, if base \
             and unit go together."
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    format!(
        "\
let loss = {:?}f64; // nats
let bits_per_token = loss / 2f64.ln();
let perplexity_of_it = loss.exp();
check::nats_to_bits(bits_per_token, perplexity_of_it)",
        loss(draw)
    )
}

//! The size of model for a compute budget.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "best_size",
    notebook: "07_capacity_and_scaling",
    title: "The best size for a budget",
    codes: &[],
    question,
    starter: "\
let best_parameters = None;
check::best_size(best_parameters)",
    hints: &[
        "Two equations, two unknowns: what a run costs, and how many tokens a parameter wants.",
        "C = 6 N D and D = r N give C = 6 r N^2.",
        "N = (compute / (6.0 * tokens_per_parameter)).sqrt()",
    ],
    solution,
};

/// Checks a number of parameters.
pub fn best_size(best_parameters: impl Real) -> Verdict {
    judge(best_parameters.real())
}

/// Compute in FLOP, tokens per parameter.
fn numbers(draw: &mut Draw) -> (f64, f64) {
    let exponent = draw.integer(18..=25) as i32;
    let compute: f64 = format!("{}e{exponent}", draw.rounded(1.1, 8.9, 1))
        .parse()
        .unwrap_or(1e21);
    (compute, draw.integer(17..=24) as f64)
}

fn question(draw: &mut Draw) -> Question {
    let (compute, ratio) = numbers(draw);
    Question::new(
        "You may spend so many floating-point operations on one training run. Training costs about C = \
         6 N D for N parameters and D tokens. How many parameters should the model have?",
    )
    .given("compute in FLOP", format!("{compute:e}"))
    .given("tokens per parameter", ratio)
    .wanted("one number: parameters")
    .tolerance("1 %")
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let (compute, ratio) = numbers(&mut attempt.question);
        let got = attempt.number(answer)?;
        let expected = (compute / (6.0 * ratio)).sqrt();
        let is = |other: f64| close(got, other, 1e-2);
        if is(expected) {
            return Ok(format!(
                "{expected:.2e} parameters on {:.2e} tokens. A hundred times the compute buys only ten \
                 times the parameters, because the data must grow too.",
                ratio * expected
            ));
        }
        if is(compute / (6.0 * ratio)) {
            return not_yet("The square root is missing: C = 6 N D, and D grows with N.");
        } else if is(ratio * expected) {
            return not_yet(format!(
                "{got:.2e} is the number of tokens. How many parameters?"
            ));
        } else if is((compute / 6.0).sqrt()) {
            return not_yet(
                "That gives as many tokens as parameters. Each parameter wants several tokens: D = r N.",
            );
        } else if is((compute / ratio).sqrt()) {
            return not_yet(
                "The 6 is missing: a parameter costs about 2 operations per token in the forward pass and 4 \
                 in the backward pass.",
            );
        }
        let cost = 6.0 * got * got * ratio;
        not_yet(format!(
            "{got:.2e} parameters on {:.2e} tokens would cost {cost:.2e} operations, and you have {compute:.2e}.",
            ratio * got
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    let (compute, ratio) = numbers(draw);
    format!(
        "\
let (compute, tokens_per_parameter) = ({compute:e}f64, {ratio:?});
let best_parameters = (compute / (6.0 * tokens_per_parameter)).sqrt();
check::best_size(best_parameters)"
    )
}

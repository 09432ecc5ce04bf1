//! The loss as a function of parameters and tokens.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "loss_of_size_and_data",
    notebook: "07_capacity_and_scaling",
    title: "Loss from size and data",
    codes: &[],
    question,
    starter: "\
fn loss(parameters: f64, tokens: f64) -> f64 {
    todo!(\"E + A / parameters^alpha + B / tokens^beta\")
}
check::loss_of_size_and_data(loss)",
    hints: &[
        "Three terms: what no model can avoid, what a small model misses, what too little data misses.",
        "Each of the two last terms falls by its own power: x^alpha is x.powf(alpha).",
        "e + a / parameters.powf(alpha) + b / tokens.powf(beta), with your five numbers.",
    ],
    solution,
};

/// Checks a function of parameters and tokens.
pub fn loss_of_size_and_data(loss: impl Fn(f64, f64) -> f64) -> Verdict {
    judge(&loss)
}

struct Numbers {
    floor: f64,
    a: f64,
    alpha: f64,
    b: f64,
    beta: f64,
}

fn numbers(draw: &mut Draw) -> Numbers {
    Numbers {
        floor: draw.rounded(1.5, 1.9, 2),
        a: draw.rounded(300.0, 500.0, 1),
        alpha: draw.rounded(0.31, 0.36, 2),
        b: draw.rounded(300.0, 500.0, 1),
        beta: draw.rounded(0.26, 0.3, 2),
    }
}

fn question(draw: &mut Draw) -> Question {
    let numbers = numbers(draw);
    Question::new(
        "Another team fitted the same law to another family of models and found other numbers: L(N, D) = \
         E + A / N^alpha + B / D^beta, in nats per token, for N parameters and D tokens. Write it as a \
         function.",
    )
    .given("E", numbers.floor)
    .given("A", numbers.a)
    .given("alpha", numbers.alpha)
    .given("B", numbers.b)
    .given("beta", numbers.beta)
    .wanted("fn loss(parameters: f64, tokens: f64) -> f64, in nats per token")
    .tolerance("one part in a million")
}

fn judge(loss: &dyn Fn(f64, f64) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let Numbers {
            floor,
            a,
            alpha,
            b,
            beta,
        } = numbers(&mut attempt.question);
        let law = |n: f64, d: f64| floor + a / n.powf(alpha) + b / d.powf(beta);
        for _ in 0..6 {
            let parameters = 1e6 * attempt.held_out.integer(10..=100_000) as f64;
            let tokens = 1e6 * attempt.held_out.integer(2_000_000..=9_000_000) as f64;
            let call = format!("loss({parameters:.2e}, {tokens:.2e})");
            let got = attempt.call(&call, || loss(parameters, tokens))?;
            let expected = law(parameters, tokens);
            let is = |other: f64| close(got, other, 1e-6);
            if is(expected) {
                continue;
            }
            if is(expected - floor) {
                return not_yet(format!(
                    "{call} is {got:.4}: E is missing, the loss that even an infinite model with infinite \
                     data has."
                ));
            } else if is(law(tokens, parameters)) {
                return not_yet(format!(
                    "{call} is {got:.4}: parameters and tokens have changed places. A and alpha belong to \
                     the parameters."
                ));
            } else if is(floor + a * parameters.powf(alpha) + b * tokens.powf(beta)) {
                return not_yet(format!(
                    "{call} is {got:.3e}: this loss grows with size. Divide by the powers."
                ));
            } else if is(lessons::scaling::chinchilla_loss(parameters, tokens)) {
                return not_yet(format!(
                    "{call} is {got:.4}: those are the numbers of Hoffmann et al. Your card has others."
                ));
            }
            return not_yet(format!("{call} is {got:.4}, and should be {expected:.4}."));
        }
        Ok(shows(law(7e9, 1e12), law(70e9, 1e11)))
    })
}

/// The duel of the notebook by this learner's law. Which model wins depends on the five numbers.
fn shows(small: f64, large: f64) -> String {
    let (said_small, said_large) = (format!("{small:.3}"), format!("{large:.3}"));
    let verdict = if said_small == said_large {
        "to three decimals it makes no difference, though one is ten times as large"
    } else if small < large {
        "ten times as large, and worse, because it has too little data"
    } else {
        "by these numbers the larger one is ahead, though it has a tenth of the data. Who wins is a \
         question for the fit"
    };
    format!(
        "7 billion parameters on 1 trillion tokens reach {said_small}, and 70 billion on 100 billion \
         tokens {said_large}. Both cost the same to train: {verdict}."
    )
}

fn solution(draw: &mut Draw) -> String {
    let numbers = numbers(draw);
    format!(
        "\
fn loss(parameters: f64, tokens: f64) -> f64 {{
    {:?} + {:?} / parameters.powf({:?}) + {:?} / tokens.powf({:?})
}}
check::loss_of_size_and_data(loss)",
        numbers.floor, numbers.a, numbers.alpha, numbers.b, numbers.beta
    )
}

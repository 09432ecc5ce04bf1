//! Predict what one step of gradient descent does to a loss.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "step_ratio",
    notebook: "06_code_examples",
    title: "Predict one step",
    codes: &[],
    question,
    starter: "check::step_ratio(None) // new loss / old loss in place of None",
    hints: &[
        "Above it was (1 - 0.02 * 15)^2. Where do 0.02 and 15 come from?",
        "0.02 is twice the learning rate; 15 is 1 + 4 + 9 for the three inputs and 1 for the bias.",
        "(1.0f64 - 2.0 * learning_rate * (x1 * x1 + x2 * x2 + x3 * x3 + 1.0)).powi(2)",
    ],
    solution,
};

/// Checks the ratio of two losses.
pub fn step_ratio(ratio: impl Real) -> Verdict {
    judge(ratio.real())
}

/// The learning rate and the inputs.
fn numbers(draw: &mut Draw) -> (f64, [f64; 3]) {
    let rate = draw.rounded(0.011, 0.019, 3);
    let mut input = || draw.rounded(1.2, 2.3, 1);
    (rate, [input(), input(), input()])
}

fn question(draw: &mut Draw) -> Question {
    let (rate, [x1, x2, x3]) = numbers(draw);
    Question::new(
        "One linear layer with a bias, one example, the squared error: as above, with other numbers. \
         What is new loss / old loss after one step of plain gradient descent? You need neither the \
         weights nor the target.",
    )
    .given("learning rate", rate)
    .given("x1", x1)
    .given("x2", x2)
    .given("x3", x3)
    .wanted("a number")
    .tolerance("0.001")
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let ratio = attempt.number(answer)?;
        let (rate, inputs) = numbers(&mut attempt.question);
        let squares: f64 = inputs.iter().map(|x| x * x).sum();
        let error = 1.0 - 2.0 * rate * (squares + 1.0);
        let same = |other: f64| close(ratio, other, 1e-3);
        if same(error * error) {
            return Ok(format!(
                "The error shrinks to {error:.3} of itself, the loss to the square of that."
            ));
        }
        not_yet(if same(error) {
            format!("{ratio} is what is left of the error. The loss is its square.")
        } else if same((1.0 - 2.0 * rate * squares).powi(2)) {
            format!("{ratio} leaves the bias out: it is moved too, and counts like an input of 1.")
        } else if same((1.0 - rate * (squares + 1.0)).powi(2)) {
            format!("{ratio} leaves out the 2 that comes from the square's derivative.")
        } else if same((1.0 - 2.0 * rate * (inputs.iter().sum::<f64>() + 1.0)).powi(2)) {
            format!(
                "{ratio} adds the inputs. Each input acts twice, in its gradient and in the prediction: add squares."
            )
        } else if same(0.49) {
            "0.49 belongs to the numbers above. Yours are others.".to_owned()
        } else {
            format!(
                "{ratio} is not it. The error shrinks by the factor 1 - 2 * rate * (sum of squares + 1)."
            )
        })
    })
}

fn solution(draw: &mut Draw) -> String {
    let (rate, [x1, x2, x3]) = numbers(draw);
    format!(
        "\
let squares = {x1:?} * {x1:?} + {x2:?} * {x2:?} + {x3:?} * {x3:?} + 1.0;
check::step_ratio((1.0f64 - 2.0 * {rate:?} * squares).powi(2))"
    )
}

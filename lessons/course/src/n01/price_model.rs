//! Write a linear model of a house's price with weights and a bias of one's own.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "price_model",
    notebook: "01_what_are_models",
    title: "Write the price model",
    codes: &[],
    question,
    starter: "\
fn price(square_feet: f64, bedrooms: f64) -> f64 {
    todo!(\"the price in 1,000 dollars\")
}
check::price_model(price)",
    hints: &[
        "How much does one more square foot add to the price, and how much one more bedroom?",
        "A linear model multiplies each input by its weight, adds the products, and adds the bias.",
        "Write weight_1 * square_feet + weight_2 * bedrooms + bias with your three numbers.",
    ],
    solution,
};

/// Checks a model of the price.
pub fn price_model(price: impl Fn(f64, f64) -> f64) -> Verdict {
    judge(&price)
}

/// What this learner's model is made of.
struct Numbers {
    per_foot: f64,
    per_bedroom: f64,
    bias: f64,
}

fn numbers(draw: &mut Draw) -> Numbers {
    Numbers {
        per_foot: draw.rounded(0.08, 0.19, 3),
        per_bedroom: draw.rounded(9.0, 21.0, 1),
        bias: draw.rounded(-29.0, -11.0, 1),
    }
}

fn question(draw: &mut Draw) -> Question {
    let numbers = numbers(draw);
    Question::new(
        "A house's price, in 1,000 dollars, is modelled as a weighted sum of its size and its number \
         of bedrooms, plus a bias. Write the model with these parameters.",
    )
    .given("weight of square feet", numbers.per_foot)
    .given("weight of bedrooms", numbers.per_bedroom)
    .given("bias", numbers.bias)
    .wanted("fn price(square_feet: f64, bedrooms: f64) -> f64, in 1,000 dollars")
    .tolerance("one part in a million")
}

// Not generic, so that a cell has nothing of it to compile.
fn judge(price: &dyn Fn(f64, f64) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let Numbers {
            per_foot,
            per_bedroom,
            bias,
        } = numbers(&mut attempt.question);
        for _ in 0..10 {
            let square_feet = attempt.held_out.integer(600..=3900) as f64;
            let bedrooms = attempt.held_out.integer(1..=7) as f64;
            let call = format!("price({square_feet:?}, {bedrooms:?})");
            let got = attempt.call(&call, || price(square_feet, bedrooms))?;
            let without_bias = per_foot * square_feet + per_bedroom * bedrooms;
            let expected = without_bias + bias;
            if close(got, expected, 1e-6) {
                continue;
            }
            let swapped = per_bedroom * square_feet + per_foot * bedrooms + bias;
            if close(got, without_bias, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: the bias is missing. Without it the model says 0 for an \
                     empty input."
                ));
            } else if close(got, without_bias - bias, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: the bias has the wrong sign. It is negative already, so add it."
                ));
            } else if close(got, swapped, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.3}: the weights are swapped. One more bedroom should add \
                     {per_bedroom}."
                ));
            } else if close(got, expected * 1000.0, 1e-6) {
                return not_yet(format!(
                    "{call} is {got:.0}: that is in dollars. The model's unit is 1,000 dollars."
                ));
            }
            return not_yet(format!(
                "{call} is {got:.3}, and should be {expected:.3}: {per_foot} for each square foot, \
                 {per_bedroom} for each bedroom, and {bias}."
            ));
        }
        Ok("Three numbers are all this model knows. Training would find them; you set them by hand.".to_owned())
    })
}

fn solution(draw: &mut Draw) -> String {
    let numbers = numbers(draw);
    format!(
        "\
fn price(square_feet: f64, bedrooms: f64) -> f64 {{
    {:?} * square_feet + {:?} * bedrooms - {:?}
}}
check::price_model(price)",
        numbers.per_foot, numbers.per_bedroom, -numbers.bias
    )
}

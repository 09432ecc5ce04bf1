//! Write five activations and their slopes; the slopes are compared with finite differences.

use lessons::activation::{Activation, gelu, relu, sigmoid, silu, tanh};
use tch::Tensor;

use crate::attempt::{Attempt, Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "five_activations",
    notebook: "03_neural_network_basics",
    title: "Five activations and their slopes",
    codes: &[],
    question,
    starter: "\
fn value_and_slope(name: &str, x: f64) -> (f64, f64) {
    match name {
        \"ReLU\" => todo!(\"(value, slope)\"),
        \"Sigmoid\" => todo!(),
        \"Tanh\" => todo!(),
        \"SiLU\" => todo!(),
        \"GELU\" => todo!(\"normal_cdf(x) and normal_density(x) stand above\"),
        other => panic!(\"no activation {other}\"),
    }
}
check::five_activations(value_and_slope)",
    hints: &[
        "Look at the five pictures: where is each slope 0, and where is it largest?",
        "Sigmoid and tanh have slopes that can be written with their own values. SiLU and GELU are x \
         times something: use the product rule.",
        "With s the sigmoid and t the tanh: s(1 - s), 1 - t^2, s + x s(1 - s); for GELU normal_cdf(x) + \
         x * normal_density(x).",
    ],
    solution,
};

/// Checks a function that gives value and slope of each activation.
pub fn five_activations(activation: impl Fn(&str, f64) -> (f64, f64)) -> Verdict {
    judge(&activation)
}

const STEP: f64 = 1e-4;
const WITHIN: f64 = 1e-4;

fn judge(answer: &dyn Fn(&str, f64) -> (f64, f64)) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for (done, activation) in [relu(), sigmoid(), tanh(), silu(), gelu()]
            .iter()
            .enumerate()
        {
            match one_activation(attempt, *activation, answer) {
                Err(Unsolved::NotAttempted) if done > 0 => {
                    return not_yet(format!(
                        "{done} of 5 are right. {} is still to do.",
                        name(*activation)
                    ));
                }
                other => other?,
            }
        }
        Ok(format!(
            "Each slope agrees with (f(x + h) - f(x - h)) / 2h for h = {STEP}: you can trust a formula \
             that finite differences confirm."
        ))
    })
}

fn one_activation(
    attempt: &mut Attempt,
    activation: Activation,
    answer: &dyn Fn(&str, f64) -> (f64, f64),
) -> Result<(), Unsolved> {
    let name = name(activation);
    // Both signs, and nothing near 0, where ReLU has no slope.
    for sign in [1.0, -1.0, 1.0, -1.0, 1.0, -1.0] {
        let x = sign * attempt.held_out.rounded(0.2, 3.0, 2);
        let call = format!("value_and_slope(\"{name}\", {x:?})");
        let (value, slope) = attempt.call(&call, || answer(name, x))?;
        let right = at(activation, x);
        let difference = (at(activation, x + STEP) - at(activation, x - STEP)) / (2.0 * STEP);
        let near = |got: f64, other: f64| (got - other).abs() <= WITHIN;
        if !near(value, right) {
            return not_yet(format!(
                "{call}: the value is {value:.5}, and should be {right:.5}.{}",
                value_hint(activation, value, x)
            ));
        }
        if !near(slope, difference) {
            return not_yet(format!(
                "{call}: the slope is {slope:.5}, finite differences say {difference:.5}.{}",
                slope_hint(activation, slope, x)
            ));
        }
    }
    Ok(())
}

fn value_hint(activation: Activation, got: f64, x: f64) -> &'static str {
    let near = |other: f64| (got - other).abs() <= WITHIN;
    match activation {
        Activation::Tanh if near(at(Activation::Sigmoid, x)) => {
            " That is the sigmoid: tanh goes from -1 to 1."
        }
        Activation::Silu | Activation::Gelu if near(x.max(0.0)) => {
            " That is ReLU: this one is smooth, and a little negative left of 0."
        }
        Activation::Gelu if near(tanh_form(x)) => {
            " That is the approximation by tanh. It is close, but the exact form has normal_cdf."
        }
        Activation::Gelu if near(x * at(Activation::Sigmoid, 1.702 * x)) => {
            " That is the approximation by a sigmoid. The exact form has normal_cdf."
        }
        Activation::Gelu if near(at(Activation::Silu, x)) => {
            " That is SiLU: GELU multiplies x by normal_cdf(x)."
        }
        _ => "",
    }
}

fn slope_hint(activation: Activation, got: f64, x: f64) -> &'static str {
    let near = |other: f64| (got - other).abs() <= WITHIN;
    let sigmoid = at(Activation::Sigmoid, x);
    match activation {
        Activation::Relu => " It is 0 left of 0 and 1 right of it.",
        Activation::Tanh if near(1.0 - at(Activation::Tanh, x)) => {
            " The square is missing: 1 - t^2."
        }
        Activation::Sigmoid if near(1.0 - sigmoid) => " One factor is missing: s(1 - s).",
        Activation::Sigmoid | Activation::Tanh if near(at(activation, x)) => {
            " That is the value once more."
        }
        Activation::Tanh if near(sigmoid * (1.0 - sigmoid)) => " That is the sigmoid's slope.",
        Activation::Silu if near(sigmoid) => {
            " That is one half of the product rule: x is multiplied by s(x), which has a slope too."
        }
        Activation::Gelu if near(at(Activation::Gelu, x) / x) => {
            " That is one half of the product rule: x is multiplied by normal_cdf(x), which has a slope too."
        }
        _ => "",
    }
}

fn tanh_form(x: f64) -> f64 {
    let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
    0.5 * x * (1.0 + inner.tanh())
}

fn name(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "ReLU",
        Activation::Sigmoid => "Sigmoid",
        Activation::Tanh => "Tanh",
        Activation::Gelu => "GELU",
        Activation::Silu => "SiLU",
    }
}

fn at(activation: Activation, x: f64) -> f64 {
    activation.forward(&Tensor::from(x)).double_value(&[])
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write five activations and their slopes by formulas: no finite differences, no autograd. Begin \
         with the first; the checker goes through them one by one and says how far you are.",
    )
    .wanted("fn value_and_slope(name: &str, x: f64) -> (f64, f64)")
    .tolerance("1e-4, against libtorch's values and their finite differences")
}

fn solution(_: &mut Draw) -> String {
    "\
fn value_and_slope(name: &str, x: f64) -> (f64, f64) {
    let s = 1.0 / (1.0 + (-x).exp());
    match name {
        \"ReLU\" => (x.max(0.0), if x > 0.0 { 1.0 } else { 0.0 }),
        \"Sigmoid\" => (s, s * (1.0 - s)),
        \"Tanh\" => (x.tanh(), 1.0 - x.tanh().powi(2)),
        \"SiLU\" => (x * s, s + x * s * (1.0 - s)),
        \"GELU\" => (x * normal_cdf(x), normal_cdf(x) + x * normal_density(x)),
        other => panic!(\"no activation {other}\"),
    }
}
check::five_activations(value_and_slope)"
        .to_owned()
}

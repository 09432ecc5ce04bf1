//! Send one example through a small network with a pencil.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "forward_by_hand",
    notebook: "03_neural_network_basics",
    title: "A forward pass by hand",
    codes: &["CC2"],
    question,
    starter: "\
check::forward_by_hand(None)",
    hints: &[
        "Go neuron by neuron: first the two hidden ones, then the output.",
        "Each neuron: inputs times weights, summed, plus its bias. A hidden one then keeps what is \
         positive and writes 0 for the rest.",
        "h1 = (w11 * x1 + w12 * x2 + b1).max(0.0), h2 likewise, then v1 * h1 + v2 * h2 + c.",
    ],
    solution,
};

/// Checks the output.
pub fn forward_by_hand(output: impl Real) -> Verdict {
    judge(output.real())
}

struct Numbers {
    x: [f64; 2],
    /// Of each hidden neuron: two weights and the bias.
    hidden: [[f64; 3]; 2],
    /// Two weights and the bias.
    output: [f64; 3],
}

impl Numbers {
    /// The hidden neurons before their activation.
    fn sums(&self) -> [f64; 2] {
        self.hidden.map(|neuron| weighted(self.x, neuron))
    }
}

fn weighted(x: [f64; 2], [first, second, bias]: [f64; 3]) -> f64 {
    first * x[0] + second * x[1] + bias
}

/// One hidden neuron is on and one off, so that ReLU matters; the output is negative, so that it must
/// not be cut.
fn numbers(draw: &mut Draw) -> Numbers {
    loop {
        let mut number = || draw.rounded(-3.0, 3.0, 1);
        let numbers = Numbers {
            x: [number(), number()],
            hidden: [
                [number(), number(), number()],
                [number(), number(), number()],
            ],
            output: [number(), number(), number()],
        };
        let [one, two] = numbers.sums();
        let output = weighted([one.max(0.0), two.max(0.0)], numbers.output);
        let weights = [numbers.hidden.concat(), numbers.output.to_vec()].concat();
        let plain = weights.iter().all(|weight| weight.abs() >= 0.5);
        if one * two < 0.0 && one.abs() > 0.5 && two.abs() > 0.5 && output < -1.0 && plain {
            return numbers;
        }
    }
}

fn judge(output: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let numbers = numbers(&mut attempt.question);
        let got = attempt.number(output)?;
        let sums = numbers.sums();
        let on = sums.map(|sum| sum.max(0.0));
        let expected = weighted(on, numbers.output);
        let within = |other: f64| close(got, other, 1e-3);
        let [v1, v2, c] = numbers.output;
        if within(expected) {
            return Ok(format!(
                "The hidden neurons give {:.2} and {:.2}: one is on, one is off. The output {expected:.3} \
                 is the weighted sum of that.",
                on[0], on[1]
            ));
        }
        let without_biases = numbers
            .hidden
            .map(|[w1, w2, _]| weighted(numbers.x, [w1, w2, 0.0]).max(0.0));
        let said = format!("{got:.3}");
        if within(weighted(sums, numbers.output)) {
            not_yet(format!(
                "{said} is the output without ReLU: one hidden sum is {:.2}, and ReLU makes it 0.",
                sums[0].min(sums[1])
            ))
        } else if got == 0.0 {
            not_yet("0 is ReLU of the output. Only the hidden neurons have one here.")
        } else if within(v1 * on[0] + v2 * on[1]) {
            not_yet(format!("{said} lacks the output's bias, {c}."))
        } else if within(weighted(without_biases, numbers.output)) {
            not_yet(format!("{said} lacks the biases of the hidden neurons."))
        } else if within(weighted([on[1], on[0]], numbers.output)) {
            not_yet(format!(
                "{said}: v1 belongs to h1, v2 to h2. You have swapped them."
            ))
        } else {
            not_yet(format!(
                "{said} is not the output. Compare step by step: before ReLU the hidden neurons have \
                 {:.2} and {:.2}.",
                sums[0], sums[1]
            ))
        }
    })
}

fn question(draw: &mut Draw) -> Question {
    let numbers = numbers(draw);
    let [one, two] = numbers.hidden;
    Question::new(
        "Two inputs, two hidden neurons with ReLU, one output without an activation. What comes out?",
    )
    .given("x1", numbers.x[0])
    .given("x2", numbers.x[1])
    .given("w11 (from x1 to h1)", one[0])
    .given("w12 (from x2 to h1)", one[1])
    .given("b1", one[2])
    .given("w21 (from x1 to h2)", two[0])
    .given("w22 (from x2 to h2)", two[1])
    .given("b2", two[2])
    .given("v1 (from h1)", numbers.output[0])
    .given("v2 (from h2)", numbers.output[1])
    .given("c (the output's bias)", numbers.output[2])
    .wanted("one number")
    .tolerance("0.1 %")
}

fn solution(draw: &mut Draw) -> String {
    let numbers = numbers(draw);
    let [x1, x2] = numbers.x;
    let [one, two] = numbers.hidden;
    let [v1, v2, c] = numbers.output;
    format!(
        "\
let relu_of = |sum: f64| sum.max(0.0);
let h1 = relu_of({:?} * {x1:?} + {:?} * {x2:?} + {:?});
let h2 = relu_of({:?} * {x1:?} + {:?} * {x2:?} + {:?});
check::forward_by_hand({v1:?} * h1 + {v2:?} * h2 + {c:?})",
        one[0], one[1], one[2], two[0], two[1], two[2]
    )
}

//! A forward pass through two hidden neurons, one of which stays silent.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "two_neurons",
    notebook: "13_validation_checklist",
    title: "Two neurons, forward",
    codes: &["CC2"],
    question,
    starter: "\
check::two_neurons(None)",
    hints: &[
        "Do the two hidden neurons first, each by itself.",
        "A hidden neuron is ReLU of (weight * input, summed, plus bias). ReLU writes 0 for what is negative.",
        "h1 = (w11*x1 + w12*x2 + b1).max(0.0), h2 in the same way; y = v1*h1 + v2*h2 + c.",
    ],
    solution,
};

/// Checks the output.
pub fn two_neurons(output: impl Real) -> Verdict {
    judge(output.real())
}

struct Net {
    x: [f64; 2],
    first: [f64; 3],
    second: [f64; 3],
    output: [f64; 3],
}

fn net(draw: &mut Draw) -> Net {
    let mut three = |low, high| [0; 3].map(|_| draw.rounded(low, high, 1));
    let [x1, x2, _] = three(1.0, 3.0);
    Net {
        x: [x1, x2],
        first: three(0.2, 0.9),
        second: three(-0.9, -0.2),
        output: three(0.5, 1.9),
    }
}

fn question(draw: &mut Draw) -> Question {
    let net = net(draw);
    let names = [
        ("w11", "w12", "b1"),
        ("w21", "w22", "b2"),
        ("v1", "v2", "c"),
    ];
    let mut question = Question::new(
        "Two inputs go into two hidden neurons with ReLU, and these into one output neuron without an \
         activation: h1 = ReLU(w11 x1 + w12 x2 + b1), h2 = ReLU(w21 x1 + w22 x2 + b2), \
         y = v1 h1 + v2 h2 + c. What is y?",
    )
    .given("x1", net.x[0])
    .given("x2", net.x[1]);
    for ((one, two, bias), values) in names.into_iter().zip([net.first, net.second, net.output]) {
        question = question
            .given(one, values[0])
            .given(two, values[1])
            .given(bias, values[2]);
    }
    question
        .wanted("the output y, one number")
        .tolerance("0.001")
}

fn judge(answer: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let Net {
            x,
            first,
            second,
            output: [v1, v2, c],
        } = net(&mut attempt.question);
        let y = attempt.number(answer)?;
        let sum = |[w1, w2, bias]: [f64; 3]| w1 * x[0] + w2 * x[1] + bias;
        let [z1, z2] = [sum(first), sum(second)];
        let right = v1 * z1.max(0.0) + v2 * z2.max(0.0) + c;
        let is = |other: f64| close(y, other, 1e-3);
        if is(right) {
            return Ok(
                "Weighted sum, bias, activation; then the same again with what came out. One \
                neuron was silent, and its weight v2 played no part."
                    .to_owned(),
            );
        }
        if is(v1 * z1 + v2 * z2 + c) {
            return not_yet(format!(
                "{y} leaves out ReLU: the second neuron's sum is {z2:.2}, and ReLU makes that 0."
            ));
        }
        if is(right - c) {
            return not_yet(format!("{y} lacks the output's bias c."));
        }
        if is(v1 * (z1 - first[2]) + c) {
            return not_yet(format!("{y} lacks the bias of the hidden neuron, b1."));
        }
        if is(v1 * z1 + v2 * z2.abs() + c) {
            return not_yet(format!(
                "{y} drops the sign of the second sum: ReLU makes what is negative 0, not positive."
            ));
        }
        not_yet(format!(
            "{y} is not the output. The sums before ReLU are {z1:.2} and {z2:.2}: compare yours."
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    let Net {
        x: [x1, x2],
        first,
        second,
        output: [v1, v2, c],
    } = net(draw);
    let hidden = |name: &str, [w1, w2, bias]: [f64; 3]| {
        format!("let {name} = ({w1:?} * {x1:?} + {w2:?} * {x2:?} + {bias:?}_f64).max(0.0);\n")
    };
    let (one, two) = (hidden("h1", first), hidden("h2", second));
    format!("{one}{two}check::two_neurons({v1:?} * h1 + {v2:?} * h2 + {c:?})")
}

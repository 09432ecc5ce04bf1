//! Count what a convolution learns.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::{Count, thousands};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "conv_parameters",
    notebook: "10_common_architectures",
    title: "Parameters of a convolution",
    codes: &[],
    question,
    starter: "\
let parameters = None;
check::conv_parameters(parameters)",
    hints: &[
        "Which of the numbers on the card does the layer learn something for, and which only say how often \
         it is used?",
        "Each output channel has one window over all input channels, and one bias.",
        "out * (in * window * window + 1); the image's size does not matter.",
    ],
    solution,
};

/// Checks a count of parameters.
pub fn conv_parameters(parameters: impl Count) -> Verdict {
    judge(parameters.count())
}

struct Layer {
    side: i64,
    inputs: i64,
    outputs: i64,
    window: i64,
}

fn layer(draw: &mut Draw) -> Layer {
    Layer {
        side: 8 * draw.integer(3..=28),
        inputs: draw.integer(3..=24),
        outputs: 4 * draw.integer(7..=24),
        window: draw.choice(&[3, 5, 7]),
    }
}

fn question(draw: &mut Draw) -> Question {
    let layer = layer(draw);
    Question::new("How many numbers does this two-dimensional convolution learn, biases included?")
        .given("height and width of the image", layer.side)
        .given("input channels", layer.inputs)
        .given("output channels", layer.outputs)
        .given("height and width of the window", layer.window)
        .wanted("a whole number")
        .tolerance("exact")
}

fn judge(answer: Option<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let Layer {
            side,
            inputs,
            outputs,
            window,
        } = layer(&mut attempt.question);
        let got = attempt.count(answer)?;
        let weights = inputs * outputs * window * window;
        let shown = thousands(got);
        if got == weights + outputs {
            return Ok(format!(
                "{shown}, for an image of any size. A linear layer between images of this size would need \
                 {} weights.",
                thousands(inputs * outputs * side.pow(4))
            ));
        }
        if got == weights {
            return not_yet(format!(
                "{shown} lacks the biases: one for each output channel."
            ));
        } else if got == outputs * (window * window + 1) || got == outputs * window * window {
            return not_yet(format!(
                "{shown} has one flat window for each output channel. Each window reaches through all \
                 input channels."
            ));
        } else if got == (weights + outputs) * side * side || got == weights * side * side {
            return not_yet(format!(
                "{shown} counts the layer once for each pixel. The same weights are used at every place: \
                 that is the point of a convolution."
            ));
        } else if got == inputs * outputs * (window * window + 1) {
            return not_yet(format!(
                "{shown} has a bias for each pair of channels. There is one for each output channel."
            ));
        } else if got == inputs * outputs * window + outputs {
            return not_yet(format!(
                "{shown}: the window is a square, so take its side twice."
            ));
        }
        let size = if got < weights { "few" } else { "many" };
        not_yet(format!(
            "{shown} is too {size}. Count one output channel first: its window over all input channels, \
             and its bias."
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    let layer = layer(draw);
    format!(
        "\
let (inputs, outputs, window) = ({}, {}, {});
let parameters: i64 = outputs * (inputs * window * window + 1);
check::conv_parameters(parameters)",
        layer.inputs, layer.outputs, layer.window
    )
}

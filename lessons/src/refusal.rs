//! Whether an input can meet a layer: defined, of the right shape, on the weights' device, of their kind.
//! Knows nothing of what the layer computes; each layer says what it wants in words.

use tch::Tensor;

use crate::layer::{ForwardError, ForwardProblem, Layer};

/// Refuses an input that has no value, whose shape does not `fit`, or that is unlike `weight`;
/// `wanted` says the right shape: `[batch, 3, height, width]`.
pub(crate) fn check(
    layer: &dyn Layer,
    input: &Tensor,
    weight: Option<&Tensor>,
    fit: bool,
    wanted: impl FnOnce(&[i64]) -> String,
) -> Result<(), ForwardError> {
    match problem(input, weight, fit, wanted) {
        Some(problem) => Err(ForwardError::new(layer, problem)),
        None => Ok(()),
    }
}

fn problem(
    input: &Tensor,
    weight: Option<&Tensor>,
    fit: bool,
    wanted: impl FnOnce(&[i64]) -> String,
) -> Option<ForwardProblem> {
    if !input.defined() {
        return Some(ForwardProblem::Undefined);
    }
    if !fit {
        let shape = input.size();
        let wanted = wanted(&shape);
        return Some(ForwardProblem::Shape { shape, wanted });
    }
    let weight = weight?;
    if input.device() != weight.device() {
        let (device, expected) = (input.device(), weight.device());
        return Some(ForwardProblem::Device { device, expected });
    }
    if input.kind() != weight.kind() {
        let (kind, expected) = (input.kind(), weight.kind());
        return Some(ForwardProblem::Kind { kind, expected });
    }
    None
}

/// The input's shape, or nothing where it has none: then nothing fits, and [`check`] says why.
pub(crate) fn shape_of(input: &Tensor) -> Vec<i64> {
    if input.defined() {
        input.size()
    } else {
        Vec::new()
    }
}

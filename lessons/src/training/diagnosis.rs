//! Where inf or NaN came from: looked for only once the loss has one, so that a sound run pays nothing.
//! Knows nothing of the optimiser; it looks at the weights, the batch and each layer's output.

use tch::Tensor;

use super::error::{TrainingError, odd_values};
use crate::layer::Layer;
use crate::number;
use crate::tensors::no_grad;
use crate::trace::try_trace;

/// `losses` are those of the epoch's steps so far, the last one not finite; `history` has one loss
/// for each epoch before.
pub(super) fn not_finite(
    net: &dyn Layer,
    (x, prediction): (&Tensor, &Tensor),
    (epoch, history): (usize, &[f64]),
    losses: &[f64],
) -> TrainingError {
    let last = losses.last().copied().unwrap_or(f64::NAN);
    let earlier = [history, &losses[..losses.len().saturating_sub(1)]].concat();
    let shown = &earlier[earlier.len().saturating_sub(4)..];
    let before = match shown {
        [] => "none, this was the first step".to_owned(),
        shown => shown
            .iter()
            .map(|&loss| number::significant(loss))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let (found, cause) = search(net, x, prediction, &earlier);
    TrainingError::NotFinite {
        value: number::decimals(last),
        epoch,
        step: losses.len(),
        found,
        before,
        cause: cause.to_owned(),
    }
}

const STEPS: &str = "the steps are too large, so the weights grew until they overflowed: try a learning rate ten times \
                     smaller, or clip_gradients(1.0)";

const SLOPE: &str = "a slope that does not exist, for the losses were small: sqrt or norm at 0, ln at 0; add a small number \
                     under it, as in (x + 1e-8).sqrt()";

/// Losses below this are none that overflow.
const SMALL: f64 = 1e6;

/// Whether each weight is finite, once no further loss will tell.
pub(super) fn check_weights(net: &dyn Layer, losses: &[f64]) -> Result<(), TrainingError> {
    match odd_weight(net, losses) {
        Some((name, count, cause)) => Err(TrainingError::Weights {
            name,
            count,
            cause: cause.to_owned(),
        }),
        None => Ok(()),
    }
}

/// `losses` has one training loss for each epoch so far.
pub(super) fn odd_validation(net: &dyn Layer, value: f64, losses: &[f64]) -> TrainingError {
    let (found, cause) = match odd_weight(net, losses) {
        Some((name, count, cause)) => (
            format!("{name} holds {count} values that are NaN or inf since the last step"),
            cause,
        ),
        None => (
            "the weights are finite, and so was the training loss".to_owned(),
            "validation examples unlike those of training (other units, not normalised?), or a logarithm of 0 or a \
             division by 0 in the loss",
        ),
    };
    TrainingError::Validation {
        value: number::decimals(value),
        epoch: losses.len(),
        found,
        cause: cause.to_owned(),
    }
}

/// The first weight with NaN or inf, how many it has, and why.
fn odd_weight(net: &dyn Layer, losses: &[f64]) -> Option<(String, i64, &'static str)> {
    for (name, value) in net.named_parameters() {
        let Some((count, _)) = odd_values(&value.detach()) else {
            continue;
        };
        // Steps that were too large leave inf and large losses first; NaN out of small ones is born in
        // the slope itself.
        let small = losses.last().is_none_or(|loss| loss.abs() < SMALL);
        let gradient = value.grad();
        let born = small && gradient.defined() && gradient.isnan().any().int64_value(&[]) != 0;
        return Some((name, count, if born { SLOPE } else { STEPS }));
    }
    None
}

fn search(
    net: &dyn Layer,
    x: &Tensor,
    prediction: &Tensor,
    before: &[f64],
) -> (String, &'static str) {
    if odd_values(x).is_some() {
        return (
            "the batch itself holds NaN or inf".to_owned(),
            "the data: look for missing values",
        );
    }
    if let Some((name, count, cause)) = odd_weight(net, before) {
        let found =
            format!("{name} holds {count} values that are NaN or inf since the step before");
        return (found, cause);
    }
    let largest = |tensor: &Tensor| tensor.detach().abs().max().double_value(&[]);
    if odd_values(&prediction.detach()).is_some() {
        let trace = no_grad(|| try_trace(net, x));
        let steps = trace.map(|trace| trace.steps).unwrap_or_default();
        let first = steps
            .into_iter()
            .find(|step| odd_values(&step.output).is_some());
        let place = first.map_or("the prediction".to_owned(), |step| {
            format!("the output of layer {} ({})", step.name, step.layer)
        });
        let cause = match before {
            [] => "the inputs are very large: normalise them to mean 0 and variance 1",
            _ => STEPS,
        };
        return (
            format!("weights and batch are finite, but {place} is not"),
            cause,
        );
    }
    let reach = number::significant(largest(prediction));
    let found = format!("the predictions are finite (up to {reach}), the loss of them is not");
    match largest(prediction) > 1e15 {
        true => (found, STEPS),
        false => (
            found,
            "a logarithm of 0 or a division by 0 in the loss: use a loss that takes logits, or add a small number",
        ),
    }
}

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
    let (found, cause) = search(net, x, prediction, shown);
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
    for (name, value) in net.named_parameters() {
        if let Some((count, _)) = odd_values(&value.detach()) {
            let found =
                format!("{name} holds {count} values that are NaN or inf since the step before");
            return (found, STEPS);
        }
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

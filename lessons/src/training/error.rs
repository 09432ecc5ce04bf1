//! What can go wrong in training, said with the values that came and what to try.
//! Knows nothing of the loop.

use tch::Tensor;

use crate::backward::BackwardError;
use crate::layer::ForwardError;
use crate::refusal::shape_of;

/// A training run that cannot start or cannot go on.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::training::TrainingError;
/// let mut net = linear(1, 1);
/// let mut optimizer = sgd(&net, 1e30);
/// let (x, y) = (tensor([[1.0]]), tensor([[5.0]]));
/// let error = trainer(mse_loss).try_fit(&mut net, &mut optimizer, &x, &y, 9).unwrap_err();
/// assert!(matches!(error, TrainingError::NotFinite { .. }));
/// assert!(error.to_string().contains("learning rate"), "it says the likely cause");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrainingError {
    /// Inputs and targets are not the same examples.
    #[error(
        "{which}: x is {x:?} and y is {y:?}: the first sizes must be equal, one row per example"
    )]
    Examples {
        /// The training or the validation data.
        which: &'static str,
        /// Shape of the inputs.
        x: Vec<i64>,
        /// Shape of the targets.
        y: Vec<i64>,
    },
    /// There is nothing to learn from.
    #[error("{which}: there are no examples: x is {x:?}")]
    Empty {
        /// The training or the validation data.
        which: &'static str,
        /// Shape of the inputs.
        x: Vec<i64>,
    },
    /// Inputs and targets are on different devices.
    #[error("{which}: x is on {x:?} and y on {y:?}: move y with .to_device(Device::{x:?})")]
    Devices {
        /// The training or the validation data.
        which: &'static str,
        /// Where the inputs are.
        x: tch::Device,
        /// Where the targets are.
        y: tch::Device,
    },
    /// The data hold NaN or inf.
    #[error(
        "{which}: {name} holds {count} values that are NaN or inf, the first in example {example}: every loss would be NaN (remove or fill them first)"
    )]
    Data {
        /// The training or the validation data.
        which: &'static str,
        /// `x` or `y`.
        name: &'static str,
        /// How many.
        count: i64,
        /// The first example that has one, from 0.
        example: i64,
    },
    /// The loss is not one number.
    #[error(
        "the loss has shape {shape:?}: it must be one number (reduce it, for instance with .mean(Kind::Float))"
    )]
    Loss {
        /// Its shape.
        shape: Vec<i64>,
    },
    /// The network refuses the input.
    #[error(transparent)]
    Forward(#[from] ForwardError),
    /// The loss gives no gradients.
    #[error(transparent)]
    Backward(#[from] BackwardError),
    /// The validation loss became inf or NaN, while the training loss did not.
    #[error("the validation loss is {value} after epoch {epoch}: {found}. Likely cause: {cause}")]
    Validation {
        /// inf, -inf or NaN.
        value: String,
        /// From 1.
        epoch: usize,
        /// The first place where it shows.
        found: String,
        /// Why that usually happens, and what to try.
        cause: String,
    },
    /// The last step left a weight that is NaN or inf; the loss before it was finite.
    #[error(
        "after the last step {name} holds {count} values that are NaN or inf. Likely cause: {cause}"
    )]
    Weights {
        /// The parameter's name.
        name: String,
        /// How many.
        count: i64,
        /// Why that usually happens, and what to try.
        cause: String,
    },
    /// The loss became inf or NaN.
    #[error(
        "the loss is {value} at epoch {epoch}, step {step}: {found}. Losses before: {before}. Likely cause: {cause}"
    )]
    NotFinite {
        /// inf, -inf or NaN.
        value: String,
        /// From 1.
        epoch: usize,
        /// The step within the epoch, from 1.
        step: usize,
        /// The first place where it shows.
        found: String,
        /// The last few losses.
        before: String,
        /// Why that usually happens, and what to try.
        cause: String,
    },
}

/// Refuses data of which no network could learn.
pub(crate) fn check_data(which: &'static str, x: &Tensor, y: &Tensor) -> Result<(), TrainingError> {
    let shape = shape_of;
    let (x_shape, y_shape) = (shape(x), shape(y));
    if x_shape.is_empty() || x_shape.first() != y_shape.first() {
        return Err(TrainingError::Examples {
            which,
            x: x_shape,
            y: y_shape,
        });
    }
    if x_shape[0] == 0 {
        return Err(TrainingError::Empty { which, x: x_shape });
    }
    if x.device() != y.device() {
        let (x, y) = (x.device(), y.device());
        return Err(TrainingError::Devices { which, x, y });
    }
    for (name, data) in [("x", x), ("y", y)] {
        if let Some((count, example)) = odd_values(data) {
            return Err(TrainingError::Data {
                which,
                name,
                count,
                example,
            });
        }
    }
    Ok(())
}

/// How many values are NaN or inf, and the first row that has one.
pub(super) fn odd_values(data: &Tensor) -> Option<(i64, i64)> {
    if !data.is_floating_point() || data.numel() == 0 {
        return None;
    }
    let odd = data.isfinite().logical_not();
    let count = odd.sum(tch::Kind::Int64).int64_value(&[]);
    let rows = odd
        .reshape([data.size().first().copied().unwrap_or(1), -1])
        .any_dim(1, false)
        .to_kind(tch::Kind::Int64);
    (count > 0).then(|| (count, rows.argmax(0, false).int64_value(&[])))
}

pub(super) fn one_number(loss: &Tensor) -> Result<f64, TrainingError> {
    match loss.numel() {
        1 => Ok(loss.double_value(&[])),
        _ => Err(TrainingError::Loss { shape: loss.size() }),
    }
}

//! Why no loss can be computed, said with what came and what to try.
//! Knows nothing of the formulas.

use tch::{Device, Kind};

/// Predictions and targets between which no loss can be computed.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::loss::{LossError, try_mse_loss};
/// let none = Tensor::zeros([0, 1], (Kind::Float, Device::Cpu));
/// assert_eq!(try_mse_loss(&none, &none), Err(LossError::Empty { loss: "mse_loss" }));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LossError {
    /// Different shapes.
    #[error(
        "{loss}: prediction is {prediction:?}, target is {target:?}: the shapes must be equal{}",
        hint(prediction, target)
    )]
    Shapes {
        /// The loss's name.
        loss: &'static str,
        /// The prediction's shape.
        prediction: Vec<i64>,
        /// The target's shape.
        target: Vec<i64>,
    },
    /// Different kinds.
    #[error(
        "{loss}: prediction has kind {prediction:?}, target {target:?}: convert the target with .to_kind(Kind::{prediction:?})"
    )]
    Kinds {
        /// The loss's name.
        loss: &'static str,
        /// The prediction's kind.
        prediction: Kind,
        /// The target's kind.
        target: Kind,
    },
    /// Different devices.
    #[error(
        "{loss}: the prediction is on {prediction:?}, the target on {target:?}: move the target with .to_device(Device::{prediction:?})"
    )]
    Devices {
        /// The loss's name.
        loss: &'static str,
        /// Where the prediction is.
        prediction: Device,
        /// Where the target is.
        target: Device,
    },
    /// A tensor without a value.
    #[error(
        "{loss}: the {what} is undefined; a gradient is, before backward(), and so is Tensor::new()"
    )]
    Undefined {
        /// The loss's name.
        loss: &'static str,
        /// Prediction or target.
        what: &'static str,
    },
    /// No numbers to average.
    #[error("{loss}: there are no examples: the mean of nothing is NaN")]
    Empty {
        /// The loss's name.
        loss: &'static str,
    },
    /// Numbers outside 0..1.
    #[error(
        "bce_loss: a {what} is {value}: probabilities lie between 0 and 1 (end the network with sigmoid(), or give logits to bce_with_logits_loss)"
    )]
    NoProbability {
        /// Prediction or target.
        what: &'static str,
        /// The number farthest off.
        value: f64,
    },
    /// Targets outside 0..1 beside logits.
    #[error(
        "bce_with_logits_loss: a target is {value}: targets lie between 0 and 1 (write classes as 0 and 1; for more than two take cross_entropy_loss)"
    )]
    NoTarget {
        /// The number farthest off.
        value: f64,
    },
    /// Logits and classes that do not belong together.
    #[error(
        "cross_entropy_loss: logits are {logits:?}, classes {classes:?}: they must be [examples, classes] and [examples], with at least one example"
    )]
    Classes {
        /// The logits' shape.
        logits: Vec<i64>,
        /// The classes' shape.
        classes: Vec<i64>,
    },
    /// Classes that are no whole numbers.
    #[error(
        "cross_entropy_loss: the classes have kind {kind:?}: convert them with .to_kind(Kind::Int64)"
    )]
    ClassKind {
        /// Their kind.
        kind: Kind,
    },
    /// A class beyond the logits.
    #[error("cross_entropy_loss: the classes go from {lowest} to {highest}: logits [{rows}, {columns}] know 0 to {}", columns - 1)]
    ClassRange {
        /// Examples.
        rows: i64,
        /// Classes.
        columns: i64,
        /// Lowest class found.
        lowest: i64,
        /// Highest class found.
        highest: i64,
    },
    /// Anything that libtorch itself refuses.
    #[error("{loss}: libtorch says: {message}")]
    Libtorch {
        /// The loss's name.
        loss: &'static str,
        /// The first line of its message.
        message: String,
    },
}

impl LossError {
    pub(super) fn libtorch(loss: &'static str, error: &tch::TchError) -> Self {
        let message = error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        Self::Libtorch { loss, message }
    }
}

fn hint(prediction: &[i64], target: &[i64]) -> &'static str {
    match (prediction, target) {
        ([rows, 1], [labels]) if rows == labels => " (try target.unsqueeze(1))",
        ([labels], [rows, 1]) if rows == labels => " (try prediction.squeeze_dim(1))",
        _ => "",
    }
}

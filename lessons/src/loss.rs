//! Losses: one number that says how wrong the predictions are, as in `torch.nn`.
//! Knows nothing of networks. Shapes must agree exactly: silent broadcasting hides mistakes.

mod error;

use tch::{Device, Kind, Reduction, Tensor};

pub use self::error::LossError;

/// Mean squared error: `mean((prediction - target)^2)`.
///
/// # Shapes
/// both the same, any; the result is `[]`
///
/// # Panics
/// With the message of [`LossError`]; [`try_mse_loss`] returns it instead.
///
/// ```
/// # use lessons::prelude::*;
/// assert_eq!(mse_loss(&tensor([1.0, 2.0]), &tensor([1.0, 4.0])).item(), 2.0);
/// ```
#[track_caller]
pub fn mse_loss(prediction: &Tensor, target: &Tensor) -> Tensor {
    or_panic(try_mse_loss(prediction, target))
}

/// Binary cross-entropy of probabilities: `-mean(t ln p + (1 - t) ln(1 - p))`.
///
/// Each logarithm is cut off at -100, as in PyTorch: a certain and wrong prediction costs 100 and
/// has gradient 0. [`bce_with_logits_loss`] has no such edge.
///
/// # Shapes
/// both the same, any; the result is `[]`
///
/// # Panics
/// With the message of [`LossError`]; [`try_bce_loss`] returns it instead.
///
/// ```
/// # use lessons::prelude::*;
/// assert!((bce_loss(&tensor([0.9]), &tensor([1.0])).item() - 0.1054).abs() < 1e-4);
/// ```
#[track_caller]
pub fn bce_loss(probability: &Tensor, target: &Tensor) -> Tensor {
    or_panic(try_bce_loss(probability, target))
}

/// Binary cross-entropy of logits, the numbers before the sigmoid; exact however large they are.
///
/// # Shapes
/// both the same, any; the result is `[]`
///
/// # Panics
/// With the message of [`LossError`]; [`try_bce_with_logits_loss`] returns it instead.
///
/// ```
/// # use lessons::prelude::*;
/// assert_eq!(bce_with_logits_loss(&tensor([200.0]), &tensor([0.0])).item(), 200.0);
/// ```
#[track_caller]
pub fn bce_with_logits_loss(logits: &Tensor, target: &Tensor) -> Tensor {
    or_panic(try_bce_with_logits_loss(logits, target))
}

/// Cross-entropy of logits: `-mean(ln softmax(logits)[class])`, in nats.
///
/// # Shapes
/// logits `[examples, classes]`, classes `[examples]` of kind `Int64`; the result is `[]`
///
/// # Panics
/// With the message of [`LossError`]; [`try_cross_entropy_loss`] returns it instead.
///
/// ```
/// # use lessons::prelude::*;
/// let loss = cross_entropy_loss(&tensor([[0.0, 0.0]]), &tensor([1]));
/// assert!((loss.item() - 2.0f64.ln()).abs() < 1e-6);
/// ```
#[track_caller]
pub fn cross_entropy_loss(logits: &Tensor, classes: &Tensor) -> Tensor {
    or_panic(try_cross_entropy_loss(logits, classes))
}

/// As [`mse_loss`].
///
/// # Errors
/// Where shapes or kinds differ or there is no example.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::loss::{LossError, try_mse_loss};
/// assert!(try_mse_loss(&tensor([1.0]), &tensor([3.0])).is_ok_and(|loss| loss.item() == 4.0));
/// let refused = try_mse_loss(&randn(&[8, 1]), &randn(&[8]));
/// assert!(matches!(refused, Err(LossError::Shapes { .. })), "it would broadcast to [8, 8]");
/// ```
pub fn try_mse_loss(prediction: &Tensor, target: &Tensor) -> Result<Tensor, LossError> {
    check_alike("mse_loss", prediction, target)?;
    let loss = prediction.f_mse_loss(target, Reduction::Mean);
    loss.map_err(|error| LossError::libtorch("mse_loss", &error))
}

/// As [`bce_loss`].
///
/// # Errors
/// Where shapes or kinds differ, there is no example, or a prediction is no probability.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::loss::{LossError, try_bce_loss};
/// let refused = try_bce_loss(&tensor([2.5]), &tensor([1.0]));
/// assert!(matches!(refused, Err(LossError::NoProbability { .. })));
/// ```
pub fn try_bce_loss(probability: &Tensor, target: &Tensor) -> Result<Tensor, LossError> {
    check_alike("bce_loss", probability, target)?;
    check_probabilities(probability, "prediction")?;
    check_probabilities(target, "target")?;
    let loss = probability.f_binary_cross_entropy::<Tensor>(target, None, Reduction::Mean);
    loss.map_err(|error| LossError::libtorch("bce_loss", &error))
}

/// As [`bce_with_logits_loss`].
///
/// # Errors
/// Where shapes or kinds differ, there is no example, or a target is no probability.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::loss::{LossError, try_bce_with_logits_loss};
/// assert!(try_bce_with_logits_loss(&tensor([2.5]), &tensor([1.0])).is_ok());
/// let refused = try_bce_with_logits_loss(&tensor([2.5]), &tensor([1]));
/// assert!(matches!(refused, Err(LossError::Kinds { .. })), "the target is a whole number");
/// ```
pub fn try_bce_with_logits_loss(logits: &Tensor, target: &Tensor) -> Result<Tensor, LossError> {
    check_alike("bce_with_logits_loss", logits, target)?;
    check_targets(target)?;
    let loss =
        logits.f_binary_cross_entropy_with_logits::<Tensor>(target, None, None, Reduction::Mean);
    loss.map_err(|error| LossError::libtorch("bce_with_logits_loss", &error))
}

/// As [`cross_entropy_loss`].
///
/// # Errors
/// Where the shapes do not fit, or a class is not one of `0..classes`.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::loss::{LossError, try_cross_entropy_loss};
/// let refused = try_cross_entropy_loss(&randn(&[2, 3]), &tensor([0, 3]));
/// assert!(matches!(refused, Err(LossError::ClassRange { highest: 3, .. })), "classes are 0, 1, 2");
/// ```
pub fn try_cross_entropy_loss(logits: &Tensor, classes: &Tensor) -> Result<Tensor, LossError> {
    check_places("cross_entropy_loss", logits, classes)?;
    let (rows, columns) = match (logits.size().as_slice(), classes.size().as_slice()) {
        (&[rows, columns], &[labels]) if rows == labels && rows > 0 => (rows, columns),
        (logits, classes) => {
            let (logits, classes) = (logits.to_vec(), classes.to_vec());
            return Err(LossError::Classes { logits, classes });
        }
    };
    if classes.kind() != Kind::Int64 {
        return Err(LossError::ClassKind {
            kind: classes.kind(),
        });
    }
    let misfit = || {
        let lowest = classes.min().int64_value(&[]);
        let highest = classes.max().int64_value(&[]);
        (lowest < 0 || highest >= columns).then_some(LossError::ClassRange {
            rows,
            columns,
            lowest,
            highest,
        })
    };
    // On the CPU libtorch looks at every class anyway, and looking before it would cost a small
    // network a tenth of its step. A GPU does not survive a class that is not there.
    if logits.device() != Device::Cpu
        && let Some(error) = misfit()
    {
        return Err(error);
    }
    let loss = logits.f_cross_entropy_loss::<Tensor>(classes, None, Reduction::Mean, NONE, 0.0);
    loss.map_err(|error| {
        misfit().unwrap_or_else(|| LossError::libtorch("cross_entropy_loss", &error))
    })
}

/// The class that libtorch leaves out of the mean: one that cannot occur, so that none is left out
/// unseen.
const NONE: i64 = i64::MIN;

fn check_places(loss: &'static str, prediction: &Tensor, target: &Tensor) -> Result<(), LossError> {
    for (what, value) in [("prediction", prediction), ("target", target)] {
        if !value.defined() {
            return Err(LossError::Undefined { loss, what });
        }
    }
    let (prediction, target) = (prediction.device(), target.device());
    if prediction == target {
        return Ok(());
    }
    Err(LossError::Devices {
        loss,
        prediction,
        target,
    })
}

fn check_alike(loss: &'static str, prediction: &Tensor, target: &Tensor) -> Result<(), LossError> {
    check_places(loss, prediction, target)?;
    if prediction.size() != target.size() {
        let (prediction, target) = (prediction.size(), target.size());
        return Err(LossError::Shapes {
            loss,
            prediction,
            target,
        });
    }
    if prediction.kind() != target.kind() {
        let (prediction, target) = (prediction.kind(), target.kind());
        return Err(LossError::Kinds {
            loss,
            prediction,
            target,
        });
    }
    if prediction.numel() == 0 {
        return Err(LossError::Empty { loss });
    }
    Ok(())
}

/// NaN is refused too: libtorch would refuse it with an assertion of its own.
fn check_probabilities(values: &Tensor, what: &'static str) -> Result<(), LossError> {
    let values = values.detach();
    for value in [
        values.min().double_value(&[]),
        values.max().double_value(&[]),
    ] {
        if !(0.0..=1.0).contains(&value) {
            return Err(LossError::NoProbability { what, value });
        }
    }
    Ok(())
}

/// One comparison for a sound target: it is made in every step of training.
fn check_targets(target: &Tensor) -> Result<(), LossError> {
    let target = target.detach();
    if !target.is_floating_point() || target.clamp(0.0, 1.0).equal(&target) {
        return Ok(());
    }
    let (low, high) = (
        target.min().double_value(&[]),
        target.max().double_value(&[]),
    );
    let value = if low < 0.0 { low } else { high };
    Err(LossError::NoTarget { value })
}

#[track_caller]
fn or_panic(loss: Result<Tensor, LossError>) -> Tensor {
    match loss {
        Ok(loss) => loss,
        Err(error) => panic!("{error}"),
    }
}

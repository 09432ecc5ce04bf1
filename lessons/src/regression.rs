//! How far predicted numbers are off: the share of the variance explained, and the mean distance.
//! Knows nothing of networks; compares numbers with numbers.

use tch::{Kind, Tensor};

/// The share of the targets' variance that the predictions explain:
/// `R^2 = 1 - sum((y - p)^2) / sum((y - mean(y))^2)`.
///
/// 1 is perfect, 0 no better than always saying the mean, below 0 worse than that. Of several columns
/// it is the mean of each one's, as in scikit-learn.
///
/// # Shapes
/// both the same: `[examples]` or `[examples, columns]`, any kind
///
/// # Panics
/// Where the shapes differ, there are fewer than two examples, a number is NaN or inf, or a column of
/// targets is constant: it has no variance to explain.
///
/// ```
/// use lessons::prelude::*;
/// let targets = tensor([1.0, 2.0, 3.0]);
/// assert_eq!(r_squared(&targets, &tensor([2.0, 2.0, 2.0])), 0.0);
/// assert_eq!(r_squared(&targets, &tensor([1.0, 2.0, 4.0])), 0.5);
/// ```
#[track_caller]
pub fn r_squared(targets: &Tensor, predictions: &Tensor) -> f64 {
    let (y, p) = pair("r_squared", targets, predictions);
    let examples = y.size().first().copied().unwrap_or(0);
    assert!(
        examples >= 2,
        "r_squared: {examples} examples have no variance: it takes two at least"
    );
    let (y, p) = (y.reshape([examples, -1]), p.reshape([examples, -1]));
    let sum = |values: Tensor| values.square().sum_dim_intlist(0, false, Kind::Double); // [columns]
    let all = sum(&y - y.mean_dim(0, true, Kind::Double));
    assert!(
        all.min().double_value(&[]) > 0.0,
        "r_squared: all targets of a column are equal: there is no variance to explain (mean_absolute_error still \
         tells how far off the predictions are)"
    );
    let share: Tensor = 1.0 - sum(&y - &p) / all;
    share.mean(Kind::Double).double_value(&[])
}

/// How far predictions are off on average, in the targets' unit: `mean(|y - p|)`. One large error
/// counts less than in the mean of squares.
///
/// # Shapes
/// both the same: `[examples]` or `[examples, columns]`, any kind
///
/// # Panics
/// Where the shapes differ, there is no example, or a number is NaN or inf.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(mean_absolute_error(&tensor([1.0, 2.0]), &tensor([2.0, 5.0])), 2.0);
/// ```
#[track_caller]
pub fn mean_absolute_error(targets: &Tensor, predictions: &Tensor) -> f64 {
    let (y, p) = pair("mean_absolute_error", targets, predictions);
    (y - p).abs().mean(Kind::Double).double_value(&[])
}

/// Both as Double on the CPU.
#[track_caller]
fn pair(what: &str, targets: &Tensor, predictions: &Tensor) -> (Tensor, Tensor) {
    let shape = |values: &Tensor| match values.defined() {
        true => values.size(),
        false => Vec::new(),
    };
    let (y, p) = (shape(targets), shape(predictions));
    let hint = match (y.as_slice(), p.as_slice()) {
        ([a], [b, 1]) if a == b => " (try predictions.squeeze_dim(1))",
        ([a, 1], [b]) if a == b => " (try predictions.unsqueeze(1))",
        _ => "",
    };
    assert!(
        y == p && matches!(y.as_slice(), [_] | [_, _]),
        "{what}: targets are {y:?}, predictions {p:?}: both must be [examples] or [examples, columns], and equal{hint}"
    );
    let moved = |values: &Tensor| {
        let values = values.detach().to_device(tch::Device::Cpu);
        values.to_kind(Kind::Double)
    };
    let both = (moved(targets), moved(predictions));
    assert!(
        both.0.numel() > 0,
        "{what}: there are no examples: the mean of nothing is NaN"
    );
    for (name, values) in [("target", &both.0), ("prediction", &both.1)] {
        let odd = values.isfinite().logical_not().sum(Kind::Int64);
        let odd = odd.int64_value(&[]);
        assert!(
            odd == 0,
            "{what}: {odd} of the {name}s are NaN or inf: remove them first"
        );
    }
    both
}

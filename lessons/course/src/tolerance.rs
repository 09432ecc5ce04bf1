//! When two numbers count as the same.
//! A number that is not finite is never close to anything.

use tch::{Kind, Tensor};

/// Whether `got` is within `relative` of `expected`, as a part of `expected`'s size; below a size of 1
/// the difference itself must be within `relative`.
///
/// ```
/// use course::tolerance::close;
/// assert!(close(1000.4, 1000.0, 1e-3) && close(0.0004, 0.0, 1e-3));
/// assert!(!close(1002.0, 1000.0, 1e-3) && !close(f64::NAN, 0.0, 1e-3));
/// ```
pub fn close(got: f64, expected: f64, relative: f64) -> bool {
    (got - expected).abs() <= relative * expected.abs().max(1.0)
}

/// Whether two tensors have the same shape and all their elements are [`close`].
///
/// ```
/// use course::tolerance::all_close;
/// use lessons::prelude::*;
/// assert!(all_close(&tensor([1.0, 2.0]), &tensor([1.0, 2.0001]), 1e-3));
/// assert!(!all_close(&tensor([1.0]), &tensor([1.0, 1.0]), 1e-3));
/// ```
pub fn all_close(got: &Tensor, expected: &Tensor, relative: f64) -> bool {
    if got.size() != expected.size() {
        return false;
    }
    let (got, expected) = (got.to_kind(Kind::Double), expected.to_kind(Kind::Double));
    let allowed = expected.abs().clamp_min(1.0) * relative;
    let within = (got - expected).abs().le_tensor(&allowed).all();
    within.int64_value(&[]) == 1
}

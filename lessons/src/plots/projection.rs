//! Many dimensions become two: the directions in which the points differ most.
//! Knows nothing of what the points are; [`super::scatter`] draws them.

use tch::{Kind, Tensor};

use crate::refusal::shape_of;
use crate::tensors::no_grad;

/// The points in the two directions of largest variance (principal component analysis, Pearson
/// 1901), and the share of the variance that these two hold: `X_c V_2` with `X_c = U S V^T` centred.
/// Each direction's sign is such that its largest entry is above 0, as libraries leave it open.
///
/// # Shapes
/// `x` is `[points, sizes]`, at least 2 of each; the result is `[points, 2]` of kind Float
///
/// # Panics
/// Where the shape is another, or a value is not finite.
///
/// ```
/// use lessons::prelude::*;
/// let x = tensor([[0.0, 0.0, 1.0], [2.0, 2.0, 1.0], [4.0, 4.0, 1.0]]);
/// let (plane, share) = principal_plane(&x);
/// assert_eq!(plane.size(), [3, 2]);
/// assert!((share - 1.0).abs() < 1e-6, "the points lie on one line");
/// scatter("Words", &plane, &["a", "b", "c"]);
/// ```
#[track_caller]
pub fn principal_plane(x: &Tensor) -> (Tensor, f64) {
    let shape = shape_of(x);
    assert!(
        matches!(shape.as_slice(), [points, sizes] if *points >= 2 && *sizes >= 2),
        "principal_plane: points are {shape:?}: they must be [points, sizes], at least 2 of each"
    );
    no_grad(|| {
        let x = x.detach().to_kind(Kind::Double);
        assert!(
            x.isfinite().all().int64_value(&[]) == 1,
            "principal_plane: there is NaN or inf among the values"
        );
        let centred = &x - x.mean_dim(0, true, Kind::Double);
        let (_, spread, directions) = centred.svd(true, true);
        let plane = directions.narrow(1, 0, 2); // [sizes, 2]
        let largest = plane.gather(0, &plane.abs().argmax(0, true), false); // [1, 2]
        let projected = centred.matmul(&(plane * largest.sign()));
        let variance = &spread * &spread;
        let all = variance.sum(Kind::Double).double_value(&[]);
        let two = variance.narrow(0, 0, 2).sum(Kind::Double).double_value(&[]);
        let share = if all > 0.0 { two / all } else { 1.0 };
        (projected.to_kind(Kind::Float), share)
    })
}

//! Made-up data in the plane, where a learner can see what a network does; every point is drawn from
//! libtorch's one random stream, so a seed repeats it. Knows nothing of networks.

use std::f64::consts::PI;

use tch::{Kind, Tensor};

use super::Dataset;
use crate::tensors::{rand, randn};

fn plane(name: &str, x: Tensor, y: Tensor) -> Dataset {
    Dataset {
        name: name.to_owned(),
        x,
        y,
        columns: vec!["x1".to_owned(), "x2".to_owned()],
    }
}

/// Class 0, 1, 0, 1, ...: `[examples]` of kind Int64.
fn turns(examples: i64, classes: i64) -> Tensor {
    Tensor::arange(examples, (Kind::Int64, tch::Device::Cpu)).remainder(classes)
}

#[track_caller]
fn check(name: &str, examples: i64, noise: f64) {
    assert!(
        examples >= 1,
        "{name}: {examples} examples: there must be at least 1"
    );
    assert!(
        noise >= 0.0 && noise.is_finite(),
        "{name}: the noise is {noise}: it must be 0 or more"
    );
}

/// Two half circles that reach into each other: no line separates them. `noise` 0.1 is usual.
///
/// # Shapes
/// x `[examples, 2]`, y `[examples]` of kind Int64, 0 or 1 by turns
///
/// # Panics
/// Where there are no examples or the noise is negative.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(two_moons(100, 0.1).x.size(), [100, 2]);
/// ```
#[track_caller]
pub fn two_moons(examples: i64, noise: f64) -> Dataset {
    check("two_moons", examples, noise);
    let y = turns(examples, 2);
    let class = y.to_kind(Kind::Float);
    let angle = rand(&[examples]) * PI;
    // Class 1 is the upper half circle turned about (0.5, 0.25).
    let turn = 1.0 - &class * 2.0;
    let x = angle.cos() * &turn + &class;
    let height = angle.sin() * &turn + &class * 0.5;
    plane(
        "two moons",
        Tensor::stack(&[x, height], 1) + randn(&[examples, 2]) * noise,
        y,
    )
}

/// `classes` round clouds of standard deviation `spread`, their middles evenly on a circle of radius 2.
///
/// # Shapes
/// x `[examples, 2]`, y `[examples]` of kind Int64, by turns
///
/// # Panics
/// Where a number is below 1 or the spread negative.
///
/// ```
/// use lessons::prelude::*;
/// let data = blobs(30, 3, 0.5);
/// assert_eq!((data.x.size(), data.y.max().item()), (vec![30, 2], 2.0));
/// ```
#[track_caller]
pub fn blobs(examples: i64, classes: i64, spread: f64) -> Dataset {
    check("blobs", examples, spread);
    assert!(
        classes >= 1,
        "blobs: {classes} classes: there must be at least 1"
    );
    let y = turns(examples, classes);
    let angle = y.to_kind(Kind::Float) * (2.0 * PI / classes as f64);
    let middle = Tensor::stack(&[angle.cos(), angle.sin()], 1) * 2.0;
    plane("blobs", middle + randn(&[examples, 2]) * spread, y)
}

/// `classes` arms that wind around each other: a small network needs depth or width for them.
///
/// # Shapes
/// x `[examples, 2]`, y `[examples]` of kind Int64, by turns
///
/// # Panics
/// Where a number is below 1 or the noise negative.
///
/// ```
/// use lessons::prelude::*;
/// let data = spirals(30, 3, 0.0);
/// assert_eq!((data.x.size(), data.y.kind()), (vec![30, 2], Kind::Int64));
/// ```
#[track_caller]
pub fn spirals(examples: i64, classes: i64, noise: f64) -> Dataset {
    check("spirals", examples, noise);
    assert!(
        classes >= 1,
        "spirals: {classes} classes: there must be at least 1"
    );
    let y = turns(examples, classes);
    let radius = rand(&[examples]);
    let angle = &radius * 4.0 + y.to_kind(Kind::Float) * (2.0 * PI / classes as f64);
    let x = Tensor::stack(&[angle.cos() * &radius, angle.sin() * &radius], 1);
    plane("spirals", x + randn(&[examples, 2]) * noise, y)
}

/// `y = x w + b + noise` with standard normal x: the weights to find are known.
///
/// # Shapes
/// x `[examples, weights]`, y `[examples, 1]`
///
/// # Panics
/// Where there are no examples or weights, or the noise is negative.
///
/// ```
/// use lessons::prelude::*;
/// let data = linear_data(10, &[2.0], 1.0, 0.0);
/// assert!((data.y - (data.x * 2.0 + 1.0)).abs().max().item() < 1e-6);
/// ```
#[track_caller]
pub fn linear_data(examples: i64, weights: &[f64], bias: f64, noise: f64) -> Dataset {
    check("linear_data", examples, noise);
    assert!(
        !weights.is_empty(),
        "linear_data: there must be at least 1 weight"
    );
    let size = weights.len() as i64;
    let x = randn(&[examples, size]);
    let w = Tensor::from_slice(weights)
        .to_kind(Kind::Float)
        .reshape([size, 1]);
    let y = x.matmul(&w) + bias + randn(&[examples, 1]) * noise;
    let columns = (1..=size).map(|at| format!("x{at}")).collect();
    Dataset {
        name: "linear".to_owned(),
        x,
        y,
        columns,
    }
}

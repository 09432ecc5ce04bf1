//! Where a token stands: without it, attention sees a bag of words. Three ways to say it.
//! Know nothing of the tokens.

use tch::{Device, Kind, Tensor};

use crate::init::Init;
use crate::layer::{ForwardError, Layer};
use crate::refusal::{check, shape_of};

/// A vector for each position, added to the token's; from [`learned_positions`] or [`sinusoidal`].
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(learned_positions(16, 8).parameter_count(), 16 * 8);
/// assert_eq!(sinusoidal(16, 8).parameter_count(), 0);
/// ```
#[derive(Debug)]
pub struct Positions {
    /// One row per position, `[context, size]`.
    pub weight: Tensor,
    learned: bool,
}

/// A vector for each of `context` positions, learned like any weight (GPT-2); drawn from N(0, 0.02).
///
/// # Shapes
/// `[batch, positions, size]`, unchanged; at most `context` positions
///
/// # Panics
/// Where a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let x = randn(&[2, 5, 8]);
/// assert_eq!(learned_positions(16, 8).forward(&x).size(), [2, 5, 8]);
/// ```
#[track_caller]
pub fn learned_positions(context: i64, size: i64) -> Positions {
    assert!(
        context >= 1 && size >= 1,
        "learned_positions({context}, {size}): both numbers must be at least 1"
    );
    let weight = Tensor::empty([context, size], (Kind::Float, Device::Cpu));
    Init::Normal(0.02).fill(&weight);
    Positions {
        weight: weight.set_requires_grad(true),
        learned: true,
    }
}

/// Sines and cosines of many wavelengths (Vaswani et al. 2017), nothing to learn:
/// `w[p, 2i] = sin(p / 10000^(2i / size))`, `w[p, 2i + 1] = cos(p / 10000^(2i / size))`.
///
/// # Shapes
/// As [`learned_positions`].
///
/// # Panics
/// Where a number is below 1 or the size is odd.
///
/// ```
/// use lessons::prelude::*;
/// let positions = sinusoidal(10, 4);
/// assert!((positions.weight.i((1, 0)).item() - 1f64.sin()).abs() < 1e-6);
/// ```
#[track_caller]
pub fn sinusoidal(context: i64, size: i64) -> Positions {
    assert!(
        context >= 1 && size >= 2 && size % 2 == 0,
        "sinusoidal({context}, {size}): there must be at least 1 position, and the size must be even"
    );
    let angles = angles(context, size);
    let weight = Tensor::stack(&[angles.sin(), angles.cos()], 2).reshape([context, size]);
    Positions {
        weight: weight.to_kind(Kind::Float),
        learned: false,
    }
}

/// `p / 10000^(2i / size)`: `[positions, size / 2]`
fn angles(positions: i64, size: i64) -> Tensor {
    let double = (Kind::Double, Device::Cpu);
    let wave = (Tensor::arange(size / 2, double) * (-2.0 / size as f64 * 10_000f64.ln())).exp();
    Tensor::arange(positions, double).unsqueeze(1) * wave.unsqueeze(0)
}

/// Turns each pair of numbers by an angle that grows with the position (Su et al. 2021), so that the
/// product of a query and a key depends on how far apart they stand, not on where:
/// numbers i and i + size/2 are turned by `p / 10000^(2i / size)`.
///
/// # Shapes
/// `[..., positions, size]`, unchanged; for queries and keys of each head
///
/// # Panics
/// Where there are fewer than two dimensions or the size is odd.
///
/// ```
/// use lessons::prelude::*;
/// let x = randn(&[2, 5, 8]);
/// let turned = rotary(&x);
/// assert!((turned.norm() - x.norm()).item().abs() < 1e-4, "lengths stay");
/// ```
#[track_caller]
pub fn rotary(x: &Tensor) -> Tensor {
    let shape = x.size();
    let (positions, size) = match shape.as_slice() {
        [.., positions, size] if size % 2 == 0 => (*positions, *size),
        _ => panic!(
            "rotary: the input is {shape:?}: it must be [..., positions, size] with an even size"
        ),
    };
    let angles = angles(positions, size)
        .to_kind(x.kind())
        .to_device(x.device());
    let (cos, sin) = (angles.cos(), angles.sin());
    let (a, b) = (x.narrow(-1, 0, size / 2), x.narrow(-1, size / 2, size / 2));
    Tensor::cat(&[&a * &cos - &b * &sin, &a * &sin + &b * &cos], -1)
}

impl Layer for Positions {
    fn describe(&self) -> String {
        let kind = if self.learned {
            "learned"
        } else {
            "sinusoidal"
        };
        match self.weight.size().as_slice() {
            [context, size] => format!("Positions {context} x {size}, {kind}"),
            other => format!("Positions {other:?}"),
        }
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let (context, size) = match self.weight.size().as_slice() {
            [context, size] => (*context, *size),
            _ => (0, 0),
        };
        let shape = shape_of(input);
        let fit = matches!(shape.as_slice(), [_, positions, last] if *last == size && *positions <= context);
        check(self, input, Some(&self.weight), fit, |_| {
            format!("it must be [batch, positions, {size}] with at most {context} positions")
        })?;
        input
            .f_add(&self.weight.narrow(0, 0, shape[1]))
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        self.named(self.learned)
    }

    fn named_buffers(&self) -> Vec<(String, Tensor)> {
        self.named(!self.learned)
    }
}

impl Positions {
    fn named(&self, wanted: bool) -> Vec<(String, Tensor)> {
        wanted
            .then(|| ("weight".to_owned(), self.weight.shallow_clone()))
            .into_iter()
            .collect()
    }
}

//! Gradients against finite differences: each parameter is nudged, and the loss measured twice.
//! Knows nothing of autograd beyond the gradients it left behind.

use tch::{Kind, Tensor};

use crate::gradients::{NoGradient, gradient_of};
use crate::interrupt::checkpoint;
use crate::layer::Layer;
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::no_grad;

/// Of each parameter at most this many numbers are nudged, evenly spread.
const NUDGED: usize = 24;

/// What [`gradient_check`] found.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let x = randn(&[4, 3]);
/// let check = gradient_check(&net, &|| net.forward(&x).square().mean(Kind::Float));
/// assert_eq!((check.rows.len(), check.rows[0].checked), (2, 3));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GradientCheck {
    /// One row per parameter.
    pub rows: Vec<CheckRow>,
}

/// One parameter of a [`GradientCheck`].
///
/// ```
/// use lessons::prelude::*;
/// use lessons::gradient_check::CheckRow;
/// let wrong = CheckRow {
///     name: "weight".to_owned(),
///     checked: 3,
///     largest: 1.0,
///     difference: 0.5,
///     rounding: 1e-4,
/// };
/// assert!(!wrong.agrees());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CheckRow {
    /// Its name.
    pub name: String,
    /// How many of its numbers were nudged.
    pub checked: usize,
    /// The largest gradient among them.
    pub largest: f64,
    /// The largest difference between gradient and measured slope.
    pub difference: f64,
    /// The difference that rounding alone may make.
    pub rounding: f64,
}

/// Compares the gradient of every parameter with `(loss(w + h) - loss(w - h)) / 2h`.
///
/// `loss` must compute the loss anew from the network, the same way each time: no dropout, no new
/// random numbers. The gradients of its backward pass are left in the network.
///
/// # Shapes
/// `loss` gives one number, `[]` or `[1]`; each parameter may have any shape.
///
/// # Panics
/// Where the loss is not one number.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 4)).add(tanh()).add(linear(4, 1));
/// let (x, y) = (randn(&[8, 3]), randn(&[8, 1]));
/// let check = gradient_check(&net, &|| mse_loss(&net.forward(&x), &y));
/// assert!(check.agrees(), "{}", check.show().plain());
/// ```
#[track_caller]
pub fn gradient_check(layer: &dyn Layer, loss: &dyn Fn() -> Tensor) -> GradientCheck {
    let parameters = layer.named_parameters();
    for (_, parameter) in &parameters {
        parameter.shallow_clone().zero_grad();
    }
    crate::backward::backward(layer, &loss());
    let rows = parameters.iter().filter_map(|(name, parameter)| {
        let gradient = match gradient_of(parameter) {
            Ok(gradient) => gradient,
            Err(NoGradient::NotComputed) => parameter.zeros_like().detach(),
            Err(_) => return None,
        };
        Some(row(name, parameter, &gradient, loss))
    });
    GradientCheck {
        rows: rows.collect(),
    }
}

fn row(name: &str, parameter: &Tensor, gradient: &Tensor, loss: &dyn Fn() -> Tensor) -> CheckRow {
    let (numbers, gradients) = (parameter.detach().view([-1]), gradient.reshape([-1]));
    let count = numbers.size()[0];
    let double = parameter.kind() == Kind::Double;
    let mut found = CheckRow {
        name: name.to_owned(),
        checked: 0,
        largest: 0.0,
        difference: 0.0,
        rounding: 0.0,
    };
    let stride = usize::try_from(count).map_or(1, |count| count.div_ceil(NUDGED).max(1));
    for at in (0..count).step_by(stride) {
        checkpoint();
        let kept = numbers.double_value(&[at]);
        let step = if double { 1e-6 } else { 3e-3 } * kept.abs().max(1.0);
        let at_nudged = |to: f64| {
            no_grad(|| {
                let _ = numbers.get(at).fill_(to);
                // What a Float really holds is not quite what was asked for.
                (numbers.double_value(&[at]), loss().double_value(&[]))
            })
        };
        let (up, high) = at_nudged(kept + step);
        let (down, low) = at_nudged(kept - step);
        no_grad(|| {
            let _ = numbers.get(at).fill_(kept);
        });
        let (slope, expected) = ((high - low) / (up - down), gradients.double_value(&[at]));
        let epsilon = if double {
            f64::EPSILON
        } else {
            f64::from(f32::EPSILON)
        };
        // What the curve itself bends within a step is more where steps must be large.
        let bend = if double { 1e-6 } else { 0.02 };
        let rounding =
            8.0 * epsilon * high.abs().max(low.abs()) / (up - down) + bend * expected.abs();
        let difference = (slope - expected).abs();
        found.checked += 1;
        found.largest = found.largest.max(expected.abs());
        // The worst one is the one farthest beyond what rounding explains.
        if difference - rounding > found.difference - found.rounding || found.checked == 1 {
            (found.difference, found.rounding) = (difference, rounding);
        }
    }
    found
}

impl GradientCheck {
    /// Whether every difference is within what rounding makes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(3, 1);
    /// let x = randn(&[4, 3]);
    /// assert!(gradient_check(&net, &|| net.forward(&x).square().mean(Kind::Float)).agrees());
    /// ```
    pub fn agrees(&self) -> bool {
        self.rows.iter().all(CheckRow::agrees)
    }
}

impl CheckRow {
    /// Whether the difference is within what rounding makes.
    pub fn agrees(&self) -> bool {
        self.difference <= self.rounding + 1e-6 * self.largest + 1e-7
    }
}

impl Show for GradientCheck {
    fn show(&self) -> MimeBundle {
        let mut table = Table::new("Gradients against finite differences")
            .columns(&[
                "parameter",
                "checked",
                "largest gradient",
                "difference",
                "verdict",
            ])
            .numeric(&[1, 2, 3]);
        for row in &self.rows {
            let verdict = if row.agrees() { "agrees" } else { "differs" };
            let (largest, difference) = (
                number::significant(row.largest),
                number::significant(row.difference),
            );
            table = table.row(&[
                &row.name,
                &row.checked.to_string(),
                &largest,
                &difference,
                verdict,
            ]);
        }
        if !self.agrees() {
            let note = "A difference: is there a kink nearby (ReLU at 0), dropout, new random numbers in the loss, or a \
                        gradient written by hand?";
            table = table.note(note);
        }
        table.show()
    }
}

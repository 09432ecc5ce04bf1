//! The gradients of named parameters after `backward`: values and norms as a table.
//! Knows nothing of losses; says plainly where a gradient is missing and why.

use tch::{Kind, Tensor};

use crate::layer::Layer;
use crate::names::unknown;
use crate::number;
use crate::plots::{Plot, histogram};
use crate::refusal::shape_of;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensor_view;

/// What [`gradients`] found.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
/// let table = gradients(&net);
/// assert_eq!((table.rows[0].name.as_str(), &table.rows[0].shape), ("weight", &vec![1, 3]));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GradientTable {
    /// One row per parameter, in the network's order.
    pub rows: Vec<GradientRow>,
}

/// One parameter's gradient.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::gradients::NoGradient;
/// let rows = gradients(&linear(3, 1)).rows;
/// assert_eq!(rows[1].gradient, Err(NoGradient::NotComputed), "nobody called backward()");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GradientRow {
    /// The parameter's name.
    pub name: String,
    /// Shape of parameter and gradient.
    pub shape: Vec<i64>,
    /// The gradient, or why there is none.
    pub gradient: Result<Gradient, NoGradient>,
}

/// A gradient in numbers.
///
/// ```
/// use lessons::prelude::*;
/// let w = tensor([3.0, -4.0]).set_requires_grad(true);
/// (w.square() / 2.0).sum(Kind::Float).backward(); // the gradient is w itself
/// let row = &gradients_of(&[("w", &w)]).rows[0];
/// assert!(row.gradient.as_ref().is_ok_and(|g| (g.norm, g.largest) == (5.0, 4.0)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    /// The first few values.
    pub values: String,
    /// `sqrt(sum g^2)`
    pub norm: f64,
    /// The largest `|g|`.
    pub largest: f64,
}

/// Why a parameter has no gradient.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::gradients::NoGradient;
/// let fixed = tensor([1.0]);
/// assert_eq!(gradients_of(&[("fixed", &fixed)]).rows[0].gradient, Err(NoGradient::NotTracked));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoGradient {
    /// `backward` has not reached it since the last `zero_grad`.
    #[error("none: no backward() reached it since zero_grad()")]
    NotComputed,
    /// It is not tracked.
    #[error("none: requires_grad is false")]
    NotTracked,
    /// It was computed from others, and libtorch keeps gradients of the originals only.
    #[error("none: it was computed from other tensors (not a leaf)")]
    NotLeaf,
    /// The tensor has no value.
    #[error("none: the tensor is undefined")]
    Undefined,
}

/// The gradient of every parameter of `layer`: d loss / d parameter, after `loss.backward()`.
///
/// # Shapes
/// A gradient has its parameter's shape.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 1));
/// assert!(gradients(&net).show().plain().contains("call loss.backward()"));
/// mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
/// assert!(gradients(&net).norm("0.weight") > 0.0);
/// ```
pub fn gradients(layer: &dyn Layer) -> GradientTable {
    let parameters = layer.named_parameters();
    GradientTable {
        rows: parameters
            .iter()
            .map(|(name, value)| row(name, value))
            .collect(),
    }
}

/// As [`gradients`], for tensors that you name yourself.
///
/// ```
/// use lessons::prelude::*;
/// let w = tensor([3.0]).set_requires_grad(true);
/// (&w * &w).sum(Kind::Float).backward();
/// assert_eq!(gradients_of(&[("w", &w)]).norm("w"), 6.0);
/// ```
pub fn gradients_of(parameters: &[(&str, &Tensor)]) -> GradientTable {
    GradientTable {
        rows: parameters
            .iter()
            .map(|(name, value)| row(name, value))
            .collect(),
    }
}

/// How the numbers of one parameter's gradient are spread, after `backward`.
///
/// # Panics
/// Where there is no such parameter, or it has no gradient; the message says why.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 4)).add(relu()).add(linear(4, 1));
/// mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
/// let plot = gradient_histogram(&net, "0.weight", 10);
/// assert!(plot.description().contains("12 values"));
/// ```
#[track_caller]
pub fn gradient_histogram(layer: &dyn Layer, name: &str, bins: usize) -> Plot {
    let parameters = layer.named_parameters();
    let Some((_, parameter)) = parameters.iter().find(|(known, _)| known == name) else {
        let known: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
        panic!(
            "{}",
            unknown("gradient_histogram", "parameter", name, &known)
        )
    };
    match gradient_of(parameter) {
        Ok(gradient) => histogram(&format!("Gradient of {name}"), &gradient, bins),
        Err(reason) => panic!("the gradient of {name} is {reason}"),
    }
}

fn row(name: &str, parameter: &Tensor) -> GradientRow {
    let shape = shape_of(parameter);
    let gradient = gradient_of(parameter).map(|gradient| Gradient {
        values: tensor_view::first_values(&gradient),
        norm: norm(&gradient),
        largest: if gradient.numel() == 0 {
            0.0
        } else {
            gradient.abs().max().double_value(&[])
        },
    });
    GradientRow {
        name: name.to_owned(),
        shape,
        gradient,
    }
}

/// The gradient tensor, or why there is none.
pub(crate) fn gradient_of(parameter: &Tensor) -> Result<Tensor, NoGradient> {
    if !parameter.defined() {
        return Err(NoGradient::Undefined);
    }
    if !parameter.requires_grad() {
        return Err(NoGradient::NotTracked);
    }
    // Asking a tensor that is no leaf for its gradient makes libtorch print a C++ warning.
    if !parameter.is_leaf() {
        return Err(NoGradient::NotLeaf);
    }
    let gradient = parameter.grad();
    if gradient.defined() {
        Ok(gradient.detach())
    } else {
        Err(NoGradient::NotComputed)
    }
}

/// `sqrt(sum x^2)`, in the tensor's own precision or at least single.
pub(crate) fn norm(values: &Tensor) -> f64 {
    let kind = if values.kind() == Kind::Double {
        Kind::Double
    } else {
        Kind::Float
    };
    values.detach().to_kind(kind).norm().double_value(&[])
}

impl GradientTable {
    /// The norm of the named parameter's gradient.
    ///
    /// # Panics
    /// Where there is no such parameter or it has no gradient; the message says which.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let w = tensor([3.0, -4.0]).set_requires_grad(true);
    /// (w.square() / 2.0).sum(Kind::Float).backward();
    /// assert_eq!(gradients_of(&[("w", &w)]).norm("w"), 5.0);
    /// ```
    #[track_caller]
    pub fn norm(&self, name: &str) -> f64 {
        let Some(row) = self.rows.iter().find(|row| row.name == name) else {
            let known: Vec<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
            panic!("{}", unknown("norm", "parameter", name, &known))
        };
        match &row.gradient {
            Ok(gradient) => gradient.norm,
            Err(reason) => panic!("the gradient of {name} is {reason}"),
        }
    }

    fn advice(&self) -> Option<&'static str> {
        let missing = |row: &GradientRow| row.gradient == Err(NoGradient::NotComputed);
        let zero = |row: &GradientRow| row.gradient.as_ref().is_ok_and(|g| g.largest == 0.0);
        if self.rows.is_empty() {
            Some("There are no parameters here.")
        } else if self.rows.iter().all(missing) {
            Some("No gradients yet: call loss.backward() first, and look before zero_grad().")
        } else if self.rows.iter().any(missing) {
            Some("Where a gradient is missing, the loss does not depend on that parameter.")
        } else if self.rows.iter().all(zero) {
            Some("All gradients are zero: was zero_grad() called after backward()?")
        } else {
            None
        }
    }
}

impl Show for GradientTable {
    fn show(&self) -> MimeBundle {
        let mut table = Table::new("Gradients: how the loss changes with each parameter")
            .columns(&["parameter", "shape", "gradient", "norm", "largest"])
            .numeric(&[3, 4]);
        for row in &self.rows {
            let shape = number::shape(&row.shape);
            table = match &row.gradient {
                Ok(gradient) => {
                    let norm = number::significant(gradient.norm);
                    let largest = number::significant(gradient.largest);
                    table.row(&[&row.name, &shape, &gradient.values, &norm, &largest])
                }
                Err(reason) => table.row(&[&row.name, &shape, &reason.to_string(), "", ""]),
            };
        }
        if let Some(advice) = self.advice() {
            table = table.note(advice);
        }
        table.show()
    }
}

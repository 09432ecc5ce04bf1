//! The functions between linear layers: without one, a stack of layers folds into a single layer.
//! Knows nothing of the layers around it; none of these has parameters.

use tch::Tensor;

use crate::layer::{ForwardError, ForwardProblem, Layer};

/// An activation, applied to each number by itself; made by [`relu`], [`sigmoid`] and the others.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(Activation::Relu, relu());
/// let smallest = |f: Activation| f.forward(&tensor([-100.0, 0.0, 100.0])).min().item();
/// assert_eq!([relu(), sigmoid(), tanh()].map(smallest), [0.0, 0.0, -1.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// `max(0, x)`
    Relu,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `(e^x - e^-x) / (e^x + e^-x)`
    Tanh,
    /// `x P(Z <= x)`, Z standard normal
    Gelu,
    /// `x / (1 + e^-x)`
    Silu,
}

/// `max(0, x)`: passes what is positive, its slope is 0 or 1.
///
/// # Shapes
/// any shape, unchanged
///
/// ```
/// # use lessons::prelude::*;
/// assert_eq!(relu().forward(&tensor([-2.0, 3.0])), tensor([0.0, 3.0]));
/// ```
pub fn relu() -> Activation {
    Activation::Relu
}

/// `1 / (1 + e^-x)`: squeezes every number between 0 and 1; its slope is at most 1/4.
///
/// # Shapes
/// any shape, unchanged
///
/// ```
/// # use lessons::prelude::*;
/// assert_eq!(sigmoid().forward(&tensor(0.0)).item(), 0.5);
/// ```
pub fn sigmoid() -> Activation {
    Activation::Sigmoid
}

/// `(e^x - e^-x) / (e^x + e^-x)`: squeezes every number between -1 and 1; its slope is at most 1.
///
/// # Shapes
/// any shape, unchanged
///
/// ```
/// # use lessons::prelude::*;
/// assert_eq!(tanh().forward(&tensor(0.0)).item(), 0.0);
/// ```
pub fn tanh() -> Activation {
    Activation::Tanh
}

/// `x P(Z <= x)` with Z standard normal: a smooth ReLU (Hendrycks and Gimpel 2016), in its exact form.
///
/// # Shapes
/// any shape, unchanged
///
/// ```
/// # use lessons::prelude::*;
/// assert!((gelu().forward(&tensor(1.0)).item() - 0.8413).abs() < 1e-4);
/// ```
pub fn gelu() -> Activation {
    Activation::Gelu
}

/// `x / (1 + e^-x)`: a smooth ReLU, also called Swish (Elfwing et al. 2017).
///
/// # Shapes
/// any shape, unchanged
///
/// ```
/// # use lessons::prelude::*;
/// assert!((silu().forward(&tensor(1.0)).item() - 0.7311).abs() < 1e-4);
/// ```
pub fn silu() -> Activation {
    Activation::Silu
}

impl Activation {
    /// Applies the function to every number of `input`.
    ///
    /// # Shapes
    /// any shape, unchanged
    ///
    /// # Panics
    /// Where libtorch has no such function for the input's kind.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(relu().forward(&tensor([[-1.0, 2.0], [3.0, -4.0]])), tensor([[0.0, 2.0], [3.0, 0.0]]));
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }
}

impl Layer for Activation {
    fn describe(&self) -> String {
        match self {
            Activation::Relu => "ReLU",
            Activation::Sigmoid => "Sigmoid",
            Activation::Tanh => "Tanh",
            Activation::Gelu => "GELU",
            Activation::Silu => "SiLU",
        }
        .to_owned()
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        if !input.defined() {
            return Err(ForwardError::new(self, ForwardProblem::Undefined));
        }
        match self {
            Activation::Relu => input.f_relu(),
            Activation::Sigmoid => input.f_sigmoid(),
            Activation::Tanh => input.f_tanh(),
            Activation::Gelu => input.f_gelu("none"),
            Activation::Silu => input.f_silu(),
        }
        .map_err(|error| ForwardError::libtorch(self, input, &error))
    }
}

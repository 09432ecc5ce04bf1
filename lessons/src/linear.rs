//! A fully connected layer, with the weights that PyTorch's `nn.Linear` would draw.
//! Knows nothing of the network around it.

use tch::{Device, Kind, Tensor};

use crate::init::{self, Init};
use crate::layer::{ForwardError, ForwardProblem, Layer};

/// `y = x W^T + b`; see [`linear()`].
///
/// ```
/// use lessons::prelude::*;
/// let layer = linear(4, 8);
/// assert_eq!((layer.weight.size(), layer.bias.size()), (vec![8, 4], vec![8]));
/// ```
#[derive(Debug)]
pub struct Linear {
    /// W, `[outputs, inputs]`
    pub weight: Tensor,
    /// b, `[outputs]`
    pub bias: Tensor,
}

/// A linear layer from `inputs` to `outputs` numbers: `y = x W^T + b`.
///
/// Weight and bias are drawn from `U(-1/sqrt(inputs), 1/sqrt(inputs))`, the weight first, so the
/// same seed gives the numbers of PyTorch's `nn.Linear`. (`tch::nn::linear` gives others: its bound
/// is `sqrt(6/inputs)`, and it draws the bias first.)
///
/// # Shapes
/// weight `[outputs, inputs]`, bias `[outputs]`, both `Float` on the CPU with requires_grad;
/// forward: `[..., inputs] -> [..., outputs]`.
///
/// # Panics
/// Where `inputs` or `outputs` is below 1.
///
/// ```
/// use lessons::prelude::*;
/// manual_seed(42);
/// let layer = linear(3, 1);
/// let y = layer.forward(&tensor([[1.0, 2.0, 3.0]]));
/// assert!((y.item() - 1.5244).abs() < 1e-4);
/// ```
#[track_caller]
pub fn linear(inputs: i64, outputs: i64) -> Linear {
    assert!(
        inputs >= 1 && outputs >= 1,
        "linear({inputs}, {outputs}): both numbers must be at least 1"
    );
    let weight = Tensor::empty([outputs, inputs], (Kind::Float, Device::Cpu));
    Init::PyTorch.fill(&weight);
    let mut bias = Tensor::empty([outputs], (Kind::Float, Device::Cpu));
    let bias = init::uniform(&mut bias, 1.0 / (inputs as f64).sqrt());
    Linear {
        weight: weight.set_requires_grad(true),
        bias: bias.set_requires_grad(true),
    }
}

impl Linear {
    /// Draws the weights anew by `recipe` and sets the bias to zero; [`Init::PyTorch`] keeps both as
    /// they were drawn first.
    ///
    /// ```
    /// # use lessons::prelude::*;
    /// let layer = linear(64, 64).with_init(Init::HeNormal);
    /// assert_eq!(layer.bias.abs().max().item(), 0.0);
    /// ```
    #[must_use]
    pub fn with_init(self, recipe: Init) -> Self {
        // Drawing PyTorch's weights a second time would shift every later draw of the same seed.
        if recipe != Init::PyTorch {
            recipe.fill(&self.weight);
            Init::Constant(0.0).fill(&self.bias);
        }
        self
    }

    /// `y = x W^T + b`.
    ///
    /// # Shapes
    /// `[..., inputs] -> [..., outputs]`
    ///
    /// # Panics
    /// Where the input does not fit, with the sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = linear(2, 1);
    /// let x = randn(&[5, 2]);
    /// let by_hand = x.matmul(&layer.weight.tr()) + &layer.bias;
    /// assert!((layer.forward(&x) - by_hand).abs().max().item() < 1e-6);
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }
}

impl Layer for Linear {
    fn describe(&self) -> String {
        match self.weight.size().as_slice() {
            [outputs, inputs] => format!("Linear {inputs} -> {outputs}"),
            other => format!("Linear with weight {other:?}"),
        }
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        if let Some(problem) = self.refuses(input) {
            return Err(ForwardError::new(self, problem));
        }
        input
            .f_linear(&self.weight, Some(&self.bias))
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        vec![
            ("weight".to_owned(), self.weight.shallow_clone()),
            ("bias".to_owned(), self.bias.shallow_clone()),
        ]
    }
}

impl Linear {
    fn refuses(&self, input: &Tensor) -> Option<ForwardProblem> {
        if !input.defined() {
            return Some(ForwardProblem::Undefined);
        }
        let shape = input.size();
        let expected = self.weight.size().last().copied().unwrap_or(0);
        if shape.last() != Some(&expected) {
            return Some(ForwardProblem::LastSize { shape, expected });
        }
        if input.device() != self.weight.device() {
            let (device, expected) = (input.device(), self.weight.device());
            return Some(ForwardProblem::Device { device, expected });
        }
        if input.kind() != self.weight.kind() {
            let (kind, expected) = (input.kind(), self.weight.kind());
            return Some(ForwardProblem::Kind { kind, expected });
        }
        None
    }
}

impl tch::nn::Module for Linear {
    fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }
}

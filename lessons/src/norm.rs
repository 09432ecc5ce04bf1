//! Normalisation: numbers are brought to mean 0 and variance 1, then to a learned mean and spread.
//! Batch norm looks across the examples of a batch, layer norm within each example.

use tch::{Device, Kind, Tensor};

use crate::layer::{ForwardError, Layer};
use crate::refusal::{check, shape_of};

/// Keeps the division away from zero; PyTorch's value.
const EPSILON: f64 = 1e-5;
/// How much a new batch counts in the running means; PyTorch's value.
const MOMENTUM: f64 = 0.1;

/// See [`layer_norm`].
///
/// ```
/// use lessons::prelude::*;
/// let layer = layer_norm(4);
/// assert_eq!((&layer.weight, &layer.bias), (&tensor([1.0; 4]), &tensor([0.0; 4])));
/// ```
#[derive(Debug)]
pub struct LayerNorm {
    /// The learned spread, `[size]`; ones at first.
    pub weight: Tensor,
    /// The learned mean, `[size]`; zeros at first.
    pub bias: Tensor,
}

/// `y = (x - mean) / sqrt(variance + 1e-5) * weight + bias`, with mean and variance of the last
/// dimension of each example (Ba et al. 2016).
///
/// # Shapes
/// weight and bias `[size]`; forward `[..., size]`, unchanged
///
/// # Panics
/// Where the size is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let y = layer_norm(4).forward(&tensor([[1.0, 2.0, 3.0, 4.0]]));
/// assert!(y.mean(Kind::Float).item().abs() < 1e-6);
/// ```
#[track_caller]
pub fn layer_norm(size: i64) -> LayerNorm {
    assert!(size >= 1, "layer_norm({size}): the size must be at least 1");
    LayerNorm {
        weight: learned(1.0, size),
        bias: learned(0.0, size),
    }
}

fn learned(value: f64, size: i64) -> Tensor {
    Tensor::full([size], value, (Kind::Float, Device::Cpu)).set_requires_grad(true)
}

impl LayerNorm {
    /// Normalises each example.
    ///
    /// # Shapes
    /// `[..., size]`, unchanged
    ///
    /// # Panics
    /// Where the input does not fit, with the sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let y = layer_norm(2).forward(&tensor([[1.0, 3.0], [100.0, 300.0]]));
    /// assert!((y - tensor([[-1.0, 1.0], [-1.0, 1.0]])).abs().max().item() < 1e-4);
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }
}

impl Layer for LayerNorm {
    fn describe(&self) -> String {
        format!("LayerNorm {}", self.weight.numel())
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let size = self.weight.numel() as i64;
        let fit = shape_of(input).last() == Some(&size);
        check(self, input, Some(&self.weight), fit, |_| {
            format!("its last size must be {size}")
        })?;
        input
            .f_layer_norm([size], Some(&self.weight), Some(&self.bias), EPSILON, true)
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        named(&[("weight", &self.weight), ("bias", &self.bias)])
    }
}

fn named(tensors: &[(&str, &Tensor)]) -> Vec<(String, Tensor)> {
    tensors
        .iter()
        .map(|(name, tensor)| ((*name).to_owned(), tensor.shallow_clone()))
        .collect()
}

/// See [`batch_norm1d`] and [`batch_norm2d`].
///
/// ```
/// use lessons::prelude::*;
/// let mut net = Sequential::new().add(batch_norm1d(2));
/// net.forward(&(randn(&[50, 2]) + 5.0)); // training: the running means follow
/// let (_, mean) = &net.named_buffers()[0];
/// assert!((mean.mean(Kind::Float).item() - 0.5).abs() < 0.1, "a tenth of the way from 0 to 5");
/// ```
#[derive(Debug)]
pub struct BatchNorm {
    /// The learned spread, `[channels]`; ones at first.
    pub weight: Tensor,
    /// The learned mean, `[channels]`; zeros at first.
    pub bias: Tensor,
    /// Mean of the batches so far, `[channels]`; stands in for the batch's mean in evaluation.
    pub running_mean: Tensor,
    /// Variance of the batches so far, `[channels]`.
    pub running_var: Tensor,
    batches: Tensor,
    sides: usize,
    training: bool,
}

/// Normalises each feature by its mean and variance over the batch (Ioffe and Szegedy 2015):
/// `y = (x - mean) / sqrt(variance + 1e-5) * weight + bias`.
///
/// In evaluation the running mean and variance take the batch's place, so that an example's output
/// does not depend on its neighbours: forgetting `net.eval()` gives other numbers.
///
/// # Shapes
/// `[batch, features]` or `[batch, features, length]`, unchanged
///
/// # Panics
/// Where the number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let layer = batch_norm1d(2);
/// let y = layer.forward(&tensor([[1.0, 10.0], [3.0, 30.0]]));
/// assert!((y.abs() - 1.0).abs().max().item() < 1e-4);
/// assert_eq!(layer.running_mean, tensor([0.2, 2.0]));
/// ```
#[track_caller]
pub fn batch_norm1d(features: i64) -> BatchNorm {
    batch_norm("batch_norm1d", 1, features)
}

/// As [`batch_norm1d`], for images: each channel is normalised over the batch and all its pixels.
///
/// # Shapes
/// `[batch, channels, height, width]`, unchanged
///
/// # Panics
/// Where the number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let out = batch_norm2d(3).forward(&(randn(&[8, 3, 4, 4]) * 5.0 + 2.0));
/// assert!(out.mean(Kind::Float).item().abs() < 1e-4);
/// ```
#[track_caller]
pub fn batch_norm2d(channels: i64) -> BatchNorm {
    batch_norm("batch_norm2d", 2, channels)
}

#[track_caller]
fn batch_norm(name: &str, sides: usize, channels: i64) -> BatchNorm {
    assert!(
        channels >= 1,
        "{name}({channels}): the number must be at least 1"
    );
    let float = (Kind::Float, Device::Cpu);
    BatchNorm {
        weight: learned(1.0, channels),
        bias: learned(0.0, channels),
        running_mean: Tensor::zeros([channels], float),
        running_var: Tensor::ones([channels], float),
        batches: Tensor::zeros([], (Kind::Int64, Device::Cpu)),
        sides,
        training: true,
    }
}

impl BatchNorm {
    /// Normalises a batch.
    ///
    /// # Shapes
    /// As [`batch_norm1d`] and [`batch_norm2d`] say; unchanged
    ///
    /// # Panics
    /// Where the input does not fit, with the sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let y = batch_norm1d(1).forward(&tensor([[2.0], [4.0]]));
    /// assert!((y - tensor([[-1.0], [1.0]])).abs().max().item() < 1e-4);
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }

    fn wanted(&self, shape: &[i64]) -> String {
        let channels = self.weight.numel();
        let wanted = match self.sides {
            1 => format!("it must be [batch, {channels}] or [batch, {channels}, length]"),
            _ => format!("it must be [batch, {channels}, height, width]"),
        };
        if self.shape_fits(shape) {
            return "training needs more than one value per channel: one alone has no variance \
                    (a batch of one? call .eval() to use the running mean)"
                .to_owned();
        }
        wanted
    }

    fn shape_fits(&self, shape: &[i64]) -> bool {
        let dimensions = match self.sides {
            1 => shape.len() == 2 || shape.len() == 3,
            _ => shape.len() == 4,
        };
        dimensions && shape[1] == self.weight.numel() as i64
    }
}

impl Layer for BatchNorm {
    fn describe(&self) -> String {
        format!("BatchNorm{}d {}", self.sides, self.weight.numel())
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let shape = shape_of(input);
        let values = shape.iter().product::<i64>() / shape.get(1).copied().unwrap_or(1).max(1);
        let fit = self.shape_fits(&shape) && !(self.training && values == 1);
        check(self, input, Some(&self.weight), fit, |shape| {
            self.wanted(shape)
        })?;
        let output = input.f_batch_norm(
            Some(&self.weight),
            Some(&self.bias),
            Some(&self.running_mean),
            Some(&self.running_var),
            self.training,
            MOMENTUM,
            EPSILON,
            true,
        );
        if self.training && output.is_ok() {
            let _ = self.batches.shallow_clone().g_add_scalar_(1);
        }
        output.map_err(|error| ForwardError::libtorch(self, input, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        named(&[("weight", &self.weight), ("bias", &self.bias)])
    }

    fn named_buffers(&self) -> Vec<(String, Tensor)> {
        named(&[
            ("running_mean", &self.running_mean),
            ("running_var", &self.running_var),
            ("num_batches_tracked", &self.batches),
        ])
    }

    fn set_training(&mut self, training: bool) {
        self.training = training;
    }
}

//! Convolutions: one small window of weights that slides over a row of values or over an image.
//! Knows nothing of the network around it.

use tch::{Device, Kind, Tensor};

use crate::init::{self, Init};
use crate::layer::{ForwardError, Layer};
use crate::refusal::{check, shape_of};

/// A convolution over one or two dimensions; from [`conv1d`] or [`conv2d`].
///
/// ```
/// use lessons::prelude::*;
/// let layer = conv2d(3, 8, 5);
/// assert_eq!((layer.weight.size(), layer.bias.size()), (vec![8, 3, 5, 5], vec![8]));
/// ```
#[derive(Debug)]
pub struct Conv {
    /// One window per output channel: `[out, in, width]` or `[out, in, height, width]`.
    pub weight: Tensor,
    /// `[out]`
    pub bias: Tensor,
    stride: i64,
    padding: i64,
}

/// A window of `window` values that slides along a row:
/// `y[o, t] = b[o] + sum_c sum_k w[o, c, k] x[c, t + k]`.
///
/// Weight and bias are drawn as PyTorch's `nn.Conv1d` does, from `U(-b, b)` with
/// `b = 1 / sqrt(in_channels * window)`, the weight first.
///
/// # Shapes
/// weight `[out, in, window]`, bias `[out]`; forward `[batch, in, length] -> [batch, out, length']`
/// with `length' = (length + 2 padding - window) / stride + 1`, rounded down.
///
/// # Panics
/// Where a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(conv1d(2, 4, 3).forward(&randn(&[1, 2, 10])).size(), [1, 4, 8]);
/// ```
#[track_caller]
pub fn conv1d(in_channels: i64, out_channels: i64, window: i64) -> Conv {
    build("conv1d", in_channels, out_channels, &[window])
}

/// A square window of `window` by `window` pixels that slides over an image:
/// `y[o, i, j] = b[o] + sum_c sum_k sum_l w[o, c, k, l] x[c, i + k, j + l]`.
///
/// It learns `out * (in * window^2 + 1)` numbers, whatever the image's size. Weight and bias are
/// drawn as PyTorch's `nn.Conv2d` does, from `U(-b, b)` with `b = 1 / sqrt(in_channels * window^2)`,
/// the weight first.
///
/// # Shapes
/// weight `[out, in, window, window]`, bias `[out]`; forward
/// `[batch, in, height, width] -> [batch, out, height', width']` with
/// `height' = (height + 2 padding - window) / stride + 1`, rounded down.
///
/// # Panics
/// Where a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let layer = conv2d(1, 8, 3).padding(1);
/// assert_eq!(layer.forward(&randn(&[5, 1, 8, 8])).size(), [5, 8, 8, 8]);
/// assert_eq!(layer.parameter_count(), 8 * (9 + 1));
/// ```
#[track_caller]
pub fn conv2d(in_channels: i64, out_channels: i64, window: i64) -> Conv {
    build("conv2d", in_channels, out_channels, &[window, window])
}

#[track_caller]
fn build(name: &str, inputs: i64, outputs: i64, window: &[i64]) -> Conv {
    assert!(
        inputs >= 1 && outputs >= 1 && window.iter().all(|&size| size >= 1),
        "{name}({inputs}, {outputs}, {}): all numbers must be at least 1",
        window[0]
    );
    let shape = [&[outputs, inputs], window].concat();
    let weight = Tensor::empty(shape, (Kind::Float, Device::Cpu));
    Init::PyTorch.fill(&weight);
    let fan_in = inputs * window.iter().product::<i64>();
    let mut bias = Tensor::empty([outputs], (Kind::Float, Device::Cpu));
    let bias = init::uniform(&mut bias, 1.0 / (fan_in as f64).sqrt());
    Conv {
        weight: weight.set_requires_grad(true),
        bias: bias.set_requires_grad(true),
        stride: 1,
        padding: 0,
    }
}

impl Conv {
    /// The window moves by `stride` (1 by itself).
    ///
    /// # Panics
    /// Where it is below 1.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(conv1d(1, 1, 3).stride(2).forward(&randn(&[1, 1, 9])).size(), [1, 1, 4]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn stride(mut self, stride: i64) -> Self {
        assert!(stride >= 1, "stride({stride}): it must be at least 1");
        self.stride = stride;
        self
    }

    /// Zeros are put around the input, this many at each side (none by itself).
    ///
    /// # Panics
    /// Where it is negative.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(conv1d(1, 1, 3).padding(1).forward(&randn(&[1, 1, 9])).size(), [1, 1, 9]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn padding(mut self, padding: i64) -> Self {
        assert!(padding >= 0, "padding({padding}): it must be 0 or more");
        self.padding = padding;
        self
    }

    /// Slides the window over `input`.
    ///
    /// # Shapes
    /// `[batch, in, length]` or `[batch, in, height, width]`; see [`conv1d`] and [`conv2d`]
    ///
    /// # Panics
    /// Where the input does not fit, with the sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = conv1d(1, 1, 2);
    /// Init::Constant(0.5).fill(&layer.weight);
    /// Init::Constant(0.0).fill(&layer.bias);
    /// assert_eq!(layer.forward(&tensor([[[1.0, 3.0, 5.0]]])), tensor([[[2.0, 4.0]]]), "means of two");
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }

    /// Channels in, channels out, and the window's sizes.
    fn sizes(&self) -> (i64, i64, Vec<i64>) {
        match self.weight.size().as_slice() {
            [outputs, inputs, window @ ..] => (*inputs, *outputs, window.to_vec()),
            _ => (0, 0, Vec::new()),
        }
    }

    fn wanted(&self, shape: &[i64]) -> String {
        let (channels, _, window) = self.sizes();
        let row = window.len() == 1;
        let sides = if row { "length" } else { "height, width" };
        let wanted = format!("it must be [batch, {channels}, {sides}]");
        if shape.len() != window.len() + 2 {
            let hint = match shape.len() == window.len() + 1 {
                true if channels == 1 => " (.unsqueeze(1) adds the channel)",
                true => " (.unsqueeze(0) makes a batch of one)",
                false => "",
            };
            return wanted + hint;
        }
        if shape[1] != channels {
            return format!("{wanted}: there are {} channels", shape[1]);
        }
        let size = window[0];
        format!("{wanted}, and the window of {size} does not fit into it even with the padding")
    }
}

impl Layer for Conv {
    fn describe(&self) -> String {
        let (inputs, outputs, window) = self.sizes();
        let sizes: Vec<String> = window.iter().map(i64::to_string).collect();
        let mut text = format!(
            "Conv{}d {inputs} -> {outputs}, window {}",
            window.len(),
            sizes.join("x")
        );
        if self.stride != 1 {
            text += &format!(", stride {}", self.stride);
        }
        if self.padding != 0 {
            text += &format!(", padding {}", self.padding);
        }
        text
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let (channels, _, window) = self.sizes();
        let shape = shape_of(input);
        let fit = shape.len() == window.len() + 2
            && shape[1] == channels
            && shape[2..]
                .iter()
                .zip(&window)
                .all(|(size, window)| size + 2 * self.padding >= *window);
        check(self, input, Some(&self.weight), fit, |shape| {
            self.wanted(shape)
        })?;
        let (stride, padding) = (
            vec![self.stride; window.len()],
            vec![self.padding; window.len()],
        );
        let once = vec![1; window.len()];
        let bias = Some(&self.bias);
        match window.len() {
            1 => input.f_conv1d(&self.weight, bias, stride, padding, once, 1),
            _ => input.f_conv2d(&self.weight, bias, stride, padding, once, 1),
        }
        .map_err(|error| ForwardError::libtorch(self, input, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        vec![
            ("weight".to_owned(), self.weight.shallow_clone()),
            ("bias".to_owned(), self.bias.shallow_clone()),
        ]
    }
}

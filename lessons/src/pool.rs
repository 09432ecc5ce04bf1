//! Layers that change shapes and learn nothing: pooling, which makes an image smaller, and flatten.
//! Know nothing of the layers around them.

use tch::Tensor;

use crate::layer::{ForwardError, Layer};
use crate::refusal::{check, shape_of};

/// A pooling layer; from [`max_pool1d`], [`max_pool2d`], [`avg_pool1d`] or [`avg_pool2d`].
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(max_pool2d(2).forward(&randn(&[5, 3, 8, 8])).size(), [5, 3, 4, 4]);
/// assert_eq!(max_pool2d(2).parameter_count(), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    takes: Takes,
    sides: usize,
    window: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Max,
    Mean,
}

/// Keeps the largest of every `window` values in a row; a rest shorter than the window is left out.
///
/// # Shapes
/// `[batch, channels, length] -> [batch, channels, length / window]`
///
/// # Panics
/// Where the window is below 1.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(max_pool1d(2).forward(&tensor([[[1.0, 4.0, 2.0, 3.0]]])), tensor([[[4.0, 3.0]]]));
/// ```
#[track_caller]
pub fn max_pool1d(window: i64) -> Pool {
    pool("max_pool1d", Takes::Max, 1, window)
}

/// Keeps the largest value of every square of `window` by `window` pixels.
///
/// # Shapes
/// `[batch, channels, height, width] -> [batch, channels, height / window, width / window]`
///
/// # Panics
/// Where the window is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let image = tensor([[[[1.0, 2.0], [3.0, 4.0]]]]);
/// assert_eq!(max_pool2d(2).forward(&image).item(), 4.0);
/// assert_eq!(avg_pool2d(2).forward(&image).item(), 2.5);
/// ```
#[track_caller]
pub fn max_pool2d(window: i64) -> Pool {
    pool("max_pool2d", Takes::Max, 2, window)
}

/// Keeps the mean of every `window` values in a row.
///
/// # Shapes
/// As [`max_pool1d`].
///
/// # Panics
/// Where the window is below 1.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(avg_pool1d(2).forward(&tensor([[[1.0, 4.0, 2.0, 3.0]]])), tensor([[[2.5, 2.5]]]));
/// ```
#[track_caller]
pub fn avg_pool1d(window: i64) -> Pool {
    pool("avg_pool1d", Takes::Mean, 1, window)
}

/// Keeps the mean of every square of `window` by `window` pixels.
///
/// # Shapes
/// As [`max_pool2d`].
///
/// # Panics
/// Where the window is below 1.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(avg_pool2d(2).forward(&tensor([[[[1.0, 4.0], [2.0, 3.0]]]])).item(), 2.5);
/// ```
#[track_caller]
pub fn avg_pool2d(window: i64) -> Pool {
    pool("avg_pool2d", Takes::Mean, 2, window)
}

#[track_caller]
fn pool(name: &str, takes: Takes, sides: usize, window: i64) -> Pool {
    assert!(
        window >= 1,
        "{name}({window}): the window must be at least 1"
    );
    Pool {
        takes,
        sides,
        window,
    }
}

impl Pool {
    /// Makes `input` smaller.
    ///
    /// # Shapes
    /// As the function says that made it: [`max_pool1d`], [`max_pool2d`], [`avg_pool1d`], [`avg_pool2d`].
    ///
    /// # Panics
    /// Where the input does not fit, with the sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(avg_pool1d(3).forward(&tensor([[[1.0, 2.0, 6.0, 9.0]]])).item(), 3.0, "9 is a rest");
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }
}

impl Layer for Pool {
    fn describe(&self) -> String {
        let name = match self.takes {
            Takes::Max => "MaxPool",
            Takes::Mean => "AvgPool",
        };
        format!("{name}{}d {}", self.sides, self.window)
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let shape = shape_of(input);
        let fit =
            shape.len() == self.sides + 2 && shape[2..].iter().all(|&size| size >= self.window);
        check(self, input, None, fit, |_| {
            let sides = if self.sides == 1 {
                "length"
            } else {
                "height, width"
            };
            format!(
                "it must be [batch, channels, {sides}], at least {} long",
                self.window
            )
        })?;
        let (window, stride) = (vec![self.window; self.sides], vec![self.window; self.sides]);
        let (none, once) = (vec![0; self.sides], vec![1; self.sides]);
        match (self.takes, self.sides) {
            (Takes::Max, 1) => input.f_max_pool1d(window, stride, none, once, false),
            (Takes::Max, _) => input.f_max_pool2d(window, stride, none, once, false),
            (Takes::Mean, 1) => input.f_avg_pool1d(window, stride, none, false, true),
            (Takes::Mean, _) => input.f_avg_pool2d(window, stride, none, false, true, None),
        }
        .map_err(|error| ForwardError::libtorch(self, input, &error))
    }
}

/// See [`flatten`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(conv2d(1, 4, 3)).add(flatten()).add(linear(4 * 6 * 6, 10));
/// assert_eq!(net.forward(&randn(&[5, 1, 8, 8])).size(), [5, 10]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flatten;

/// Makes one row of each example: what stands between convolutions and a linear layer.
///
/// # Shapes
/// `[batch, a, b, ...] -> [batch, a * b * ...]`
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(flatten().forward(&randn(&[5, 8, 4, 4])).size(), [5, 128]);
/// ```
pub fn flatten() -> Flatten {
    Flatten
}

impl Layer for Flatten {
    fn describe(&self) -> String {
        "Flatten".to_owned()
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let fit = !shape_of(input).is_empty();
        check(self, input, None, fit, |_| {
            "it must be [batch, ...]".to_owned()
        })?;
        input
            .f_flatten(1.min(input.dim() as i64 - 1), -1)
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }
}

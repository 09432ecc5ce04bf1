//! A residual block: what a layer makes of its input is added to the input.
//! Knows nothing of the layer inside.

use std::time::Instant;

use tch::Tensor;

use crate::layer::{ForwardError, ForwardProblem, Layer};
use crate::trace::Watcher;

/// See [`residual`].
///
/// ```
/// use lessons::prelude::*;
/// let inside = linear(4, 4).with_init(Init::Constant(0.0)); // makes nothing of its input
/// let x = randn(&[2, 4]);
/// assert_eq!(residual(inside).forward(&x), x, "so the input passes as it is");
/// ```
#[derive(Debug)]
pub struct Residual {
    inside: Box<dyn Layer>,
}

/// `y = x + inside(x)` (He et al. 2015): gradients reach what lies before it undiminished, because
/// `dy/dx = 1 + d inside/dx`.
///
/// Parameters keep the names that they have inside. A trace of a block around several layers has a
/// step `add` for the sum, after theirs.
///
/// # Shapes
/// `inside` must keep its input's shape.
///
/// ```
/// use lessons::prelude::*;
/// let block = residual(Sequential::new().add(linear(4, 4)).add(relu()));
/// assert_eq!(block.named_parameters()[0].0, "0.weight");
/// assert_eq!(block.forward(&randn(&[2, 4])).size(), [2, 4]);
/// ```
pub fn residual(inside: impl Layer + 'static) -> Residual {
    Residual {
        inside: Box::new(inside),
    }
}

impl Residual {
    fn add(&self, input: &Tensor, change: &Tensor) -> Result<Tensor, ForwardError> {
        if change.size() != input.size() {
            let wanted = format!(
                "the layers inside make {:?} of it, and only equal shapes can be added",
                change.size()
            );
            return Err(ForwardError::new(
                self,
                ForwardProblem::Shape {
                    shape: input.size(),
                    wanted,
                },
            ));
        }
        input
            .f_add(change)
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }
}

impl Layer for Residual {
    fn describe(&self) -> String {
        format!("Residual around {}", self.inside.describe())
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        self.add(input, &self.inside.try_forward(input)?)
    }

    fn try_forward_watched(
        &self,
        input: &Tensor,
        watcher: &mut Watcher,
    ) -> Result<Tensor, ForwardError> {
        let known = watcher.known();
        let change = self.inside.try_forward_watched(input, watcher)?;
        let start = Instant::now();
        let output = self.add(input, &change)?;
        // Around a single layer the block is one step; around several, the sum is one beside theirs.
        if watcher.known() > known {
            watcher.own("add", "Add", input, &output, start);
        }
        Ok(output)
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        self.inside.named_parameters()
    }

    fn named_buffers(&self) -> Vec<(String, Tensor)> {
        self.inside.named_buffers()
    }

    fn set_training(&mut self, training: bool) {
        self.inside.set_training(training);
    }
}

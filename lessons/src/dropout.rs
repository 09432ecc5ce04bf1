//! Dropout: while training, some numbers become zero at random; in evaluation nothing changes.
//! Knows nothing of the layers around it.

use tch::Tensor;

use crate::layer::{ForwardError, ForwardProblem, Layer};

/// See [`dropout()`].
///
/// ```
/// use lessons::prelude::*;
/// let y = dropout(0.5).forward(&tensor([1.0; 200]));
/// assert_eq!((y.min().item(), y.max().item()), (0.0, 2.0), "dropped, or made up for");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    probability: f64,
    training: bool,
}

/// Sets each number to zero with `probability` while training, and multiplies the others by
/// `1 / (1 - probability)` so that the mean stays (Srivastava et al. 2014).
///
/// # Shapes
/// any shape, unchanged
///
/// # Panics
/// Where the probability lies outside 0..1 (1 excluded: nothing would be left).
///
/// ```
/// use lessons::prelude::*;
/// let mut net = Sequential::new().add(linear(4, 8)).add(dropout(0.5));
/// net.eval();
/// let x = randn(&[2, 4]);
/// assert_eq!(net.forward(&x), net.forward(&x));
/// ```
#[track_caller]
pub fn dropout(probability: f64) -> Dropout {
    assert!(
        (0.0..1.0).contains(&probability),
        "dropout({probability}): the probability must be at least 0 and below 1"
    );
    Dropout {
        probability,
        training: true,
    }
}

impl Layer for Dropout {
    fn describe(&self) -> String {
        format!("Dropout {}", self.probability)
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        if !input.defined() {
            return Err(ForwardError::new(self, ForwardProblem::Undefined));
        }
        input
            .f_dropout(self.probability, self.training)
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }

    fn set_training(&mut self, training: bool) {
        self.training = training;
    }
}

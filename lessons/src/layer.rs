//! What every layer is: something that turns one tensor into another and may hold parameters.
//! Knows no particular layer; a lesson can add its own by two methods.

use std::fmt;

use tch::{Device, Kind, Tensor};

use crate::trace::Watcher;

/// A part of a network.
///
/// A layer of your own needs a description and a forward pass; parameters if it has some.
///
/// ```
/// use lessons::prelude::*;
///
/// #[derive(Debug)]
/// struct Double;
///
/// impl Layer for Double {
///     fn describe(&self) -> String {
///         "Double".to_owned()
///     }
///     fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
///         Ok(input * 2.0)
///     }
/// }
///
/// let net = Sequential::new().add(linear(3, 2)).add(Double);
/// assert_eq!(net.forward(&randn(&[5, 3])).size(), [5, 2]);
/// ```
pub trait Layer: fmt::Debug + Send {
    /// What it is in a few words, with its sizes: `Linear 4 -> 8`.
    fn describe(&self) -> String;

    /// Computes the output.
    ///
    /// # Errors
    /// Where the input does not fit; the message says what came and what was wanted.
    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError>;

    /// Computes the output.
    ///
    /// # Panics
    /// With the message of [`Layer::try_forward`]'s error, at the line that called.
    #[track_caller]
    fn forward(&self, input: &Tensor) -> Tensor {
        match self.try_forward(input) {
            Ok(output) => output,
            Err(error) => panic!("{error}"),
        }
    }

    /// As [`Layer::try_forward`], letting `watcher` see each layer inside.
    ///
    /// # Errors
    /// As [`Layer::try_forward`].
    fn try_forward_watched(
        &self,
        input: &Tensor,
        _watcher: &mut Watcher,
    ) -> Result<Tensor, ForwardError> {
        self.try_forward(input)
    }

    /// The parameters with their names, in the order in which they were made.
    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        Vec::new()
    }

    /// What the layer keeps beside its parameters and does not learn, as the running means of batch
    /// norm; saved and restored with the parameters.
    fn named_buffers(&self) -> Vec<(String, Tensor)> {
        Vec::new()
    }

    /// Chooses between training (`true`) and evaluation; only some layers, dropout for one, differ.
    fn set_training(&mut self, _training: bool) {}

    /// How many numbers the layer learns; a weight used twice counts once.
    fn parameter_count(&self) -> usize {
        count(&self.named_parameters())
    }
}

/// How many numbers these tensors hold together; a tensor that comes twice counts once.
pub(crate) fn count(parameters: &[(String, Tensor)]) -> usize {
    let mut seen = Vec::new();
    let mut numbers = 0;
    for (_, parameter) in parameters {
        let place = (parameter.data_ptr(), parameter.numel());
        if !seen.contains(&place) || parameter.numel() == 0 {
            seen.push(place);
            numbers += parameter.numel();
        }
    }
    numbers
}

/// An input that a layer cannot take.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().named("fc", linear(3, 2));
/// let error = net.try_forward(&randn(&[4, 5])).unwrap_err();
/// assert_eq!((error.path, error.layer.as_str()), (vec!["fc".to_owned()], "Linear 3 -> 2"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}{problem}", place(path, layer))]
pub struct ForwardError {
    /// Names of the layers around and up to the one that failed, outermost first.
    pub path: Vec<String>,
    /// What that layer is, as it describes itself.
    pub layer: String,
    /// What was wrong.
    pub problem: ForwardProblem,
}

/// What can be wrong with an input.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::layer::ForwardProblem;
/// let error = linear(3, 2).try_forward(&randn(&[4, 5])).unwrap_err();
/// assert_eq!(error.problem, ForwardProblem::LastSize { shape: vec![4, 5], expected: 3 });
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ForwardProblem {
    /// The last size is not the number of inputs.
    #[error("input is {shape:?}: its last size must be {expected}{}", transposed(shape, *expected))]
    LastSize {
        /// The input's shape.
        shape: Vec<i64>,
        /// The size that the layer takes.
        expected: i64,
    },
    /// The kind of number differs from the weights'.
    #[error(
        "input has kind {kind:?}, the weights {expected:?}: convert it with .to_kind(Kind::{expected:?})"
    )]
    Kind {
        /// The input's kind.
        kind: Kind,
        /// The weights' kind.
        expected: Kind,
    },
    /// Input and weights lie on different devices.
    #[error(
        "input is on {device:?}, the weights on {expected:?}: move it with .to_device(Device::{expected:?})"
    )]
    Device {
        /// Where the input is.
        device: Device,
        /// Where the weights are.
        expected: Device,
    },
    /// The input is no tensor yet.
    #[error("input is undefined: it was never given a value")]
    Undefined,
    /// Another shape is wanted.
    #[error("input is {shape:?}: {wanted}")]
    Shape {
        /// The input's shape.
        shape: Vec<i64>,
        /// The right one, in words.
        wanted: String,
    },
    /// Tokens are whole numbers.
    #[error(
        "tokens have kind {kind:?}, but they are whole numbers: convert them with .to_kind(Kind::{expected:?})"
    )]
    Tokens {
        /// The input's kind.
        kind: Kind,
        /// The kind that counts rows.
        expected: Kind,
    },
    /// Anything that libtorch itself refuses.
    #[error("input is {shape:?}: libtorch says: {message}")]
    Libtorch {
        /// The input's shape.
        shape: Vec<i64>,
        /// The first line of libtorch's message.
        message: String,
    },
}

impl ForwardError {
    /// An error of the layer itself, which containers then place with [`ForwardError::inside`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// use lessons::layer::ForwardProblem;
    /// let error = ForwardError::new(&linear(3, 2), ForwardProblem::Undefined);
    /// assert!(error.to_string().contains("Linear 3 -> 2"));
    /// ```
    pub fn new(layer: &dyn Layer, problem: ForwardProblem) -> Self {
        Self {
            path: Vec::new(),
            layer: layer.describe(),
            problem,
        }
    }

    /// An error that libtorch reported; only the first line says something to a learner.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = randn(&[2, 3]);
    /// let refused = x.f_matmul(&x).unwrap_err();
    /// let error = ForwardError::libtorch(&linear(3, 2), &x, &refused);
    /// assert!(error.to_string().contains("[2, 3]") && !error.to_string().contains('\n'));
    /// ```
    pub fn libtorch(layer: &dyn Layer, input: &Tensor, error: &tch::TchError) -> Self {
        let message = match error {
            tch::TchError::Torch(message) => message.clone(),
            other => other.to_string(),
        };
        let message = message.lines().next().unwrap_or_default().to_owned();
        Self::new(
            layer,
            ForwardProblem::Libtorch {
                shape: input.size(),
                message,
            },
        )
    }

    /// The same error, seen from a container that calls the layer `name`.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// use lessons::layer::ForwardProblem;
    /// let error = ForwardError::new(&relu(), ForwardProblem::Undefined).inside("act").inside("block0");
    /// assert_eq!(error.path, ["block0", "act"]);
    /// ```
    #[must_use]
    pub fn inside(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

fn place(path: &[String], layer: &str) -> String {
    if path.is_empty() {
        format!("{layer}: ")
    } else {
        format!("layer {} ({layer}): ", path.join("."))
    }
}

/// The likeliest cause, where it shows: rows and columns changed places.
fn transposed(shape: &[i64], expected: i64) -> &'static str {
    match shape {
        [rows, _] if *rows == expected => " (did you mean .tr(), which swaps rows and columns?)",
        [only] if *only != expected && *only % expected.max(1) == 0 => {
            " (are several examples in one row? .reshape([-1, size]) makes rows of them)"
        }
        _ => "",
    }
}

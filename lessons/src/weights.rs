//! Copies of a layer's parameters: to start several runs alike, or to go back to the best ones.
//! Knows nothing of files.

use tch::Tensor;

use crate::layer::Layer;
use crate::tensors::no_grad;

/// Parameters copied by [`copy_weights`], with their names.
///
/// ```
/// use lessons::prelude::*;
/// let start = copy_weights(&linear(3, 1));
/// let shapes: Vec<_> = start.iter().map(|(name, value)| (name, value.size())).collect();
/// assert_eq!(shapes, [("weight", vec![1, 3]), ("bias", vec![1])]);
/// ```
#[derive(Debug)]
pub struct Weights(Vec<(String, Tensor)>);

impl Weights {
    /// Names and values, in the network's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// Copies all parameters of `layer`, and its running means, as they are now; later training does not
/// change the copy.
///
/// ```
/// use lessons::prelude::*;
/// let layer = linear(3, 1);
/// let start = copy_weights(&layer);
/// Init::Constant(7.0).fill(&layer.weight);
/// restore_weights(&layer, &start);
/// assert!(layer.weight.max().item() < 1.0);
/// ```
pub fn copy_weights(layer: &dyn Layer) -> Weights {
    Weights(
        state(layer)
            .into_iter()
            .map(|(name, value)| (name, value.detach().copy()))
            .collect(),
    )
}

/// Parameters and buffers: all that makes a trained network.
pub(crate) fn state(layer: &dyn Layer) -> Vec<(String, Tensor)> {
    let mut state = layer.named_parameters();
    state.extend(layer.named_buffers());
    state
}

/// Writes copied parameters back into `layer`, and clears its gradients, which belong to others.
///
/// # Panics
/// With the message of [`WeightsError`]; [`try_restore_weights`] returns it instead.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let start = copy_weights(&net);
/// Init::Constant(0.0).fill(&net.weight);
/// restore_weights(&net, &start);
/// assert!(net.weight.abs().max().item() > 0.0);
/// ```
#[track_caller]
pub fn restore_weights(layer: &dyn Layer, weights: &Weights) {
    if let Err(error) = try_restore_weights(layer, weights) {
        panic!("{error}");
    }
}

/// As [`restore_weights`].
///
/// # Errors
/// Where names or shapes differ; then nothing was written.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::weights::try_restore_weights;
/// let start = copy_weights(&linear(3, 1));
/// assert!(try_restore_weights(&linear(3, 1), &start).is_ok());
/// assert!(try_restore_weights(&linear(4, 1), &start).is_err());
/// ```
pub fn try_restore_weights(layer: &dyn Layer, weights: &Weights) -> Result<(), WeightsError> {
    let mut parameters = state(layer);
    let names = |list: &[(String, Tensor)]| -> Vec<String> {
        list.iter()
            .map(|(name, value)| format!("{name} {:?}", value.size()))
            .collect()
    };
    let (wanted, came) = (names(&parameters), names(&weights.0));
    if wanted != came {
        return Err(WeightsError {
            wanted: wanted.join(", "),
            came: came.join(", "),
        });
    }
    no_grad(|| {
        for ((_, parameter), (_, value)) in parameters.iter_mut().zip(&weights.0) {
            parameter.copy_(value);
            parameter.zero_grad();
        }
    });
    Ok(())
}

/// Puts the weights back on every way out: an interrupt or a panic must not leave a network half trained.
#[derive(Debug)]
pub(crate) struct PutBack {
    /// Each weight itself, and what it held.
    kept: Vec<(Tensor, Tensor)>,
}

impl PutBack {
    /// Remembers all weights as they are now.
    pub(crate) fn new(layer: &dyn Layer) -> Self {
        let copied = |(_, value): (String, Tensor)| {
            let copy = value.detach().copy();
            (value, copy)
        };
        Self {
            kept: state(layer).into_iter().map(copied).collect(),
        }
    }

    /// Writes them back, and clears the gradients, which belong to others.
    pub(crate) fn now(&mut self) {
        no_grad(|| {
            for (weight, kept) in &mut self.kept {
                // Neither shape nor kind changed: this cannot fail, and a drop must not panic.
                let _ = weight.f_copy_(kept);
                weight.zero_grad();
            }
        });
    }
}

impl Drop for PutBack {
    fn drop(&mut self) {
        self.now();
    }
}

/// Weights that belong to a network of another build.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::weights::try_restore_weights;
/// let error = try_restore_weights(&linear(4, 1), &copy_weights(&linear(3, 1))).unwrap_err();
/// assert!(error.wanted.contains("[1, 4]") && error.came.contains("[1, 3]"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these weights belong to another network: it has {wanted}; they are {came}")]
pub struct WeightsError {
    /// Names and shapes of the network's parameters.
    pub wanted: String,
    /// Names and shapes of the copies.
    pub came: String,
}

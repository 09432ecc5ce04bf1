//! Trained weights in a file: safetensors, which Python reads too, names and all.
//! Knows nothing of training; parameters and running means are what is kept, and on request what an
//! optimiser remembers.

use std::path::{Path, PathBuf};

use tch::{Device, Tensor};

use crate::layer::Layer;
use crate::optimizer::Optimizer;
use crate::tensors::no_grad;
use crate::weights::state;

/// Before the names of an optimiser's memory in a file.
const OPTIMIZER: &str = "optimizer.";

/// A file that could not be written, read, or does not belong to the network.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::checkpoint::{CheckpointError, try_load_weights};
/// let missing = std::path::Path::new("no such file.safetensors");
/// let error = try_load_weights(&linear(3, 2), missing).unwrap_err();
/// assert!(matches!(error, CheckpointError::Read { .. }));
/// assert!(error.to_string().contains("no such file.safetensors"));
/// ```
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// libtorch or the system refused to write it.
    #[error("the weights cannot be saved as {}: {reason} (is there such a folder, and may you write to it?)", path.display())]
    Save {
        /// Where it should have gone.
        path: PathBuf,
        /// What was said.
        reason: String,
    },
    /// There is no such file, or it is no safetensors file.
    #[error("the weights cannot be read from {}: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What was said.
        reason: String,
    },
    /// The file is of another network.
    #[error("{} belongs to another network: {differences}", path.display())]
    Different {
        /// The file.
        path: PathBuf,
        /// Names that are missing, unknown, or of another shape.
        differences: String,
    },
    /// The weights fit, but what the optimiser remembered does not.
    #[error("{}: {reason}", path.display())]
    Optimizer {
        /// The file.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
}

/// Writes all parameters and running means of `layer` into a `.safetensors` file.
///
/// # Panics
/// With the message of [`CheckpointError`]; [`try_save_weights`] returns it instead.
///
/// ```
/// use lessons::prelude::*;
/// let path = std::env::temp_dir().join("lessons-doc.safetensors");
/// let net = Sequential::new().add(linear(3, 2));
/// save_weights(&net, &path);
/// let other = Sequential::new().add(linear(3, 2));
/// load_weights(&other, &path);
/// assert_eq!(net.parameter("0.weight"), other.parameter("0.weight"));
/// ```
#[track_caller]
pub fn save_weights(layer: &dyn Layer, path: impl AsRef<Path>) {
    if let Err(error) = try_save_weights(layer, path.as_ref()) {
        panic!("{error}");
    }
}

/// As [`save_weights`].
///
/// # Errors
/// Where the file cannot be written.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::checkpoint::try_save_weights;
/// let net = linear(3, 2);
/// let folder = std::env::temp_dir();
/// assert!(try_save_weights(&net, &folder.join("lessons-try-save.safetensors")).is_ok());
/// assert!(try_save_weights(&net, &folder.join("no such folder/net.safetensors")).is_err());
/// ```
pub fn try_save_weights(layer: &dyn Layer, path: &Path) -> Result<(), CheckpointError> {
    write(state(layer), path)
}

fn write(state: Vec<(String, Tensor)>, path: &Path) -> Result<(), CheckpointError> {
    let plain = |value: &Tensor| value.detach().to_device(Device::Cpu).contiguous();
    let tensors: Vec<(String, Tensor)> = state
        .iter()
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect();
    Tensor::write_safetensors(&tensors, path).map_err(|error| CheckpointError::Save {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

/// Writes the weights of `layer` and all that `optimizer` remembers into one `.safetensors` file, so
/// that training can stop here and go on another day as if it had not.
///
/// [`load_weights`] reads such a file too, the weights alone. What the random numbers would have been
/// is not kept: where batches are shuffled, set a seed before each part.
///
/// # Panics
/// With the message of [`CheckpointError`]; [`try_save_checkpoint`] returns it instead.
///
/// ```
/// use lessons::prelude::*;
/// let path = std::env::temp_dir().join("lessons-checkpoint.safetensors");
/// let net = linear(3, 1);
/// let mut optimizer = adam(&net, 0.1);
/// let loss = || mse_loss(&net.forward(&Tensor::ones([4, 3], (Kind::Float, Device::Cpu))), &tensor([[1.0]; 4]));
/// optimizer.backward_step(&loss());
/// save_checkpoint(&net, &optimizer, &path);
///
/// let other = linear(3, 1);
/// let mut goes_on = adam(&other, 0.1);
/// load_checkpoint(&other, &mut goes_on, &path);
/// assert_eq!(goes_on.steps(), 1);
/// assert_eq!(other.weight, net.weight);
/// ```
#[track_caller]
pub fn save_checkpoint(layer: &dyn Layer, optimizer: &Optimizer, path: impl AsRef<Path>) {
    if let Err(error) = try_save_checkpoint(layer, optimizer, path.as_ref()) {
        panic!("{error}");
    }
}

/// As [`save_checkpoint`].
///
/// # Errors
/// Where the file cannot be written.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::checkpoint::{try_load_checkpoint, try_save_checkpoint};
/// let net = linear(3, 1);
/// let mut optimizer = adam(&net, 0.1);
/// let path = std::env::temp_dir().join("lessons-try-checkpoint.safetensors");
/// try_save_checkpoint(&net, &optimizer, &path)?;
/// try_load_checkpoint(&net, &mut optimizer, &path)?;
/// assert_eq!(optimizer.steps(), 0);
/// # Ok::<(), lessons::checkpoint::CheckpointError>(())
/// ```
pub fn try_save_checkpoint(
    layer: &dyn Layer,
    optimizer: &Optimizer,
    path: &Path,
) -> Result<(), CheckpointError> {
    let mut all = state(layer);
    let memory = optimizer.state().into_iter();
    all.extend(memory.map(|(name, value)| (format!("{OPTIMIZER}{name}"), value)));
    write(all, path)
}

/// Reads a file of [`save_checkpoint`]: weights into `layer`, the memory into `optimizer`.
///
/// # Panics
/// With the message of [`CheckpointError`]; [`try_load_checkpoint`] returns it instead.
///
/// ```
/// use lessons::prelude::*;
/// let path = std::env::temp_dir().join("lessons-load-checkpoint.safetensors");
/// let net = linear(1, 1);
/// let mut optimizer = sgd_momentum(&net, 0.1, 0.9);
/// optimizer.backward_step(&net.weight.square().sum(Kind::Float));
/// save_checkpoint(&net, &optimizer, &path);
/// let at_saving = net.weight.item();
///
/// optimizer.backward_step(&net.weight.square().sum(Kind::Float));
/// load_checkpoint(&net, &mut optimizer, &path); // back to where it was saved
/// assert_eq!((net.weight.item(), optimizer.steps()), (at_saving, 1));
/// ```
#[track_caller]
pub fn load_checkpoint(layer: &dyn Layer, optimizer: &mut Optimizer, path: impl AsRef<Path>) {
    if let Err(error) = try_load_checkpoint(layer, optimizer, path.as_ref()) {
        panic!("{error}");
    }
}

/// As [`load_checkpoint`].
///
/// # Errors
/// Where the file cannot be read, or names or shapes differ; then nothing was changed.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::checkpoint::{CheckpointError, try_load_checkpoint};
/// let path = std::env::temp_dir().join("lessons-try-load-checkpoint.safetensors");
/// let net = linear(1, 1);
/// let mut optimizer = adam(&net, 0.1);
/// optimizer.backward_step(&net.weight.square().sum(Kind::Float));
/// save_checkpoint(&net, &optimizer, &path);
/// let refused = try_load_checkpoint(&net, &mut sgd(&net, 0.1), &path);
/// assert!(matches!(refused, Err(CheckpointError::Optimizer { .. })), "Adam's memory is not SGD's");
/// ```
pub fn try_load_checkpoint(
    layer: &dyn Layer,
    optimizer: &mut Optimizer,
    path: &Path,
) -> Result<(), CheckpointError> {
    let (weights, memory) = read(path)?;
    let mut own = state(layer);
    fits(&own, &weights, path)?;
    optimizer
        .try_restore_state(&memory)
        .map_err(|error| CheckpointError::Optimizer {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
    copy(&mut own, &weights);
    Ok(())
}

/// Reads weights from a `.safetensors` file into `layer`.
///
/// # Panics
/// With the message of [`CheckpointError`]; [`try_load_weights`] returns it instead.
///
/// ```
/// use lessons::prelude::*;
/// let path = std::env::temp_dir().join("lessons-load-weights.safetensors");
/// let net = Sequential::new().add(linear(3, 2)).add(relu());
/// save_weights(&net, &path);
/// let before = net.forward(&tensor([[1.0, 2.0, 3.0]]));
/// Init::Constant(0.0).fill(&net.parameter("0.weight"));
/// load_weights(&net, &path);
/// assert_eq!(net.forward(&tensor([[1.0, 2.0, 3.0]])), before);
/// ```
#[track_caller]
pub fn load_weights(layer: &dyn Layer, path: impl AsRef<Path>) {
    if let Err(error) = try_load_weights(layer, path.as_ref()) {
        panic!("{error}");
    }
}

/// As [`load_weights`].
///
/// # Errors
/// Where the file cannot be read, or names or shapes differ; then nothing was changed.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::checkpoint::{CheckpointError, try_load_weights};
/// let path = std::env::temp_dir().join("lessons-try-load-weights.safetensors");
/// save_weights(&linear(3, 2), &path);
/// assert!(try_load_weights(&linear(3, 2), &path).is_ok());
/// let refused = try_load_weights(&linear(4, 2), &path);
/// assert!(matches!(refused, Err(CheckpointError::Different { .. })));
/// ```
pub fn try_load_weights(layer: &dyn Layer, path: &Path) -> Result<(), CheckpointError> {
    let (weights, _) = read(path)?;
    let mut own = state(layer);
    fits(&own, &weights, path)?;
    copy(&mut own, &weights);
    Ok(())
}

type Named = Vec<(String, Tensor)>;

/// The weights of a file, and what an optimiser remembered.
fn read(path: &Path) -> Result<(Named, Named), CheckpointError> {
    let all = Tensor::read_safetensors(path).map_err(|error| CheckpointError::Read {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    let (mut weights, mut memory) = (Vec::new(), Vec::new());
    for (name, value) in all {
        match name.strip_prefix(OPTIMIZER) {
            Some(name) => memory.push((name.to_owned(), value)),
            None => weights.push((name, value)),
        }
    }
    Ok((weights, memory))
}

fn fits(own: &Named, read: &Named, path: &Path) -> Result<(), CheckpointError> {
    match differences(own, read) {
        none if none.is_empty() => Ok(()),
        differences => Err(CheckpointError::Different {
            path: path.to_owned(),
            differences: differences.join("; "),
        }),
    }
}

fn copy(own: &mut Named, read: &Named) {
    no_grad(|| {
        for (name, value) in own {
            if let Some((_, saved)) = read.iter().find(|(other, _)| other == name) {
                value.copy_(saved);
            }
        }
    });
}

fn differences(own: &[(String, Tensor)], read: &[(String, Tensor)]) -> Vec<String> {
    let missing =
        own.iter().filter_map(
            |(name, value)| match read.iter().find(|(other, _)| other == name) {
                None => Some(format!("it has no {name}")),
                Some((_, saved)) if saved.size() != value.size() => Some(format!(
                    "{name} is {:?} there and {:?} here",
                    saved.size(),
                    value.size()
                )),
                Some(_) => None,
            },
        );
    let unknown = read
        .iter()
        .filter(|(name, _)| own.iter().all(|(other, _)| other != name));
    missing
        .chain(unknown.map(|(name, _)| format!("the network has no {name}")))
        .collect()
}

//! Trained weights in a file: safetensors, which Python reads too, names and all.
//! Knows nothing of training; parameters and running means are what is kept.

use std::path::{Path, PathBuf};

use tch::{Device, Tensor};

use crate::layer::Layer;
use crate::tensors::no_grad;
use crate::weights::state;

/// A file that could not be written, read, or does not belong to the network.
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
pub fn try_save_weights(layer: &dyn Layer, path: &Path) -> Result<(), CheckpointError> {
    let plain = |value: &Tensor| value.detach().to_device(Device::Cpu).contiguous();
    let tensors: Vec<(String, Tensor)> = state(layer)
        .iter()
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect();
    Tensor::write_safetensors(&tensors, path).map_err(|error| CheckpointError::Save {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

/// Reads weights from a `.safetensors` file into `layer`.
///
/// # Panics
/// With the message of [`CheckpointError`]; [`try_load_weights`] returns it instead.
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
pub fn try_load_weights(layer: &dyn Layer, path: &Path) -> Result<(), CheckpointError> {
    let read = Tensor::read_safetensors(path).map_err(|error| CheckpointError::Read {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    let mut own = state(layer);
    let differences = differences(&own, &read);
    if !differences.is_empty() {
        let differences = differences.join("; ");
        return Err(CheckpointError::Different {
            path: path.to_owned(),
            differences,
        });
    }
    no_grad(|| {
        for (name, value) in &mut own {
            if let Some((_, saved)) = read.iter().find(|(other, _)| other == name) {
                value.copy_(saved);
            }
        }
    });
    Ok(())
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

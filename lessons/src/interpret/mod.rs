//! What a network knows and what it looks at, each with the check that keeps the answer honest: probes
//! with control labels, saliency with deletion and with randomised weights.
//! Knows nothing of particular networks beyond their forward pass.

mod deletion;
mod overlay;
mod probe;
mod randomised;
mod saliency;

pub use self::deletion::{Deletion, deletion_test};
pub use self::overlay::saliency_overlay;
pub use self::probe::{Probe, Selectivity, control_labels, probe, probe_with_control};
pub use self::randomised::{RandomisedWeights, randomised_weight_check, rank_correlation};
pub use self::saliency::{Saliency, saliency};

use tch::{Device, Kind, Tensor};

/// A question that cannot be asked of this network and these data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {problem}")]
pub struct InterpretError {
    /// The function that was called.
    pub what: &'static str,
    /// What came, and what was wanted.
    pub problem: String,
}

fn error(what: &'static str, problem: impl Into<String>) -> InterpretError {
    InterpretError {
        what,
        problem: problem.into(),
    }
}

#[track_caller]
fn or_panic<T>(found: Result<T, InterpretError>) -> T {
    found.unwrap_or_else(|error| panic!("{error}"))
}

/// All numbers of a tensor, in order.
fn flat(values: &Tensor) -> Vec<f64> {
    let flat = values
        .detach()
        .to_device(Device::Cpu)
        .to_kind(Kind::Double)
        .contiguous()
        .reshape([-1]);
    Vec::try_from(flat).unwrap_or_default()
}

/// The places of the largest values first; equal ones in their order.
fn descending(values: &[f64]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order.into_iter().map(|at| at as i64).collect()
}

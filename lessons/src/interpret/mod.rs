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

use tch::Tensor;

use crate::plots::numbers as flat;

/// A question that cannot be asked of this network and these data.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::interpret::InterpretError;
/// let error = InterpretError { what: "probe", problem: "there are 3 examples".to_owned() };
/// assert_eq!(error.to_string(), "probe: there are 3 examples");
/// ```
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

/// Whether a network gave logits for `examples` of some classes, and `class` is one of them.
fn check_class(
    what: &'static str,
    logits: &Tensor,
    examples: i64,
    class: i64,
) -> Result<(), InterpretError> {
    let shape = logits.size();
    let classes = match shape.as_slice() {
        [rows, classes] if *rows == examples => *classes,
        _ => {
            let problem = format!(
                "the network gives {shape:?} for {examples} examples: it must give [{examples}, classes]"
            );
            return Err(error(what, problem));
        }
    };
    if (0..classes).contains(&class) {
        return Ok(());
    }
    let last = classes - 1;
    let problem = format!("there is no class {class}: classes go from 0 to {last}");
    Err(error(what, problem))
}

/// The places of the largest values first; equal ones in their order.
fn descending(values: &[f64]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order.into_iter().map(|at| at as i64).collect()
}

//! Backward with plain words: why it cannot run, and which gradients were not cleared before it.
//! Knows nothing of the loss; looks at the network's gradients before and after.

use tch::Tensor;

use crate::gradients::{NoGradient, gradient_of};
use crate::layer::Layer;
use crate::number;
use crate::plots::{LinePlot, line_plot};
use crate::refusal::shape_of;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::no_grad;
use crate::weights::Weights;

/// What [`backward`] noticed.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let report = backward(&net, &net.weight.square().sum(Kind::Float));
/// assert_eq!(report.not_reached, ["bias"], "the loss does not depend on it");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackwardReport {
    /// Parameters whose gradients were there already: they now hold the sum of both passes.
    pub added_to: Vec<String>,
    /// Parameters that got no gradient: the loss does not depend on them.
    pub not_reached: Vec<String>,
}

/// Why backward could not run.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::backward::{BackwardError, try_backward};
/// let net = linear(3, 1);
/// let twice = net.forward(&randn(&[4, 3])).square().mean(Kind::Float);
/// twice.backward();
/// assert_eq!(try_backward(&net, &twice), Err(BackwardError::Twice));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackwardError {
    /// More numbers than one.
    #[error(
        "backward: the loss has shape {shape:?}: gradients belong to one number (reduce it, for instance with .mean(Kind::Float))"
    )]
    NotOneNumber {
        /// The loss' shape.
        shape: Vec<i64>,
    },
    /// Nothing was recorded.
    #[error(
        "backward: the loss was computed from nothing that requires a gradient (was it inside no_grad, or made by tensor(..) or .detach()?)"
    )]
    NotRecorded,
    /// The recording was used up.
    #[error(
        "backward: this loss went backward before, and what it recorded is used up: compute the loss again by a new forward pass"
    )]
    Twice,
    /// Anything else that libtorch refuses.
    #[error("backward: libtorch says: {message}")]
    Libtorch {
        /// The first line of libtorch's message.
        message: String,
    },
}

/// `loss.backward()` for `layer`, with a report of what a learner should know.
///
/// # Panics
/// With the message of [`BackwardError`]; [`try_backward`] returns it instead.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let loss = || mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1]));
/// assert!(backward(&net, &loss()).added_to.is_empty());
/// assert_eq!(backward(&net, &loss()).added_to, ["weight", "bias"], "nobody called zero_grad()");
/// ```
#[track_caller]
pub fn backward(layer: &dyn Layer, loss: &Tensor) -> BackwardReport {
    match try_backward(layer, loss) {
        Ok(report) => report,
        Err(error) => panic!("{error}"),
    }
}

/// As [`backward`].
///
/// # Errors
/// Where there is nothing to go back through.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::backward::{BackwardError, try_backward};
/// let net = linear(3, 1);
/// let y = net.forward(&randn(&[4, 3]));
/// assert_eq!(try_backward(&net, &y), Err(BackwardError::NotOneNumber { shape: vec![4, 1] }));
/// assert_eq!(try_backward(&net, &tensor(1.0)), Err(BackwardError::NotRecorded));
/// assert!(try_backward(&net, &y.mean(Kind::Float)).is_ok());
/// ```
pub fn try_backward(layer: &dyn Layer, loss: &Tensor) -> Result<BackwardReport, BackwardError> {
    check_loss(loss)?;
    let held = |(name, parameter): &(String, Tensor)| {
        let there = gradient_of(parameter)
            .is_ok_and(|gradient| gradient.abs().max().double_value(&[]) != 0.0);
        there.then(|| name.clone())
    };
    let parameters = layer.named_parameters();
    let added_to = parameters.iter().filter_map(held).collect();
    go_back(loss)?;
    let not_reached = parameters
        .iter()
        .filter(|(_, parameter)| gradient_of(parameter) == Err(NoGradient::NotComputed));
    Ok(BackwardReport {
        added_to,
        not_reached: not_reached.map(|(name, _)| name.clone()).collect(),
    })
}

/// `loss.backward()` alone, for the loops: no report.
pub(crate) fn go_back(loss: &Tensor) -> Result<(), BackwardError> {
    check_loss(loss)?;
    loss.f_backward().map_err(|error| refused(&error))
}

fn check_loss(loss: &Tensor) -> Result<(), BackwardError> {
    if !loss.defined() || loss.numel() != 1 {
        let shape = shape_of(loss);
        return Err(BackwardError::NotOneNumber { shape });
    }
    if loss.requires_grad() {
        Ok(())
    } else {
        Err(BackwardError::NotRecorded)
    }
}

fn refused(error: &tch::TchError) -> BackwardError {
    let text = error.to_string();
    if text.contains("second time") {
        return BackwardError::Twice;
    }
    BackwardError::Libtorch {
        message: text.lines().next().unwrap_or_default().to_owned(),
    }
}

impl Show for BackwardReport {
    fn show(&self) -> MimeBundle {
        let mut lines = Vec::new();
        if !self.added_to.is_empty() {
            lines.push(format!(
                "Not cleared before: {}. These gradients are now sums over more than one backward: call \
                 optimizer.zero_grad() before each.",
                self.added_to.join(", ")
            ));
        }
        if !self.not_reached.is_empty() {
            lines.push(format!(
                "Not reached: {}. The loss does not depend on them.",
                self.not_reached.join(", ")
            ));
        }
        if lines.is_empty() {
            lines.push("Every parameter has its gradient, from this backward alone.".to_owned());
        }
        MimeBundle::text(lines.join("\n"))
    }
}

/// What changed since `before`, parameter by parameter: how far each weight moved, and how far that
/// is beside its own size.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let before = copy_weights(&net);
/// let mut optimizer = sgd(&net, 0.1);
/// optimizer.backward_step(&mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])));
/// assert!(changes(&net, &before).text().contains("moved"));
/// ```
pub fn changes(layer: &dyn Layer, before: &Weights) -> Table {
    let mut table = Table::new("What changed")
        .columns(&["parameter", "size before", "moved by", "share"])
        .numeric(&[1, 2, 3]);
    for Change { name, size, moved } in changed(layer, before) {
        let share = if size > 0.0 {
            format!("{:.2} %", 100.0 * moved / size)
        } else {
            String::new()
        };
        table = table.row(&[
            &name,
            &number::significant(size),
            &number::significant(moved),
            &share,
        ]);
    }
    table
}

/// The numbers of [`changes`] as a picture: each parameter's size before, and how far it moved, on a
/// logarithmic axis. What did not move at all has no place there.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let before = copy_weights(&net);
/// sgd(&net, 0.1).backward_step(&mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])));
/// assert!(changes_plot(&net, &before).plot().svg().contains("moved by"));
/// ```
pub fn changes_plot(layer: &dyn Layer, before: &Weights) -> LinePlot {
    let found = changed(layer, before);
    let at: Vec<f64> = (0..found.len()).map(|at| at as f64).collect();
    let names: Vec<&str> = found.iter().map(|change| change.name.as_str()).collect();
    let numbers = |of: fn(&Change) -> f64| found.iter().map(of).collect::<Vec<f64>>();
    line_plot("What changed")
        .axes("parameter, input side first", "norm")
        .log_y()
        .dashed("size before", &at, &numbers(|change| change.size))
        .points("moved by", &at, &numbers(|change| change.moved))
        .x_names(&names)
}

/// How far one parameter moved.
struct Change {
    name: String,
    size: f64,
    moved: f64,
}

fn changed(layer: &dyn Layer, before: &Weights) -> Vec<Change> {
    let now = layer.named_parameters();
    let norm =
        |values: &Tensor| no_grad(|| values.to_kind(tch::Kind::Double).norm().double_value(&[]));
    let known = before.iter().filter_map(|(name, old)| {
        let fits = |(other, new): &&(String, Tensor)| other == name && new.size() == old.size();
        let (_, new) = now.iter().find(fits)?;
        Some(Change {
            name: name.to_owned(),
            size: norm(old),
            moved: no_grad(|| norm(&(new.detach() - old))),
        })
    });
    known.collect()
}

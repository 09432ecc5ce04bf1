//! A network at a glance: every layer with its output shape and what it learns, and the sums.
//! Knows nothing of particular layers; it sends one input through and looks.

use tch::Tensor;

use crate::layer::{ForwardError, Layer};
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::no_grad;
use crate::trace::try_trace;

/// See [`summary`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 4)).add(relu());
/// let found = summary(&net, &randn(&[1, 3]));
/// assert_eq!((found.parameters, found.bytes, found.rows.len()), (16, 64, 2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// One row per layer, in the order of the computation.
    pub rows: Vec<SummaryRow>,
    /// Shape of the input.
    pub input: Vec<i64>,
    /// How many numbers the network learns; a weight used twice counts once.
    pub parameters: usize,
    /// How many bytes the parameters take.
    pub bytes: usize,
}

/// One layer of a [`Summary`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 4)).add(relu());
/// let row = &summary(&net, &randn(&[1, 3])).rows[0];
/// assert_eq!((row.name.as_str(), &row.output, row.parameters), ("0", &vec![1, 4], 16));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// The layer's name, with those of the layers around it.
    pub name: String,
    /// What the layer is.
    pub layer: String,
    /// Shape of what comes out.
    pub output: Vec<i64>,
    /// How many numbers this layer learns.
    pub parameters: usize,
}

/// Every layer of a network with its output shape and parameters, for an input of this shape.
///
/// The input's values do not matter. Running means, as of batch norm, are left as they were.
/// Dropout in training mode draws from the random stream: call `net.eval()` before where later draws
/// must not move.
///
/// # Shapes
/// As the network's forward pass.
///
/// # Panics
/// Where the input does not fit; [`try_summary`] returns the error instead.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(conv2d(1, 8, 3)).add(relu()).add(flatten()).add(linear(288, 10));
/// let table = summary(&net, &randn(&[1, 1, 8, 8]));
/// assert_eq!(table.parameters, 8 * 10 + 288 * 10 + 10);
/// assert!(table.show().plain().contains("[1, 288]"));
/// ```
#[track_caller]
pub fn summary(network: &dyn Layer, input: &Tensor) -> Summary {
    match try_summary(network, input) {
        Ok(summary) => summary,
        Err(error) => panic!("{error}"),
    }
}

/// As [`summary`].
///
/// # Errors
/// Where the input does not fit its layer.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::summary::try_summary;
/// let net = Sequential::new().add(linear(3, 4));
/// assert!(try_summary(&net, &randn(&[1, 3])).is_ok_and(|found| found.parameters == 16));
/// assert!(try_summary(&net, &randn(&[1, 5])).is_err_and(|error| error.path == ["0"]));
/// ```
pub fn try_summary(network: &dyn Layer, input: &Tensor) -> Result<Summary, ForwardError> {
    let trace = no_grad(|| try_trace(network, input))?;
    let rows = trace.steps.iter().map(|step| SummaryRow {
        name: step.name.clone(),
        layer: step.layer.clone(),
        output: step.output.size(),
        parameters: step.parameters,
    });
    let bytes = network
        .named_parameters()
        .first()
        .map_or(4, |(_, p)| p.kind().elt_size_in_bytes());
    Ok(Summary {
        rows: rows.collect(),
        input: trace.input.clone(),
        parameters: trace.parameter_count(),
        bytes: trace.parameter_count() * bytes,
    })
}

impl Show for Summary {
    fn show(&self) -> MimeBundle {
        let mut table = Table::new(&format!(
            "Network for an input of {}",
            number::shape(&self.input)
        ))
        .columns(&["name", "layer", "output", "parameters"])
        .numeric(&[3]);
        for row in &self.rows {
            let (output, parameters) = (
                number::shape(&row.output),
                number::thousands(row.parameters),
            );
            table = table.row(&[&row.name, &row.layer, &output, &parameters]);
        }
        let by_layer: usize = self.rows.iter().map(|row| row.parameters).sum();
        let mut note = format!(
            "{} parameters, {}.",
            number::thousands(self.parameters),
            size(self.bytes)
        );
        if by_layer > self.parameters {
            note += " Weights that layers share count once in the sum.";
        }
        table.note(&note).show()
    }
}

fn size(bytes: usize) -> String {
    match bytes as f64 {
        b if b < 1e3 => format!("{bytes} bytes"),
        b if b < 1e6 => format!("{:.1} kB", b / 1e3),
        b if b < 1e9 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.1} GB", b / 1e9),
    }
}

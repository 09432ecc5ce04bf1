//! What activations do in a network: how large they are, how many units are dead or saturated.
//! Knows nothing of training; it looks at one forward pass.

use tch::{Kind, Tensor};

use crate::layer::Layer;
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::no_grad;
use crate::trace::{TraceStep, trace};

/// A sigmoid nearer than this to 0 or 1 is saturated, a tanh nearer than twice this to -1 or 1:
/// their slopes are then below a fifth of the largest.
pub const SATURATED: f64 = 0.05;
/// From this share of dead or saturated units on, the layer is called so.
pub const MANY: f64 = 0.25;

/// See [`activation_statistics`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 8)).add(relu());
/// Init::Constant(0.0).fill(&net.parameter("0.weight"));
/// Init::Constant(-1.0).fill(&net.parameter("0.bias")); // below zero whatever comes in
/// let found = activation_statistics(&net, &randn(&[10, 3]));
/// assert_eq!(found.rows[1].dead, Some(1.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ActivationStatistics {
    /// One row per layer, in the order of the computation.
    pub rows: Vec<ActivationRow>,
}

/// One layer's outputs.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::activations::ActivationRow;
/// let row = ActivationRow {
///     name: "1".to_owned(),
///     layer: "ReLU".to_owned(),
///     mean: 0.1,
///     deviation: 0.5,
///     dead: Some(0.6),
///     saturated: None,
/// };
/// assert_eq!(row.verdict(), "many dead units");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ActivationRow {
    /// The layer's name.
    pub name: String,
    /// What the layer is.
    pub layer: String,
    /// Mean of its outputs.
    pub mean: f64,
    /// Standard deviation of its outputs.
    pub deviation: f64,
    /// Share of ReLU units that are 0 for every example; `None` for other layers.
    pub dead: Option<f64>,
    /// Share of sigmoid or tanh outputs near an end; `None` for other layers.
    pub saturated: Option<f64>,
}

/// Mean and spread of every layer's outputs for these inputs, with the share of dead ReLU units and
/// of saturated sigmoid or tanh outputs; thresholds: [`SATURATED`], [`MANY`].
///
/// # Shapes
/// As the network's forward pass; the last size counts units, all others examples. After a
/// convolution the second size counts units.
///
/// # Panics
/// As the network's forward pass, and where the input has no examples.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 64)).add(relu());
/// let found = activation_statistics(&net, &randn(&[100, 3]));
/// assert!(found.rows[1].dead.is_some_and(|share| share < 0.3));
/// ```
#[track_caller]
pub fn activation_statistics(layer: &dyn Layer, input: &Tensor) -> ActivationStatistics {
    let trace = no_grad(|| trace(layer, input));
    assert!(
        input.numel() > 0,
        "activation_statistics: the input is {:?}: no example, so nothing has a mean (give at least one)",
        input.size()
    );
    let mut channels = false;
    let rows = trace.steps.iter().map(|step| {
        let of = |names: &[&str]| names.iter().any(|name| step.layer.starts_with(name));
        channels = of(&["Conv"]) || (channels && of(&KEEPS_CHANNELS));
        row(step, channels)
    });
    ActivationStatistics {
        rows: rows.collect(),
    }
}

/// Layers after which the second size is still a convolution's channels.
const KEEPS_CHANNELS: [&str; 10] = [
    "ReLU",
    "LeakyReLU",
    "GELU",
    "SiLU",
    "Tanh",
    "Sigmoid",
    "BatchNorm",
    "MaxPool",
    "AvgPool",
    "Dropout",
];

fn row(step: &TraceStep, channels: bool) -> ActivationRow {
    let output = step.output.to_kind(Kind::Double);
    let share = |marked: Tensor| {
        marked
            .to_kind(Kind::Double)
            .mean(Kind::Double)
            .double_value(&[])
    };
    let whole = step.layer.as_str();
    let dead = (whole == "ReLU" && output.dim() > 0).then(|| {
        let units = match output.dim() {
            dims if dims == 4 || (channels && dims > 2) => output.transpose(1, -1),
            _ => output.shallow_clone(),
        };
        let last = units.size().last().copied().unwrap_or(1);
        share(units.reshape([-1, last]).abs().amax(0, false).eq(0.0))
    });
    let saturated = match whole {
        "Sigmoid" => Some(share(
            ((&output - 0.5).abs() * 2.0).gt(1.0 - 2.0 * SATURATED),
        )),
        "Tanh" => Some(share(output.abs().gt(1.0 - 2.0 * SATURATED))),
        _ => None,
    };
    ActivationRow {
        name: step.name.clone(),
        layer: step.layer.clone(),
        mean: output.mean(Kind::Double).double_value(&[]),
        deviation: output.std(false).double_value(&[]),
        dead,
        saturated,
    }
}

impl ActivationRow {
    /// What the numbers mean, in a few words.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(3, 8)).add(sigmoid());
    /// Init::Constant(50.0).fill(&net.parameter("0.bias")); // far out, where the sigmoid is flat
    /// assert_eq!(activation_statistics(&net, &randn(&[10, 3])).rows[1].verdict(), "saturated");
    /// ```
    pub fn verdict(&self) -> &'static str {
        match (self.dead, self.saturated) {
            _ if !self.mean.is_finite() => "not finite",
            (Some(share), _) if share >= MANY => "many dead units",
            (_, Some(share)) if share >= MANY => "saturated",
            _ if self.deviation < 1e-6 => "the same for all inputs",
            _ => "healthy",
        }
    }
}

impl Show for ActivationStatistics {
    fn show(&self) -> MimeBundle {
        let mut table = Table::new("Activations of one forward pass")
            .columns(&[
                "name",
                "layer",
                "mean",
                "deviation",
                "dead",
                "saturated",
                "verdict",
            ])
            .numeric(&[2, 3, 4, 5]);
        let share = |share: Option<f64>| {
            share.map_or(String::new(), |share| format!("{:.1} %", share * 100.0))
        };
        for row in &self.rows {
            let (mean, deviation) = (
                number::decimals(row.mean),
                number::significant(row.deviation),
            );
            let (dead, saturated) = (share(row.dead), share(row.saturated));
            table = table.row(&[
                &row.name,
                &row.layer,
                &mean,
                &deviation,
                &dead,
                &saturated,
                row.verdict(),
            ]);
        }
        table
            .note(&format!(
                "dead: a ReLU unit that is 0 for every example; saturated: a sigmoid within {SATURATED} of an end, a tanh \
                 within {}; many: {:.0} % and more.",
                2.0 * SATURATED,
                MANY * 100.0
            ))
            .show()
    }
}

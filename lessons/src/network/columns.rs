//! A traced forward pass as columns: units with values, weights between them, boxes for the rest.
//! Knows nothing of the canvas.

use tch::Tensor;

use super::UNITS_SHOWN;
use crate::layer::Layer;
use crate::number;
use crate::plots::numbers;
use crate::trace::Trace;

/// The input, or what one layer gave.
#[derive(Debug)]
pub(super) struct Column {
    /// `0` or `encoder.0`; empty for the input.
    name: String,
    layer: String,
    /// Shape of the whole batch's values.
    shape: Vec<i64>,
    pub(super) kind: Kind,
    pub(super) edges: Edges,
}

#[derive(Debug)]
pub(super) enum Kind {
    Units(Units),
    /// Mean and standard deviation of the first example's numbers, and their gradients' norm.
    Box {
        mean: f64,
        deviation: f64,
        gradient: Option<f64>,
    },
}

#[derive(Debug)]
pub(super) struct Units {
    /// One per unit.
    pub(super) values: Vec<f64>,
    pub(super) gradients: Option<Vec<f64>>,
    /// The units that are drawn.
    pub(super) shown: Vec<usize>,
}

/// What lies between the column before and this one.
#[derive(Debug)]
pub(super) enum Edges {
    /// Nothing: it is the input.
    None,
    /// Every unit to the unit of its number.
    Same,
    /// `[to][from]`, with the gradients where there are some.
    Weights {
        parameter: Tensor,
        weights: Vec<Vec<f64>>,
        gradients: Option<Vec<Vec<f64>>>,
    },
    /// An arrow.
    Whole,
}

pub(super) fn columns(network: &dyn Layer, input: &Tensor, trace: &Trace) -> Vec<Column> {
    let parameters = network.named_parameters();
    let mut columns = vec![Column {
        name: String::new(),
        layer: "Input".to_owned(),
        shape: input.size(),
        kind: kind(input),
        edges: Edges::None,
    }];
    for step in &trace.steps {
        let weight = if step.name.is_empty() {
            "weight".to_owned()
        } else {
            format!("{}.weight", step.name)
        };
        let parameter = parameters.iter().find(|(name, _)| *name == weight);
        let linear = parameter.filter(|_| step.layer.starts_with("Linear "));
        let edges = match (columns.last(), kind(&step.output)) {
            (Some(before), Kind::Units(units)) => {
                let came = before.units().map_or(0, |units| units.values.len());
                match linear {
                    Some((_, weight))
                        if weight.size() == [units.values.len() as i64, came as i64] =>
                    {
                        Edges::Weights {
                            parameter: weight.shallow_clone(),
                            weights: rows(weight),
                            gradients: None,
                        }
                    }
                    None if came == units.values.len() && by_unit(&step.layer) => Edges::Same,
                    _ => Edges::Whole,
                }
            }
            _ => Edges::Whole,
        };
        columns.push(Column {
            name: step.name.clone(),
            layer: step.layer.clone(),
            shape: step.output.size(),
            kind: kind(&step.output),
            edges,
        });
    }
    columns
}

/// Whether each of the layer's outputs comes from the input of its number alone.
fn by_unit(layer: &str) -> bool {
    const KINDS: [&str; 8] = [
        "ReLU",
        "Sigmoid",
        "Tanh",
        "GELU",
        "SiLU",
        "Dropout",
        "BatchNorm",
        "Flatten",
    ];
    KINDS.iter().any(|kind| layer.starts_with(kind))
}

/// One row per example, `[examples, units]`, becomes units; anything else a box.
fn kind(values: &Tensor) -> Kind {
    let all = numbers(&first(values));
    match values.size().as_slice() {
        [_, _] | [_] if values.is_floating_point() && !all.is_empty() => Kind::Units(Units {
            shown: shown(all.len()),
            values: all,
            gradients: None,
        }),
        _ => {
            let count = all.len().max(1) as f64;
            let mean = all.iter().sum::<f64>() / count;
            let spread = all.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
            Kind::Box {
                mean,
                deviation: spread.sqrt(),
                gradient: None,
            }
        }
    }
}

/// The first example; a tensor of one dimension is one example.
fn first(values: &Tensor) -> Tensor {
    match values.size().as_slice() {
        [examples, _, ..] if *examples > 0 => values.detach().select(0, 0),
        _ => values.detach(),
    }
}

fn shown(units: usize) -> Vec<usize> {
    if units <= UNITS_SHOWN {
        return (0..units).collect();
    }
    let half = UNITS_SHOWN / 2;
    (0..half).chain(units - half..units).collect()
}

fn rows(matrix: &Tensor) -> Vec<Vec<f64>> {
    let width = matrix.size().last().copied().unwrap_or(1).max(1) as usize;
    let flat = numbers(matrix);
    flat.chunks(width).map(<[f64]>::to_vec).collect()
}

/// Fills in d loss / d unit and d loss / d weight, without touching what the parameters hold.
pub(super) fn backward(columns: &mut [Column], trace: &Trace, loss: &Tensor) {
    let gradient = |of: &Tensor| -> Option<Tensor> {
        if !of.requires_grad() {
            return None;
        }
        // A tensor that the loss does not depend on has no gradient: libtorch gives none back.
        let found = Tensor::f_run_backward(&[loss], &[of], true, false).ok()?;
        found.into_iter().next().filter(Tensor::defined)
    };
    for (at, column) in columns.iter_mut().enumerate() {
        let found = at
            .checked_sub(1)
            .and_then(|at| trace.steps.get(at))
            .and_then(|step| gradient(&step.recorded))
            .map(|found| numbers(&first(&found)));
        match &mut column.kind {
            Kind::Units(units) => units.gradients = found,
            Kind::Box { gradient, .. } => {
                *gradient = found.map(|all| all.iter().map(|g| g * g).sum::<f64>().sqrt());
            }
        }
        if let Edges::Weights {
            parameter,
            gradients,
            ..
        } = &mut column.edges
        {
            *gradients = gradient(parameter).map(|found| rows(&found));
        }
    }
}

impl Column {
    pub(super) fn units(&self) -> Option<&Units> {
        match &self.kind {
            Kind::Units(units) => Some(units),
            Kind::Box { .. } => None,
        }
    }

    pub(super) fn heading(&self) -> String {
        match self.name.as_str() {
            "" => self.layer.clone(),
            name => format!("{name}: {}", self.layer),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn layer(&self) -> &str {
        &self.layer
    }

    pub(super) fn shape(&self) -> String {
        number::shape(&self.shape)
    }

    /// Its numbers in a few words.
    pub(super) fn said(&self, backward: bool) -> String {
        match (&self.kind, backward) {
            (Kind::Units(units), _) => {
                let all = match &units.gradients {
                    Some(gradients) if backward => gradients,
                    None if backward => return "has no gradient.".to_owned(),
                    _ => &units.values,
                };
                let of = |at: &usize| number::decimals(all[*at]);
                let shown: Vec<String> = units.shown.iter().map(of).collect();
                match all.len() - shown.len() {
                    0 => format!("[{}].", shown.join(", ")),
                    more => format!("[{}] and {more} more.", shown.join(", ")),
                }
            }
            (
                Kind::Box {
                    mean, deviation, ..
                },
                false,
            ) => format!(
                "{}: mean {}, deviation {}.",
                self.shape(),
                number::significant(*mean),
                number::significant(*deviation)
            ),
            (Kind::Box { gradient, .. }, true) => match gradient {
                Some(norm) => format!(
                    "{}: gradient norm {}.",
                    self.shape(),
                    number::significant(*norm)
                ),
                None => format!("{}: no gradient.", self.shape()),
            },
        }
    }

    /// The largest weight into a unit: `0.5200 from 3`.
    pub(super) fn strongest(&self, unit: usize) -> Option<String> {
        let Edges::Weights { weights, .. } = &self.edges else {
            return None;
        };
        let into = weights.get(unit)?;
        let from = (0..into.len()).max_by(|&a, &b| into[a].abs().total_cmp(&into[b].abs()))?;
        Some(format!("{} from {from}", number::decimals(into[from])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_units_are_thinned_to_the_ends() {
        assert_eq!(shown(10), (0..10).collect::<Vec<_>>());
        assert_eq!(shown(64), [0, 1, 2, 3, 4, 59, 60, 61, 62, 63]);
    }
}

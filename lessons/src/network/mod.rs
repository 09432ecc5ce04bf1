//! A network as a picture: units and edges, the values that flow forward, the gradients that flow back.
//! Knows nothing of particular layers beyond the weights of linear ones; others become boxes.

mod columns;
mod draw;

use tch::Tensor;

use self::columns::{Column, Kind, columns};
use crate::layer::{ForwardError, Layer};
use crate::number;
use crate::plots::Plot;
use crate::table::Table;
use crate::trace::trace_to;

/// Of a layer with more units than this, the first and last few are drawn.
pub const UNITS_SHOWN: usize = 10;

/// The network with the values of the first example in its units.
///
/// A column of circles for each layer that gives one row of numbers per example, with the values
/// written in and coloured (blue above zero, vermilion below, deeper the larger). The edges into a
/// linear layer are its weights: wider the larger, vermilion and dashed below zero. Other layers,
/// convolutions, attention and whole blocks among them, are boxes with shape, mean and spread. Of more than
/// [`UNITS_SHOWN`] units only the first and the last are drawn.
///
/// # Shapes
/// As the network's forward pass.
///
/// # Panics
/// As the network's forward pass.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 4)).add(relu()).add(linear(4, 1));
/// let picture = network_picture(&net, &randn(&[8, 3]));
/// assert!(picture.description().contains("Linear 3 -> 4"));
/// println!("{}", picture.table().text());
/// ```
#[track_caller]
pub fn network_picture(network: &dyn Layer, input: &Tensor) -> Plot {
    match try_network_picture(network, input) {
        Ok(plot) => plot,
        Err(error) => panic!("{error}"),
    }
}

/// As [`network_picture`].
///
/// # Errors
/// Where the input does not fit a layer.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::network::try_network_picture;
/// let net = Sequential::new().add(linear(3, 2));
/// assert!(try_network_picture(&net, &randn(&[4, 3])).is_ok());
/// let refused = try_network_picture(&net, &randn(&[4, 5]));
/// assert!(refused.is_err_and(|error| error.path == ["0"]));
/// ```
pub fn try_network_picture(network: &dyn Layer, input: &Tensor) -> Result<Plot, ForwardError> {
    let trace = trace_to(network, input, 1)?;
    let columns = columns(network, input, &trace);
    Ok(plot("Values flow forward", &columns, None))
}

/// The network with the gradients that flow back: in each unit d loss / d unit for the first example,
/// on each edge d loss / d weight.
///
/// The gradients are computed aside: those that the parameters hold stay as they are.
///
/// # Shapes
/// `loss(prediction, target)` must give one number.
///
/// # Panics
/// As the network's forward pass, and where the loss is not one number or depends on no parameter.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 4)).add(tanh()).add(linear(4, 1));
/// let (x, y) = (randn(&[8, 3]), randn(&[8, 1]));
/// let picture = gradient_picture(&net, mse_loss, &x, &y);
/// assert!(picture.description().contains("gradient"));
/// ```
#[track_caller]
pub fn gradient_picture(
    network: &dyn Layer,
    loss: impl Fn(&Tensor, &Tensor) -> Tensor,
    input: &Tensor,
    target: &Tensor,
) -> Plot {
    let trace = match trace_to(network, input, 1) {
        Ok(trace) => trace,
        Err(error) => panic!("{error}"),
    };
    let loss = loss(&trace.output, target);
    assert!(
        loss.defined() && loss.numel() == 1,
        "gradient_picture: the loss has shape {:?}: gradients belong to one number (reduce it, for instance with .mean(Kind::Float))",
        loss.size()
    );
    assert!(
        loss.requires_grad(),
        "gradient_picture: the loss depends on no parameter: was it computed inside no_grad, or are all weights frozen?"
    );
    let mut columns = columns(network, input, &trace);
    columns::backward(&mut columns, &trace, &loss);
    plot(
        "Gradients flow back",
        &columns,
        Some(loss.double_value(&[])),
    )
}

fn plot(title: &str, columns: &[Column], loss: Option<f64>) -> Plot {
    let description = description(columns, loss);
    let table = table(title, columns, loss);
    let svg = draw::svg(title, &description, columns, loss.is_some());
    Plot::new(description, table, Ok(svg))
}

fn description(columns: &[Column], loss: Option<f64>) -> String {
    let mut text = match loss {
        Some(loss) => format!(
            "The loss is {}; gradient of it at each unit, first example.",
            number::significant(loss)
        ),
        None => "Values of the first example.".to_owned(),
    };
    for column in columns {
        text += &format!(" {} {}", column.heading(), column.said(loss.is_some()));
    }
    text
}

/// What the picture shows as rows: one per unit drawn, one per box.
fn table(title: &str, columns: &[Column], loss: Option<f64>) -> Table {
    let last = if loss.is_some() {
        "gradient"
    } else {
        "strongest edge in"
    };
    let mut table = Table::new(title)
        .columns(&["layer", "unit", "value", last])
        .numeric(&[1, 2]);
    for column in columns {
        let heading = column.heading();
        match &column.kind {
            Kind::Units(units) => {
                for unit in &units.shown {
                    let at = unit.to_string();
                    let value = number::decimals(units.values[*unit]);
                    let more = match (&units.gradients, loss) {
                        (Some(gradients), Some(_)) => number::significant(gradients[*unit]),
                        (None, Some(_)) => "none".to_owned(),
                        (_, None) => column.strongest(*unit).unwrap_or_default(),
                    };
                    table = table.row(&[&heading, &at, &value, &more]);
                }
                let left_out = units.values.len() - units.shown.len();
                if left_out > 0 {
                    table = table.note(&format!("{heading}: {left_out} units are not shown."));
                }
            }
            Kind::Box { .. } => {
                table = table.row(&[&heading, "", "", &column.said(loss.is_some())]);
            }
        }
    }
    match loss {
        Some(loss) => table.note(&format!("Loss: {}.", number::significant(loss))),
        None => table,
    }
}

//! A histogram: how often values fall into each of some equal ranges.
//! Knows nothing of what the values are: weights, gradients, activations.

use tch::{Kind, Tensor};

use super::axes::{Axis, short, too_far_apart};
use super::frame::{Frame, Mark};
use super::numbers::{numbers, on_host};
use super::{Plot, PlotError, or_panic};
use crate::figure::BLUE;
use crate::number;
use crate::table::Table;

/// Counts how many of `values` fall into each of `bins` equal ranges between the smallest and the
/// largest. NaN and inf are left out and counted in the note.
///
/// # Shapes
/// any shape and kind
///
/// # Panics
/// Where there is no finite value, or no bin.
///
/// ```
/// use lessons::prelude::*;
/// let plot = histogram("Weights", &randn(&[1000]), 20);
/// assert!(plot.description().contains("1,000 values"));
/// ```
#[track_caller]
pub fn histogram(title: &str, values: &Tensor, bins: usize) -> Plot {
    or_panic(try_histogram(title, values, bins))
}

fn try_histogram(title: &str, values: &Tensor, bins: usize) -> Result<Plot, PlotError> {
    let error = |problem: &str| PlotError {
        plot: "histogram",
        problem: problem.to_owned(),
    };
    if !values.defined() {
        return Err(error(
            "the tensor is undefined; a gradient is, before backward()",
        ));
    }
    if bins == 0 {
        return Err(error("0 bins hold nothing: ask for at least 1"));
    }
    let all = on_host(values);
    let finite = all.masked_select(&all.isfinite());
    let left_out = all.numel() - finite.numel();
    if finite.numel() == 0 {
        return Err(error(&format!(
            "none of the {} values is finite",
            all.numel()
        )));
    }
    let (mut low, mut high) = (
        finite.min().double_value(&[]),
        finite.max().double_value(&[]),
    );
    if low == high {
        (low, high) = (low - 0.5, high + 0.5);
    }
    if let Some(problem) = too_far_apart(low, high) {
        return Err(error(&problem));
    }
    let counts = count(&numbers(&finite), bins, low, high);
    let width = (high - low) / bins as f64;
    let edge = |at: usize| low + width * at as f64;

    let largest = counts.iter().copied().fold(1.0, f64::max);
    let mut frame = Frame::new(
        title,
        Axis::from_to("value", low, high),
        Axis::from_to("count", 0.0, largest * 1.05).whole(),
    );
    let mut table = Table::new(title)
        .columns(&["from", "to", "count"])
        .numeric(&[0, 1, 2]);
    for (at, &count) in counts.iter().enumerate() {
        let gap = width * 0.04;
        frame.marks.push(Mark::Area {
            from: (edge(at) + gap, 0.0),
            to: (edge(at + 1) - gap, count),
            colour: BLUE,
        });
        table = table.row(&[
            &short(edge(at)),
            &short(edge(at + 1)),
            &number::thousands(count as usize),
        ]);
    }
    let mut description = format!(
        "{} values from {} to {}, mean {}, standard deviation {}.",
        number::thousands(finite.numel()),
        number::significant(finite.min().double_value(&[])),
        number::significant(finite.max().double_value(&[])),
        number::significant(finite.mean(Kind::Double).double_value(&[])),
        number::significant(finite.std(false).double_value(&[])),
    );
    if left_out > 0 {
        description += &format!(" {left_out} values are NaN or inf and left out.");
    }
    Ok(Plot::framed(frame, description, table))
}

/// How many values fall into each bin; one on an edge belongs to the bin above it, the largest of all to
/// the last bin.
fn count(values: &[f64], bins: usize, low: f64, high: f64) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    for value in values {
        let place = (value - low) / (high - low) * bins as f64;
        counts[(place as usize).min(bins - 1)] += 1.0;
    }
    counts
}

//! The plane in colours: what a network decides at each point, or how high a loss lies, with the
//! paths that optimisers took over it. Knows nothing of networks beyond their forward pass.

use tch::{Device, Tensor};

use super::axes::{Axis, too_far_apart};
use super::frame::{Frame, Mark};
use super::numbers::numbers;
use super::points::pairs;
use super::{Plot, PlotError, or_panic};
use crate::figure::{LEVELS, SERIES, level, tint};
use crate::interrupt::checkpoint;
use crate::layer::Layer;
use crate::number;
use crate::table::Table;
use crate::tensors::no_grad;
use crate::trace::try_trace;
use crate::untouched::Untouched;

/// Points of the plane at which the network is asked, in each direction.
const STEPS: usize = 90;

/// Which class `network` gives to each point of the plane, with the examples on it.
///
/// A network with one output decides at 0.5 where its last layer is a sigmoid, and at 0 where it is
/// linear; where the last layer is neither, at 0.5 if all outputs here lie between 0 and 1, else at 0.
/// A network with several outputs takes the largest. Running means, as of batch norm, are left as they
/// were; call `net.eval()` before where the network has dropout or batch norm.
///
/// # Shapes
/// `x` is `[examples, 2]`, `classes` `[examples]` or `[examples, 1]`, whole numbers from 0; the
/// network takes `[n, 2]` and gives `[n, 1]` or `[n, classes]`.
///
/// # Panics
/// Where the shapes do not fit or a class is no whole number from 0.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(2, 1)).add(sigmoid());
/// let plot = decision_boundary("Untrained", &net, &randn(&[10, 2]), &tensor(vec![0; 10]));
/// assert!(plot.description().contains("of 10 examples"));
/// ```
#[track_caller]
pub fn decision_boundary(title: &str, network: &dyn Layer, x: &Tensor, classes: &Tensor) -> Plot {
    or_panic(try_decision_boundary(title, network, x, classes))
}

fn try_decision_boundary(
    title: &str,
    network: &dyn Layer,
    x: &Tensor,
    classes: &Tensor,
) -> Result<Plot, PlotError> {
    let error = |problem: String| PlotError {
        plot: "decision_boundary",
        problem,
    };
    let points = pairs("decision_boundary", x)?;
    let known = if classes.defined() {
        classes.numel()
    } else {
        0
    };
    if known != points.len() || points.is_empty() {
        return Err(error(format!(
            "{} examples and {known} classes: there must be as many, and at least one",
            points.len()
        )));
    }
    let given = numbers(classes);
    // Beyond this doubles are no longer every whole number.
    let counts = |class: &f64| *class >= 0.0 && *class < 1e15 && class.fract() == 0.0;
    if let Some(odd) = given.iter().find(|class| !counts(class)) {
        return Err(error(format!(
            "there is a class {}: classes are whole numbers from 0 (of probabilities, .gt(0.5) makes classes)",
            // As a Float was written: 0.7, not 0.699999988.
            *odd as f32
        )));
    }
    let true_classes: Vec<i64> = given.into_iter().map(|class| class as i64).collect();
    let (across, up) = (
        span(points.iter().map(|p| p.0)),
        span(points.iter().map(|p| p.1)),
    );
    let _untouched = Untouched::new(network);
    let asked = |at: &[(f64, f64)]| outputs(network, x, at).map_err(&error);
    let (over, on) = (asked(&lattice(across, up))?, asked(&points)?);
    let border = border(network, x, &[&over, &on]);
    let plane = decide(&over, border);
    let right = decide(&on, border)
        .iter()
        .zip(&true_classes)
        .filter(|(a, b)| a == b)
        .count();

    let mut frame = Frame::new(
        title,
        Axis::from_to("x1", across.0, across.1),
        Axis::from_to("x2", up.0, up.1),
    );
    frame.marks = areas(&plane, across, up, |class| {
        tint(SERIES[*class as usize % SERIES.len()])
    });
    let mut table = Table::new(title)
        .columns(&["class", "examples", "share of the plane"])
        .numeric(&[1, 2]);
    let mut present = true_classes.clone();
    present.extend(&plane);
    present.sort_unstable();
    present.dedup();
    for class in present {
        let mine = points
            .iter()
            .zip(&true_classes)
            .filter(|(_, c)| **c == class);
        let points: Vec<_> = mine.map(|(&at, _)| at).collect();
        let share = plane.iter().filter(|&&c| c == class).count() as f64 / plane.len() as f64;
        table = table.row(&[
            &class.to_string(),
            &points.len().to_string(),
            &format!("{:.1} %", share * 100.0),
        ]);
        frame.marks.push(Mark::Dots {
            points,
            series: class.max(0) as usize,
            label: format!("class {class}"),
        });
    }
    let description = format!(
        "{right} of {} examples lie on the side of their class.",
        points.len()
    );
    Ok(Plot::framed(frame, description, table))
}

/// What the network gives at these points, `[points, 1]` or `[points, classes]`.
fn outputs(network: &dyn Layer, like: &Tensor, points: &[(f64, f64)]) -> Result<Tensor, String> {
    let flat: Vec<f64> = points.iter().flat_map(|&(x, y)| [x, y]).collect();
    let input = Tensor::from_slice(&flat)
        .reshape([-1, 2])
        .to_kind(like.kind())
        .to_device(like.device());
    let output = no_grad(|| network.try_forward(&input)).map_err(|error| error.to_string())?;
    match output.size().as_slice() {
        [_, outputs] if *outputs > 0 => Ok(output.detach().to_device(Device::Cpu)),
        other => Err(format!(
            "the network gives {other:?}: it must give [n, 1] or [n, classes]"
        )),
    }
}

/// From where on a single output means class 1: one answer for the plane and the examples.
fn border(network: &dyn Layer, x: &Tensor, outputs: &[&Tensor]) -> f64 {
    let seen = no_grad(|| try_trace(network, x)).ok();
    let last = seen.and_then(|trace| trace.steps.into_iter().next_back());
    let last = last.map(|step| step.layer).unwrap_or_default();
    let probabilities = || {
        let mut all = outputs.iter().flat_map(|values| numbers(values));
        all.all(|value| (0.0..=1.0).contains(&value))
    };
    if last == "Sigmoid" || (!last.starts_with("Linear") && probabilities()) {
        0.5
    } else {
        0.0
    }
}

/// The class of each row.
fn decide(outputs: &Tensor, border: f64) -> Vec<i64> {
    match outputs.size().as_slice() {
        [_, 1] => numbers(outputs)
            .into_iter()
            .map(|value| i64::from(value > border))
            .collect(),
        _ => {
            let largest = numbers(&outputs.argmax(1, false));
            largest.into_iter().map(|class| class as i64).collect()
        }
    }
}

/// How high `loss` lies over the plane, with the paths of optimisers; the shades are by rank of the
/// logarithm, so that a narrow valley shows.
///
/// # Panics
/// Where a range is empty or the loss is nowhere finite.
///
/// ```
/// use lessons::prelude::*;
/// let path = vec![(2.0, 2.0), (1.0, 1.5), (0.2, 0.5)];
/// let plot = loss_surface("Valley", &|a, b| a * a + 4.0 * b * b, (-3.0, 3.0), (-3.0, 3.0), &[("sgd", path)]);
/// assert!(plot.description().contains("sgd"));
/// ```
#[track_caller]
pub fn loss_surface(
    title: &str,
    loss: &dyn Fn(f64, f64) -> f64,
    across: (f64, f64),
    up: (f64, f64),
    paths: &[(&str, Vec<(f64, f64)>)],
) -> Plot {
    or_panic(try_loss_surface(title, loss, across, up, paths))
}

fn try_loss_surface(
    title: &str,
    loss: &dyn Fn(f64, f64) -> f64,
    across: (f64, f64),
    up: (f64, f64),
    paths: &[(&str, Vec<(f64, f64)>)],
) -> Result<Plot, PlotError> {
    let error = |problem: String| PlotError {
        plot: "loss_surface",
        problem,
    };
    for (from, to) in [across, up] {
        if let Some(problem) = too_far_apart(from, to) {
            return Err(error(format!("the range {problem}")));
        }
        if !(from < to && (to - from).is_finite()) {
            return Err(error(format!(
                "the range {from} to {to} is empty: give the smaller end first"
            )));
        }
    }
    let heights: Vec<f64> = lattice(across, up)
        .into_iter()
        .map(|(x, y)| {
            checkpoint();
            loss(x, y)
        })
        .collect();
    let finite = || heights.iter().copied().filter(|height| height.is_finite());
    let (low, high) = (
        finite().fold(f64::INFINITY, f64::min),
        finite().fold(f64::NEG_INFINITY, f64::max),
    );
    if low > high {
        return Err(error("the loss is nowhere finite in this range".to_owned()));
    }
    if let Some(problem) = too_far_apart(low, high) {
        return Err(error(format!("the loss {problem}")));
    }
    // From the lowest point up in equal factors: near the bottom each step is a small difference.
    let scale = ((high - low) * 1e3 / (high - low).max(f64::MIN_POSITIVE)).ln_1p();
    let level_of = |height: f64| match height.is_finite() {
        true => ((((height - low) / (high - low).max(f64::MIN_POSITIVE) * 1e3).ln_1p() / scale)
            * (LEVELS - 1) as f64)
            .round() as usize,
        false => LEVELS - 1,
    };
    let levels: Vec<usize> = heights.iter().map(|&height| level_of(height)).collect();
    let mut frame = Frame::new(
        title,
        Axis::from_to("first parameter", across.0, across.1),
        Axis::from_to("second parameter", up.0, up.1),
    );
    frame.marks = areas(&levels, across, up, |&at| level(at));
    let mut table = Table::new(title)
        .columns(&["path", "steps", "starts at loss", "ends at loss", "ends at"])
        .numeric(&[1, 2, 3]);
    let mut description = format!(
        "A loss between {} and {}.",
        number::significant(low),
        number::significant(high)
    );
    for (series, (name, path)) in paths.iter().enumerate() {
        let (Some(&first), Some(&last)) = (path.first(), path.last()) else {
            continue;
        };
        let (start, end) = (
            number::significant(loss(first.0, first.1)),
            number::significant(loss(last.0, last.1)),
        );
        let place = format!(
            "({}, {})",
            number::decimals(last.0),
            number::decimals(last.1)
        );
        table = table.row(&[name, &(path.len() - 1).to_string(), &start, &end, &place]);
        description += &format!(
            " {name} ends after {} steps at {place} with loss {end}.",
            path.len() - 1
        );
        let label = (*name).to_owned();
        frame.marks.push(Mark::Line {
            points: path.clone(),
            series: series + 1,
            dashed: false,
            label,
        });
        if path.len() <= 200 {
            frame.marks.push(Mark::Dots {
                points: path.clone(),
                series: series + 1,
                label: String::new(),
            });
        }
        frame.marks.push(Mark::Ring {
            at: last,
            label: String::new(),
        });
    }
    Ok(Plot::framed(frame, description, table))
}

fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let span = Axis::new("").span(values);
    let air = (span.end - span.start) * 0.1;
    (span.start - air, span.end + air)
}

/// The middles of the cells, row by row from below.
fn lattice(across: (f64, f64), up: (f64, f64)) -> Vec<(f64, f64)> {
    let at = |(from, to): (f64, f64), step: usize| {
        from + (to - from) * (step as f64 + 0.5) / STEPS as f64
    };
    (0..STEPS)
        .flat_map(|row| (0..STEPS).map(move |column| (at(across, column), at(up, row))))
        .collect()
}

/// Cells as areas; equal neighbours in a row are one.
fn areas<T: PartialEq>(
    cells: &[T],
    across: (f64, f64),
    up: (f64, f64),
    colour: impl Fn(&T) -> plotters::style::RGBColor,
) -> Vec<Mark> {
    let at = |(from, to): (f64, f64), step: usize| from + (to - from) * step as f64 / STEPS as f64;
    let mut marks = Vec::new();
    for (row, line) in cells.chunks(STEPS).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|a, b| a == b) {
            let end = column + run.len();
            let from = (at(across, column), at(up, row));
            // Each reaches under the next ones, so that no seam shows between them.
            let air = ((across.1 - across.0) / 300.0, (up.1 - up.0) / 300.0);
            let to = (
                (at(across, end) + air.0).min(across.1),
                (at(up, row + 1) + air.1).min(up.1),
            );
            marks.push(Mark::Area {
                from,
                to,
                colour: colour(&run[0]),
            });
            column = end;
        }
    }
    marks
}

//! Points in the plane with their classes or names: a data set, or a map of embeddings.
//! Knows nothing of how the plane was chosen.

use tch::Tensor;

use super::axes::Axis;
use super::frame::{Frame, Mark};
use super::numbers::numbers;
use super::{Plot, PlotError, or_panic};
use crate::number;
use crate::refusal::shape_of;
use crate::table::Table;

/// More names than this would cover each other.
const NAMES: usize = 80;
/// Rows of the table.
const ROWS: usize = 40;

/// Points at `(x[i, 0], x[i, 1])`, with `labels[i]` in the legend where labels repeat (classes), and
/// beside the point where each is another (words).
///
/// Of more than 3,000 points, one of each class is drawn where several would cover each other, and the
/// text says so. [`Plot::axes`] names the axes.
///
/// # Shapes
/// `x` is `[points, 2]`; as many labels as points, or none
///
/// # Panics
/// Where the shapes do not fit.
///
/// ```
/// use lessons::prelude::*;
/// let plot = scatter("Two classes", &randn(&[4, 2]), &["a", "b", "a", "b"]);
/// assert!(plot.description().contains("a: 2 points"));
/// ```
#[track_caller]
pub fn scatter(title: &str, x: &Tensor, labels: &[&str]) -> Plot {
    or_panic(try_scatter(title, x, labels))
}

fn try_scatter(title: &str, x: &Tensor, labels: &[&str]) -> Result<Plot, PlotError> {
    let points = pairs("scatter", x)?;
    if !labels.is_empty() && labels.len() != points.len() {
        let problem = format!(
            "{} points and {} labels: there must be as many",
            points.len(),
            labels.len()
        );
        return Err(PlotError {
            plot: "scatter",
            problem,
        });
    }
    let mut classes: Vec<&str> = Vec::new();
    for label in labels {
        if !classes.contains(label) {
            classes.push(label);
        }
    }
    let named = !labels.is_empty() && classes.len() == labels.len() && labels.len() > 6;
    let mut frame = Frame::new(
        title,
        Axis::new("first coordinate"),
        Axis::new("second coordinate"),
    );
    let mut description = format!("{} points in the plane.", number::thousands(points.len()));
    if named || labels.is_empty() {
        frame.marks.push(Mark::Dots {
            points: points.clone(),
            series: 0,
            label: String::new(),
        });
        let names = points.iter().zip(labels).take(NAMES);
        frame.marks.extend(names.map(|(&at, name)| Mark::Words {
            at,
            text: (*name).to_owned(),
        }));
        if named {
            description += &outermost(&points, labels);
        }
    } else {
        for (series, class) in classes.iter().enumerate() {
            let mine = points
                .iter()
                .zip(labels)
                .filter(|(_, label)| *label == class);
            let points: Vec<_> = mine.map(|(&at, _)| at).collect();
            description += &format!(" {class}: {} points.", number::thousands(points.len()));
            frame.marks.push(Mark::Dots {
                points,
                series,
                label: (*class).to_owned(),
            });
        }
    }
    let mut table = Table::new(title)
        .columns(&["label", "first", "second"])
        .numeric(&[1, 2]);
    for (at, &(x, y)) in points.iter().enumerate().take(ROWS) {
        let label = labels.get(at).copied().unwrap_or("");
        table = table.row(&[label, &number::decimals(x), &number::decimals(y)]);
    }
    if points.len() > ROWS {
        table = table.note(&format!(
            "The first {ROWS} of {} points.",
            number::thousands(points.len())
        ));
    }
    Ok(Plot::framed(frame, description, table))
}

/// The names at the four edges: where a map's directions begin to mean something.
fn outermost(points: &[(f64, f64)], names: &[&str]) -> String {
    let first = |key: &dyn Fn((f64, f64)) -> f64| {
        let named = points.iter().zip(names);
        let found = named.min_by(|(one, _), (other, _)| key(**one).total_cmp(&key(**other)));
        found.map_or("", |(_, name)| name)
    };
    format!(
        " Leftmost: {}. Rightmost: {}. Lowest: {}. Highest: {}.",
        first(&|(x, _)| x),
        first(&|(x, _)| -x),
        first(&|(_, y)| y),
        first(&|(_, y)| -y),
    )
}

pub(super) fn pairs(plot: &'static str, x: &Tensor) -> Result<Vec<(f64, f64)>, PlotError> {
    let shape = shape_of(x);
    if !matches!(shape.as_slice(), [_, 2]) {
        let problem = format!("points are {shape:?}: they must be [points, 2]");
        return Err(PlotError { plot, problem });
    }
    Ok(numbers(x)
        .chunks(2)
        .map(|pair| (pair[0], pair[1]))
        .collect())
}

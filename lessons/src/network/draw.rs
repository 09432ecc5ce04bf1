//! Columns of a network become an SVG: circles, edges and boxes from left to right.
//! Knows nothing of tensors.

use std::fmt::Write;

use maud::html;
use plotters::style::RGBColor;

use super::columns::{Column, Edges, Kind, Units};
use crate::figure::{BLUE, GREY, INK, PAPER, VERMILION, compose, hex};
use crate::number;

/// Lengths in units of the canvas, two to a pixel.
const RADIUS: f64 = 36.0;
const DOWN: f64 = 88.0;
const ACROSS: f64 = 300.0;
const EDGE: f64 = 120.0;
const TOP: f64 = 100.0;
const FOOT: f64 = 140.0;
const BOX: (f64, f64) = (190.0, 150.0);

pub(super) fn svg(title: &str, description: &str, columns: &[Column], backward: bool) -> String {
    let slots = |column: &Column| column.units().map_or(2, |units| slots(units).max(1));
    let rows = columns.iter().map(slots).max().unwrap_or(1).max(2);
    let sheet = Sheet {
        columns,
        backward,
        middle: TOP + rows as f64 * DOWN / 2.0,
    };
    let width = 2.0 * EDGE + ACROSS * (columns.len().max(2) - 1) as f64;
    let height = TOP + rows as f64 * DOWN + FOOT;
    let body = sheet.body(title, height);
    let size = ((width.max(720.0) / 2.0) as u32, (height / 2.0) as u32);
    compose(title, description, size, &body)
}

/// Places in a column: the units drawn, and one for the dots in place of those left out.
fn slots(units: &Units) -> usize {
    units.shown.len() + usize::from(units.shown.len() < units.values.len())
}

struct Sheet<'a> {
    columns: &'a [Column],
    backward: bool,
    middle: f64,
}

impl Sheet<'_> {
    fn body(&self, title: &str, height: f64) -> String {
        let mut out = String::new();
        text(&mut out, (28.0, 52.0), 34, "start", INK, title);
        let marks = if self.backward {
            "gradients"
        } else {
            "values and weights"
        };
        let key = format!("{marks}: blue above 0; vermilion, dashed below 0");
        text(&mut out, (28.0, height - 16.0), 22, "start", INK, &key);
        for at in 1..self.columns.len() {
            self.edges(&mut out, at);
        }
        for (at, column) in self.columns.iter().enumerate() {
            match &column.kind {
                Kind::Units(units) => self.units(&mut out, at, units),
                Kind::Box { .. } => self.block(&mut out, at, column),
            }
            let x = x(at);
            let name = if column.name().is_empty() {
                ""
            } else {
                column.name()
            };
            for (line, words) in [name.to_owned(), column.layer().to_owned(), column.shape()]
                .into_iter()
                .filter(|words| !words.is_empty())
                .enumerate()
            {
                let y = height - FOOT + 24.0 + 28.0 * line as f64;
                text(&mut out, (x, y), 22, "middle", INK, &clipped(&words));
            }
        }
        out
    }

    fn place(&self, at: usize, unit: usize) -> (f64, f64) {
        let Some(units) = self.columns[at].units() else {
            return (x(at), self.middle);
        };
        let slot = units
            .shown
            .iter()
            .position(|&shown| shown == unit)
            .unwrap_or(0);
        let thinned = slots(units) > units.shown.len();
        let slot = slot + usize::from(thinned && slot >= units.shown.len() / 2);
        let y = self.middle + (slot as f64 + 0.5 - slots(units) as f64 / 2.0) * DOWN;
        (x(at), y)
    }

    fn shown(&self, at: usize) -> Vec<usize> {
        self.columns[at]
            .units()
            .map_or(vec![0], |units| units.shown.clone())
    }

    /// Half the width of what stands in a column: where edges begin and end.
    fn reach(&self, at: usize) -> f64 {
        match self.columns[at].kind {
            Kind::Units(_) => RADIUS,
            Kind::Box { .. } => BOX.0 / 2.0,
        }
    }

    fn edges(&self, out: &mut String, at: usize) {
        let (from, to) = (self.shown(at - 1), self.shown(at));
        let ends = |from: usize, to: usize| {
            let (a, b) = (self.place(at - 1, from), self.place(at, to));
            ((a.0 + self.reach(at - 1), a.1), (b.0 - self.reach(at), b.1))
        };
        match &self.columns[at].edges {
            Edges::None => {}
            Edges::Same => {
                for &unit in &to {
                    line(out, ends(unit, unit), GREY, 3.0, 1.0, false);
                }
            }
            Edges::Whole => {
                for &from in &from {
                    for &to in &to {
                        line(out, ends(from, to), GREY, 2.0, 0.5, false);
                    }
                }
            }
            Edges::Weights {
                weights, gradients, ..
            } => {
                let numbers = match gradients {
                    Some(gradients) if self.backward => gradients,
                    None if self.backward => &Vec::new(),
                    _ => weights,
                };
                let weight = |from: usize, to: usize| {
                    numbers
                        .get(to)
                        .and_then(|row| row.get(from))
                        .copied()
                        .unwrap_or(0.0)
                };
                let all = || {
                    to.iter()
                        .flat_map(|&to| from.iter().map(move |&from| weight(from, to)))
                };
                let largest = largest(all());
                for &to in &to {
                    for &from in &from {
                        let value = weight(from, to);
                        let share = (value.abs() / largest).min(1.0);
                        let share = if share.is_finite() { share } else { 0.0 };
                        let colour = if value < 0.0 { VERMILION } else { BLUE };
                        let (width, opacity) = (1.0 + 7.0 * share, 0.15 + 0.85 * share);
                        line(out, ends(from, to), colour, width, opacity, value < 0.0);
                    }
                }
            }
        }
    }

    fn units(&self, out: &mut String, at: usize, units: &Units) {
        let numbers = match &units.gradients {
            Some(gradients) if self.backward => Some(gradients),
            _ if self.backward => None,
            _ => Some(&units.values),
        };
        let largest = largest(numbers.into_iter().flatten().copied());
        for &unit in &units.shown {
            let place = self.place(at, unit);
            let value = numbers.map(|numbers| numbers[unit]);
            circle(out, place, value.unwrap_or(0.0), largest);
            let words = value.map_or("-".to_owned(), brief);
            text(out, (place.0, place.1 + 8.0), 22, "middle", INK, &words);
        }
        let left_out = units.values.len() - units.shown.len();
        if left_out > 0 {
            let words = format!("... {} more ...", number::thousands(left_out));
            text(out, (x(at), self.middle + 8.0), 22, "middle", INK, &words);
        }
    }

    fn block(&self, out: &mut String, at: usize, column: &Column) {
        let (left, top) = (x(at) - BOX.0 / 2.0, self.middle - BOX.1 / 2.0);
        let _ = write!(
            out,
            r#"<rect x="{left:.1}" y="{top:.1}" width="{}" height="{}" rx="12" fill="{}" stroke="{}" stroke-width="3"/>"#,
            BOX.0,
            BOX.1,
            hex(PAPER),
            hex(INK)
        );
        let Kind::Box {
            mean,
            deviation,
            gradient,
        } = column.kind
        else {
            return;
        };
        let lines = match (self.backward, gradient) {
            (false, _) => [
                "mean".to_owned(),
                number::significant(mean),
                "deviation".to_owned(),
                number::significant(deviation),
            ],
            (true, Some(norm)) => [
                "gradient".to_owned(),
                "norm".to_owned(),
                number::significant(norm),
                String::new(),
            ],
            (true, None) => [
                "no gradient".to_owned(),
                String::new(),
                String::new(),
                String::new(),
            ],
        };
        for (line, words) in lines.iter().enumerate() {
            let y = top + 38.0 + 31.0 * line as f64;
            text(out, (x(at), y), 22, "middle", INK, words);
        }
    }
}

fn x(column: usize) -> f64 {
    EDGE + ACROSS * column as f64
}

/// The largest size among the numbers, never 0.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    let sizes = values.map(f64::abs).filter(|size| size.is_finite());
    sizes.fold(f64::MIN_POSITIVE, f64::max)
}

fn circle(out: &mut String, (x, y): (f64, f64), value: f64, largest: f64) {
    let colour = if value < 0.0 { VERMILION } else { BLUE };
    let share = if value.is_finite() {
        value.abs() / largest
    } else {
        0.0
    };
    // Paler than the edges, so that the number on it stays readable.
    let depth = 0.55 * share.min(1.0);
    for (fill, opacity) in [(PAPER, 1.0), (colour, depth)] {
        let _ = write!(
            out,
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{RADIUS}" fill="{}" fill-opacity="{opacity:.2}" stroke="{}" stroke-width="3"/>"#,
            hex(fill),
            hex(INK)
        );
    }
}

fn line(
    out: &mut String,
    ((x1, y1), (x2, y2)): ((f64, f64), (f64, f64)),
    colour: RGBColor,
    width: f64,
    opacity: f64,
    dashed: bool,
) {
    let dash = if dashed {
        r#" stroke-dasharray="12 7""#
    } else {
        ""
    };
    let _ = write!(
        out,
        r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{}" stroke-width="{width:.1}" stroke-opacity="{opacity:.2}"{dash}/>"#,
        hex(colour)
    );
}

fn text(
    out: &mut String,
    (x, y): (f64, f64),
    size: u32,
    anchor: &str,
    colour: RGBColor,
    words: &str,
) {
    let words = html! { (words) }.into_string();
    let _ = write!(
        out,
        r#"<text x="{x:.1}" y="{y:.1}" font-family="sans-serif" font-size="{size}" text-anchor="{anchor}" fill="{}">{words}</text>"#,
        hex(colour)
    );
}

/// Few enough digits for a circle: `-0.52`, `1.3e-5`, `12.3`.
fn brief(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => number::decimals(value),
        0.0 => "0".to_owned(),
        size if (0.01..10.0).contains(&size) => format!("{value:.2}"),
        size if (10.0..100.0).contains(&size) => format!("{value:.1}"),
        size if (100.0..10_000.0).contains(&size) => format!("{value:.0}"),
        _ => format!("{value:.0e}"),
    }
}

/// A layer's words below its column must not run into the next ones.
fn clipped(words: &str) -> String {
    const MOST: usize = 25;
    match words.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}...", &words[..at]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_circles_are_brief() {
        let found = [0.0, -0.523, 12.34, 123.4, 1.3e-5, f64::NAN].map(brief);
        assert_eq!(found, ["0", "-0.52", "12.3", "123", "1e-5", "NaN"]);
    }
}

//! A table of numbers as colours: attention between tokens, a confusion matrix, any matrix.
//! Knows nothing of what the numbers mean; it draws on the bare canvas.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use tch::Tensor;

use super::axes::{short, too_far_apart};
use super::numbers::numbers;
use super::{Plot, PlotError, or_panic};
use crate::figure::{self, Canvas, INK, shade};
use crate::number;
use crate::refusal::shape_of;
use crate::table::Table;

/// Numbers stand in the cells where there are no more rows and columns than this.
const WRITTEN: usize = 16;

/// A matrix as colours, the largest value darkest, with the numbers in the cells where they fit.
///
/// # Shapes
/// `values` is `[rows, columns]`; as many names as rows and columns.
///
/// # Panics
/// Where the shapes do not fit.
///
/// ```
/// use lessons::prelude::*;
/// let plot = heatmap("Errors", &tensor([[50, 2], [3, 45]]), &["cat", "dog"], &["cat", "dog"]);
/// assert!(plot.table().text().contains("45"));
/// ```
#[track_caller]
pub fn heatmap(title: &str, values: &Tensor, rows: &[&str], columns: &[&str]) -> Plot {
    or_panic(try_heatmap(title, values, rows, columns, ("row", "column")))
}

/// Who looks at whom: one row per token that looks, one column per token that is looked at.
///
/// # Shapes
/// `weights` is `[tokens, tokens]`, each row with sum 1
///
/// # Panics
/// Where the shapes do not fit.
///
/// ```
/// use lessons::prelude::*;
/// let x = randn(&[3, 4]);
/// let (_, weights) = scaled_dot_product_attention(&x, &x, &x, false);
/// let plot = attention_map("Attention", &weights, &["the", "cat", "sat"]);
/// assert!(plot.description().contains("cat"));
/// ```
#[track_caller]
pub fn attention_map(title: &str, weights: &Tensor, tokens: &[&str]) -> Plot {
    or_panic(try_heatmap(
        title,
        weights,
        tokens,
        tokens,
        ("looks", "is looked at"),
    ))
}

/// Counts by true class (down) and predicted class (across).
#[track_caller]
pub(crate) fn confusion(title: &str, counts: &Tensor, names: &[&str]) -> Plot {
    or_panic(try_heatmap(
        title,
        counts,
        names,
        names,
        ("truth", "prediction"),
    ))
}

pub(crate) fn try_heatmap(
    title: &str,
    values: &Tensor,
    rows: &[&str],
    columns: &[&str],
    (down, across): (&str, &str),
) -> Result<Plot, PlotError> {
    let shape = shape_of(values);
    let wanted = [rows.len() as i64, columns.len() as i64];
    if shape != wanted || values.numel() == 0 {
        let problem = format!(
            "values are {shape:?}, with names for {wanted:?}: there must be a name for each row and column"
        );
        return Err(PlotError {
            plot: "heatmap",
            problem,
        });
    }
    let whole = !values.is_floating_point();
    let numbers = numbers(values);
    let written = |value: f64| {
        if whole {
            format!("{value:.0}")
        } else {
            number::decimals(value)
        }
    };

    let finite = || numbers.iter().copied().filter(|value| value.is_finite());
    let ends = (
        finite().fold(f64::INFINITY, f64::min),
        finite().fold(f64::NEG_INFINITY, f64::max),
    );
    if let Some(problem) = too_far_apart(ends.0, ends.1) {
        return Err(PlotError {
            plot: "heatmap",
            problem,
        });
    }
    let heading = format!("{down} \\ {across}");
    let mut names = vec![heading.as_str()];
    names.extend(columns);
    let numeric: Vec<usize> = (1..=columns.len()).collect();
    let mut table = Table::new(title).columns(&names).numeric(&numeric);
    let mut description = format!("{} rows, {} columns.", rows.len(), columns.len());
    for (name, row) in rows.iter().zip(numbers.chunks(columns.len())) {
        let cells: Vec<String> = row.iter().map(|&value| written(value)).collect();
        let mut line = vec![*name];
        line.extend(cells.iter().map(String::as_str));
        table = table.row(&line);
        let largest = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]));
        if let (Some(at), true) = (largest, rows.len() <= WRITTEN) {
            description += &format!(" {name}: most {} at {}.", cells[at], columns[at]);
        }
    }
    let sheet = Sheet {
        title,
        numbers: &numbers,
        rows,
        columns,
        whole,
        words: (down, across),
    };
    let svg = figure::render(title, &description, sheet.size(), |canvas| {
        sheet.draw(canvas)
    });
    Ok(Plot::new(description, table, svg))
}

/// The matrix on the canvas; lengths are in its units, two to a pixel.
struct Sheet<'a> {
    title: &'a str,
    numbers: &'a [f64],
    rows: &'a [&'a str],
    columns: &'a [&'a str],
    whole: bool,
    words: (&'a str, &'a str),
}

impl Sheet<'_> {
    const TOP: i32 = 90;

    fn cell(&self) -> i32 {
        (900 / self.rows.len().max(self.columns.len()) as i32).clamp(14, 96)
    }

    fn margin(&self, names: &[&str]) -> i32 {
        let longest = names
            .iter()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or(0);
        60 + 15 * longest.min(24) as i32
    }

    fn size(&self) -> (u32, u32) {
        let width = self.margin(self.rows) + self.cell() * self.columns.len() as i32 + 40;
        let height = Self::TOP + self.cell() * self.rows.len() as i32 + self.margin(self.columns);
        (width.max(560) as u32 / 2, height as u32 / 2)
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), Box<dyn Error>> {
        let (left, top, cell) = (self.margin(self.rows), Self::TOP, self.cell());
        let finite = || {
            self.numbers
                .iter()
                .copied()
                .filter(|value| value.is_finite())
        };
        let low = finite().fold(f64::INFINITY, f64::min);
        let high = finite().fold(f64::NEG_INFINITY, f64::max);
        let font = |size: i32| ("sans-serif", size.clamp(14, 26)).into_font();
        let ink = |size: i32, h, v| font(size).color(&INK).pos(Pos::new(h, v));
        canvas.draw(&Text::new(
            self.title,
            (left, 16),
            ("sans-serif", 34).into_font().color(&INK),
        ))?;
        for (at, &value) in self.numbers.iter().enumerate() {
            let (row, column) = (
                (at / self.columns.len()) as i32,
                (at % self.columns.len()) as i32,
            );
            let corner = (left + column * cell, top + row * cell);
            let share = if high > low {
                (value - low) / (high - low)
            } else {
                0.0
            };
            let (fill, text) = shade(share);
            let end = (corner.0 + cell, corner.1 + cell);
            canvas.draw(&Rectangle::new([corner, end], fill.filled()))?;
            if self.rows.len() <= WRITTEN && self.columns.len() <= WRITTEN {
                let written = if self.whole {
                    format!("{value:.0}")
                } else {
                    short((value * 100.0).round() / 100.0)
                };
                let style = font(cell / 3)
                    .color(&text)
                    .pos(Pos::new(HPos::Center, VPos::Center));
                canvas.draw(&Text::new(
                    written,
                    (corner.0 + cell / 2, corner.1 + cell / 2),
                    style,
                ))?;
            }
        }
        for (at, name) in (0i32..).zip(self.rows) {
            let place = (left - 10, top + at * cell + cell / 2);
            canvas.draw(&Text::new(
                (*name).to_owned(),
                place,
                ink(cell, HPos::Right, VPos::Center),
            ))?;
        }
        let long = |name: &&str| name.chars().count() as i32 * 14 > cell;
        let upright = self.columns.iter().any(long);
        let bottom = top + cell * self.rows.len() as i32;
        for (at, name) in (0i32..).zip(self.columns) {
            let place = (left + at * cell + cell / 2, bottom + 10);
            let style = match upright {
                true => font(cell)
                    .transform(FontTransform::Rotate270)
                    .color(&INK)
                    .pos(Pos::new(HPos::Right, VPos::Center)),
                false => ink(cell, HPos::Center, VPos::Top),
            };
            canvas.draw(&Text::new((*name).to_owned(), place, style))?;
        }
        let (down, across) = self.words;
        let words = format!("down: {down}, across: {across}");
        canvas.draw(&Text::new(
            words,
            (left, top - 34),
            ink(22, HPos::Left, VPos::Top),
        ))?;
        Ok(())
    }
}

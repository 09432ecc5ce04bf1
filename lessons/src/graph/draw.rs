//! A computation graph becomes a picture: given numbers at the left, the result at the right.
//! Knows nothing of how values and gradients were computed.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Value;
use crate::figure::{self, BLUE, Canvas, FigureError, GREY, INK, PAPER, VERMILION};
use crate::number;

/// A box, and the room between boxes, in units of the canvas: two to a pixel.
const WIDTH: i32 = 264;
const HEIGHT: i32 = 132;
const ACROSS: i32 = 96;
const DOWN: i32 = 36;
const EDGE: i32 = 32;
const TOP: i32 = 80;

pub(super) fn svg(result: &Value) -> Result<String, FigureError> {
    let order = result.order();
    let names = Value::names(&order);
    let formulas = Value::formulas(&order, &names);
    let places = places(&order);
    let columns = places
        .iter()
        .map(|(column, _)| column + 1)
        .max()
        .unwrap_or(1);
    let rows = places.iter().map(|(_, row)| row + 1).max().unwrap_or(1);
    let size = (
        (2 * EDGE + columns * WIDTH + (columns - 1) * ACROSS).max(560) as u32 / 2,
        (TOP + EDGE + rows * HEIGHT + (rows - 1) * DOWN) as u32 / 2,
    );
    let said = order
        .iter()
        .zip(&names)
        .zip(&formulas)
        .map(|((value, name), formula)| {
            let (data, gradient) = (
                number::decimals(value.data()),
                number::decimals(value.gradient()),
            );
            format!("{name} ({formula}): value {data}, gradient {gradient}.")
        });
    let description = said.collect::<Vec<_>>().join(" ");
    figure::render("Computation graph", &description, size, |canvas| {
        let title = ("sans-serif", 34).into_font().color(&INK);
        canvas.draw(&Text::new(
            "Values forward, gradients backward",
            (EDGE, 18),
            title,
        ))?;
        for (at, value) in order.iter().enumerate() {
            for source in &value.lock().from {
                if let Some(from) = order.iter().position(|other| other.is(source)) {
                    arrow(canvas, right(places[from]), left(places[at]))?;
                }
            }
        }
        for (at, value) in order.iter().enumerate() {
            let texts = [names[at].clone(), formulas[at].clone()];
            draw(
                canvas,
                corner(places[at]),
                &texts,
                (value.data(), value.gradient()),
            )?;
        }
        Ok(())
    })
}

impl Value {
    /// Writes the graph's picture to a file that browsers and word processors open; end its name in `.svg`.
    ///
    /// # Errors
    /// Where it cannot be drawn or the file cannot be written.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let loss = (value("x", 2.0) * value("w", -0.5)).powf(2.0).named("loss");
    /// loss.backward();
    /// let path = std::env::temp_dir().join(format!("graph-{}.svg", std::process::id()));
    /// loss.save(&path)?;
    /// assert!(std::fs::read_to_string(&path)?.contains("loss"));
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FigureError> {
        figure::save(&svg(self)?, path.as_ref())
    }
}

/// Column and row of each number: a column right of all that it was computed from.
fn places(order: &[Value]) -> Vec<(i32, i32)> {
    let mut columns: Vec<i32> = Vec::new();
    for value in order {
        let from = value.lock().from.clone();
        let column = |source: &Value| {
            order
                .iter()
                .position(|other| other.is(source))
                .map(|at| columns[at])
        };
        columns.push(
            from.iter()
                .filter_map(column)
                .max()
                .map_or(0, |column| column + 1),
        );
    }
    // A given number stands just before where it is first used, not far at the left.
    for at in 0..order.len() {
        let used = (0..order.len()).filter(|&other| {
            order[other]
                .lock()
                .from
                .iter()
                .any(|source| source.is(&order[at]))
        });
        let first = used.map(|other| columns[other]).min();
        if let (Some(first), true) = (first, order[at].lock().from.is_empty()) {
            columns[at] = first - 1;
        }
    }
    let mut filled = vec![0; order.len() + 1];
    let place = |&column: &i32| {
        let row = &mut filled[column as usize];
        *row += 1;
        (column, *row - 1)
    };
    columns.iter().map(place).collect()
}

fn corner((column, row): (i32, i32)) -> (i32, i32) {
    (
        EDGE + column * (WIDTH + ACROSS),
        TOP + row * (HEIGHT + DOWN),
    )
}

fn left(place: (i32, i32)) -> (i32, i32) {
    let (x, y) = corner(place);
    (x, y + HEIGHT / 2)
}

fn right(place: (i32, i32)) -> (i32, i32) {
    let (x, y) = corner(place);
    (x + WIDTH, y + HEIGHT / 2)
}

fn arrow(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) -> Result<(), Box<dyn Error>> {
    let style = GREY.stroke_width(3);
    canvas.draw(&PathElement::new(vec![from, to], style))?;
    let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let length = dx.hypot(dy).max(1.0);
    let (along, aside) = (
        (dx / length * 18.0, dy / length * 18.0),
        (-dy / length * 8.0, dx / length * 8.0),
    );
    let point = |sign: f64| {
        let x = f64::from(to.0) - along.0 + sign * aside.0;
        let y = f64::from(to.1) - along.1 + sign * aside.1;
        (x.round() as i32, y.round() as i32)
    };
    canvas.draw(&Polygon::new(
        vec![to, point(1.0), point(-1.0)],
        GREY.filled(),
    ))?;
    Ok(())
}

fn draw(
    canvas: &Canvas<'_>,
    (x, y): (i32, i32),
    texts: &[String; 2],
    (data, gradient): (f64, f64),
) -> Result<(), Box<dyn Error>> {
    let frame = [(x, y), (x + WIDTH, y + HEIGHT)];
    canvas.draw(&Rectangle::new(frame, PAPER.filled()))?;
    canvas.draw(&Rectangle::new(frame, INK.stroke_width(3)))?;
    let words = |size: i32, colour: &RGBColor| {
        ("sans-serif", size)
            .into_font()
            .color(colour)
            .pos(Pos::new(HPos::Center, VPos::Center))
    };
    let middle = x + WIDTH / 2;
    let [name, formula] = texts;
    let heading = if formula == "given" {
        name.clone()
    } else {
        format!("{name} = {formula}")
    };
    canvas.draw(&Text::new(heading, (middle, y + 26), words(26, &INK)))?;
    canvas.draw(&Text::new(
        format!("value {}", number::decimals(data)),
        (middle, y + 66),
        words(26, &BLUE),
    ))?;
    let gradient = format!("gradient {}", number::decimals(gradient));
    canvas.draw(&Text::new(
        gradient,
        (middle, y + 104),
        words(26, &VERMILION),
    ))?;
    Ok(())
}

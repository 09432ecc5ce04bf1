//! An image with a saliency map on it: the pixels in grey, a dot on each as large as it matters.
//! Knows nothing of how the map was made.

use std::error::Error;

use plotters::prelude::*;
use tch::Tensor;

use super::{InterpretError, descending, error, flat, or_panic};
use crate::figure::{self, BLUE, Canvas, INK, VERMILION};
use crate::number;
use crate::plots::Plot;
use crate::table::Table;

/// Side of the picture in units of the canvas.
const SIDE: i32 = 640;
const TOP: i32 = 110;
/// More pixels on a side would have dots of less than two units.
const LARGEST: usize = 160;
/// Rows of the table.
const ROWS: usize = 10;

/// An image in grey (white is its smallest value) with dots: blue where more of the pixel raises the
/// score, vermilion where it lowers it; the area grows with the map's size there.
///
/// # Shapes
/// `image` and `map` are `[height, width]` or `[1, height, width]`, both alike
///
/// # Panics
/// Where they are not, a value is not finite, or the image has more than 160 pixels on a side.
///
/// ```
/// use lessons::prelude::*;
/// let plot = saliency_overlay("Noise", &rand(&[8, 8]), &randn(&[8, 8]));
/// assert!(plot.svg().contains("circle"));
/// ```
#[track_caller]
pub fn saliency_overlay(title: &str, image: &Tensor, map: &Tensor) -> Plot {
    or_panic(try_overlay(title, image, map))
}

fn try_overlay(title: &str, image: &Tensor, map: &Tensor) -> Result<Plot, InterpretError> {
    let size = |tensor: &Tensor| {
        if tensor.defined() {
            tensor.size()
        } else {
            vec![]
        }
    };
    let (shape, other) = (size(image), size(map));
    let (height, width) = match shape.as_slice() {
        [h, w] | [1, h, w] if shape == other && h * w > 0 => (*h as usize, *w as usize),
        _ => {
            return Err(error(
                "saliency_overlay",
                format!(
                    "the image is {shape:?}, the map {other:?}: both must be [height, width] or [1, height, width], and alike"
                ),
            ));
        }
    };
    if height.max(width) > LARGEST {
        return Err(error(
            "saliency_overlay",
            format!(
                "the image is {height} by {width} pixels: dots are told apart up to {LARGEST} on a side \
                 (average both down with avg_pool2d, or draw them with image_overlay)"
            ),
        ));
    }
    let (pixels, map) = (flat(image), flat(map));
    let first_odd = |values: &[f64]| values.iter().position(|value| !value.is_finite());
    for (name, values) in [("image", &pixels), ("map", &map)] {
        if let Some(at) = first_odd(values) {
            return Err(error(
                "saliency_overlay",
                format!(
                    "the {name} is {} at row {}, column {}: all values must be finite (did the training diverge?)",
                    values[at],
                    at / width,
                    at % width
                ),
            ));
        }
    }
    let strengths: Vec<f64> = map.iter().map(|value| value.abs()).collect();
    let mut table = Table::new(title)
        .columns(&["rank", "row", "column", "pixel", "saliency"])
        .numeric(&[0, 1, 2, 3, 4]);
    for (rank, at) in descending(&strengths).into_iter().take(ROWS).enumerate() {
        let at = at as usize;
        let [pixel, value] = [pixels[at], map[at]].map(number::significant);
        let (row, column) = ((at / width).to_string(), (at % width).to_string());
        table = table.row(&[&(rank + 1).to_string(), &row, &column, &pixel, &value]);
    }
    let strongest = descending(&strengths).first().copied().unwrap_or(0) as usize;
    let description = format!(
        "{height} by {width} pixels. The strongest is row {}, column {}: {}. Blue dots raise the score, vermilion ones lower it.",
        strongest / width,
        strongest % width,
        number::significant(map[strongest])
    );
    let cell = SIDE / width.max(height) as i32;
    let size = (
        (cell * width as i32 + 60).max(560) as u32 / 2,
        (TOP + cell * height as i32 + 30) as u32 / 2,
    );
    let sheet = Sheet {
        title,
        pixels: &pixels,
        map: &map,
        width,
        cell,
    };
    let svg = figure::render(title, &description, size, |canvas| sheet.draw(canvas));
    let table = table.note(&description);
    Ok(Plot::new(description, table, svg))
}

struct Sheet<'a> {
    title: &'a str,
    pixels: &'a [f64],
    map: &'a [f64],
    width: usize,
    cell: i32,
}

impl Sheet<'_> {
    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), Box<dyn Error>> {
        let font = |size: i32| ("sans-serif", size).into_font().color(&INK);
        canvas.draw(&Text::new(self.title, (28, 16), font(34)))?;
        let words = "blue: raises the score, vermilion: lowers it";
        canvas.draw(&Text::new(words, (28, 62), font(24)))?;
        let least = self.pixels.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self
            .pixels
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let span = if most > least { most - least } else { 1.0 };
        let strongest = self.map.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
        for (at, (pixel, value)) in self.pixels.iter().zip(self.map).enumerate() {
            let (row, column) = ((at / self.width) as i32, (at % self.width) as i32);
            let corner = (28 + column * self.cell, TOP + row * self.cell);
            let end = (corner.0 + self.cell, corner.1 + self.cell);
            // Neither white nor black: a dot of either colour is seen on every grey, on every page.
            let grey = (242.0 - 130.0 * (pixel - least) / span).clamp(0.0, 255.0) as u8;
            let ground = RGBColor(grey, grey, grey);
            canvas.draw(&Rectangle::new([corner, end], ground.filled()))?;
            let share = if strongest > 0.0 {
                value.abs() / strongest
            } else {
                0.0
            };
            let radius = (f64::from(self.cell) * 0.46 * share.sqrt()).round() as i32;
            if radius > 0 {
                let color = if *value > 0.0 { BLUE } else { VERMILION };
                let middle = (corner.0 + self.cell / 2, corner.1 + self.cell / 2);
                canvas.draw(&Circle::new(middle, radius, color.filled()))?;
            }
        }
        Ok(())
    }
}

//! Small images side by side: digits, what a convolution sees, where a prediction looks.
//! Knows nothing of classes; equal neighbours in a row of pixels are drawn as one.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use tch::Tensor;

use super::axes::too_far_apart;
use super::numbers::numbers;
use super::{Plot, PlotError, or_panic};
use crate::figure::{self, Canvas, INK, shade};
use crate::number;
use crate::refusal::shape_of;
use crate::table::Table;

/// Images in a row.
const ACROSS: i32 = 10;
/// Side of an image in units of the canvas, and the room for its label.
const SIDE: i32 = 128;
const LABEL: i32 = 36;
/// More images than this are left out.
const MOST: usize = 60;

/// Images in rows of ten with a label below each; the largest value of each image is darkest.
///
/// # Shapes
/// `images` is `[images, height, width]` or `[images, 1, height, width]`; as many labels as images,
/// or none.
///
/// # Panics
/// Where the shapes do not fit.
///
/// ```
/// use lessons::prelude::*;
/// let plot = image_grid("Noise", &rand(&[3, 8, 8]), &["a", "b", "c"]);
/// assert!(plot.description().contains("3 images of 8 by 8"));
/// ```
#[track_caller]
pub fn image_grid(title: &str, images: &Tensor, labels: &[&str]) -> Plot {
    or_panic(try_image_grid(title, images, labels))
}

fn try_image_grid(title: &str, images: &Tensor, labels: &[&str]) -> Result<Plot, PlotError> {
    let error = |problem: String| PlotError {
        plot: "image_grid",
        problem,
    };
    let shape = shape_of(images);
    let (count, height, width) = match shape.as_slice() {
        [count, height, width] | [count, 1, height, width] if *count * *height * *width > 0 => {
            (*count, *height, *width)
        }
        _ => {
            let wanted = "they must be [images, height, width] or [images, 1, height, width]";
            return Err(error(format!("images are {shape:?}: {wanted}")));
        }
    };
    if !labels.is_empty() && labels.len() as i64 != count {
        return Err(error(format!(
            "{count} images and {} labels: there must be as many",
            labels.len()
        )));
    }
    let shown = (count as usize).min(MOST);
    let all = numbers(images);
    let mut pictures = Vec::new();
    let mut table = Table::new(title)
        .columns(&["image", "label", "smallest", "mean", "largest"])
        .numeric(&[0, 2, 3, 4]);
    for (at, pixels) in all
        .chunks((height * width) as usize)
        .take(shown)
        .enumerate()
    {
        let low = pixels.iter().copied().fold(f64::INFINITY, f64::min);
        let high = pixels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if let Some(problem) = too_far_apart(low, high) {
            return Err(error(format!("image {at}: {problem}")));
        }
        let mean = pixels.iter().sum::<f64>() / pixels.len() as f64;
        let label = labels.get(at).copied().unwrap_or("");
        let written = [low, mean, high].map(number::significant);
        table = table.row(&[
            &at.to_string(),
            label,
            &written[0],
            &written[1],
            &written[2],
        ]);
        let scale = if high > low { high - low } else { 1.0 };
        // Sixteen shades are as many as the eye keeps apart, and make long runs of equal ones.
        let levels = pixels
            .iter()
            .map(|value| ((value - low) / scale * 15.0).round() as i32);
        pictures.push(levels.collect::<Vec<_>>());
    }
    let mut description = format!("{count} images of {height} by {width} pixels.");
    if shown < count as usize {
        description += &format!(" The first {shown} are shown.");
    }
    let down = shown.div_ceil(ACROSS as usize) as i32;
    let columns = (shown as i32).min(ACROSS);
    let size = (
        (columns * (SIDE + 12) + 56).max(560) as u32 / 2,
        (90 + down * (SIDE + LABEL + 12)) as u32 / 2,
    );
    let svg = figure::render(title, &description, size, |canvas| {
        canvas.draw(&Text::new(
            title,
            (28, 16),
            ("sans-serif", 34).into_font().color(&INK),
        ))?;
        for (at, picture) in (0i32..).zip(&pictures) {
            let corner = (
                28 + at % ACROSS * (SIDE + 12),
                72 + at / ACROSS * (SIDE + LABEL + 12),
            );
            draw(canvas, picture, (width as i32, height as i32), corner)?;
            let style = ("sans-serif", 24)
                .into_font()
                .color(&INK)
                .pos(Pos::new(HPos::Center, VPos::Top));
            let label = labels.get(at as usize).copied().unwrap_or("");
            canvas.draw(&Text::new(
                label.to_owned(),
                (corner.0 + SIDE / 2, corner.1 + SIDE + 4),
                style,
            ))?;
        }
        Ok(())
    });
    Ok(Plot::new(
        description.clone(),
        table.note(&description),
        svg,
    ))
}

fn draw(
    canvas: &Canvas<'_>,
    picture: &[i32],
    (width, height): (i32, i32),
    (left, top): (i32, i32),
) -> Result<(), Box<dyn Error>> {
    let pixel = f64::from(SIDE) / f64::from(width.max(height));
    let at = |cells: i32| (f64::from(cells) * pixel).round() as i32;
    for (row, line) in (0i32..).zip(picture.chunks(width as usize)) {
        let mut column = 0;
        for run in line.chunk_by(|a, b| a == b) {
            let end = column + run.len() as i32;
            let (fill, _) = shade(f64::from(run[0]) / 15.0);
            let corners = [
                (left + at(column), top + at(row)),
                (left + at(end), top + at(row + 1)),
            ];
            canvas.draw(&Rectangle::new(corners, fill.filled()))?;
            column = end;
        }
    }
    Ok(())
}

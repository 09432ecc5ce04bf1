//! An image in grey with what matters in it on top: saliency, attention, an occlusion map.
//! Knows nothing of how the map was made.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use tch::Tensor;

use super::axes::too_far_apart;
use super::numbers::numbers;
use super::{Plot, PlotError, or_panic};
use crate::figure::{self, INK, VERMILION};
use crate::number;
use crate::refusal::shape_of;
use crate::table::Table;

/// Side of each of the three panels, in units of the canvas.
const SIDE: i32 = 400;
const GAP: i32 = 40;
/// Rows of the table: the pixels that matter most.
const ROWS: usize = 10;

/// Three panels: the image in grey, the map in vermilion, and the map over the image. The deepest
/// colour is the map's largest size; the table names the ten pixels that matter most.
///
/// # Shapes
/// `image` and `map` are `[height, width]` or `[1, height, width]`, both of one size
///
/// # Panics
/// Where the shapes do not fit or a value is not finite.
///
/// ```
/// use lessons::prelude::*;
/// let plot = image_overlay("Where it looks", &rand(&[8, 8]), &rand(&[8, 8]));
/// assert!(plot.description().contains("8 by 8"));
/// ```
#[track_caller]
pub fn image_overlay(title: &str, image: &Tensor, map: &Tensor) -> Plot {
    or_panic(try_image_overlay(title, image, map))
}

fn try_image_overlay(title: &str, image: &Tensor, map: &Tensor) -> Result<Plot, PlotError> {
    let error = |problem: String| PlotError {
        plot: "image_overlay",
        problem,
    };
    let shape = shape_of;
    let plain = |shape: &[i64]| match shape {
        [height, width] | [1, height, width] if height * width > 0 => Some((*height, *width)),
        _ => None,
    };
    let (a, b) = (shape(image), shape(map));
    let Some((height, width)) = plain(&a).filter(|size| plain(&b) == Some(*size)) else {
        return Err(error(format!(
            "the image is {a:?} and the map {b:?}: both must be [height, width] or [1, height, width], of one size"
        )));
    };
    let (grey, sizes) = (numbers(image), numbers(map));
    if grey.iter().chain(&sizes).any(|value| !value.is_finite()) {
        return Err(error("there is NaN or inf among the values".to_owned()));
    }
    let sizes: Vec<f64> = sizes.into_iter().map(f64::abs).collect();
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let low = grey.iter().copied().fold(f64::INFINITY, f64::min);
    let high = grey.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if let Some(problem) = too_far_apart(low, high) {
        return Err(error(problem));
    }

    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| sizes[b].total_cmp(&sizes[a]));
    let mut table = Table::new(title)
        .columns(&["row", "column", "image", "map's size"])
        .numeric(&[0, 1, 2, 3]);
    for &at in order.iter().take(ROWS) {
        let (row, column) = (at / width as usize, at % width as usize);
        table = table.row(&[
            &row.to_string(),
            &column.to_string(),
            &number::decimals(grey[at]),
            &number::significant(sizes[at]),
        ]);
    }
    // Parts of the largest: a sum of the values themselves may be more than a number can hold.
    let part = |at: usize| sizes[at] / largest.max(f64::MIN_POSITIVE);
    let total: f64 = (0..sizes.len()).map(part).sum();
    let tenth = order.len().div_ceil(10);
    let share =
        order[..tenth].iter().map(|&at| part(at)).sum::<f64>() / total.max(f64::MIN_POSITIVE);
    let description = format!(
        "An image of {height} by {width} pixels; the tenth of the pixels that matters most holds {:.0} % of the map.",
        share * 100.0
    );

    let dark = |at: usize| {
        if high > low {
            (grey[at] - low) / (high - low)
        } else {
            0.0
        }
    };
    let deep = |at: usize| {
        if largest > 0.0 {
            sizes[at] / largest
        } else {
            0.0
        }
    };
    let mix = |(r, g, b): (f64, f64, f64), part: f64| {
        // Not quite the page's vermilion, which would turn bright on a dark page and the rest not.
        let to = (VERMILION.0 + 1, VERMILION.1 + 1, VERMILION.2 + 1);
        let one = |from: f64, to: u8| (from + (f64::from(to) - from) * part).round() as u8;
        RGBColor(one(r, to.0), one(g, to.1), one(b, to.2))
    };
    // Greys that are no colour of the page, so that they stay as they are in the dark.
    let grey_of = |at: usize| {
        let level = 250.0 - 225.0 * dark(at);
        (level, level, level)
    };
    let panels: [(&str, &dyn Fn(usize) -> RGBColor); 3] = [
        ("image", &|at| mix(grey_of(at), 0.0)),
        ("map", &|at| mix((250.0, 250.0, 250.0), deep(at))),
        ("map over image", &|at| mix(grey_of(at), 0.85 * deep(at))),
    ];
    let pixel = f64::from(SIDE) / height.max(width) as f64;
    let size = ((3 * SIDE + 4 * GAP) as u32 / 2, (SIDE + 170) as u32 / 2);
    let svg = figure::render(title, &description, size, |canvas| {
        let font = |size: i32| ("sans-serif", size).into_font().color(&INK);
        canvas.draw(&Text::new(title.to_owned(), (GAP, 16), font(34)))?;
        for (panel, (name, colour)) in (0i32..).zip(panels) {
            let (left, top) = (GAP + panel * (SIDE + GAP), 80);
            let place = |cells: usize| (pixel * cells as f64).round() as i32;
            for at in 0..grey.len() {
                let (row, column) = (at / width as usize, at % width as usize);
                let corners = [
                    (left + place(column), top + place(row)),
                    (left + place(column + 1), top + place(row + 1)),
                ];
                canvas.draw(&Rectangle::new(corners, colour(at).filled()))?;
            }
            let style = font(26).pos(Pos::new(HPos::Center, VPos::Top));
            canvas.draw(&Text::new(
                name.to_owned(),
                (left + SIDE / 2, top + SIDE + 14),
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

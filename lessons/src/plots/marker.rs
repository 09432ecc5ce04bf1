//! The shapes of points and the dashes of lines, by series: what tells them apart without colour.
//! Knows nothing of axes.

use std::ops::Range;

use plotters::element::{Drawable, PointCollection};
use plotters::prelude::{DrawingBackend, RGBColor, ShapeStyle};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use crate::figure::SERIES;

/// One more than there are colours: pairs of colour and shape come back after 42 series only.
const SHAPES: usize = 7;

/// Markers on a line from one side of the picture to the other.
const MARKERS: f64 = 8.0;

/// Width of a line's entry in the legend, in units of the canvas.
const SAMPLE: i32 = 42;

/// The colour of a series.
pub(super) fn colour(series: usize) -> RGBColor {
    SERIES[series % SERIES.len()]
}

/// How long the dashes of a line and the gaps between them are, or nothing where it is whole: each
/// round of the colours has another.
pub(super) fn dashes(series: usize, dashed: bool) -> Option<(u32, u32)> {
    match ((series / SERIES.len()) % 3, dashed) {
        (0, false) => None,
        (0, true) => Some((14, 8)),
        (1, false) => Some((26, 6)),
        (1, true) => Some((6, 6)),
        (_, false) => Some((20, 14)),
        (_, true) => Some((4, 12)),
    }
}

/// One point of a series.
#[derive(Debug)]
pub(super) struct Marker<C> {
    at: C,
    series: usize,
}

impl<C> Marker<C> {
    pub(super) fn new(at: C, series: usize) -> Self {
        Self { at, series }
    }
}

impl<'a, C> PointCollection<'a, C> for &'a Marker<C> {
    type Point = &'a C;
    type IntoIter = std::iter::Once<&'a C>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::once(&self.at)
    }
}

impl<C, B: DrawingBackend> Drawable<B> for Marker<C> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut points: I,
        backend: &mut B,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        let Some((x, y)) = points.next() else {
            return Ok(());
        };
        let colour = colour(self.series);
        let full = ShapeStyle::from(&colour).filled();
        let line = ShapeStyle::from(&colour).stroke_width(4);
        let corners = |around: &[(i32, i32)]| -> Vec<BackendCoord> {
            around.iter().map(|(dx, dy)| (x + dx, y + dy)).collect()
        };
        match self.series % SHAPES {
            0 => backend.draw_circle((x, y), 7, &full, true),
            1 => backend.fill_polygon(corners(&[(0, -10), (-9, 5), (9, 5)]), &full),
            2 => {
                backend.draw_line((x - 7, y - 7), (x + 7, y + 7), &line)?;
                backend.draw_line((x - 7, y + 7), (x + 7, y - 7), &line)
            }
            3 => backend.draw_circle((x, y), 7, &line, false),
            4 => backend.draw_rect((x - 7, y - 7), (x + 7, y + 7), &full, true),
            5 => backend.fill_polygon(corners(&[(0, -10), (8, 0), (0, 10), (-8, 0)]), &full),
            _ => {
                backend.draw_line((x - 9, y), (x + 9, y), &line)?;
                backend.draw_line((x, y - 9), (x, y + 9), &line)
            }
        }
    }
}

/// Where a line has its markers: at even steps across, each series' a little after the one before, so
/// that lines on top of each other show theirs.
pub(super) fn markers(
    runs: &[Vec<(f64, f64)>],
    series: usize,
    across: &Range<f64>,
) -> Vec<(f64, f64)> {
    let step = (across.end - across.start) / MARKERS;
    let mut next = across.start + step * (0.3 + 0.37 * series as f64).fract();
    let mut found: Vec<(f64, f64)> = Vec::new();
    for run in runs {
        for pair in run.windows(2) {
            let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
            while x <= to_x && next <= to_x && (found.len() as f64) < 2.0 * MARKERS {
                if next >= x && to_x > x {
                    found.push((next, y + (to_y - y) * (next - x) / (to_x - x)));
                }
                next += step;
            }
        }
    }
    // A path that does not run to the right has its markers at even numbers of points.
    let points: Vec<(f64, f64)> = runs.iter().flatten().copied().collect();
    let falls = points.windows(2).any(|pair| pair[1].0 < pair[0].0);
    if falls || found.is_empty() {
        let every = points.len().div_ceil(MARKERS as usize).max(1);
        let first = series % every;
        return points.into_iter().skip(first).step_by(every).collect();
    }
    found
}

/// A line's entry in the legend.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) at: BackendCoord,
    pub(super) series: usize,
    pub(super) dash: Option<(u32, u32)>,
    pub(super) marked: bool,
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Sample {
    type Point = &'a BackendCoord;
    type IntoIter = std::iter::Once<&'a BackendCoord>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::once(&self.at)
    }
}

impl<B: DrawingBackend> Drawable<B> for Sample {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut points: I,
        backend: &mut B,
        size: (u32, u32),
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        let Some((x, y)) = points.next() else {
            return Ok(());
        };
        let style = ShapeStyle::from(&colour(self.series)).filled();
        let (line, gap) = self.dash.unwrap_or((SAMPLE as u32, 1));
        let mut from = 0;
        while from < SAMPLE {
            let to = (from + line as i32).min(SAMPLE);
            backend.draw_rect((x + from, y - 2), (x + to, y + 2), &style, true)?;
            from = to + gap as i32;
        }
        if self.marked {
            let middle = std::iter::once((x + SAMPLE / 2, y));
            Marker::new((), self.series).draw(middle, backend, size)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_forty_series_look_alike() {
        let looks: Vec<_> = (0..40)
            .map(|series| {
                let RGBColor(r, g, b) = colour(series);
                (r, g, b, series % SHAPES)
            })
            .collect();
        for (at, look) in looks.iter().enumerate() {
            assert!(!looks[..at].contains(look), "{at}");
        }
        let lines = |series| (0..2).map(move |dashed| dashes(series, dashed == 1));
        for (one, other) in [(0, 6), (6, 12), (0, 12)] {
            assert!(lines(one).all(|dash| lines(other).all(|next| dash != next)));
        }
    }
}

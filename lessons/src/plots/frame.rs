//! Marks become a picture: lines, dots and areas on a pair of axes, with a legend.
//! Knows nothing of what the marks mean; one kind of axes for all, so that no plot is generic.

use std::error::Error;
use std::ops::Range;

use plotters::chart::ChartBuilder;
use plotters::prelude::*;

use super::axes::Axis;
use super::corners;
use super::marker::{Marker, Sample, colour, dashes, markers};
use super::thin::{one_per_cell, thinned};
use crate::figure::{self, Canvas, FigureError, GREEN, GRID, INK, PAPER};
use crate::number;

/// In pixels; lengths below are in units of the canvas, two to a pixel.
const SIZE: (u32, u32) = (720, 400);
const MARGIN: i32 = 28;
const BELOW: i32 = 88;
const LEFT: i32 = 152;

/// More points than this are thinned, in cells of so many pixels: about half a point's width.
const MANY: usize = 3000;
const CELL: u32 = 3;

/// Something on the axes, in the data's own units.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    Line {
        points: Vec<(f64, f64)>,
        series: usize,
        dashed: bool,
        label: String,
    },
    Dots {
        points: Vec<(f64, f64)>,
        series: usize,
        label: String,
    },
    Area {
        from: (f64, f64),
        to: (f64, f64),
        colour: RGBColor,
    },
    Words {
        at: (f64, f64),
        text: String,
    },
    Ring {
        at: (f64, f64),
        label: String,
    },
    /// The best of a run.
    Best {
        at: (f64, f64),
        label: String,
    },
}

/// A picture on axes.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) size: (u32, u32),
    pub(crate) marks: Vec<Mark>,
    /// The legend stands at the lower right where no corner is emptier.
    pub(super) legend_low: bool,
}

impl Frame {
    pub(crate) fn new(title: &str, x: Axis, y: Axis) -> Self {
        Self {
            title: title.to_owned(),
            x,
            y,
            size: SIZE,
            marks: Vec::new(),
            legend_low: false,
        }
    }

    pub(crate) fn svg(&self, description: &str) -> Result<String, FigureError> {
        figure::render(&self.title, description, self.size, |canvas| {
            self.draw(canvas)
        })
    }

    /// Leaves one point of each series where several would cover each other, if there are many; says so.
    pub(super) fn thin(&mut self) -> Option<String> {
        let dots = |marks: &[Mark]| -> usize {
            let of = marks.iter().map(|mark| match mark {
                Mark::Dots { points, .. } => points.len(),
                _ => 0,
            });
            of.sum()
        };
        let all = dots(&self.marks);
        if all <= MANY {
            return None;
        }
        let across = self.x.span(self.corners().map(|(x, _)| x));
        let up = self.y.span(self.corners().map(|(_, y)| y));
        let cells = |pixels: u32| f64::from(pixels / CELL);
        let grid = (cells(self.size.0), cells(self.size.1));
        let (x, y) = (self.x.clone(), self.y.clone());
        for mark in &mut self.marks {
            if let Mark::Dots { points, .. } = mark {
                one_per_cell(points, |(px, py)| {
                    let share =
                        |at: f64, span: &Range<f64>| (at - span.start) / (span.end - span.start);
                    let column = share(x.place(px)?, &across) * grid.0;
                    let row = share(y.place(py)?, &up) * grid.1;
                    Some((column.floor() as i64, row.floor() as i64))
                });
            }
        }
        let left = dots(&self.marks);
        (left < all).then(|| {
            format!(
                "Of {} points {} are drawn: one where several would cover each other.",
                number::thousands(all),
                number::thousands(left)
            )
        })
    }

    fn corners(&self) -> impl Iterator<Item = (f64, f64)> {
        self.marks.iter().flat_map(|mark| match mark {
            Mark::Line { points, .. } | Mark::Dots { points, .. } => points.clone(),
            Mark::Area { from, to, .. } => vec![*from, *to],
            Mark::Words { at, .. } | Mark::Ring { at, .. } | Mark::Best { at, .. } => vec![*at],
        })
    }

    fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        Some((self.x.place(x)?, self.y.place(y)?))
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), Box<dyn Error>> {
        let corners: Vec<_> = self.corners().collect();
        let across = self.x.drawn(corners.iter().map(|(x, _)| *x))?;
        let up = self.y.drawn(corners.iter().map(|(_, y)| *y))?;
        let (width, height) = (across.end - across.start, up.end - up.start);
        let mut chart = ChartBuilder::on(canvas)
            .caption(&self.title, ("sans-serif", 36, &INK))
            .margin(MARGIN)
            .x_label_area_size(BELOW)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(across.clone(), up.clone())?;
        chart
            .configure_mesh()
            .x_desc(self.x.title())
            .y_desc(self.y.title())
            .x_labels(self.x.most_ticks(width))
            .y_labels(self.y.most_ticks(height))
            .axis_style(INK.stroke_width(2))
            .bold_line_style(GRID.stroke_width(2))
            .light_line_style(PAPER)
            .label_style(("sans-serif", 26, &INK))
            .axis_desc_style(("sans-serif", 30, &INK))
            .x_label_formatter(&|x| self.x.tick(*x, width))
            .y_label_formatter(&|y| self.y.tick(*y, height))
            .draw()?;

        let mut legend = false;
        for mark in &self.marks {
            match mark {
                Mark::Area { from, to, colour } => {
                    if let (Some(from), Some(to)) = (self.place(*from), self.place(*to)) {
                        chart.draw_series([Rectangle::new([from, to], colour.filled())])?;
                    }
                }
                Mark::Line {
                    points,
                    series,
                    dashed,
                    label,
                } => {
                    let (series, style) = (*series, colour(*series).stroke_width(4));
                    let dash = dashes(series, *dashed);
                    let runs = self.runs(points);
                    let marked = match self.needs_markers(mark) {
                        true => markers(&runs, series, &across),
                        false => Vec::new(),
                    };
                    let in_legend = !marked.is_empty();
                    for (at, run) in runs.into_iter().enumerate() {
                        let drawn = match dash {
                            Some((line, gap)) => {
                                chart.draw_series(DashedLineSeries::new(run, line, gap, style))?
                            }
                            None => chart.draw_series(LineSeries::new(run, style))?,
                        };
                        if at == 0 && !label.is_empty() {
                            legend = true;
                            drawn.label(label).legend(move |at| Sample {
                                at,
                                series,
                                dash,
                                marked: in_legend,
                            });
                        }
                    }
                    chart.draw_series(marked.into_iter().map(|at| Marker::new(at, series)))?;
                }
                Mark::Dots {
                    points,
                    series,
                    label,
                } => {
                    let placed: Vec<_> = points.iter().filter_map(|&p| self.place(p)).collect();
                    let series = *series;
                    let drawn =
                        chart.draw_series(placed.iter().map(|&at| Marker::new(at, series)))?;
                    if !label.is_empty() {
                        legend = true;
                        drawn
                            .label(label)
                            .legend(move |(x, y)| Marker::new((x + 22, y), series));
                    }
                }
                Mark::Words { at, text } => {
                    if let Some(at) = self.place(*at) {
                        let style = ("sans-serif", 24, &INK).into_text_style(canvas);
                        // Beside a point at this place, and as high.
                        let beside = Text::new(text.clone(), (12, -12), style);
                        chart.draw_series([EmptyElement::at(at) + beside])?;
                    }
                }
                Mark::Ring { at, label } | Mark::Best { at, label } => {
                    let style = match mark {
                        Mark::Best { .. } => GREEN.stroke_width(5),
                        _ => INK.stroke_width(4),
                    };
                    if let Some(at) = self.place(*at) {
                        let drawn = chart.draw_series([Circle::new(at, 11, style)])?;
                        if !label.is_empty() {
                            legend = true;
                            drawn
                                .label(label)
                                .legend(move |(x, y)| Circle::new((x + 22, y), 10, style));
                        }
                    }
                }
            }
        }
        if legend {
            chart
                .configure_series_labels()
                .position(corners::emptiest(
                    &self.drawn(&across, &up),
                    self.legend_share(),
                    self.legend_low,
                ))
                // Where every corner is taken, what lies below shows through.
                .background_style(PAPER.mix(0.8))
                .border_style(GRID)
                .label_font(("sans-serif", 26, &INK))
                .legend_area_size(56)
                .margin(16)
                .draw()?;
        }
        Ok(())
    }

    /// Lines and points as pieces, in shares of the plane from the lower left.
    fn drawn(&self, across: &Range<f64>, up: &Range<f64>) -> Vec<Vec<(f64, f64)>> {
        let share = |(x, y): (f64, f64)| {
            (
                (x - across.start) / (across.end - across.start),
                (y - up.start) / (up.end - up.start),
            )
        };
        let shares = |run: Vec<(f64, f64)>| run.into_iter().map(share).collect::<Vec<_>>();
        let alone = |at: &(f64, f64)| self.place(*at).into_iter().collect::<Vec<_>>();
        let pieces = self.marks.iter().flat_map(|mark| match mark {
            Mark::Line { points, .. } => self.runs(points),
            Mark::Dots { points, .. } => points.iter().map(alone).collect(),
            Mark::Words { at, .. } | Mark::Ring { at, .. } | Mark::Best { at, .. } => {
                vec![alone(at)]
            }
            Mark::Area { .. } => Vec::new(),
        });
        pieces.map(shares).collect()
    }

    /// How much of the plane the legend covers, across and upwards.
    fn legend_share(&self) -> (f64, f64) {
        let labels = self.marks.iter().filter_map(|mark| match mark {
            Mark::Line { label, .. }
            | Mark::Dots { label, .. }
            | Mark::Ring { label, .. }
            | Mark::Best { label, .. } => (!label.is_empty()).then(|| label.chars().count()),
            Mark::Area { .. } | Mark::Words { .. } => None,
        });
        let (lines, longest) = labels.fold((0, 0), |(lines, longest), label| {
            (lines + 1, longest.max(label))
        });
        let units = |pixels: u32| (pixels * figure::UNITS) as i32;
        let plane = (
            units(self.size.0) - 2 * MARGIN - LEFT,
            units(self.size.1) - 2 * MARGIN - BELOW - 60,
        );
        let legend = (100 + 13 * longest as i32, 40 + 32 * lines);
        (
            f64::from(legend.0) / f64::from(plane.0),
            f64::from(legend.1) / f64::from(plane.1),
        )
    }

    /// Whether another line differs from this one in its colour only.
    fn needs_markers(&self, line: &Mark) -> bool {
        let dash = |mark: &Mark| match mark {
            Mark::Line {
                series,
                dashed,
                label,
                points,
            } if !label.is_empty() && !points.is_empty() => Some(dashes(*series, *dashed)),
            _ => None,
        };
        let own = dash(line);
        own.is_some() && self.marks.iter().filter(|mark| dash(mark) == own).count() > 1
    }

    /// The line as pieces between values that have no place, thinned to what the picture shows.
    fn runs(&self, points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
        let mut runs = vec![Vec::new()];
        for &point in points {
            match (self.place(point), runs.last_mut()) {
                (Some(place), Some(run)) => run.push(place),
                _ => runs.push(Vec::new()),
            }
        }
        runs.into_iter()
            .filter(|run| !run.is_empty())
            .map(|run| thinned(&run))
            .collect()
    }
}

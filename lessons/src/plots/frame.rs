//! Marks become a picture: lines, dots and areas on a pair of axes, with a legend.
//! Knows nothing of what the marks mean; one kind of axes for all, so that no plot is generic.

use std::error::Error;

use plotters::chart::ChartBuilder;
use plotters::prelude::*;

use super::axes::Axis;
use crate::curve::thinned;
use crate::figure::{self, Canvas, FigureError, GRID, INK, PAPER, SERIES};

/// In pixels.
pub(super) const SIZE: (u32, u32) = (720, 400);

/// Something on the axes, in the data's own units.
#[derive(Debug, Clone)]
pub(super) enum Mark {
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
}

/// A picture on axes.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) size: (u32, u32),
    pub(super) marks: Vec<Mark>,
    /// The legend stands at the lower right, where the upper right is needed.
    pub(super) legend_low: bool,
}

impl Frame {
    pub(super) fn new(title: &str, x: Axis, y: Axis) -> Self {
        Self {
            title: title.to_owned(),
            x,
            y,
            size: SIZE,
            marks: Vec::new(),
            legend_low: false,
        }
    }

    pub(super) fn svg(&self, description: &str) -> Result<String, FigureError> {
        figure::render(&self.title, description, self.size, |canvas| {
            self.draw(canvas)
        })
    }

    fn corners(&self) -> impl Iterator<Item = (f64, f64)> {
        self.marks.iter().flat_map(|mark| match mark {
            Mark::Line { points, .. } | Mark::Dots { points, .. } => points.clone(),
            Mark::Area { from, to, .. } => vec![*from, *to],
            Mark::Words { at, .. } | Mark::Ring { at, .. } => vec![*at],
        })
    }

    fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        Some((self.x.place(x)?, self.y.place(y)?))
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), Box<dyn Error>> {
        let across = self.x.span(self.corners().map(|(x, _)| x));
        let up = self.y.span(self.corners().map(|(_, y)| y));
        let (width, height) = (across.end - across.start, up.end - up.start);
        let mut chart = ChartBuilder::on(canvas)
            .caption(&self.title, ("sans-serif", 36, &INK))
            .margin(28)
            .x_label_area_size(88)
            .y_label_area_size(152)
            .build_cartesian_2d(across, up)?;
        chart
            .configure_mesh()
            .x_desc(self.x.title())
            .y_desc(self.y.title())
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
                    let style = colour(*series).stroke_width(4);
                    for (at, run) in self.runs(points).into_iter().enumerate() {
                        let drawn = match dashed {
                            true => chart.draw_series(DashedLineSeries::new(run, 14, 8, style))?,
                            false => chart.draw_series(LineSeries::new(run, style))?,
                        };
                        if at == 0 && !label.is_empty() {
                            legend = true;
                            let dashed = *dashed;
                            drawn.label(label).legend(move |(x, y)| {
                                let bar = |from: i32, to: i32| {
                                    Rectangle::new(
                                        [(x + from, y - 2), (x + to, y + 2)],
                                        style.filled(),
                                    )
                                };
                                let end = if dashed { 16 } else { 22 };
                                EmptyElement::at((0, 0)) + bar(0, end) + bar(42 - end, 42)
                            });
                        }
                    }
                }
                Mark::Dots {
                    points,
                    series,
                    label,
                } => {
                    let placed: Vec<_> = points.iter().filter_map(|&p| self.place(p)).collect();
                    let series = *series;
                    let drawn = chart.draw_series(placed.iter().map(|&at| dot(at, series)))?;
                    if !label.is_empty() {
                        legend = true;
                        drawn
                            .label(label)
                            .legend(move |(x, y)| dot((x + 22, y), series));
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
                Mark::Ring { at, label } => {
                    if let Some(at) = self.place(*at) {
                        let ring = Circle::new(at, 11, INK.stroke_width(4));
                        let drawn = chart.draw_series([ring])?;
                        if !label.is_empty() {
                            legend = true;
                            drawn
                                .label(label)
                                .legend(|(x, y)| Circle::new((x + 22, y), 10, INK.stroke_width(4)));
                        }
                    }
                }
            }
        }
        if legend {
            chart
                .configure_series_labels()
                .position(if self.legend_low {
                    SeriesLabelPosition::LowerRight
                } else {
                    SeriesLabelPosition::UpperRight
                })
                .background_style(PAPER)
                .border_style(GRID)
                .label_font(("sans-serif", 26, &INK))
                .legend_area_size(56)
                .margin(16)
                .draw()?;
        }
        Ok(())
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

pub(super) fn colour(series: usize) -> RGBColor {
    SERIES[series % SERIES.len()]
}

/// Shapes tell the series apart where colours cannot.
fn dot<'a, C: Clone + 'static>(at: C, series: usize) -> DynElement<'static, SVGBackend<'a>, C> {
    let style = colour(series);
    match series % 4 {
        0 => Circle::new(at, 7, style.filled()).into_dyn(),
        1 => TriangleMarker::new(at, 10, style.filled()).into_dyn(),
        2 => Cross::new(at, 7, style.stroke_width(4)).into_dyn(),
        _ => Circle::new(at, 7, style.stroke_width(4)).into_dyn(),
    }
}

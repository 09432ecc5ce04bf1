//! A loss curve becomes an SVG picture: axes, two lines, a mark at the best epoch.
//! Knows nothing of MIME types; at most about a thousand points per line are drawn.

use std::error::Error;
use std::ops::Range;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;

use super::LossCurve;
use crate::figure::{self, BLUE, Canvas, FigureError, GREEN, GRID, INK, VERMILION};
use crate::number;

/// In pixels; every length below is in units of the canvas, two to a pixel.
const SIZE: (u32, u32) = (720, 380);
/// A line has no more columns of points than this: the picture has not many more pixels.
const COLUMNS: usize = 500;

pub(super) fn svg(curve: &LossCurve) -> Result<String, FigureError> {
    figure::render(&curve.title, &curve.description(), SIZE, |canvas| {
        draw(curve, canvas)
    })
}

fn draw(curve: &LossCurve, canvas: &Canvas<'_>) -> Result<(), Box<dyn Error>> {
    let epochs = 1.0..curve.epochs().max(2) as f64;
    let losses = range(curve);
    let mut builder = ChartBuilder::on(canvas);
    builder
        .caption(&curve.title, ("sans-serif", 36, &INK))
        .margin(28)
        .x_label_area_size(88)
        .y_label_area_size(152);
    if curve.log {
        fill(
            curve,
            builder.build_cartesian_2d(epochs, losses.log_scale())?,
        )
    } else {
        fill(curve, builder.build_cartesian_2d(epochs, losses)?)
    }
}

/// From the lowest loss to the highest, with some air; from 0 on a linear axis.
fn range(curve: &LossCurve) -> Range<f64> {
    let drawn = |loss: &&f64| loss.is_finite() && (!curve.log || **loss > 0.0);
    let losses = || {
        curve
            .train
            .iter()
            .chain(&curve.validation)
            .filter(drawn)
            .copied()
    };
    let (low, high) = (
        losses().fold(f64::INFINITY, f64::min),
        losses().fold(f64::MIN, f64::max),
    );
    match (low.is_finite(), curve.log) {
        (false, false) => 0.0..1.0,
        (false, true) => 0.1..1.0,
        (true, true) => low / 1.3..high * 1.3,
        (true, false) if high <= 0.0 => low * 1.05 - 1e-9..0.0,
        (true, false) => low.min(0.0)..high * 1.05,
    }
}

type Plane<Y> = Cartesian2d<plotters::coord::types::RangedCoordf64, Y>;

fn fill<'a, Y>(
    curve: &LossCurve,
    mut chart: ChartContext<'a, SVGBackend<'a>, Plane<Y>>,
) -> Result<(), Box<dyn Error>>
where
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    let scale = if curve.log {
        "Loss (log scale)"
    } else {
        "Loss"
    };
    chart
        .configure_mesh()
        .x_desc("Epoch")
        .y_desc(scale)
        .axis_style(INK.stroke_width(2))
        .bold_line_style(GRID.stroke_width(2))
        .light_line_style(figure::PAPER)
        .label_style(("sans-serif", 26, &INK))
        .axis_desc_style(("sans-serif", 30, &INK))
        .x_label_formatter(&|epoch| format!("{epoch:.0}"))
        .y_label_formatter(&|loss| tick(*loss))
        .draw()?;

    let lines = |losses: &[f64]| runs(losses, curve.log);
    for (at, run) in lines(&curve.train).into_iter().enumerate() {
        let drawn = chart.draw_series(LineSeries::new(run, BLUE.stroke_width(4)))?;
        if at == 0 {
            drawn
                .label("training")
                .legend(|(x, y)| PathElement::new(vec![(x, y), (x + 44, y)], BLUE.stroke_width(4)));
        }
    }
    // Dashes tell the lines apart where colours cannot.
    for (at, run) in lines(&curve.validation).into_iter().enumerate() {
        let style = VERMILION.stroke_width(4);
        let drawn = chart.draw_series(DashedLineSeries::new(run, 14, 8, style))?;
        if at == 0 {
            drawn.label("validation").legend(move |(x, y)| {
                let dash = |from: i32| {
                    Rectangle::new([(x + from, y - 2), (x + from + 16, y + 2)], style.filled())
                };
                EmptyElement::at((0, 0)) + dash(0) + dash(26)
            });
        }
    }
    if let Some((epoch, loss)) = curve.best().filter(|(_, loss)| !curve.log || *loss > 0.0) {
        let mark = Circle::new((epoch as f64, loss), 11, GREEN.stroke_width(5));
        let label = format!("best: {} at epoch {epoch}", number::decimals(loss));
        chart
            .draw_series([mark])?
            .label(label)
            .legend(|(x, y)| Circle::new((x + 22, y), 10, GREEN.stroke_width(5)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(figure::PAPER)
        .border_style(GRID)
        .label_font(("sans-serif", 26, &INK))
        .legend_area_size(56)
        .margin(16)
        .draw()?;
    Ok(())
}

/// The line as pieces between losses that cannot be drawn, thinned to what the picture can show.
fn runs(losses: &[f64], log: bool) -> Vec<Vec<(f64, f64)>> {
    let mut runs = vec![Vec::new()];
    for (at, &loss) in losses.iter().enumerate() {
        let drawn = loss.is_finite() && (!log || loss > 0.0);
        match (drawn, runs.last_mut()) {
            (true, Some(run)) => run.push(((at + 1) as f64, loss)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.into_iter()
        .filter(|run| !run.is_empty())
        .map(|run| thinned(&run))
        .collect()
}

/// Keeps the first, lowest, highest and last point of each column, so that no spike is lost.
pub(crate) fn thinned(run: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if run.len() <= 2 * COLUMNS {
        return run.to_vec();
    }
    let mut kept = Vec::new();
    for column in run.chunks(run.len().div_ceil(COLUMNS)) {
        let order = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        let ends = [column.first(), column.last()];
        let extremes = [column.iter().min_by(order), column.iter().max_by(order)];
        let mut points: Vec<(f64, f64)> = ends
            .into_iter()
            .chain(extremes)
            .flatten()
            .copied()
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points.dedup();
        kept.extend(points);
    }
    kept
}

/// As few digits as tell the ticks of an axis apart.
fn tick(loss: f64) -> String {
    match loss.abs() {
        0.0 => "0".to_owned(),
        size if (1e-3..1e4).contains(&size) => {
            let text = format!("{loss:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => format!("{loss:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_splits_the_line() {
        let pieces = runs(&[1.0, f64::NAN, 2.0, 0.0], true);
        assert_eq!(pieces, [vec![(1.0, 1.0)], vec![(3.0, 2.0)]]);
    }

    #[test]
    fn thinning_keeps_a_spike() {
        let mut run: Vec<(f64, f64)> = (0..20_000).map(|at| (at as f64, 1.0)).collect();
        run[7777].1 = 9.0;
        let kept = thinned(&run);
        assert!(
            kept.len() <= 4 * COLUMNS && kept.contains(&(7777.0, 9.0)),
            "{}",
            kept.len()
        );
    }

    #[test]
    fn ticks_are_short() {
        assert_eq!(
            ["0", "0.5", "0.002", "5e-5"],
            [0.0, 0.5, 0.002, 5e-5].map(tick).as_slice()
        );
    }
}

//! A loss curve becomes an SVG picture: two lines, a mark at the best epoch.
//! Knows nothing of axes and legends, which all pictures of lines share.

use super::LossCurve;
use crate::figure::FigureError;
use crate::number;
use crate::plots::{Axis, Frame, Mark};

/// In pixels.
const SIZE: (u32, u32) = (720, 380);

pub(super) fn svg(curve: &LossCurve) -> Result<String, FigureError> {
    frame(curve).svg(&curve.description())
}

fn frame(curve: &LossCurve) -> Frame {
    let (low, high) = range(curve);
    let mut frame = Frame::new(
        &curve.title,
        Axis::from_to("Epoch", 1.0, curve.epochs().max(2) as f64).whole(),
        Axis::from_to("Loss", low, high).logarithmic(curve.log),
    );
    frame.size = SIZE;
    let lines = [
        ("training", &curve.train),
        ("validation", &curve.validation),
    ];
    for (series, (label, losses)) in lines.into_iter().enumerate() {
        let points = (1..)
            .zip(losses)
            .map(|(epoch, &loss)| (f64::from(epoch), loss));
        frame.marks.push(Mark::Line {
            points: points.collect(),
            series,
            // Dashes tell the lines apart where colours cannot.
            dashed: series > 0,
            label: if losses.is_empty() {
                String::new()
            } else {
                label.to_owned()
            },
        });
    }
    if let Some((epoch, loss)) = curve.best() {
        frame.marks.push(Mark::Best {
            at: (epoch as f64, loss),
            label: format!("best: {} at epoch {epoch}", number::decimals(loss)),
        });
    }
    frame
}

/// From the lowest loss to the highest, with some air; from 0 on a linear axis.
fn range(curve: &LossCurve) -> (f64, f64) {
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
        (false, false) => (0.0, 1.0),
        (false, true) => (0.1, 1.0),
        (true, true) => (low / 1.3, high * 1.3),
        (true, false) if high <= 0.0 => (low * 1.05 - 1e-9, 0.0),
        (true, false) => (low.min(0.0), high * 1.05),
    }
}

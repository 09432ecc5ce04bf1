//! Where a legend hides least: the corner of the plane with the fewest points under it.
//! Knows nothing of what is drawn beyond its points, in shares of the plane from the lower left.

use plotters::prelude::SeriesLabelPosition;

/// Points put between the ends of each piece of a line, so that a long one counts where it passes.
const BETWEEN: usize = 8;

/// The corner in which a legend of this `size` covers least of `pieces`; where some cover as little,
/// the upper right comes first, or the lower right with `low`.
pub(super) fn emptiest(
    pieces: &[Vec<(f64, f64)>],
    size: (f64, f64),
    low: bool,
) -> SeriesLabelPosition {
    use SeriesLabelPosition::{LowerLeft, LowerRight, UpperLeft, UpperRight};
    let corners = match low {
        true => [LowerRight, UpperRight, UpperLeft, LowerLeft],
        false => [UpperRight, LowerRight, UpperLeft, LowerLeft],
    };
    let covered = |corner: &SeriesLabelPosition| {
        let (right, top) = (
            matches!(corner, UpperRight | LowerRight),
            matches!(corner, UpperRight | UpperLeft),
        );
        let inside = |share: f64, size: f64, far: bool| match far {
            true => share >= 1.0 - size,
            false => share <= size,
        };
        pieces
            .iter()
            .flat_map(|piece| dense(piece))
            .filter(|&(x, y)| inside(x, size.0, right) && inside(y, size.1, top))
            .count()
    };
    corners
        .into_iter()
        .min_by_key(covered)
        .unwrap_or(SeriesLabelPosition::UpperRight)
}

fn dense(piece: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let between = piece.windows(2).flat_map(|ends| {
        let ((x, y), (to_x, to_y)) = (ends[0], ends[1]);
        (1..BETWEEN).map(move |step| {
            let share = step as f64 / BETWEEN as f64;
            (x + (to_x - x) * share, y + (to_y - y) * share)
        })
    });
    piece.iter().copied().chain(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(piece: &[(f64, f64)], low: bool) -> String {
        format!("{:?}", emptiest(&[piece.to_vec()], (0.3, 0.3), low))
    }

    #[test]
    fn a_legend_stands_where_no_line_is() {
        assert_eq!(chosen(&[(0.0, 1.0), (1.0, 0.0)], false), "UpperRight");
        assert_eq!(chosen(&[(0.0, 0.0), (1.0, 1.0)], false), "LowerRight");
        assert_eq!(chosen(&[(0.9, 0.0), (0.9, 1.0)], false), "UpperLeft");
        let around = [(0.9, 0.1), (0.9, 0.9), (0.1, 0.9)];
        assert_eq!(chosen(&around, false), "LowerLeft");
        assert_eq!(chosen(&[], true), "LowerRight");
    }
}

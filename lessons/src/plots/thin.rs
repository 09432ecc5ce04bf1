//! Lines and clouds of many points become ones of few that look the same.
//! Knows nothing of axes.

use std::collections::HashSet;

/// A line has no more columns of points than this: a picture has not many more pixels.
const COLUMNS: usize = 500;

/// In the order of the run: keeps the first, lowest, highest and last point of each column, so that no spike is lost.
pub(super) fn thinned(run: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if run.len() <= 2 * COLUMNS {
        return run.to_vec();
    }
    let mut kept = Vec::new();
    for column in run.chunks(run.len().div_ceil(COLUMNS)) {
        let order = |a: &usize, b: &usize| column[*a].1.total_cmp(&column[*b].1);
        let lowest = (0..column.len()).min_by(order);
        let highest = (0..column.len()).max_by(order);
        let ends = [0, column.len() - 1];
        let mut places: Vec<usize> = ends.into_iter().chain(lowest).chain(highest).collect();
        // By place, not by x: a path may run backwards or round in circles.
        places.sort_unstable();
        places.dedup();
        kept.extend(places.into_iter().map(|at| column[at]));
    }
    kept
}

/// Keeps the first point of each cell; points without a cell are left out.
pub(super) fn one_per_cell(
    points: &mut Vec<(f64, f64)>,
    cell: impl Fn((f64, f64)) -> Option<(i64, i64)>,
) {
    let mut taken = HashSet::new();
    points.retain(|&point| cell(point).is_some_and(|at| taken.insert(at)));
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_path_keeps_its_order_wherever_it_turns() {
        let turn = |at: usize| at as f64 * 0.01;
        let spiral: Vec<(f64, f64)> = (0..5000)
            .map(|at| (turn(at) * turn(at).cos(), turn(at) * turn(at).sin()))
            .collect();
        let falling: Vec<(f64, f64)> = spiral.iter().rev().copied().collect();
        for run in [spiral, falling] {
            let kept = thinned(&run);
            assert!(kept.len() < run.len() && kept.first() == run.first());
            assert_eq!(kept.last(), run.last());
            let places: Vec<usize> = kept
                .iter()
                .filter_map(|point| run.iter().position(|other| other == point))
                .collect();
            assert!(places.is_sorted() && places.len() == kept.len());
        }
    }
}

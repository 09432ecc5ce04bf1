//! Lines of many points become lines of few that look the same.
//! Knows nothing of axes.

/// A line has no more columns of points than this: a picture has not many more pixels.
const COLUMNS: usize = 500;

/// Keeps the first, lowest, highest and last point of each column, so that no spike is lost.
pub(super) fn thinned(run: &[(f64, f64)]) -> Vec<(f64, f64)> {
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
}

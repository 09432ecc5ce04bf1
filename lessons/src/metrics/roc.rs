//! The ROC curve: how many positives are found at the price of how many false alarms.
//! Knows nothing of classes beyond 0 and 1.

use tch::Tensor;

use crate::number;
use crate::plots::{LinePlot, line_plot, numbers};
use crate::refusal::shape_of;
use crate::show::{MimeBundle, Show};

/// True against false positive rate at every threshold; see [`roc`].
///
/// ```
/// use lessons::prelude::*;
/// let curve = roc(&tensor([0, 1]), &tensor([0.2, 0.9]));
/// assert_eq!((curve.points, curve.area), (vec![(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], 1.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Roc {
    /// (false positive rate, true positive rate), from (0, 0) to (1, 1).
    pub points: Vec<(f64, f64)>,
    /// The area below: the chance that a positive scores above a negative (ties count half).
    pub area: f64,
}

/// The ROC curve of scores for class 1 against true classes 0 and 1.
///
/// # Shapes
/// both `[examples]` or `[examples, 1]`
///
/// # Panics
/// Where there are not as many of both, one class is missing, or a score is NaN.
///
/// ```
/// use lessons::prelude::*;
/// let curve = roc(&tensor([0, 0, 1, 1]), &tensor([0.1, 0.4, 0.35, 0.8]));
/// assert_eq!(curve.area, 0.75);
/// ```
#[track_caller]
pub fn roc(truth: &Tensor, scores: &Tensor) -> Roc {
    for (name, values) in [("true classes", truth), ("scores", scores)] {
        let shape = shape_of(values);
        assert!(
            matches!(shape.as_slice(), [_] | [_, 1]),
            "roc: the {name} are {shape:?}: they must be [examples], one each (of several classes' scores take one column \
             with .select(1, class))"
        );
    }
    let (truth, scores) = (numbers(truth), numbers(scores));
    assert!(
        truth.len() == scores.len(),
        "roc: {} classes and {} scores: there must be as many",
        truth.len(),
        scores.len()
    );
    assert!(
        truth.iter().all(|&class| class == 0.0 || class == 1.0),
        "roc: the true classes must be 0 and 1"
    );
    assert!(
        !scores.iter().any(|score| score.is_nan()),
        "roc: a score is NaN, which is neither above nor below another"
    );
    let positives = truth.iter().sum::<f64>();
    let negatives = truth.len() as f64 - positives;
    assert!(
        positives > 0.0 && negatives > 0.0,
        "roc: {positives} positives and {negatives} negatives: it needs both"
    );
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let (mut found, mut wrong, mut area) = (0.0, 0.0, 0.0);
    let mut points = vec![(0.0, 0.0)];
    // Equal scores pass the threshold together: a slanted step.
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let more = tied.iter().map(|&at| truth[at]).sum::<f64>();
        let less = tied.len() as f64 - more;
        area += less * (found + more / 2.0);
        (found, wrong) = (found + more, wrong + less);
        points.push((wrong / negatives, found / positives));
    }
    Roc {
        points,
        area: area / (positives * negatives),
    }
}

impl Roc {
    /// The curve, beside the diagonal of guessing.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let curve = roc(&tensor([0, 1, 0, 1]), &tensor([0.2, 0.9, 0.6, 0.4]));
    /// assert!(curve.plot().plot().description().contains("Area under the curve: 0.7500"));
    /// ```
    pub fn plot(&self) -> LinePlot {
        let (x, y): (Vec<f64>, Vec<f64>) = self.points.iter().copied().unzip();
        line_plot("ROC curve")
            .legend_low()
            .axes("false positive rate", "true positive rate")
            .line("scores", &x, &y)
            .dashed("guessing", &[0.0, 1.0], &[0.0, 1.0])
            .note(&format!(
                "Area under the curve: {}.",
                number::decimals(self.area)
            ))
    }
}

impl Show for Roc {
    fn show(&self) -> MimeBundle {
        self.plot().show()
    }
}

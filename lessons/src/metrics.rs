//! How good predictions are: counts of right and wrong by class, what follows from them, the ROC curve.
//! Knows nothing of networks; it compares classes, or scores with classes.

use tch::Tensor;

use crate::number;
use crate::plots::{LinePlot, Plot, confusion, line_plot, numbers};
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// Counts of true against predicted classes; see [`confusion_matrix`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// `counts[truth][prediction]`
    pub counts: Vec<Vec<u64>>,
    names: Vec<String>,
}

/// Counts each pair of true and predicted class; rows are the truth.
///
/// # Shapes
/// both `[examples]` or `[examples, 1]`, whole numbers from 0, any kind
///
/// # Panics
/// Where there are not as many of both, none at all, or a number is negative or broken.
///
/// ```
/// use lessons::prelude::*;
/// let matrix = confusion_matrix(&tensor([0, 0, 1, 1]), &tensor([0, 1, 1, 1]));
/// assert_eq!((matrix.accuracy(), matrix.precision(1)), (0.75, 2.0 / 3.0));
/// ```
#[track_caller]
pub fn confusion_matrix(truth: &Tensor, prediction: &Tensor) -> ConfusionMatrix {
    let (truth, prediction) = (classes("truth", truth), classes("prediction", prediction));
    assert!(
        truth.len() == prediction.len() && !truth.is_empty(),
        "confusion_matrix: {} true and {} predicted classes: there must be as many, and at least one",
        truth.len(),
        prediction.len()
    );
    let known = truth
        .iter()
        .chain(&prediction)
        .max()
        .map_or(0, |largest| largest + 1);
    let mut counts = vec![vec![0; known]; known];
    for (&truth, &prediction) in truth.iter().zip(&prediction) {
        counts[truth][prediction] += 1;
    }
    ConfusionMatrix {
        counts,
        names: (0..known).map(|class| class.to_string()).collect(),
    }
}

#[track_caller]
fn classes(name: &str, values: &Tensor) -> Vec<usize> {
    let shape = if values.defined() {
        values.size()
    } else {
        Vec::new()
    };
    assert!(
        matches!(shape.as_slice(), [_] | [_, 1]),
        "confusion_matrix: the {name} is {shape:?}: it must be [examples], one class each (logits need .argmax(1, false))"
    );
    let numbers = numbers(values);
    let class = |&number: &f64| {
        assert!(
            number >= 0.0 && number.fract() == 0.0 && number < 1e5,
            "confusion_matrix: the {name} holds {number}: classes are whole numbers from 0"
        );
        number as usize
    };
    numbers.iter().map(class).collect()
}

fn share(part: u64, of: u64) -> f64 {
    // As scikit-learn: nothing of nothing is 0.
    if of == 0 {
        0.0
    } else {
        part as f64 / of as f64
    }
}

impl ConfusionMatrix {
    /// Gives the classes names.
    ///
    /// # Panics
    /// Where there are not as many names as classes.
    #[must_use]
    #[track_caller]
    pub fn names(mut self, names: &[&str]) -> Self {
        assert!(
            names.len() == self.counts.len(),
            "names: {} classes and {} names: there must be as many",
            self.counts.len(),
            names.len()
        );
        self.names = names.iter().map(|&name| name.to_owned()).collect();
        self
    }

    /// The share of all examples that is right.
    pub fn accuracy(&self) -> f64 {
        let right = (0..self.counts.len())
            .map(|class| self.counts[class][class])
            .sum();
        share(right, self.counts.iter().flatten().sum())
    }

    /// Of those called `class`, the share that is of it: `TP / (TP + FP)`; 0 where none was called so.
    ///
    /// # Panics
    /// Where there is no such class.
    #[track_caller]
    pub fn precision(&self, class: usize) -> f64 {
        self.known(class);
        share(
            self.counts[class][class],
            self.counts.iter().map(|row| row[class]).sum(),
        )
    }

    /// Of those of `class`, the share that was found: `TP / (TP + FN)`; 0 where there is none.
    ///
    /// # Panics
    /// Where there is no such class.
    #[track_caller]
    pub fn recall(&self, class: usize) -> f64 {
        self.known(class);
        share(self.counts[class][class], self.counts[class].iter().sum())
    }

    /// The harmonic mean of precision and recall: `2 P R / (P + R)`; 0 where both are.
    ///
    /// # Panics
    /// Where there is no such class.
    #[track_caller]
    pub fn f1(&self, class: usize) -> f64 {
        let (precision, recall) = (self.precision(class), self.recall(class));
        if precision + recall == 0.0 {
            0.0
        } else {
            2.0 * precision * recall / (precision + recall)
        }
    }

    /// Of those not of `class`, the share that was called so all the same: `FP / (FP + TN)`. It can be
    /// small while precision is low too, where the class is rare.
    ///
    /// # Panics
    /// Where there is no such class.
    #[track_caller]
    pub fn false_positive_rate(&self, class: usize) -> f64 {
        self.known(class);
        let others = || {
            self.counts
                .iter()
                .enumerate()
                .filter(|(truth, _)| *truth != class)
                .map(|(_, row)| row)
        };
        share(
            others().map(|row| row[class]).sum(),
            others().flatten().sum(),
        )
    }

    /// The counts as a picture.
    pub fn plot(&self) -> Plot {
        let flat: Vec<i64> = self
            .counts
            .iter()
            .flatten()
            .map(|&count| count as i64)
            .collect();
        let size = self.counts.len() as i64;
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let counts = Tensor::from_slice(&flat).reshape([size, size]);
        confusion("Confusion matrix", &counts, &names)
    }

    #[track_caller]
    fn known(&self, class: usize) {
        assert!(
            class < self.counts.len(),
            "there is no class {class}: classes go from 0 to {}",
            self.counts.len() - 1
        );
    }

    fn table(&self) -> Table {
        let mut columns = vec!["truth \\ prediction"];
        columns.extend(self.names.iter().map(String::as_str));
        columns.extend(["precision", "recall", "F1"]);
        let numeric: Vec<usize> = (1..columns.len()).collect();
        let mut table = Table::new("Confusion matrix")
            .columns(&columns)
            .numeric(&numeric);
        for (class, name) in self.names.iter().enumerate() {
            let mut cells = vec![name.clone()];
            cells.extend(self.counts[class].iter().map(u64::to_string));
            cells.extend(
                [self.precision(class), self.recall(class), self.f1(class)]
                    .map(|part| format!("{part:.3}")),
            );
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            table = table.row(&cells);
        }
        table.note(&format!("Accuracy {:.3}.", self.accuracy()))
    }
}

impl Show for ConfusionMatrix {
    fn show(&self) -> MimeBundle {
        let plot = self.plot();
        let text = MimeBundle::text(self.table().text());
        if plot.svg().is_empty() {
            text
        } else {
            text.with("image/svg+xml", plot.svg())
        }
    }
}

/// True against false positive rate at every threshold; see [`roc`].
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

/// `e^loss` of a mean loss in nats, as [`crate::loss::cross_entropy_loss`] gives it: among how many
/// equally likely choices the model is as unsure.
///
/// ```
/// # use lessons::prelude::*;
/// assert!((perplexity((8.0f64).ln()) - 8.0).abs() < 1e-12);
/// assert!((perplexity(nats(3.0)) - 8.0).abs() < 1e-12, "3 bits");
/// ```
pub fn perplexity(loss_in_nats: f64) -> f64 {
    loss_in_nats.exp()
}

/// Nats to bits: `loss / ln 2`.
///
/// ```
/// use lessons::prelude::*;
/// assert!((bits(2f64.ln()) - 1.0).abs() < 1e-12);
/// ```
pub fn bits(nats: f64) -> f64 {
    nats / std::f64::consts::LN_2
}

/// Bits to nats: `loss * ln 2`.
///
/// ```
/// use lessons::prelude::*;
/// assert!((nats(1.0) - 2f64.ln()).abs() < 1e-12);
/// ```
pub fn nats(bits: f64) -> f64 {
    bits * std::f64::consts::LN_2
}

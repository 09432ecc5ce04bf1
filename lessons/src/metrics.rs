//! How good predictions are: counts of right and wrong by class, what follows from them, the ROC curve.
//! Knows nothing of networks; it compares classes, or scores with classes.

mod roc;

use tch::Tensor;

pub use self::roc::{Roc, roc};
use crate::plots::{Plot, confusion, numbers};
use crate::refusal::shape_of;
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// Counts of true against predicted classes; see [`confusion_matrix`].
///
/// ```
/// use lessons::prelude::*;
/// let matrix = confusion_matrix(&tensor([0, 0, 1, 1]), &tensor([0, 1, 1, 1]));
/// assert_eq!(matrix.counts, [[1, 1], [0, 2]]);
/// ```
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
    assert!(
        known <= MOST_CLASSES,
        "confusion_matrix: a class is {}: are these classes? They must be numbered from 0, at most {MOST_CLASSES} of them",
        known - 1
    );
    let mut counts = vec![vec![0; known]; known];
    for (&truth, &prediction) in truth.iter().zip(&prediction) {
        counts[truth][prediction] += 1;
    }
    ConfusionMatrix {
        counts,
        names: (0..known).map(|class| class.to_string()).collect(),
    }
}

/// More than this are hardly classes, and the table of their pairs would fill the memory.
const MOST_CLASSES: usize = 1000;

#[track_caller]
fn classes(name: &str, values: &Tensor) -> Vec<usize> {
    let shape = shape_of(values);
    assert!(
        matches!(shape.as_slice(), [_] | [_, 1]),
        "confusion_matrix: the {name} is {shape:?}: it must be [examples], one class each (logits need .argmax(1, false))"
    );
    let numbers = numbers(values);
    let class = |&number: &f64| {
        assert!(
            number >= 0.0 && number.fract() == 0.0 && number < 1e15,
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let matrix = confusion_matrix(&tensor([0, 1]), &tensor([1, 1])).names(&["cat", "dog"]);
    /// assert!(matrix.show().plain().contains("dog"));
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(confusion_matrix(&tensor([0, 1, 2, 2]), &tensor([0, 1, 2, 0])).accuracy(), 0.75);
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// // called 1: three examples, two of them rightly
    /// let matrix = confusion_matrix(&tensor([1, 1, 0, 1]), &tensor([1, 1, 1, 0]));
    /// assert_eq!(matrix.precision(1), 2.0 / 3.0);
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// // of class 1: four examples, one of them found
    /// let matrix = confusion_matrix(&tensor([1, 1, 1, 1, 0]), &tensor([1, 0, 0, 0, 0]));
    /// assert_eq!((matrix.recall(1), matrix.precision(1)), (0.25, 1.0));
    /// ```
    #[track_caller]
    pub fn recall(&self, class: usize) -> f64 {
        self.known(class);
        share(self.counts[class][class], self.counts[class].iter().sum())
    }

    /// The harmonic mean of precision and recall: `2 P R / (P + R)`; 0 where both are.
    ///
    /// # Panics
    /// Where there is no such class.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let matrix = confusion_matrix(&tensor([1, 1, 1, 1, 0]), &tensor([1, 0, 0, 0, 0]));
    /// assert!((matrix.f1(1) - 0.4).abs() < 1e-12, "2 * 1 * 0.25 / 1.25");
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let matrix = confusion_matrix(&tensor([0, 0, 0, 0, 1]), &tensor([0, 0, 0, 1, 1]));
    /// assert_eq!((matrix.false_positive_rate(1), matrix.precision(1)), (0.25, 0.5));
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let matrix = confusion_matrix(&tensor([0, 1, 1]), &tensor([0, 1, 0])).names(&["cat", "dog"]);
    /// assert!(matrix.plot().svg().contains("dog"));
    /// ```
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

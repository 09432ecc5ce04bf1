//! Loss by epoch, for training and validation: the picture of a network that learns.
//! Knows nothing of training; `draw` turns it into a picture.

mod draw;

use std::path::Path;

use crate::figure::{self, FigureError};
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// Losses of each epoch; see [`loss_curve`].
///
/// ```
/// use lessons::prelude::*;
/// let mut curve = LossCurve::default().title("Digits");
/// curve.push_both(0.9, 0.8);
/// curve.push_both(0.5, 0.6);
/// assert_eq!(curve.best(), Some((2, 0.6)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LossCurve {
    title: String,
    train: Vec<f64>,
    validation: Vec<f64>,
    /// NaN among the validation losses stands for an epoch without validation.
    gaps: bool,
    log: bool,
}

/// A loss curve from the training loss of each epoch, and the validation loss where there is one.
///
/// ```
/// use lessons::prelude::*;
/// let curve = loss_curve(&[0.9, 0.5, 0.3], &[0.8, 0.6, 0.7]);
/// assert_eq!(curve.best(), Some((2, 0.6)));
/// assert!(curve.svg()?.contains("Epoch"));
/// # Ok::<(), lessons::figure::FigureError>(())
/// ```
pub fn loss_curve(train: &[f64], validation: &[f64]) -> LossCurve {
    LossCurve {
        title: "Training progress".to_owned(),
        train: train.to_vec(),
        validation: validation.to_vec(),
        gaps: false,
        log: false,
    }
}

impl Default for LossCurve {
    fn default() -> Self {
        loss_curve(&[], &[])
    }
}

impl LossCurve {
    /// Sets the title.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert!(loss_curve(&[0.9, 0.5], &[]).title("Digits").svg()?.contains("Digits"));
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// Draws the losses on a logarithmic axis, where each factor of ten has the same height.
    /// Losses of 0 and below have no place there and are left out.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert!(loss_curve(&[0.9, 0.01], &[]).log_scale().svg()?.contains("log scale"));
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    #[must_use]
    pub fn log_scale(mut self) -> Self {
        self.log = true;
        self
    }

    /// Adds an epoch without validation.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut curve = LossCurve::default();
    /// curve.push(0.9);
    /// curve.push(0.4);
    /// assert_eq!(curve.best(), Some((2, 0.4)), "training loss, as there is no validation");
    /// ```
    pub fn push(&mut self, train: f64) {
        self.train.push(train);
    }

    /// Adds an epoch with its training and validation loss.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut curve = LossCurve::default();
    /// curve.push_both(0.9, 0.7);
    /// curve.push_both(0.2, 0.8);
    /// assert_eq!(curve.best(), Some((1, 0.7)), "validation decides");
    /// ```
    pub fn push_both(&mut self, train: f64, validation: f64) {
        self.train.push(train);
        self.validation.push(validation);
    }

    /// The epoch (from 1) with the lowest validation loss, or training loss where there is no
    /// validation, and that loss.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(loss_curve(&[0.9, f64::NAN, 0.3], &[]).best(), Some((3, 0.3)));
    /// assert_eq!(LossCurve::default().best(), None);
    /// ```
    pub fn best(&self) -> Option<(usize, f64)> {
        let (_, losses) = self.judged();
        let finite = losses
            .iter()
            .enumerate()
            .filter(|(_, loss)| loss.is_finite());
        let best = finite.min_by(|(_, a), (_, b)| a.total_cmp(b));
        best.map(|(at, &loss)| (at + 1, loss))
    }

    /// The first epoch (from 1) whose loss is inf or NaN.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(loss_curve(&[0.9, f64::INFINITY, f64::NAN], &[]).first_not_finite(), Some(2));
    /// ```
    pub fn first_not_finite(&self) -> Option<usize> {
        let first = |losses: &[f64], gaps: bool| {
            let odd = |loss: &f64| !(loss.is_finite() || gaps && loss.is_nan());
            losses.iter().position(odd)
        };
        [
            first(&self.train, false),
            first(&self.validation, self.gaps),
        ]
        .into_iter()
        .flatten()
        .min()
        .map(|at| at + 1)
    }

    /// The picture.
    ///
    /// # Errors
    /// Where plotters cannot draw it.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert!(loss_curve(&[0.9, 0.5], &[]).svg()?.starts_with("<svg"));
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    pub fn svg(&self) -> Result<String, FigureError> {
        draw::svg(self)
    }

    /// Writes the picture to a file that browsers and word processors open; end its name in `.svg`.
    ///
    /// # Errors
    /// Where it cannot be drawn or the file cannot be written.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let path = std::env::temp_dir().join("lessons-curve.svg");
    /// loss_curve(&[0.9, 0.5], &[]).save(&path)?;
    /// assert!(std::fs::read_to_string(&path).is_ok_and(|svg| svg.contains("<svg")));
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FigureError> {
        figure::save(&self.svg()?, path.as_ref())
    }

    /// Takes NaN among the validation losses for epochs without one, not for a run that diverged.
    pub(crate) fn with_gaps(mut self) -> Self {
        self.gaps = true;
        self
    }

    fn epochs(&self) -> usize {
        self.train.len().max(self.validation.len())
    }

    /// The losses that say how good the network is, and their name.
    fn judged(&self) -> (&'static str, &[f64]) {
        if self.validation.is_empty() {
            ("training", &self.train)
        } else {
            ("validation", &self.validation)
        }
    }

    /// What the picture shows, in a sentence or two.
    fn description(&self) -> String {
        let mut text = format!("Loss by epoch, {} epochs.", self.epochs());
        for (name, losses) in [("Training", &self.train), ("Validation", &self.validation)] {
            let measured = |loss: &&f64| !(self.gaps && loss.is_nan());
            let first = losses.iter().find(measured);
            let last = losses.iter().rfind(measured);
            if let (Some(&first), Some(&last)) = (first, last) {
                let (first, last) = (number::decimals(first), number::decimals(last));
                text += &format!(" {name} loss goes from {first} to {last}.");
            }
        }
        text + &self.remarks().concat()
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if let Some((epoch, loss)) = self.best() {
            let (name, _) = self.judged();
            let loss = number::decimals(loss);
            remarks.push(format!(" Best {name} loss: {loss} at epoch {epoch}."));
        }
        if let Some(epoch) = self.first_not_finite() {
            remarks.push(format!(
                " From epoch {epoch} on a loss is not finite: training diverged."
            ));
        }
        remarks
    }

    fn table(&self) -> Table {
        let columns: &[&str] = match self.validation.is_empty() {
            true => &["epoch", "training"],
            false => &["epoch", "training", "validation"],
        };
        let mut table = Table::new(&self.title).columns(columns).numeric(&[0, 1, 2]);
        for at in shown_epochs(self.epochs()) {
            let loss = |losses: &[f64]| {
                let measured = losses.get(at).filter(|loss| !(self.gaps && loss.is_nan()));
                measured.map_or(String::new(), |&l| number::decimals(l))
            };
            let row = [
                (at + 1).to_string(),
                loss(&self.train),
                loss(&self.validation),
            ];
            let cells: Vec<&str> = row.iter().map(String::as_str).take(columns.len()).collect();
            table = table.row(&cells);
        }
        for remark in self.remarks() {
            table = table.note(remark.trim());
        }
        table
    }
}

/// The first epoch, the last, and round numbers between them: about ten in all.
fn shown_epochs(epochs: usize) -> Vec<usize> {
    let rough = epochs.div_ceil(10).max(1);
    let power = 10usize.pow(rough.ilog10());
    let round = [1, 2, 5, 10].map(|factor| factor * power);
    let step = round
        .into_iter()
        .find(|&step| step >= rough)
        .unwrap_or(rough);
    let last = epochs.saturating_sub(1);
    (0..epochs)
        .filter(|&at| at == 0 || at == last || (at + 1).is_multiple_of(step))
        .collect()
}

impl Show for LossCurve {
    fn show(&self) -> MimeBundle {
        let text = self.table().text();
        match self.svg() {
            Ok(svg) => MimeBundle::text(text).with("image/svg+xml", svg),
            Err(error) => MimeBundle::text(format!("{error}\n{text}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_in_text_are_round_and_few() {
        assert_eq!(shown_epochs(0), Vec::<usize>::new());
        assert_eq!(shown_epochs(3), [0, 1, 2]);
        let shown: Vec<usize> = shown_epochs(50).iter().map(|at| at + 1).collect();
        assert_eq!(shown, [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
        assert!(shown_epochs(12_345).len() <= 12);
    }

    #[test]
    fn the_best_epoch_is_the_lowest_finite_validation_loss() {
        assert_eq!(
            loss_curve(&[0.1, 0.05], &[0.4, f64::NAN, 0.3]).best(),
            Some((3, 0.3))
        );
        assert_eq!(loss_curve(&[0.1, 0.05], &[]).best(), Some((2, 0.05)));
        assert_eq!(loss_curve(&[f64::NAN], &[]).best(), None);
    }
}

//! Loss by epoch, for training and validation: the picture of a network that learns.
//! Knows nothing of training; `draw` turns it into a picture.

mod draw;

use std::path::Path;

use crate::figure::{self, FigureError};
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// Losses of each epoch; see [`loss_curve`].
#[derive(Debug, Clone, PartialEq)]
pub struct LossCurve {
    title: String,
    train: Vec<f64>,
    validation: Vec<f64>,
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
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// Draws the losses on a logarithmic axis, where each factor of ten has the same height.
    /// Losses of 0 and below have no place there and are left out.
    #[must_use]
    pub fn log_scale(mut self) -> Self {
        self.log = true;
        self
    }

    /// Adds an epoch without validation.
    pub fn push(&mut self, train: f64) {
        self.train.push(train);
    }

    /// Adds an epoch with its training and validation loss.
    pub fn push_both(&mut self, train: f64, validation: f64) {
        self.train.push(train);
        self.validation.push(validation);
    }

    /// The epoch (from 1) with the lowest validation loss, or training loss where there is no
    /// validation, and that loss.
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
    pub fn first_not_finite(&self) -> Option<usize> {
        let first = |losses: &[f64]| losses.iter().position(|loss| !loss.is_finite());
        [first(&self.train), first(&self.validation)]
            .into_iter()
            .flatten()
            .min()
            .map(|at| at + 1)
    }

    /// The picture.
    ///
    /// # Errors
    /// Where plotters cannot draw it.
    pub fn svg(&self) -> Result<String, FigureError> {
        draw::svg(self)
    }

    /// Writes the picture to a file that browsers and word processors open; end its name in `.svg`.
    ///
    /// # Errors
    /// Where it cannot be drawn or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FigureError> {
        figure::save(&self.svg()?, path.as_ref())
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
            if let (Some(&first), Some(&last)) = (losses.first(), losses.last()) {
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
                losses
                    .get(at)
                    .map_or(String::new(), |&l| number::decimals(l))
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

//! What a training run leaves behind: the losses and the learning rate of every epoch.
//! Knows nothing of networks; its picture is the loss curve.

use crate::curve::{LossCurve, loss_curve};
use crate::number;
use crate::show::{MimeBundle, Show};

/// One epoch.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::training::Epoch;
/// let epoch = Epoch { train: 0.5, validation: Some(0.7), rate: None };
/// assert_eq!(epoch.judged(), 0.7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// Mean loss over all training examples, each measured just before its own step.
    pub train: f64,
    /// Loss on the validation examples after the epoch.
    pub validation: Option<f64>,
    /// The learning rate, where a schedule sets it; of the last step, where it changes by step.
    pub rate: Option<f64>,
}

impl Epoch {
    /// The loss that says how good the network is: validation, where there is one.
    pub fn judged(&self) -> f64 {
        self.validation.unwrap_or(self.train)
    }
}

/// Every epoch of a run.
///
/// ```
/// use lessons::prelude::*;
/// let mut net = linear(3, 1);
/// let mut optimizer = sgd(&net, 0.01);
/// let mut run = trainer(mse_loss);
/// run.fit(&mut net, &mut optimizer, &randn(&[8, 3]), &randn(&[8, 1]), 4);
/// let history = run.history();
/// assert_eq!((history.len(), history.train().len(), history.validation().len()), (4, 4, 0));
/// assert_eq!(history.best(), history.curve().best());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    epochs: Vec<Epoch>,
    stopped_early: bool,
}

impl History {
    /// The epochs, first to last.
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// How many epochs there were.
    pub fn len(&self) -> usize {
        self.epochs.len()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.epochs.is_empty()
    }

    /// The last epoch.
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    /// Training losses, first epoch to last.
    pub fn train(&self) -> Vec<f64> {
        self.epochs.iter().map(|epoch| epoch.train).collect()
    }

    /// Validation losses, one for each epoch, NaN for an epoch without; empty where nothing was validated.
    pub fn validation(&self) -> Vec<f64> {
        let losses = self.epochs.iter().map(|epoch| epoch.validation);
        if losses.clone().all(|loss| loss.is_none()) {
            return Vec::new();
        }
        losses.map(|loss| loss.unwrap_or(f64::NAN)).collect()
    }

    /// The epoch (from 1) with the lowest validation loss, or training loss, and that loss.
    pub fn best(&self) -> Option<(usize, f64)> {
        self.curve().best()
    }

    /// The losses as a picture.
    pub fn curve(&self) -> LossCurve {
        loss_curve(&self.train(), &self.validation()).with_gaps()
    }

    pub(super) fn push(&mut self, epoch: Epoch) {
        self.epochs.push(epoch);
        self.stopped_early = false;
    }

    pub(super) fn stopped_early(&mut self) {
        self.stopped_early = true;
    }
}

impl Show for History {
    fn show(&self) -> MimeBundle {
        let content = self.curve().show();
        let (true, Some((epoch, loss))) = (self.stopped_early, self.best()) else {
            return content;
        };
        let loss = number::decimals(loss);
        let note = format!(
            "Stopped after epoch {}: the best was epoch {epoch} with {loss}.",
            self.len()
        );
        let mut noted = MimeBundle::text(format!("{}\n{note}", content.plain()));
        for (kind, text) in content.iter().filter(|(kind, _)| *kind != "text/plain") {
            noted = noted.with(kind, text);
        }
        noted
    }
}

//! The training loop: forward, loss, zero_grad, backward, step, for every batch of every epoch.
//! Knows nothing of particular networks, losses or optimisers.

mod diagnosis;
mod error;
mod history;

use tch::{Kind, Tensor};

pub use self::error::TrainingError;
pub use self::history::{Epoch, History};
use crate::interrupt::checkpoint;
use crate::layer::Layer;
use crate::live::{LiveCurve, live_curve};
use crate::optimizer::Optimize;
use crate::schedule::Schedule;
use crate::tensors::no_grad;
use crate::weights::{Weights, copy_weights, try_restore_weights};

/// What a schedule counts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    Epoch,
    Step,
}

type Loss = Box<dyn Fn(&Tensor, &Tensor) -> Tensor + Send>;

/// Trains networks and remembers how it went; see [`trainer`].
pub struct Trainer {
    loss: Loss,
    batch_size: i64,
    shuffle: bool,
    validation: Option<(Tensor, Tensor)>,
    patience: Option<usize>,
    schedule: Option<(Schedule, Unit)>,
    /// Epochs and steps of an earlier run that this one goes on from.
    before: (usize, usize),
    steps: usize,
    clip: Option<f64>,
    live: bool,
    history: History,
    best: Option<(f64, Weights)>,
}

/// A trainer for this loss: `loss(prediction, target)` must give one number.
///
/// It keeps its history, so a run that was interrupted goes on where it stopped: call
/// [`Trainer::fit`] again.
///
/// ```
/// use lessons::prelude::*;
/// manual_seed(42);
/// let x = randn(&[100, 3]);
/// let y = x.matmul(&tensor([[0.5], [0.3], [0.1]])) + 0.2;
/// let mut net = Sequential::new().add(linear(3, 8)).add(relu()).add(linear(8, 1));
/// let mut optimizer = adam(&net, 0.01);
///
/// let mut run = trainer(mse_loss).batch_size(20);
/// run.fit(&mut net, &mut optimizer, &x, &y, 20);
/// assert!(run.history().last().is_some_and(|epoch| epoch.train < 0.05));
/// ```
pub fn trainer(loss: impl Fn(&Tensor, &Tensor) -> Tensor + Send + 'static) -> Trainer {
    Trainer {
        loss: Box::new(loss),
        batch_size: 32,
        shuffle: true,
        validation: None,
        patience: None,
        schedule: None,
        before: (0, 0),
        steps: 0,
        clip: None,
        live: false,
        history: History::default(),
        best: None,
    }
}

impl Trainer {
    /// How many examples each step sees (32 by itself).
    ///
    /// # Panics
    /// Where it is below 1.
    #[must_use]
    #[track_caller]
    pub fn batch_size(mut self, examples: i64) -> Self {
        assert!(
            examples >= 1,
            "batch_size({examples}): a batch has at least 1 example"
        );
        self.batch_size = examples;
        self
    }

    /// Takes the examples in their own order, not in a new random one each epoch.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.shuffle = false;
        self
    }

    /// Measures the loss on these examples after each epoch; the network never learns from them.
    #[must_use]
    pub fn validation(mut self, x: &Tensor, y: &Tensor) -> Self {
        self.validation = Some((x.shallow_clone(), y.shallow_clone()));
        self
    }

    /// Stops once `patience` epochs bring no better validation loss (training loss where there is no
    /// validation). The best weights come back in any case, whether or not it stopped early.
    ///
    /// # Panics
    /// Where the patience is 0.
    #[must_use]
    #[track_caller]
    pub fn early_stopping(mut self, patience: usize) -> Self {
        assert!(
            patience > 0,
            "early_stopping(0) would stop before it starts: give at least 1"
        );
        self.patience = Some(patience);
        self
    }

    /// Sets the learning rate of each epoch, in place of the optimiser's own.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = Some((schedule, Unit::Epoch));
        self
    }

    /// Sets the learning rate of each step, in place of the optimiser's own: finer than by epochs
    /// where an epoch has many steps, as for warm-up.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (x, y) = (randn(&[64, 3]), randn(&[64, 1]));
    /// let mut net = linear(3, 1);
    /// let mut optimizer = adam(&net, 0.1);
    /// // 4 steps in each of 10 epochs: 4 of warm-up, 36 down to 0
    /// let mut run = trainer(mse_loss).batch_size(16).step_schedule(cosine(0.1, 36).warm_up(4));
    /// run.fit(&mut net, &mut optimizer, &x, &y, 10);
    /// assert_eq!(run.history().epochs()[0].rate, Some(0.1), "the rate of the epoch's last step");
    /// ```
    #[must_use]
    pub fn step_schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = Some((schedule, Unit::Step));
        self
    }

    /// Goes on from a run that was saved after so many epochs and steps: a schedule is at that place.
    #[must_use]
    pub fn going_on_after(mut self, epochs: usize, steps: usize) -> Self {
        self.before = (epochs, steps);
        self
    }

    /// Shortens a gradient longer than `norm` to that norm before each step.
    #[must_use]
    pub fn clip_gradients(mut self, norm: f64) -> Self {
        self.clip = Some(norm);
        self
    }

    /// Shows the loss curve while it grows.
    #[must_use]
    pub fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// How many steps it has taken, over all calls of [`Trainer::fit`].
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Every epoch so far, over all calls of [`Trainer::fit`].
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Trains for up to `epochs` more epochs.
    ///
    /// An interrupt leaves after the step that runs; network, optimiser and history stay as they
    /// are, and the next call goes on.
    ///
    /// # Shapes
    /// `x` and `y` are `[examples, ...]`; the network gets `batch_size` rows of `x` at a time.
    ///
    /// # Panics
    /// With the message of [`TrainingError`]; [`Trainer::try_fit`] returns it instead.
    #[track_caller]
    pub fn fit(
        &mut self,
        net: &mut dyn Layer,
        optimizer: &mut dyn Optimize,
        x: &Tensor,
        y: &Tensor,
        epochs: usize,
    ) {
        if let Err(error) = self.try_fit(net, optimizer, x, y, epochs) {
            panic!("{error}");
        }
    }

    /// As [`Trainer::fit`].
    ///
    /// # Errors
    /// Where the data do not fit, or the loss becomes inf or NaN.
    pub fn try_fit(
        &mut self,
        net: &mut dyn Layer,
        optimizer: &mut dyn Optimize,
        x: &Tensor,
        y: &Tensor,
        epochs: usize,
    ) -> Result<(), TrainingError> {
        error::check_data("training", x, y)?;
        if let Some((x, y)) = &self.validation {
            error::check_data("validation", x, y)?;
        }
        let mut live = self.live.then(|| live_curve(self.history.curve()));
        let mut waited = 0;
        for _ in 0..epochs {
            let epoch = self.epoch(net, optimizer, x, y)?;
            show(&mut live, &epoch);
            self.history.push(epoch);
            if self.patience.is_some() {
                waited = if self.keep_if_best(net) {
                    0
                } else {
                    waited + 1
                };
            }
            if self.patience.is_some_and(|patience| waited >= patience) {
                self.history.stopped_early();
                break;
            }
        }
        self.restore_best(net);
        Ok(())
    }

    /// Once through all examples, then the validation loss.
    fn epoch(
        &mut self,
        net: &mut dyn Layer,
        optimizer: &mut dyn Optimize,
        x: &Tensor,
        y: &Tensor,
    ) -> Result<Epoch, TrainingError> {
        let mut rate = None;
        net.set_training(true);
        let mut sum = 0.0;
        let mut losses = Vec::new();
        for batch in self.order(x).split(self.batch_size, 0) {
            checkpoint();
            if let Some((schedule, unit)) = self.schedule {
                let at = match unit {
                    Unit::Epoch => self.before.0 + self.history.len(),
                    Unit::Step => self.before.1 + self.steps,
                };
                let now = schedule.rate(at);
                optimizer.set_lr(now);
                rate = Some(now);
            }
            let (x, y) = (x.index_select(0, &batch), y.index_select(0, &batch));

            let prediction = net.try_forward(&x)?; // 1. forward
            let loss = (self.loss)(&prediction, &y); // 2. loss
            let value = error::one_number(&loss)?;
            losses.push(value);
            if !value.is_finite() {
                let epoch = self.history.len() + 1;
                return Err(diagnosis::not_finite(
                    net,
                    (&x, &prediction),
                    (epoch, &self.history.train()),
                    &losses,
                ));
            }
            optimizer.zero_grad(); // 3. forget the last step's gradients
            loss.backward(); // 4. backward
            if let Some(norm) = self.clip {
                optimizer.clip_grad_norm(norm);
            }
            optimizer.step(); // 5. step
            self.steps += 1;

            sum += value * batch.size()[0] as f64;
        }
        let train = sum / x.size()[0] as f64;
        let validation = self.validate(net)?;
        Ok(Epoch {
            train,
            validation,
            rate,
        })
    }

    /// The order of the examples in this epoch: `[examples]` of kind Int64.
    fn order(&self, x: &Tensor) -> Tensor {
        let examples = x.size()[0];
        if self.shuffle {
            // Drawn on the CPU, so that a seed gives the same order on any device.
            Tensor::randperm(examples, (Kind::Int64, tch::Device::Cpu)).to_device(x.device())
        } else {
            Tensor::arange(examples, (Kind::Int64, x.device()))
        }
    }

    fn validate(&self, net: &mut dyn Layer) -> Result<Option<f64>, TrainingError> {
        let Some((x, y)) = &self.validation else {
            return Ok(None);
        };
        net.set_training(false);
        let loss = no_grad(|| -> Result<f64, TrainingError> {
            error::one_number(&(self.loss)(&net.try_forward(x)?, y))
        });
        net.set_training(true);
        loss.map(Some)
    }

    /// Whether the epoch just pushed is the best so far; its weights are then kept.
    fn keep_if_best(&mut self, net: &dyn Layer) -> bool {
        let Some(loss) = self.history.last().map(Epoch::judged) else {
            return false;
        };
        let better = self.best.as_ref().is_none_or(|(best, _)| loss < *best) && loss.is_finite();
        if better {
            self.best = Some((loss, copy_weights(net)));
        }
        better
    }

    fn restore_best(&self, net: &dyn Layer) {
        if let Some((_, weights)) = &self.best {
            // The weights are this very network's: their names and shapes agree.
            let _ = try_restore_weights(net, weights);
        }
    }
}

fn show(live: &mut Option<LiveCurve>, epoch: &Epoch) {
    match (live, epoch.validation) {
        (Some(live), Some(validation)) => live.push_both(epoch.train, validation),
        (Some(live), None) => live.push(epoch.train),
        (None, _) => {}
    }
}

impl std::fmt::Debug for Trainer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trainer")
            .field("batch_size", &self.batch_size)
            .field("patience", &self.patience)
            .field("schedule", &self.schedule)
            .field("steps", &self.steps)
            .field("epochs", &self.history.len())
            .finish_non_exhaustive()
    }
}

//! The training loop: forward, loss, zero_grad, backward, step, for every batch of every epoch.
//! Knows nothing of particular networks, losses or optimisers.

mod diagnosis;
mod error;
mod history;
mod steps;

use tch::Tensor;

pub use self::error::TrainingError;
pub(crate) use self::error::check_data;
pub use self::history::{Epoch, History};
use crate::layer::Layer;
use crate::optimizer::{Optimize, check_norm};
use crate::schedule::Schedule;
use crate::weights::Weights;

/// What a schedule counts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    Epoch,
    Step,
}

type Loss = Box<dyn Fn(&Tensor, &Tensor) -> Tensor + Send>;

/// Trains networks and remembers how it went; see [`trainer`].
///
/// ```
/// use lessons::prelude::*;
/// let (x, y) = (randn(&[40, 3]), randn(&[40, 1]));
/// let mut net = linear(3, 1);
/// let mut optimizer = sgd(&net, 0.01);
/// let mut run = trainer(mse_loss).batch_size(10);
/// run.fit(&mut net, &mut optimizer, &x, &y, 2);
/// assert_eq!((run.steps(), run.history().len()), (8, 2));
/// ```
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
    progress: bool,
    history: History,
    best: Option<(f64, Weights)>,
}

/// A trainer for this loss: `loss(prediction, target)` must give one number.
///
/// It keeps its history, so a run that was interrupted goes on where it stopped: call
/// [`Trainer::fit`] again.
///
/// # Shapes
/// `loss(prediction, target)` gets what the network makes of a batch, `[batch, ...]`, and the batch's rows
/// of `y`; it must give one number, `[]`.
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
        progress: false,
        history: History::default(),
        best: None,
    }
}

impl Trainer {
    /// How many examples each step sees (32 by itself).
    ///
    /// # Panics
    /// Where it is below 1.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = linear(3, 1);
    /// let mut optimizer = sgd(&net, 0.01);
    /// let mut run = trainer(mse_loss).batch_size(4);
    /// run.fit(&mut net, &mut optimizer, &randn(&[10, 3]), &randn(&[10, 1]), 1);
    /// assert_eq!(run.steps(), 3, "4, 4 and the last 2");
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (x, y) = (randn(&[20, 3]), randn(&[20, 1]));
    /// let mut net = linear(3, 1);
    /// let start = copy_weights(&net);
    /// let losses = [0, 1].map(|seed| {
    ///     manual_seed(seed);
    ///     restore_weights(&net, &start);
    ///     let mut optimizer = sgd(&net, 0.1);
    ///     let mut run = trainer(mse_loss).batch_size(5).in_order();
    ///     run.fit(&mut net, &mut optimizer, &x, &y, 3);
    ///     run.history().train()
    /// });
    /// assert_eq!(losses[0], losses[1], "the seed does not matter: nothing is drawn");
    /// ```
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.shuffle = false;
        self
    }

    /// Measures the loss on these examples after each epoch; the network never learns from them.
    ///
    /// # Shapes
    /// `x` and `y` are `[examples, ...]`, as in [`Trainer::fit`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let data = linear_data(60, &[2.0, -1.0], 0.5, 0.1);
    /// let (x, y) = (data.x.split(40, 0), data.y.split(40, 0)); // 40 to learn from, 20 held out
    /// let mut net = linear(2, 1);
    /// let mut optimizer = adam(&net, 0.1);
    /// let mut run = trainer(mse_loss).validation(&x[1], &y[1]);
    /// run.fit(&mut net, &mut optimizer, &x[0], &y[0], 5);
    /// assert_eq!(run.history().validation().len(), 5);
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (x, y) = (tensor([[1.0], [2.0]]), tensor([[1.0], [2.0]]));
    /// let mut net = linear(1, 1);
    /// let mut optimizer = sgd(&net, 10.0); // far too large: the loss grows from the second epoch on
    /// let mut run = trainer(mse_loss).early_stopping(2);
    /// run.fit(&mut net, &mut optimizer, &x, &y, 50);
    /// assert!(run.history().len() < 50, "it gave up after two worse epochs");
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = linear(3, 1);
    /// let mut optimizer = sgd(&net, 0.5);
    /// let mut run = trainer(mse_loss).schedule(step_decay(0.1, 1, 0.5));
    /// run.fit(&mut net, &mut optimizer, &randn(&[8, 3]), &randn(&[8, 1]), 3);
    /// let rates: Vec<_> = run.history().epochs().iter().map(|epoch| epoch.rate).collect();
    /// assert_eq!(rates, [Some(0.1), Some(0.05), Some(0.025)]);
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = linear(3, 1);
    /// let mut optimizer = sgd(&net, 0.5);
    /// let mut run = trainer(mse_loss).schedule(step_decay(0.1, 10, 0.5)).going_on_after(10, 40);
    /// run.fit(&mut net, &mut optimizer, &randn(&[8, 3]), &randn(&[8, 1]), 1);
    /// assert_eq!(run.history().epochs()[0].rate, Some(0.05), "the rate of the eleventh epoch");
    /// ```
    #[must_use]
    pub fn going_on_after(mut self, epochs: usize, steps: usize) -> Self {
        self.before = (epochs, steps);
        self
    }

    /// Shortens a gradient longer than `norm` to that norm before each step.
    ///
    /// # Panics
    /// Where the norm is not above 0.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = linear(1, 1);
    /// let before = copy_weights(&net);
    /// let mut optimizer = sgd(&net, 1.0);
    /// let (x, y) = (tensor([[1000.0]]), tensor([[1000.0]]));
    /// trainer(mse_loss).clip_gradients(0.1).fit(&mut net, &mut optimizer, &x, &y, 1);
    /// let moved = before.iter().zip(net.named_parameters()).map(|((_, old), (_, new))| {
    ///     (new - old).square().sum(Kind::Float).item()
    /// });
    /// assert!((moved.sum::<f64>().sqrt() - 0.1).abs() < 1e-3, "all weights together moved by rate * norm");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn clip_gradients(mut self, norm: f64) -> Self {
        check_norm("clip_gradients", norm);
        self.clip = Some(norm);
        self
    }

    /// Shows the loss curve while it grows.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = linear(3, 1);
    /// let mut optimizer = sgd(&net, 0.01);
    /// let mut run = trainer(mse_loss).live();
    /// run.fit(&mut net, &mut optimizer, &randn(&[8, 3]), &randn(&[8, 1]), 3);
    /// assert_eq!(run.history().len(), 3);
    /// ```
    #[must_use]
    pub fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// Shows a bar with the loss of each epoch; a run that is left early says how far it came.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = linear(3, 1);
    /// let mut optimizer = sgd(&net, 0.01);
    /// let mut run = trainer(mse_loss).progress();
    /// run.fit(&mut net, &mut optimizer, &randn(&[8, 3]), &randn(&[8, 1]), 3);
    /// ```
    #[must_use]
    pub fn progress(mut self) -> Self {
        self.progress = true;
        self
    }

    /// How many steps it has taken, over all calls of [`Trainer::fit`].
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Every epoch so far, over all calls of [`Trainer::fit`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = linear(3, 1);
    /// let mut optimizer = sgd(&net, 0.01);
    /// let mut run = trainer(mse_loss);
    /// for _ in 0..2 {
    ///     run.fit(&mut net, &mut optimizer, &randn(&[8, 3]), &randn(&[8, 1]), 3);
    /// }
    /// assert_eq!(run.history().train().len(), 6, "the second call went on");
    /// ```
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
    ///
    /// ```
    /// use lessons::prelude::*;
    /// manual_seed(0);
    /// let data = linear_data(64, &[2.0, -1.0], 0.5, 0.0);
    /// let mut net = linear(2, 1);
    /// let mut optimizer = adam(&net, 0.1);
    /// let mut run = trainer(mse_loss).batch_size(16);
    /// run.fit(&mut net, &mut optimizer, &data.x, &data.y, 60);
    /// assert!((net.weight.i((0, 0)).item() - 2.0).abs() < 0.1, "it found the weight");
    /// ```
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
    /// Where the data do not fit, or the loss, the validation loss or a weight becomes inf or NaN. With
    /// [`Trainer::early_stopping`] the best weights come back all the same.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// use lessons::training::TrainingError;
    /// let mut net = linear(3, 1);
    /// let mut optimizer = sgd(&net, 0.01);
    /// let refused = trainer(mse_loss).try_fit(&mut net, &mut optimizer, &randn(&[8, 3]), &randn(&[7, 1]), 1);
    /// assert!(matches!(refused, Err(TrainingError::Examples { .. })), "8 inputs, 7 targets");
    /// ```
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
        let outcome = self.epochs(net, optimizer, x, y, epochs);
        self.restore_best(net);
        outcome
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

//! The learning-rate range test: a short run whose rate grows step by step, to see where the loss
//! falls fastest and where it blows up. Knows nothing of the network; puts its weights back.

use tch::Tensor;

use crate::backward::go_back;
use crate::interrupt::checkpoint;
use crate::layer::Layer;
use crate::number;
use crate::optimizer::Optimizer;
use crate::plots::{LinePlot, line_plot};
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::{Item, no_grad, randperm};
use crate::training::check_data;
use crate::weights::PutBack;

/// Steps of one sweep, from the lowest rate to the highest.
const STEPS: usize = 100;
/// Rates tried, unless the loss blows up before.
const FROM: f64 = 1e-6;
const TO: f64 = 10.0;
/// Sweeps, each with other batches: how far they agree says how sure the suggestion is.
const SWEEPS: usize = 5;
/// A sweep ends where the loss is this many times what it was at first.
const BLOWN_UP: f64 = 1.5;
/// Examples on which the loss is measured after each step, always the same: the losses of single
/// batches differ more by chance than by what was learned.
const JUDGES: i64 = 1024;
/// The loss must fall by this share of itself for the fall to say something.
const FALL: f64 = 0.1;

/// What [`learning_rate_range`] found.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::learning_rate::RateRange;
/// let found = RateRange {
///     sweeps: vec![vec![(1e-6, 1.0), (1e-2, 0.4)]],
///     suggestion: Some(1e-2),
///     spread: Some((8e-3, 2e-2)),
///     blown_up: None,
/// };
/// assert!(found.confidence().contains("a good first guess"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RateRange {
    /// Rates, and the loss after each one's step, of each sweep.
    pub sweeps: Vec<Vec<(f64, f64)>>,
    /// Where the loss fell fastest, the middle one of the sweeps; `None` where it never fell.
    pub suggestion: Option<f64>,
    /// The lowest and highest suggestion of any sweep.
    pub spread: Option<(f64, f64)>,
    /// The rate at which the loss blew up, the lowest of the sweeps; `None` where it never did.
    pub blown_up: Option<f64>,
}

/// Tries rates from 1e-6 to 10 in steps of equal factors, one batch each, five times with other
/// batches (Smith 2015). `build` makes the optimiser: `&sgd`, `&adam`.
///
/// The suggestion is where the loss fell fastest per factor of the rate, which is a first
/// guess and no truth: [`RateRange::confidence`] says how far the five sweeps agree. The weights are put
/// back, also after an interrupt; the batches are drawn from the one random stream.
///
/// # Shapes
/// `x` and `y` are `[examples, ...]`; the network gets `batch_size` rows of `x` at a time, and
/// `loss(prediction, target)` must give one number.
///
/// # Panics
/// Where the data do not fit the network, there are none, or they hold NaN or inf; where the loss is
/// not one number.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 1));
/// let x = randn(&[64, 3]);
/// let y = x.sum_dim_intlist(1, true, Kind::Float);
/// let range = learning_rate_range(&net, &sgd, mse_loss, &x, &y, 32);
/// println!("{}", range.show().plain());
/// assert!(range.suggestion.is_some_and(|rate| rate < 1.0));
/// ```
#[track_caller]
pub fn learning_rate_range(
    net: &dyn Layer,
    build: &dyn Fn(&dyn Layer, f64) -> Optimizer,
    loss: impl Fn(&Tensor, &Tensor) -> Tensor,
    x: &Tensor,
    y: &Tensor,
    batch_size: i64,
) -> RateRange {
    if let Err(error) = check_data("learning_rate_range", x, y) {
        panic!("{error}");
    }
    assert!(
        batch_size > 0,
        "learning_rate_range: a batch of {batch_size} examples: it must have at least 1"
    );
    let mut start = PutBack::new(net);
    let sweeps: Vec<Vec<(f64, f64)>> = (0..SWEEPS)
        .map(|_| {
            let losses = sweep(net, build, &loss, (x, y), batch_size);
            start.now();
            losses
        })
        .collect();
    let mut steepest: Vec<f64> = sweeps
        .iter()
        .filter_map(|sweep| fastest_fall(sweep))
        .collect();
    steepest.sort_by(f64::total_cmp);
    // Where most sweeps saw no fall, the others saw chance.
    let agreed = steepest.len() * 2 > SWEEPS;
    let blown_up = sweeps
        .iter()
        .filter(|sweep| sweep.len() < STEPS)
        .filter_map(|sweep| Some(sweep.last()?.0));
    RateRange {
        suggestion: steepest.get(steepest.len() / 2).copied().filter(|_| agreed),
        spread: steepest
            .first()
            .copied()
            .zip(steepest.last().copied())
            .filter(|_| agreed),
        blown_up: blown_up.min_by(f64::total_cmp),
        sweeps,
    }
}

/// Rates with the losses after their steps, up to where the loss blows up.
fn sweep(
    net: &dyn Layer,
    build: &dyn Fn(&dyn Layer, f64) -> Optimizer,
    loss: &dyn Fn(&Tensor, &Tensor) -> Tensor,
    (x, y): (&Tensor, &Tensor),
    batch_size: i64,
) -> Vec<(f64, f64)> {
    let mut optimizer = build(net, FROM);
    let judges = x.size()[0].min(JUDGES);
    let (judged_x, judged_y) = (x.narrow(0, 0, judges), y.narrow(0, 0, judges));
    let judged = || no_grad(|| loss(&net.forward(&judged_x), &judged_y).item());
    let first = judged();
    let mut seen = Vec::new();
    let mut batches = Vec::new();
    for step in 0..STEPS {
        checkpoint();
        if batches.is_empty() {
            batches = randperm(x.size()[0])
                .to_device(x.device())
                .split(batch_size, 0);
        }
        let Some(batch) = batches.pop() else { break };
        let rate = FROM * (TO / FROM).powf(step as f64 / (STEPS - 1) as f64);
        optimizer.set_lr(rate);
        optimizer.zero_grad();
        let now = loss(
            &net.forward(&x.index_select(0, &batch)),
            &y.index_select(0, &batch),
        );
        if let Err(error) = go_back(&now) {
            panic!("learning_rate_range: {error}");
        }
        optimizer.step();
        let now = judged();
        seen.push((rate, now));
        if !now.is_finite() || now > BLOWN_UP * first {
            break;
        }
    }
    seen
}

/// The rate at which the loss fell fastest, if it fell by more than noise.
fn fastest_fall(sweep: &[(f64, f64)]) -> Option<f64> {
    const REACH: usize = 5;
    let lowest = sweep
        .iter()
        .map(|(_, loss)| *loss)
        .fold(f64::INFINITY, f64::min);
    let first = sweep.first().map_or(f64::NAN, |(_, loss)| *loss);
    if lowest.is_nan() || lowest > first * (1.0 - FALL) {
        return None;
    }
    let falls = sweep
        .windows(REACH + 1)
        .map(|window| (window[REACH / 2].0, window[REACH].1 - window[0].1));
    let finite = falls.filter(|(_, change)| change.is_finite());
    finite
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(rate, _)| rate)
}

impl RateRange {
    /// How sure the suggestion is, in a sentence.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::learning_rate::RateRange;
    /// let found = RateRange { sweeps: vec![], suggestion: None, spread: None, blown_up: None };
    /// assert!(found.confidence().starts_with("No suggestion"));
    /// ```
    pub fn confidence(&self) -> String {
        let Some((low, high)) = self.spread else {
            return "No suggestion: in most sweeps the loss never fell by more than a tenth (more data in a batch, or \
                    another network?)."
                .to_owned();
        };
        let written = |rate: f64| format!("{rate:.1e}");
        let agreement = match high / low {
            factor if factor <= 3.0 => {
                "the five sweeps agree within a factor of 3: a good first guess"
            }
            factor if factor <= 10.0 => {
                "the five sweeps differ by up to a factor of 10: a rough guess"
            }
            _ => {
                "the five sweeps differ by more than a factor of 10: hardly better than trying 0.1, 0.01 and 0.001"
            }
        };
        let edge = match self.blown_up {
            Some(rate) => format!(
                "The loss blew up at {} in the sweep; a longer run blows up earlier.",
                written(rate)
            ),
            None => format!("The loss never blew up, up to {TO}: the upper end is unknown."),
        };
        format!(
            "Suggestions from {} to {}: {agreement}. {edge}",
            written(low),
            written(high)
        )
    }

    /// The losses against the rates.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::learning_rate::RateRange;
    /// let sweeps = vec![vec![(1e-4, 1.0), (1e-2, 0.4)]];
    /// let found = RateRange { sweeps, suggestion: Some(1e-2), spread: Some((1e-2, 1e-2)), blown_up: None };
    /// assert!(found.plot().plot().svg().contains("suggestion 1.0e-2"));
    /// ```
    pub fn plot(&self) -> LinePlot {
        let mut plot = line_plot("Learning-rate range test")
            .axes("learning rate", "loss")
            .log_x();
        let first = self
            .sweeps
            .iter()
            .filter_map(|sweep| sweep.first())
            .map(|(_, loss)| *loss);
        let top = first.fold(0.0, f64::max) * 1.5;
        for (at, sweep) in self.sweeps.iter().enumerate() {
            let (rates, losses): (Vec<f64>, Vec<f64>) = sweep
                .iter()
                .filter(|(_, loss)| *loss <= top)
                .copied()
                .unzip();
            plot = plot.line(&format!("sweep {}", at + 1), &rates, &losses);
        }
        if let (Some(rate), Some(sweep)) = (self.suggestion, self.sweeps.first()) {
            let near = sweep
                .iter()
                .min_by(|a, b| (a.0 / rate).ln().abs().total_cmp(&(b.0 / rate).ln().abs()));
            if let Some((rate, loss)) = near {
                plot = plot.mark(&format!("suggestion {rate:.1e}"), *rate, *loss);
            }
        }
        plot.note(&self.confidence())
    }

    fn table(&self) -> Table {
        let mut table = Table::new("Learning-rate range test")
            .columns(&["sweep", "falls fastest at", "lowest loss", "last rate"])
            .numeric(&[0, 1, 2, 3]);
        for (at, sweep) in self.sweeps.iter().enumerate() {
            let fastest =
                fastest_fall(sweep).map_or("nowhere".to_owned(), |rate| format!("{rate:.1e}"));
            let lowest = sweep
                .iter()
                .map(|(_, loss)| *loss)
                .fold(f64::INFINITY, f64::min);
            let last = sweep
                .last()
                .map_or(String::new(), |(rate, _)| format!("{rate:.1e}"));
            table = table.row(&[
                &(at + 1).to_string(),
                &fastest,
                &number::significant(lowest),
                &last,
            ]);
        }
        if let Some(rate) = self.suggestion {
            table = table.note(&format!("Suggestion: {rate:.1e}."));
        }
        table.note(&self.confidence())
    }
}

impl Show for RateRange {
    fn show(&self) -> MimeBundle {
        self.plot().plot().show_with(&self.table())
    }
}

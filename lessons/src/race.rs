//! Several ways to train, from one start: the same first weights, the same batches in the same order.
//! Knows nothing of what differs between the runs; each builds its own optimiser.

use tch::Tensor;

use crate::layer::Layer;
use crate::number;
use crate::optimizer::Optimizer;
use crate::plots::{LinePlot, line_plot};
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::manual_seed;
use crate::training::{TrainingError, trainer};
use crate::weights::PutBack;

/// How a run makes its optimiser.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::race::Racer;
/// let racers: [Racer<'_>; 2] = [("sgd", &|net| sgd(net, 0.1)), ("adam", &|net| adam(net, 0.01))];
/// assert_eq!((racers[1].1)(&linear(3, 1)).learning_rate(), 0.01);
/// ```
pub type Racer<'a> = (&'a str, &'a dyn Fn(&dyn Layer) -> Optimizer);

/// What came of [`race`].
///
/// ```
/// use lessons::prelude::*;
/// use lessons::race::Run;
/// let run = |name: &str, losses: &[f64]| Run {
///     name: name.to_owned(),
///     losses: losses.to_vec(),
///     failed: None,
/// };
/// let race = Race { runs: vec![run("sgd", &[0.9, 0.5]), run("adam", &[0.8, 0.2])] };
/// assert_eq!(race.winner().map(|run| run.name.as_str()), Some("adam"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Race {
    /// One entry per run, in the order given.
    pub runs: Vec<Run>,
}

/// One run of a [`Race`].
///
/// ```
/// use lessons::prelude::*;
/// let mut net = linear(1, 1);
/// let (x, y) = (tensor([[1.0], [2.0]]), tensor([[3.0], [5.0]]));
/// let outcome = race(&mut net, &[("wild", &|net| sgd(net, 1e30))], mse_loss, &x, &y, 5, 2, 0);
/// assert!(outcome.runs[0].failed.is_some() && outcome.runs[0].losses.len() < 5);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its name.
    pub name: String,
    /// Training loss of each epoch; ends where the loss was inf or NaN.
    pub losses: Vec<f64>,
    /// What stopped it before the last epoch.
    pub failed: Option<String>,
}

/// Trains the network once with each optimiser, always from the weights that it has now, and puts
/// these weights back at the end, however it ends. Each run draws its batches from the same `seed`.
///
/// # Shapes
/// As [`Trainer::fit`](crate::training::Trainer::fit).
///
/// # Panics
/// Where the data do not fit the network.
///
/// ```
/// use lessons::prelude::*;
/// let mut net = Sequential::new().add(linear(3, 1));
/// let (x, y) = (randn(&[64, 3]), randn(&[64, 1]));
/// let outcome = race(
///     &mut net,
///     &[("slow", &|net| sgd(net, 0.001)), ("fast", &|net| sgd(net, 0.1))],
///     mse_loss, &x, &y, 5, 16, 42,
/// );
/// assert!(outcome.runs[1].losses[4] < outcome.runs[0].losses[4]);
/// ```
#[track_caller]
#[allow(
    clippy::too_many_arguments,
    reason = "all runs share what a bare loop would name too"
)]
pub fn race(
    net: &mut dyn Layer,
    racers: &[Racer<'_>],
    loss: impl Fn(&Tensor, &Tensor) -> Tensor + Clone + Send + 'static,
    x: &Tensor,
    y: &Tensor,
    epochs: usize,
    batch_size: i64,
    seed: i64,
) -> Race {
    let mut start = PutBack::new(net);
    let mut runs = Vec::new();
    for (name, optimizer) in racers {
        start.now();
        manual_seed(seed);
        let mut run = trainer(loss.clone()).batch_size(batch_size);
        let mut optimizer = optimizer(net);
        let outcome = run.try_fit(net, &mut optimizer, x, y, epochs);
        let failed = match outcome {
            Ok(()) => None,
            Err(
                error @ (TrainingError::NotFinite { .. }
                | TrainingError::Validation { .. }
                | TrainingError::Weights { .. }),
            ) => Some(error.to_string()),
            Err(error) => panic!("{name}: {error}"),
        };
        runs.push(Run {
            name: (*name).to_owned(),
            losses: run.history().train(),
            failed,
        });
    }
    Race { runs }
}

impl Race {
    /// The run with the lowest last loss.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(Race { runs: vec![] }.winner(), None);
    /// ```
    pub fn winner(&self) -> Option<&Run> {
        let finished = self
            .runs
            .iter()
            .filter(|run| run.failed.is_none() && !run.losses.is_empty());
        finished.min_by(|a, b| a.last().total_cmp(&b.last()))
    }

    /// The losses as lines, on a logarithmic axis.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// use lessons::race::Run;
    /// let run = Run { name: "adam".to_owned(), losses: vec![0.9, 0.2], failed: None };
    /// assert!(Race { runs: vec![run] }.plot().plot().svg().contains("training loss"));
    /// ```
    pub fn plot(&self) -> LinePlot {
        let plot = line_plot("Runs from one initialisation")
            .axes("epoch", "training loss")
            .log_y();
        self.runs.iter().fold(plot, |plot, run| {
            let epochs: Vec<f64> = (1..=run.losses.len()).map(|epoch| epoch as f64).collect();
            plot.line(&run.name, &epochs, &run.losses)
        })
    }

    fn table(&self) -> Table {
        let mut table = Table::new("Runs from one initialisation")
            .columns(&["run", "epochs", "first loss", "last loss", ""])
            .numeric(&[1, 2, 3]);
        let winner = self.winner().map(|run| run.name.as_str());
        for run in &self.runs {
            let first = run
                .losses
                .first()
                .map_or(String::new(), |&loss| number::decimals(loss));
            let last = number::decimals(run.last());
            let word = match (&run.failed, winner == Some(run.name.as_str())) {
                (Some(_), _) => "diverged",
                (None, true) => "lowest",
                (None, false) => "",
            };
            table = table.row(&[
                &run.name,
                &run.losses.len().to_string(),
                &first,
                &last,
                word,
            ]);
        }
        self.runs
            .iter()
            .filter_map(|run| Some((run, run.failed.as_ref()?)))
            .fold(table, |table, (run, why)| {
                table.note(&format!("{}: {why}", run.name))
            })
    }
}

impl Run {
    fn last(&self) -> f64 {
        self.losses.last().copied().unwrap_or(f64::NAN)
    }
}

impl Show for Race {
    fn show(&self) -> MimeBundle {
        self.plot().plot().show_with(&self.table())
    }
}

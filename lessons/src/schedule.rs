//! Learning rates that change while training: large steps at first, small ones at the end.
//! Knows nothing of optimisers; it turns a count of epochs, or of steps, into a rate.

use std::f64::consts::PI;

use crate::number;
use crate::plots::{LinePlot, line_plot};

/// A learning rate for every epoch, or every step, counted from 0; from [`constant`], [`step_decay`]
/// or [`cosine`].
///
/// All counts are in the unit of the trainer's method that it is given to: epochs in
/// [`crate::training::Trainer::schedule`], steps in [`crate::training::Trainer::step_schedule`].
///
/// ```
/// use lessons::prelude::*;
/// let schedule = cosine(0.1, 100).warm_up(10).down_to(0.001);
/// assert!((schedule.rate(0) - 0.01).abs() < 1e-12, "the first of ten steps up");
/// assert_eq!((schedule.rate(10), schedule.rate(110)), (0.1, 0.001));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    shape: Shape,
    rate: f64,
    warm_up: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Constant,
    Step { every: usize, factor: f64 },
    Cosine { epochs: usize, end: f64 },
}

/// The same rate always.
///
/// # Panics
/// Where the rate is negative or no number.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(constant(0.1).rate(7), 0.1);
/// ```
#[track_caller]
pub fn constant(rate: f64) -> Schedule {
    build("constant", Shape::Constant, rate)
}

/// `rate * factor^(epoch / every)`, the division rounded down: a step down every few epochs.
///
/// # Panics
/// Where the rate or the factor is negative or no number, or `every` is 0.
///
/// ```
/// use lessons::prelude::*;
/// let schedule = step_decay(0.1, 10, 0.5);
/// assert_eq!([0, 9, 10, 20].map(|epoch| schedule.rate(epoch)), [0.1, 0.1, 0.05, 0.025]);
/// ```
#[track_caller]
pub fn step_decay(rate: f64, every: usize, factor: f64) -> Schedule {
    assert!(
        every > 0,
        "step_decay: a step every 0 epochs is none: use constant({rate})"
    );
    assert!(
        factor.is_finite() && factor >= 0.0,
        "step_decay: the factor is {factor}: it must be 0 or more"
    );
    build("step_decay", Shape::Step { every, factor }, rate)
}

/// `end + (rate - end) (1 + cos(pi epoch / epochs)) / 2`, with `end` 0: half a wave down
/// (Loshchilov and Hutter 2016). It stays at the end after `epochs`.
///
/// # Panics
/// Where the rate is negative or no number, or there are no epochs.
///
/// ```
/// use lessons::prelude::*;
/// let schedule = cosine(0.1, 20).warm_up(5);
/// assert!((schedule.rate(0) - 0.02).abs() < 1e-12, "a fifth of 0.1");
/// assert!((schedule.rate(15) - 0.05).abs() < 1e-12, "half-way down after the warm-up");
/// ```
#[track_caller]
pub fn cosine(rate: f64, epochs: usize) -> Schedule {
    assert!(epochs > 0, "cosine: it needs at least one epoch");
    build("cosine", Shape::Cosine { epochs, end: 0.0 }, rate)
}

#[track_caller]
fn build(name: &str, shape: Shape, rate: f64) -> Schedule {
    assert!(
        rate.is_finite() && rate >= 0.0,
        "{name}: the learning rate is {rate}: it must be a finite number, 0 or more"
    );
    Schedule {
        shape,
        rate,
        warm_up: 0,
    }
}

impl Schedule {
    /// Ends a cosine at this rate in place of 0; other schedules have no end of their own and stay.
    ///
    /// # Panics
    /// Where the rate is negative or no number.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(cosine(0.1, 20).down_to(0.01).rate(20), 0.01);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn down_to(mut self, rate: f64) -> Self {
        assert!(
            rate.is_finite() && rate >= 0.0,
            "down_to: the learning rate is {rate}: it must be a finite number, 0 or more"
        );
        if let Shape::Cosine { end, .. } = &mut self.shape {
            *end = rate;
        }
        self
    }

    /// The rates of the first `count` epochs or steps as a picture.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = cosine(0.1, 90).warm_up(10).plot(100);
    /// assert!(plot.plot().description().contains("highest 0.1000 at 9"));
    /// ```
    pub fn plot(&self, count: usize) -> LinePlot {
        let at: Vec<f64> = (0..count).map(|at| at as f64).collect();
        let rates: Vec<f64> = (0..count).map(|at| self.rate(at)).collect();
        let mut plot = line_plot("Learning-rate schedule")
            .axes("epoch or step, from 0", "learning rate")
            .line("learning rate", &at, &rates);
        // The first of the highest: `max_by` alone would give the last.
        let highest = (0..count)
            .rev()
            .max_by(|&a, &b| rates[a].total_cmp(&rates[b]));
        if let Some(at) = highest {
            plot = plot.note(&format!(
                "highest {} at {at}",
                number::significant(rates[at])
            ));
        }
        plot
    }

    /// Rises in even steps to the first rate over `epochs`, and only then begins.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let schedule = constant(1.0).warm_up(4);
    /// assert_eq!([0, 1, 2, 3, 4].map(|epoch| schedule.rate(epoch)), [0.25, 0.5, 0.75, 1.0, 1.0]);
    /// ```
    #[must_use]
    pub fn warm_up(mut self, epochs: usize) -> Self {
        self.warm_up = epochs;
        self
    }

    /// The rate of this epoch, counted from 0.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let schedule = cosine(0.1, 10);
    /// assert!((schedule.rate(5) - 0.05).abs() < 1e-12 && schedule.rate(10).abs() < 1e-12);
    /// ```
    pub fn rate(&self, epoch: usize) -> f64 {
        if epoch < self.warm_up {
            return self.rate * (epoch + 1) as f64 / self.warm_up as f64;
        }
        let epoch = epoch - self.warm_up;
        match self.shape {
            Shape::Constant => self.rate,
            Shape::Step { every, factor } => {
                self.rate * factor.powi(i32::try_from(epoch / every).unwrap_or(i32::MAX))
            }
            Shape::Cosine { epochs, end } => {
                let part = (epoch as f64 / epochs as f64).min(1.0);
                end + (self.rate - end) * (1.0 + (PI * part).cos()) / 2.0
            }
        }
    }
}

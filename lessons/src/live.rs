//! A loss curve that moves while the network learns: drawn again in place, a few times a second.
//! Knows nothing of training; whoever trains pushes the losses.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::curve::LossCurve;
use crate::host;
use crate::pace::Pace;
use crate::settle::{Settle, lock, watched};
use crate::show::{DisplayHandle, display, display_handle};

/// Between two drawings: each is a whole picture, and a notebook takes about a megabyte a second.
const SHORTEST: Duration = Duration::from_millis(250);

/// A curve on the page; see [`live_curve`].
///
/// ```
/// use lessons::prelude::*;
/// let mut live = live_curve(LossCurve::default());
/// live.push_both(0.9, 0.8);
/// assert_eq!(live.curve(), loss_curve(&[0.9], &[0.8]));
/// ```
#[derive(Debug)]
pub struct LiveCurve(Arc<Mutex<Drawing>>);

#[derive(Debug)]
struct Drawing {
    curve: LossCurve,
    handle: Option<DisplayHandle>,
    start: Instant,
    pace: Pace,
    stale: bool,
}

/// Shows `curve` and draws it again as losses come in. Drawing takes at most a fiftieth of the time.
///
/// The last drawing comes at the end of the cell or when the value is dropped, also after a panic or an
/// interrupt. Without a notebook, only the last one is printed, as a table.
///
/// ```
/// use lessons::prelude::*;
/// let mut live = live_curve(LossCurve::default().title("Live"));
/// for epoch in 1..=100 {
///     live.push(1.0 / f64::from(epoch));
/// }
/// assert_eq!(live.curve().best(), Some((100, 0.01)));
/// ```
pub fn live_curve(curve: LossCurve) -> LiveCurve {
    LiveCurve(watched(Drawing {
        curve,
        handle: None,
        start: Instant::now(),
        pace: Pace::new(SHORTEST),
        stale: true,
    }))
}

impl LiveCurve {
    /// Adds an epoch without validation.
    pub fn push(&mut self, train: f64) {
        lock(&self.0).changed(|curve| curve.push(train));
    }

    /// Adds an epoch with its training and validation loss.
    pub fn push_both(&mut self, train: f64, validation: f64) {
        lock(&self.0).changed(|curve| curve.push_both(train, validation));
    }

    /// The curve so far.
    pub fn curve(&self) -> LossCurve {
        lock(&self.0).curve.clone()
    }
}

impl Drawing {
    fn changed(&mut self, change: impl FnOnce(&mut LossCurve)) {
        change(&mut self.curve);
        self.stale = true;
        let from = self.start.elapsed();
        if host::current().is_some() && self.pace.due(from) {
            self.draw();
            self.pace.drawn(from, self.start.elapsed());
        }
    }

    fn draw(&mut self) {
        match &self.handle {
            Some(handle) => handle.update(&self.curve),
            None if host::current().is_some() => self.handle = Some(display_handle(&self.curve)),
            None => display(&self.curve),
        }
        self.stale = false;
    }
}

impl Settle for Drawing {
    fn settle(&mut self) {
        if self.stale {
            self.draw();
        }
    }
}

impl Drop for LiveCurve {
    fn drop(&mut self) {
        lock(&self.0).settle();
    }
}

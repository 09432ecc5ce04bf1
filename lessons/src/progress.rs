//! A bar for a loop that takes a while: how much is done, how fast it goes, how long it will take.
//! Knows nothing of the loop's work; redraws at most ten times a second, so it costs the loop nothing.

mod meter;

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use self::meter::{End, Meter};
use crate::host;
use crate::interrupt::checkpoint;
use crate::pace::Pace;
use crate::settle::{Settle, lock, watched};
use crate::show::{DisplayHandle, MimeBundle, Show, display_handle};

/// Between two drawings.
const SHORTEST: Duration = Duration::from_millis(100);

/// Shows a bar while a loop runs over `items`.
///
/// The bar updates in place; it ends by itself with the loop, and also where the loop is left by
/// `break`, `?`, a panic or an interrupt, and then says how far it came.
///
/// ```
/// use lessons::prelude::*;
/// let mut sum = 0;
/// for n in progress(0..1000) {
///     sum += n;
/// }
/// assert_eq!(sum, 499_500);
/// ```
pub fn progress<I: IntoIterator>(items: I) -> Progress<I::IntoIter> {
    let items = items.into_iter();
    // Only a length that is certain makes a bar; a filter's guess would end in the middle.
    let total = match items.size_hint() {
        (least, Some(most)) if least == most => Some(least),
        _ => None,
    };
    Progress {
        items,
        bar: ProgressBar::start(total),
    }
}

/// An iterator that shows how far it is; from [`progress`].
///
/// ```
/// use lessons::prelude::*;
/// let squares: Vec<i32> = progress(1..=3).label("squares").map(|n| n * n).collect();
/// assert_eq!(squares, [1, 4, 9]);
/// ```
#[derive(Debug)]
pub struct Progress<I> {
    items: I,
    bar: ProgressBar,
}

impl<I: Iterator> Iterator for Progress<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        checkpoint();
        let item = self.items.next();
        self.bar.asked_for_more(item.is_some());
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<I> Progress<I> {
    /// A word before the bar.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(progress(0..3).label("epochs").count(), 3);
    /// ```
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        self.bar.label(label);
        self
    }
}

/// A bar that you move yourself, for loops that no iterator describes.
///
/// ```
/// use lessons::prelude::*;
/// let mut bar = progress_bar(3);
/// for loss in [0.9, 0.5, 0.3] {
///     bar.message(&format!("loss {loss}"));
///     bar.advance(1);
/// }
/// bar.finish();
/// assert_eq!(bar.done(), 3);
/// ```
pub fn progress_bar(total: usize) -> ProgressBar {
    ProgressBar::start(Some(total))
}

/// See [`progress_bar`].
///
/// ```
/// use lessons::prelude::*;
/// let mut bar = progress_bar(10);
/// bar.advance(4);
/// bar.advance(2);
/// assert_eq!(bar.done(), 6);
/// ```
#[derive(Debug)]
pub struct ProgressBar(Arc<Mutex<Drawing>>);

#[derive(Debug)]
struct Drawing {
    meter: Meter,
    start: Instant,
    pace: Pace,
    /// [`progress`] hands out an item before the work on it is done.
    handed_out: bool,
    handle: Option<DisplayHandle>,
    stale: bool,
}

impl ProgressBar {
    fn start(total: Option<usize>) -> Self {
        Self(watched(Drawing {
            meter: Meter::new(total),
            start: Instant::now(),
            pace: Pace::new(SHORTEST),
            handed_out: false,
            handle: None,
            stale: false,
        }))
    }

    /// `steps` more are done.
    pub fn advance(&mut self, steps: usize) {
        lock(&self.0).changed(|meter| meter.done += steps);
    }

    /// Says something behind the bar: the loss, for one.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut bar = progress_bar(2);
    /// bar.label("training");
    /// bar.message("loss 0.25");
    /// assert!(bar.show().plain().contains("loss 0.25"));
    /// ```
    pub fn message(&mut self, message: &str) {
        lock(&self.0).changed(|meter| message.clone_into(&mut meter.message));
    }

    /// A word before the bar.
    pub fn label(&mut self, label: &str) {
        label.clone_into(&mut lock(&self.0).meter.label);
    }

    /// How many steps are done.
    pub fn done(&self) -> usize {
        lock(&self.0).meter.done
    }

    /// Ends the bar as it stands; dropping it does the same.
    pub fn finish(&mut self) {
        lock(&self.0).finish();
    }

    fn asked_for_more(&mut self, more: bool) {
        lock(&self.0).asked_for_more(more);
    }
}

impl Drawing {
    fn changed(&mut self, change: impl FnOnce(&mut Meter)) {
        change(&mut self.meter);
        self.stale = true;
        if self.pace.due(self.start.elapsed()) && self.meter.end.is_none() {
            self.draw();
        }
    }

    fn asked_for_more(&mut self, more: bool) {
        let done = usize::from(self.handed_out);
        self.handed_out = more;
        if more {
            self.changed(|meter| meter.done += done);
        } else {
            self.meter.done += done;
            self.meter.total = Some(self.meter.done);
            self.finish();
        }
    }

    fn finish(&mut self) {
        if self.meter.end.is_some() {
            return;
        }
        let complete = self
            .meter
            .total
            .is_none_or(|total| self.meter.done >= total);
        self.meter.end = Some(if complete {
            End::Complete
        } else {
            End::Stopped
        });
        self.draw();
    }

    fn draw(&mut self) {
        let from = self.start.elapsed();
        self.meter.elapsed = from;
        match (&self.handle, host::current()) {
            (Some(handle), _) => handle.update(&self.meter),
            (None, Some(_)) => self.handle = Some(display_handle(&self.meter)),
            (None, None) => self.print(),
        }
        self.stale = false;
        self.pace.drawn(from, self.start.elapsed());
    }

    /// In a terminal the line is written over; a file gets only the last one.
    fn print(&self) {
        let mut out = io::stderr();
        let (terminal, ended) = (out.is_terminal(), self.meter.end.is_some());
        let line = self.meter.text();
        // A bar that cannot be shown is no reason to stop the loop.
        let _ = match (terminal, ended) {
            (true, false) => write!(out, "\r{line}\x1b[K"),
            (true, true) => writeln!(out, "\r{line}\x1b[K"),
            (false, true) => writeln!(out, "{line}"),
            (false, false) => Ok(()),
        };
        let _ = out.flush();
    }
}

impl Settle for Drawing {
    fn settle(&mut self) {
        if self.stale {
            self.draw();
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Show for ProgressBar {
    fn show(&self) -> MimeBundle {
        lock(&self.0).meter.show()
    }
}

impl Show for Meter {
    fn show(&self) -> MimeBundle {
        MimeBundle::text(self.text()).with("text/html", self.html())
    }
}

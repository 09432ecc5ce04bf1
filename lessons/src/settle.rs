//! What is drawn only a few times a second shows where it stands when a cell ends, also where it lives on in
//! a variable. Knows nothing of what is drawn.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A drawing that may lag behind what it shows.
pub(crate) trait Settle: Send {
    /// Draws it again if it lags behind.
    fn settle(&mut self);
}

static WATCHED: Mutex<Vec<Weak<Mutex<dyn Settle>>>> = Mutex::new(Vec::new());

/// A drawing that [`settle`] knows of for as long as it lives.
pub(crate) fn watched<S: Settle + 'static>(drawing: S) -> Arc<Mutex<S>> {
    let drawing = Arc::new(Mutex::new(drawing));
    let known: Arc<Mutex<dyn Settle>> = drawing.clone();
    let mut all = lock(&WATCHED);
    all.retain(|drawing| drawing.strong_count() > 0);
    all.push(Arc::downgrade(&known));
    drawing
}

/// Draws again whatever lags behind; the kernel calls it at the end of each cell.
///
/// ```
/// use lessons::prelude::*;
/// let mut live = live_curve(LossCurve::default());
/// live.push(0.5);
/// lessons::settle::settle();
/// assert_eq!(live.curve().best(), Some((1, 0.5)));
/// ```
pub fn settle() {
    let alive: Vec<_> = lock(&WATCHED).iter().filter_map(Weak::upgrade).collect();
    for drawing in alive {
        lock(&drawing).settle();
    }
}

/// A stop may come in the middle of a change, which is then whole enough to be drawn.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

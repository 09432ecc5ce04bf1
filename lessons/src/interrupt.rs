//! Stopping a loop from outside: a flag, and the checkpoint that looks at it.
//! Knows nothing of who sets the flag; in a plain program nobody does.

use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// The panic payload with which [`checkpoint`] leaves a loop.
///
/// ```
/// use lessons::interrupt::{self, Interrupted};
/// interrupt::request();
/// let left = std::panic::catch_unwind(|| loop {
///     interrupt::checkpoint(); // a loop that would never end
/// });
/// assert!(left.unwrap_err().is::<Interrupted>());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted;

/// Asks the next [`checkpoint`] to stop. Only stores to an atomic: a signal handler may call it.
///
/// ```
/// use lessons::interrupt;
/// interrupt::request();
/// assert!(interrupt::requested());
/// interrupt::clear();
/// interrupt::checkpoint(); // goes on
/// ```
pub fn request() {
    REQUESTED.store(true, Ordering::Relaxed);
}

/// Forgets a request that no checkpoint has met.
///
/// ```
/// use lessons::interrupt;
/// interrupt::request();
/// interrupt::clear();
/// assert!(!interrupt::requested());
/// ```
pub fn clear() {
    REQUESTED.store(false, Ordering::Relaxed);
}

/// Whether a stop was asked for; for loops that would rather end by themselves.
///
/// ```
/// use lessons::interrupt;
/// let mut steps = 0;
/// while !interrupt::requested() {
///     steps += 1;
///     if steps == 3 {
///         interrupt::request(); // as the stop button would
///     }
/// }
/// assert_eq!(steps, 3);
/// ```
pub fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// Leaves the running computation by unwinding if a stop was asked for; costs one relaxed load if not.
///
/// The kernel puts one at the top of every loop in a cell; long loops in this crate call it too.
///
/// ```
/// use lessons::interrupt;
/// interrupt::checkpoint(); // nobody asked: it goes on
/// interrupt::request();
/// assert!(std::panic::catch_unwind(interrupt::checkpoint).is_err());
/// ```
#[inline(always)]
#[track_caller]
pub fn checkpoint() {
    if requested() {
        stop();
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn stop() -> ! {
    clear();
    // Through the panic hook, so that the kernel's can note where the loop was.
    std::panic::panic_any(Interrupted)
}

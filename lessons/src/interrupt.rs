//! Stopping a loop from outside: a flag, and the checkpoint that looks at it.
//! Knows nothing of who sets the flag; in a plain program nobody does.

use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// The panic payload with which [`checkpoint`] leaves a loop.
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
pub fn clear() {
    REQUESTED.store(false, Ordering::Relaxed);
}

/// Whether a stop was asked for; for loops that would rather end by themselves.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// Leaves the running computation by unwinding if a stop was asked for; costs one relaxed load if not.
///
/// The kernel puts one at the top of every loop in a cell; long loops in this crate call it too.
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

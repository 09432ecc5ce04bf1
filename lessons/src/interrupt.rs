//! Stopping a computation from outside: a flag, and the checkpoint that looks at it. In a plain program
//! nobody sets the flag.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Which threads go on while a request lasts; set if requests last until they are cleared.
static SPARED: OnceLock<fn() -> bool> = OnceLock::new();

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

/// Forgets a request.
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

/// Makes requests last until [`clear`], so that code cannot swallow one and every thread is stopped. Without
/// it, the first checkpoint that meets a request also clears it. A checkpoint goes on if `spared` says so of
/// the thread that calls it. For the kernel, once per process.
///
/// ```
/// use lessons::interrupt;
/// interrupt::last_until_cleared(|| std::thread::current().name() == Some("background"));
/// interrupt::request();
/// for _ in 0..2 {
///     assert!(std::panic::catch_unwind(interrupt::checkpoint).is_err());
/// }
/// let spared = std::thread::Builder::new().name("background".to_owned());
/// assert!(spared.spawn(interrupt::checkpoint)?.join().is_ok());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn last_until_cleared(spared: fn() -> bool) {
    let _ = SPARED.set(spared);
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
/// The kernel puts one into every loop, closure and recursive function of a cell; long loops in this crate
/// call it too.
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
fn stop() {
    // A second panic while one unwinds, in some `drop`, would end the process.
    if std::thread::panicking() {
        return;
    }
    match SPARED.get() {
        Some(spared) if spared() => return,
        Some(_) => {}
        None => clear(),
    }
    // Through the panic hook, so that the kernel's can note where the loop was.
    std::panic::panic_any(Interrupted)
}

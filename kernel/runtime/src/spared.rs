//! Whom a stop concerns: the thread that runs the cell, until its cell is over, and the threads that the cell
//! has started. What an earlier cell has left running in the background goes on.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the runs.
static RUN: AtomicU64 = AtomicU64::new(0);
/// When the present run began, in the clock of [`started`].
static BEGAN: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static RUNS_CELLS: Cell<bool> = const { Cell::new(false) };
    /// In which run it was asked, and the answer.
    static SPARED: Cell<(u64, bool)> = const { Cell::new((0, false)) };
}

/// This thread is the one that runs cells.
pub(crate) fn runs_cells() {
    RUNS_CELLS.set(true);
}

/// A run begins on this thread.
pub(crate) fn begin() {
    BEGAN.store(now(), Ordering::Relaxed);
    let run = RUN.fetch_add(1, Ordering::Relaxed) + 1;
    SPARED.set((run, false));
}

/// This thread has nothing more to do in this run but to tidy up.
pub(crate) fn spare_this_thread() {
    SPARED.set((RUN.load(Ordering::Relaxed), true));
}

/// Whether checkpoints on this thread go on although a stop is requested.
pub(crate) fn is_spared() -> bool {
    let run = RUN.load(Ordering::Relaxed);
    match SPARED.try_with(Cell::get) {
        Ok((asked, answer)) if asked == run => answer,
        Ok(_) => {
            let runs_cells = RUNS_CELLS.try_with(Cell::get).unwrap_or(false);
            let answer = !runs_cells && !is_of_this_run(thread_id());
            SPARED.set((run, answer));
            answer
        }
        // It is ending.
        Err(_) => true,
    }
}

/// Whether a thread was started since the run began.
pub(crate) fn is_of_this_run(thread: i32) -> bool {
    started(thread).is_none_or(|started| started >= BEGAN.load(Ordering::Relaxed))
}

/// The operating system's number of this thread.
#[cfg(target_os = "linux")]
pub(crate) fn thread_id() -> i32 {
    // SAFETY: it only answers.
    unsafe { libc::gettid() }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn thread_id() -> i32 {
    0
}

/// When a thread was started, in hundredths of a second since the machine was.
fn started(thread: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/self/task/{thread}/stat")).ok()?;
    // The name comes before, in brackets, and may have any characters in it.
    let (_, facts) = stat.rsplit_once(')')?;
    facts.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(target_os = "linux")]
fn now() -> u64 {
    // SAFETY: both write to what they are given, or nothing.
    unsafe {
        let mut time: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_BOOTTIME, &raw mut time);
        let ticks = libc::sysconf(libc::_SC_CLK_TCK).max(1) as u64;
        time.tv_sec as u64 * ticks + time.tv_nsec as u64 * ticks / 1_000_000_000
    }
}

#[cfg(not(target_os = "linux"))]
fn now() -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_threads_that_the_run_started_are_of_it() {
        let (say, hear) = std::sync::mpsc::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let earlier = std::thread::spawn(move || {
            tell.send(thread_id()).expect("a listener");
            let _ = hear.recv();
        });
        let thread = told.recv().expect("a thread");
        let before = now();
        // The clock's own steps are this coarse.
        while now() <= before {}
        begin();
        assert!(!is_of_this_run(thread));
        assert!(
            std::thread::spawn(|| is_of_this_run(thread_id()) && !is_spared())
                .join()
                .expect("an answer")
        );
        drop(say);
        earlier.join().expect("its end");
    }
}

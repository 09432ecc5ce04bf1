//! The child process: takes compiled cells from the control socket and has them run, one by one.

use std::io::{self, Write};
use std::os::fd::{FromRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gradbook_control::FromChild;
use lessons::interrupt;

use crate::cell::Shared;
use crate::halt;
use crate::host::{Control, Notebook};
use crate::panics;
use crate::spared;
use crate::watch::watched;
use crate::worker::Worker;

/// Longest time that a partial line waits in the standard library's buffer.
const FLUSH_EVERY: Duration = Duration::from_millis(15);

/// Serves cells on the control socket until the kernel closes it; returns the exit status.
///
/// # Safety
/// `control` must be an open Unix socket that nothing else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gradbook_child_main(control: RawFd) -> i32 {
    // SAFETY: the caller hands the descriptor over.
    let socket = unsafe { UnixStream::from_raw_fd(control) };
    let control: &'static Control = match Control::new(socket) {
        Ok(control) => Box::leak(Box::new(control)),
        Err(error) => {
            eprintln!("the control socket cannot be read: {error}");
            return 1;
        }
    };
    lessons::host::install(Box::new(Notebook(control)));
    panics::install();
    interrupt::last_until_cleared(spared::is_spared);
    catch_interrupts();
    halt::install();
    match serve(control) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("the control socket broke: {error}");
            1
        }
    }
}

fn serve(control: &'static Control) -> io::Result<()> {
    let shared: &'static Shared = Box::leak(Box::default());
    start_flusher();
    let mut worker = Worker::start(shared)?;
    control.send(&FromChild::Ready)?;
    while let Some(task) = control.task() {
        let answer = watched(&mut worker, task, shared, control)
            .ok_or_else(|| io::Error::other("the thread that runs cells is gone"))?;
        control.send(&answer)?;
    }
    Ok(())
}

/// Whether a cell runs.
pub(crate) static RUNNING: AtomicBool = AtomicBool::new(false);

/// Writes out partial lines: std's stdout keeps them until a newline, C's longer.
fn start_flusher() {
    let flusher = std::thread::Builder::new().name("gradbook-flush".to_owned());
    let started = flusher.spawn(|| {
        for tick in (0..8_u32).cycle() {
            std::thread::sleep(FLUSH_EVERY);
            // Between cells, threads of earlier ones may print: that is less urgent.
            if RUNNING.load(Ordering::Acquire) || tick == 0 {
                flush();
            }
        }
    });
    if let Err(error) = started {
        eprintln!("partial lines will come late: {error}");
    }
}

pub(crate) fn flush() {
    let _ = io::stdout().flush();
    // SAFETY: `fflush(NULL)` flushes all of C's streams and touches no memory of ours.
    unsafe { libc::fflush(std::ptr::null_mut()) };
}

/// SIGINT asks the running cell to stop at its next checkpoint.
fn catch_interrupts() {
    extern "C" fn on_interrupt(_: libc::c_int) {
        interrupt::request();
    }
    // SAFETY: the handler only stores to an atomic.
    unsafe {
        let handler = on_interrupt as extern "C" fn(libc::c_int);
        libc::signal(libc::SIGINT, handler as libc::sighandler_t);
    }
}

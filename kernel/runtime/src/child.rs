//! The child process: takes compiled cells from the control socket, loads and runs them, one by one.
//! Knows nothing of Jupyter or of rustc.

use std::io::{self, Write};
use std::os::fd::{FromRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gradbook_control::{CommEvent, Failure, FailureKind, Finished, FromChild, ToChild};
use lessons::{comm, interrupt};

use crate::cell::Cell;
use crate::host::{Control, Notebook};
use crate::lines;
use crate::panics;
use crate::store::Store;

/// What a compiled cell exports.
type Entry = fn(&Cell<'_>);

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
    catch_interrupts();
    match serve(control) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("the control socket broke: {error}");
            1
        }
    }
}

fn serve(control: &Control) -> io::Result<()> {
    let mut store = Store::default();
    start_flusher();
    control.send(&FromChild::Ready)?;
    // libtorch sets up its dispatcher at the first operation: better now than in the first cell.
    drop(tch::Tensor::zeros(
        [1],
        (tch::Kind::Float, tch::Device::Cpu),
    ));
    while let Some(task) = control.task() {
        let finished = match task {
            ToChild::Run { library } => run(&library, &mut store),
            ToChild::Comm(event) => handle(&event, &mut store),
            ToChild::Drop { names } => forget(&names, &mut store),
            ToChild::Describe => {
                control.send(&FromChild::Described(store.describe()))?;
                continue;
            }
            // Answers go to those who asked.
            ToChild::Acknowledge | ToChild::Input { .. } => continue,
        };
        flush();
        control.send(&FromChild::Finished(finished))?;
    }
    Ok(())
}

fn run(library: &Path, store: &mut Store) -> Finished {
    let entry = match load(library) {
        Ok(entry) => entry,
        Err(error) => {
            // What the dynamic loader says stands in the cause.
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            let message = format!("{error}{}", cause.unwrap_or_default());
            let failure = Failure {
                kind: FailureKind::Load,
                message,
                places: Vec::new(),
            };
            return Finished {
                failure: Some(failure),
                ..Finished::default()
            };
        }
    };
    // What unwinds out of this did so outside the cell's own code: a variable that panics when dropped.
    guarded(store, entry)
}

/// Calls the handler of a comm: a closure of some cell.
fn handle(event: &CommEvent, store: &mut Store) -> Finished {
    let finished = guarded(store, |_| match event {
        CommEvent::Open {
            id,
            target,
            data,
            buffers,
            ..
        } => comm::opened(id, target, data, buffers),
        CommEvent::Message { id, data, buffers } => comm::received(id, data, buffers),
        CommEvent::Close { id, data } => comm::closed(id, data),
    });
    if let (CommEvent::Open { id, .. }, Some(_)) = (event, &finished.failure) {
        // Its handler has not come so far as to say what answers it.
        comm::refuse(id);
    }
    finished
}

/// Drops variables; what they do then is code of the learner's too.
fn forget(names: &[String], store: &mut Store) -> Finished {
    let mut all = Finished::default();
    for name in names {
        if let Some(value) = store.take(name) {
            let dropped = guarded(store, |_| drop(value));
            all.failure = all.failure.or(dropped.failure);
        }
    }
    all
}

/// Runs code of the learner's so that whatever it does, the child goes on.
fn guarded(store: &mut Store, code: impl FnOnce(&Cell<'_>)) -> Finished {
    interrupt::clear();
    crate::turns::begin();
    let cell = Cell::new(store);
    RUNNING.store(true, Ordering::Release);
    // A panic inside `tch::no_grad` leaves gradients off; no cell may find them so.
    let ended = catch_unwind(AssertUnwindSafe(|| tch::with_grad(|| code(&cell))));
    if let Err(payload) = ended {
        cell.panicked(payload);
    }
    // What is drawn a few times a second shows where it stands, also where it lives on in a variable.
    if let Err(payload) = catch_unwind(lessons::settle::settle) {
        cell.panicked(payload);
    }
    RUNNING.store(false, Ordering::Release);
    cell.finish()
}

fn load(path: &Path) -> Result<Entry, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
    // SAFETY: the kernel compiled this file against this very library; it has no initialisers of
    // its own. Global, because later cells link to its statics; never unloaded, because variables
    // keep pointers to its code.
    unsafe {
        let library = Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL)?;
        lines::loaded(path);
        let entry = *library.get::<Entry>(b"gradbook_cell")?;
        std::mem::forget(library);
        Ok(entry)
    }
}

static RUNNING: AtomicBool = AtomicBool::new(false);

/// Writes out partial lines while a cell runs: std's stdout keeps them until a newline, C's longer.
fn start_flusher() {
    let flusher = std::thread::Builder::new().name("gradbook-flush".to_owned());
    let started = flusher.spawn(|| {
        loop {
            std::thread::sleep(FLUSH_EVERY);
            if RUNNING.load(Ordering::Acquire) {
                flush();
            }
        }
    });
    if let Err(error) = started {
        eprintln!("partial lines will come late: {error}");
    }
}

fn flush() {
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

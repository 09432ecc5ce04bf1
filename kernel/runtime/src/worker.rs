//! The thread that runs cells: one task at a time in, its end out.

use std::io;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};

use gradbook_control::{CommEvent, Failure, FailureKind, Finished, FromChild, ToChild};
use lessons::{comm, interrupt};
use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

use crate::cell::{Cell, Shared, lock};
use crate::child::{RUNNING, flush};
use crate::lines;
use crate::panics;
use crate::spared;

/// Address space for the stack: only what is used costs memory, and large arrays pass through it.
const STACK: usize = 256 << 20;

/// What a compiled cell exports.
type Entry = fn(&Cell<'_>);

/// The thread, seen from outside.
pub(crate) struct Worker {
    pub(crate) tasks: Sender<ToChild>,
    pub(crate) answers: Receiver<FromChild>,
    /// The operating system's number of it.
    pub(crate) thread: i32,
    comms: Comms,
}

/// The handlers of comms, on the way from one thread that runs cells to the next.
#[derive(Clone, Copy)]
struct Comms(comm::Handlers);

// SAFETY: only one thread runs cells and calls handlers; the one before it has stopped for good.
unsafe impl Send for Comms {}

impl Worker {
    /// The first one.
    pub(crate) fn start(shared: &'static Shared) -> io::Result<Self> {
        Self::start_with(shared, || {})
    }

    /// One in place of a thread that never goes on, which was at `task`.
    pub(crate) fn replaced(&self, shared: &'static Shared, task: &ToChild) -> Option<Self> {
        let comms = self.comms;
        let task = task.clone();
        let begin = move || {
            // The whole of it is moved here, not the part that may not be sent.
            let Comms(handlers) = { comms };
            comm::adopt(handlers);
            forget_what_never_returns(&task);
        };
        Self::start_with(shared, begin)
            .inspect_err(|error| eprintln!("no thread can be started for the next cell: {error}"))
            .ok()
    }

    fn start_with(
        shared: &'static Shared,
        begin: impl FnOnce() + Send + 'static,
    ) -> io::Result<Self> {
        let (tasks, todo) = channel();
        let (say, answers) = channel();
        let (tell, told) = channel();
        // The name that a program's own thread has: it is in messages.
        let thread = std::thread::Builder::new()
            .name("main".to_owned())
            .stack_size(STACK);
        thread.spawn(move || {
            spared::runs_cells();
            panics::runs_cells();
            begin();
            // libtorch sets up its dispatcher at the first operation: better now than in the first cell. After
            // a thread was left behind, this also shows that it holds nothing that cells need.
            let ones = tch::Tensor::ones([2, 2], (tch::Kind::Float, tch::Device::Cpu));
            drop(ones.matmul(&ones));
            flush();
            if tell
                .send((spared::thread_id(), Comms(comm::handlers())))
                .is_ok()
            {
                work(shared, &todo, &say);
            }
        })?;
        let (thread, comms) = told.recv().map_err(io::Error::other)?;
        Ok(Self {
            tasks,
            answers,
            thread,
            comms,
        })
    }
}

fn work(shared: &Shared, todo: &Receiver<ToChild>, say: &Sender<FromChild>) {
    for task in todo {
        let answer = match task {
            ToChild::Run { library, needs } => FromChild::Finished(run(&library, &needs, shared)),
            ToChild::Comm(event) => FromChild::Finished(handle(&event, shared)),
            ToChild::Drop { names } => FromChild::Finished(forget(&names, shared)),
            ToChild::Describe => FromChild::Described(lock(&shared.store).describe()),
            // Not tasks: `Control` keeps them.
            ToChild::Acknowledge | ToChild::Input { .. } | ToChild::Insist => continue,
        };
        // On this thread: a variable of the learner's may hold the lock of stdout.
        flush();
        if say.send(answer).is_err() {
            return;
        }
    }
}

fn run(library: &Path, needs: &[PathBuf], shared: &Shared) -> Finished {
    let loaded = needs.iter().try_for_each(|one| open(one).map(drop));
    let entry = match loaded.and_then(|()| load(library)) {
        Ok(entry) => entry,
        Err(error) => {
            // The dynamic loader's own message is the cause.
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
    guarded(shared, entry)
}

/// Calls the handler of a comm: a closure of some cell.
fn handle(event: &CommEvent, shared: &Shared) -> Finished {
    let finished = guarded(shared, |_| match event {
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

/// The handler that a thread was left in cannot be called again.
fn forget_what_never_returns(task: &ToChild) {
    match task {
        ToChild::Comm(CommEvent::Open { id, target, .. }) => {
            comm::lose_target(target);
            comm::lose(id);
        }
        ToChild::Comm(CommEvent::Message { id, .. }) => comm::lose(id),
        _ => {}
    }
}

/// Drops variables; what they do then is code of the learner's too.
fn forget(names: &[String], shared: &Shared) -> Finished {
    let mut all = Finished::default();
    for name in names {
        let value = lock(&shared.store).take(name);
        if let Some(value) = value {
            // No copy of it comes back.
            lock(&shared.store).settle();
            let dropped = guarded(shared, |_| drop(value));
            all.failure = all.failure.or(dropped.failure);
        }
    }
    all
}

/// Runs code of the learner's so that whatever it does, the child goes on.
fn guarded(shared: &Shared, code: impl FnOnce(&Cell<'_>)) -> Finished {
    interrupt::clear();
    crate::turns::begin();
    spared::begin();
    let cell = Cell::new(shared);
    RUNNING.store(true, Ordering::Release);
    // A panic inside `tch::no_grad` leaves gradients off; no cell may find them so.
    let ended = catch_unwind(AssertUnwindSafe(|| tch::with_grad(|| code(&cell))));
    if let Err(payload) = ended {
        cell.panicked(payload);
    }
    let stopped = interrupt::requested();
    spared::spare_this_thread();
    // What is drawn a few times a second shows where it stands, also where it lives on in a variable.
    if let Err(payload) = catch_unwind(lessons::settle::settle) {
        cell.panicked(payload);
    }
    RUNNING.store(false, Ordering::Release);
    let mut finished = cell.finish();
    lock(&shared.store).settle();
    if stopped {
        stopped_early(&mut finished);
    }
    finished
}

/// A cell that swallowed a stop, or failed for one in another thread, was stopped all the same.
fn stopped_early(finished: &mut Finished) {
    finished.result = None;
    let failure = finished.failure.get_or_insert_with(|| Failure {
        kind: FailureKind::Interrupted,
        message: "interrupted".to_owned(),
        places: Vec::new(),
    });
    failure.kind = FailureKind::Interrupted;
}

fn load(path: &Path) -> Result<Entry, libloading::Error> {
    let library = open(path)?;
    lines::loaded(path);
    // SAFETY: the kernel generated it with this signature.
    unsafe { Ok(*library.get::<Entry>(b"gradbook_cell")?) }
}

/// Loads a library for good; a second time it is only looked up.
fn open(path: &Path) -> Result<ManuallyDrop<Library>, libloading::Error> {
    // SAFETY: the kernel compiled this file against this very library; its initialisers only look up
    // functions. Global, because later cells link to its statics; never unloaded, because variables keep
    // pointers to its code.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL)? };
    Ok(ManuallyDrop::new(library))
}

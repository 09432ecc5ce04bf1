//! What a stop does when checkpoints are not enough: threads that wait are made to unwind, and one that can
//! do neither is left where it is, while another takes its place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use gradbook_control::{Failure, FailureKind, Finished, FromChild, ToChild};
use lessons::interrupt;

use crate::cell::{Shared, lock};
use crate::halt::{self, Halted};
use crate::host::Control;
use crate::lines;
use crate::spared;
use crate::worker::Worker;

/// How often a running cell is looked at.
const TICK: Duration = Duration::from_millis(20);
/// Most cells come to a checkpoint sooner.
const UNWIND_AFTER: Duration = Duration::from_millis(60);
/// A thread that waits, or that takes nothing along, is left behind after this.
const LEAVE_AFTER: Duration = Duration::from_millis(700);
/// One that computes may come to a checkpoint yet, and would take variables along that nobody else has.
const LEAVE_AT_LAST: Duration = Duration::from_secs(3);

static INSISTED: AtomicBool = AtomicBool::new(false);

/// The learner has asked for the stop a second time.
pub(crate) fn insist() {
    INSISTED.store(true, Ordering::Relaxed);
}

/// Has the worker do a task and waits for the end, however it comes; the worker may be another one then.
pub(crate) fn watched(
    worker: &mut Worker,
    task: ToChild,
    shared: &'static Shared,
    control: &'static Control,
) -> Option<FromChild> {
    INSISTED.store(false, Ordering::Relaxed);
    // One that came too late for the task before.
    interrupt::clear();
    worker.tasks.send(task.clone()).ok()?;
    let mut since: Option<Instant> = None;
    loop {
        match worker.answers.recv_timeout(TICK) {
            Ok(answer) => return Some(answer),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if !interrupt::requested() {
            continue;
        }
        let since = since.get_or_insert_with(Instant::now).elapsed();
        if since >= UNWIND_AFTER {
            for thread in waiting_threads(worker.thread) {
                halt::unwind(thread);
            }
        }
        if since < LEAVE_AFTER && !INSISTED.load(Ordering::Relaxed) {
            continue;
        }
        if let Some(halted) = leave(worker, shared, control, since) {
            let finished = left(shared, &halted);
            // What does not come to an answer here holds what every cell needs: the kernel ends the process.
            *worker = worker.replaced(shared, &task)?;
            return Some(FromChild::Finished(finished));
        }
    }
}

/// The thread that runs cells, and those that the cell has started.
fn waiting_threads(worker: i32) -> Vec<i32> {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let threads = tasks.filter_map(|task| task.ok()?.file_name().to_str()?.parse().ok());
    threads
        .filter(|&thread| thread == worker || spared::is_of_this_run(thread))
        .collect()
}

/// Stops the worker's thread for good, unless it may hold something that others need.
fn leave(worker: &Worker, shared: &Shared, control: &Control, since: Duration) -> Option<Halted> {
    // A thread that holds one of these would hold it for ever.
    let store = shared.store.try_lock().ok()?;
    let _run = shared.run.try_lock().ok()?;
    let _quiet = control.quiet()?;
    let waits = halt::waits(worker.thread);
    let hurry = since >= LEAVE_AT_LAST || INSISTED.load(Ordering::Relaxed);
    if !waits && store.is_owed() && !hurry {
        return None;
    }
    halt::halt(worker.thread)
}

/// What the run has come to, and what of it there still is.
fn left(shared: &Shared, halted: &Halted) -> Finished {
    let mut finished = std::mem::take(&mut *lock(&shared.run)).finished();
    let restored = lock(&shared.store).restore();
    finished.returned.extend(restored.iter().cloned());
    finished.left = Some(restored);
    finished.result = None;
    let mut places: Vec<_> = halted.stack().flat_map(lines::at).collect();
    places.dedup_by(|a, b| a.file == b.file && a.line == b.line);
    finished.failure = Some(Failure {
        kind: FailureKind::Interrupted,
        message: "interrupted".to_owned(),
        places,
    });
    finished
}

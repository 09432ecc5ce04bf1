//! An interrupt goes to whatever the running cell does: starting, running, or waiting for input.
//! Knows nothing of how a cell is stopped. An idle kernel ignores it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use crate::evaluator::Interrupt;
use crate::sockets::stdin::Answer;

/// What the evaluator's thread does.
#[derive(Default)]
enum Stage {
    #[default]
    Idle,
    /// A cell waits for the evaluator to exist.
    Starting { interrupted: bool },
    /// A cell runs; it may wait for an answer.
    Running {
        interrupt: Arc<dyn Interrupt>,
        waiting: Option<mpsc::Sender<Answer>>,
        interrupted: bool,
    },
}

/// Where interrupts and cells meet.
#[derive(Default)]
pub(crate) struct Interrupts {
    stage: Mutex<Stage>,
}

impl Interrupts {
    /// Stops the cell, if there is one. May block.
    pub(crate) fn interrupt(&self) {
        match &mut *self.lock() {
            Stage::Idle => {}
            Stage::Starting { interrupted } => *interrupted = true,
            Stage::Running {
                interrupt,
                waiting,
                interrupted,
            } => {
                *interrupted = true;
                if let Some(waiting) = waiting.take() {
                    let _ = waiting.send(Answer::Never);
                }
                // Under the lock, which the cell's end needs: later it would stop the next cell.
                interrupt.interrupt();
            }
        }
    }

    /// A cell was handed to the evaluator's thread.
    pub(crate) fn handed_over(&self) {
        *self.lock() = Stage::Starting { interrupted: false };
    }

    /// The thread takes it up; false when it was interrupted before.
    pub(crate) fn started(&self, interrupt: &Arc<dyn Interrupt>) -> bool {
        let mut stage = self.lock();
        if matches!(*stage, Stage::Starting { interrupted: true }) {
            return false;
        }
        interrupt.reset();
        *stage = Stage::Running {
            interrupt: Arc::clone(interrupt),
            waiting: None,
            interrupted: false,
        };
        true
    }

    /// The cell waits for an answer; an interrupt is one. False when it was interrupted before.
    pub(crate) fn waits(&self, answer: mpsc::Sender<Answer>) -> bool {
        match &mut *self.lock() {
            Stage::Running {
                waiting,
                interrupted: false,
                ..
            } => {
                *waiting = Some(answer);
                true
            }
            _ => false,
        }
    }

    /// The cell has its answer.
    pub(crate) fn answered(&self) {
        if let Stage::Running { waiting, .. } = &mut *self.lock() {
            *waiting = None;
        }
    }

    /// The cell has ended.
    pub(crate) fn ended(&self) {
        *self.lock() = Stage::Idle;
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    struct Counted(Arc<AtomicU32>);

    impl Interrupt for Counted {
        fn interrupt(&self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn counted() -> (Arc<AtomicU32>, Arc<dyn Interrupt>) {
        let count = Arc::new(AtomicU32::new(0));
        (Arc::clone(&count), Arc::new(Counted(count)))
    }

    #[test]
    fn only_a_running_cell_is_interrupted() {
        let (count, interrupt) = counted();
        let interrupts = Interrupts::default();
        interrupts.interrupt();
        interrupts.handed_over();
        assert!(interrupts.started(&interrupt));
        interrupts.interrupt();
        interrupts.ended();
        interrupts.interrupt();
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[derive(Default)]
    struct Requested(AtomicBool);

    impl Interrupt for Requested {
        fn interrupt(&self) {
            self.0.store(true, Ordering::SeqCst);
        }

        fn reset(&self) {
            self.0.store(false, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_stop_that_the_cell_did_not_need_any_more_does_not_reach_the_next() {
        let requested = Arc::new(Requested::default());
        let interrupt: Arc<dyn Interrupt> = requested.clone();
        let interrupts = Interrupts::default();
        interrupts.handed_over();
        assert!(interrupts.started(&interrupt));
        interrupts.interrupt();
        interrupts.ended();
        interrupts.handed_over();
        assert!(interrupts.started(&interrupt));
        assert!(!requested.0.load(Ordering::SeqCst));
    }

    #[test]
    fn a_cell_interrupted_before_it_starts_never_runs() {
        let (count, interrupt) = counted();
        let interrupts = Interrupts::default();
        interrupts.handed_over();
        interrupts.interrupt();
        assert!(!interrupts.started(&interrupt));
        interrupts.ended();
        interrupts.handed_over();
        assert!(interrupts.started(&interrupt));
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_waiting_cell_gets_an_answer() {
        let (_, interrupt) = counted();
        let interrupts = Interrupts::default();
        let (sender, receiver) = mpsc::channel();
        interrupts.handed_over();
        assert!(interrupts.started(&interrupt));
        assert!(interrupts.waits(sender));
        interrupts.interrupt();
        assert_eq!(receiver.recv(), Ok(Answer::Never));
    }

    #[test]
    fn a_cell_interrupted_before_it_asks_does_not_wait() {
        let (_, interrupt) = counted();
        let interrupts = Interrupts::default();
        interrupts.handed_over();
        assert!(interrupts.started(&interrupt));
        interrupts.interrupt();
        assert!(!interrupts.waits(mpsc::channel().0));
    }
}

//! Cells arrive in any number and run one after the other; an error aborts those that wait.
//! Knows nothing of sockets but where a cell's reply goes.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::cell;
use super::thread::EvaluatorThread;
use crate::kernel::Kernel;
use crate::sockets::replies::Replies;
use crate::wire::Message;

/// An `execute_request`, and the way its reply goes.
pub(crate) struct QueuedCell {
    pub(crate) request: Arc<Message>,
    pub(crate) replies: Replies,
}

/// The way into the queue.
pub(crate) struct Cells {
    // Unbounded on purpose: a full queue would keep the shell socket from answering anything else,
    // and front ends send no more cells than a notebook has.
    waiting: mpsc::UnboundedSender<QueuedCell>,
}

impl Cells {
    pub(crate) fn add(&self, cell: QueuedCell) {
        if self.waiting.send(cell).is_err() {
            tracing::debug!("a cell came while the kernel was shutting down");
        }
    }
}

/// Both ends of the queue.
pub(crate) fn cells() -> (Cells, mpsc::UnboundedReceiver<QueuedCell>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Cells { waiting: sender }, receiver)
}

/// Runs cells until nobody can add one.
pub(crate) async fn run(
    kernel: Arc<Kernel>,
    evaluator: EvaluatorThread,
    mut waiting: mpsc::UnboundedReceiver<QueuedCell>,
) {
    // The number that the next cell gets.
    let mut execution_count = 1;
    while let Some(queued) = waiting.recv().await {
        let ended = cell::run(&kernel, &evaluator, &mut execution_count, &queued).await;
        if ended == cell::Ended::AbortTheRest {
            while let Ok(queued) = waiting.try_recv() {
                cell::abort(&kernel, execution_count, &queued).await;
            }
        }
    }
}

//! Cells and comm messages arrive in any number and run one after the other; an error aborts the
//! cells that wait. Knows nothing of sockets but where a cell's reply goes.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::thread::EvaluatorThread;
use super::{cell, comm};
use crate::kernel::Kernel;
use crate::sockets::replies::Replies;
use crate::wire::Message;

/// What runs on the evaluator's thread in its turn.
pub(crate) enum Queued {
    Cell(QueuedCell),
    /// A `comm_open`, `comm_msg` or `comm_close`; they have no reply.
    Comm(Arc<Message>),
}

/// An `execute_request`, and the way its reply goes.
pub(crate) struct QueuedCell {
    pub(crate) request: Arc<Message>,
    pub(crate) replies: Replies,
}

/// The way into the queue.
pub(crate) struct Queue {
    // Unbounded on purpose: a full queue would keep the shell socket from answering anything else,
    // and front ends send no more cells than a notebook has.
    waiting: mpsc::UnboundedSender<Queued>,
}

impl Queue {
    pub(crate) fn add(&self, queued: Queued) {
        if self.waiting.send(queued).is_err() {
            tracing::debug!("a request came while the kernel was shutting down");
        }
    }
}

/// Both ends of the queue.
pub(crate) fn queue() -> (Queue, mpsc::UnboundedReceiver<Queued>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Queue { waiting: sender }, receiver)
}

/// Runs what is queued until nobody can add more.
pub(crate) async fn run(
    kernel: Arc<Kernel>,
    evaluator: EvaluatorThread,
    mut waiting: mpsc::UnboundedReceiver<Queued>,
) {
    // The number that the next cell gets.
    let mut execution_count = 1;
    // What has come, so that it can be looked at before its turn.
    let mut arrived = VecDeque::new();
    loop {
        if arrived.is_empty() {
            match waiting.recv().await {
                Some(queued) => arrived.push_back(queued),
                None => return,
            }
        }
        arrived.extend(std::iter::from_fn(|| waiting.try_recv().ok()));
        let Some(queued) = arrived.pop_front() else {
            continue;
        };
        let ended = match queued {
            Queued::Cell(queued) => {
                let behind = arrived.iter().filter_map(code).collect();
                let count = &mut execution_count;
                cell::run(&kernel, &evaluator, count, &queued, behind).await
            }
            Queued::Comm(message) => {
                comm::run(&kernel, &evaluator, message).await;
                cell::Ended::GoOn
            }
        };
        if ended == cell::Ended::AbortTheRest {
            // Only what waits by now: a handler of a comm takes time, in which cells may come.
            arrived.extend(std::iter::from_fn(|| waiting.try_recv().ok()));
            for queued in std::mem::take(&mut arrived) {
                match queued {
                    Queued::Cell(queued) => cell::abort(&kernel, execution_count, &queued).await,
                    Queued::Comm(message) => comm::run(&kernel, &evaluator, message).await,
                }
            }
        }
    }
}

/// The source of a cell that has anything to run.
fn code(queued: &Queued) -> Option<String> {
    let Queued::Cell(cell) = queued else {
        return None;
    };
    let code = cell.request.content["code"].as_str()?;
    (!code.trim().is_empty()).then(|| code.to_owned())
}

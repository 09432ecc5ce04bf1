//! One `execute_request` becomes busy, input, outputs, one reply and idle, in this order.
//! Knows nothing of the queue it came from.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::queue::QueuedCell;
use super::thread::{EvaluatorThread, Job, Ran, error_content};
use crate::evaluator::{Cell, CellError, Outcome};
use crate::kernel::Kernel;
use crate::requests::{RequestError, parse};
use crate::session::now;
use crate::sockets::iopub::State;

#[derive(Deserialize)]
struct ExecuteRequest {
    code: String,
    #[serde(default)]
    silent: bool,
    store_history: Option<bool>,
    user_expressions: Option<Map<String, Value>>,
    #[serde(default)]
    allow_stdin: bool,
    stop_on_error: Option<bool>,
}

/// What a cell means for those behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    GoOn,
    AbortTheRest,
}

/// Runs one cell from busy to idle.
pub(super) async fn run(
    kernel: &Kernel,
    evaluator: &EvaluatorThread,
    execution_count: &mut u32,
    queued: &QueuedCell,
    behind: Vec<String>,
) -> Ended {
    let started = now();
    kernel.iopub.work_status(&queued.request, State::Busy).await;
    let (content, ended) = match parse::<ExecuteRequest>(&queued.request) {
        Ok(wanted) => {
            let behind = (wanted, behind);
            execute(kernel, evaluator, execution_count, queued, behind).await
        }
        Err(error) => (error.content(), Ended::GoOn),
    };
    reply(kernel, queued, content, &started).await;
    kernel.iopub.work_status(&queued.request, State::Idle).await;
    ended
}

/// Answers a cell that does not run because one before it failed.
pub(super) async fn abort(kernel: &Kernel, execution_count: u32, queued: &QueuedCell) {
    let started = now();
    kernel.iopub.work_status(&queued.request, State::Busy).await;
    let content = json!({ "status": "aborted", "execution_count": execution_count });
    reply(kernel, queued, content, &started).await;
    kernel.iopub.work_status(&queued.request, State::Idle).await;
}

async fn reply(kernel: &Kernel, queued: &QueuedCell, content: Value, started: &str) {
    let status = content["status"].clone();
    let mut reply = kernel
        .session
        .reply(&queued.request, "execute_reply", content);
    reply.metadata = json!({ "started": started, "status": status });
    queued.replies.send(&reply).await;
}

async fn execute(
    kernel: &Kernel,
    evaluator: &EvaluatorThread,
    execution_count: &mut u32,
    queued: &QueuedCell,
    (wanted, behind): (ExecuteRequest, Vec<String>),
) -> (Value, Ended) {
    let number = *execution_count;
    let blank = wanted.code.trim().is_empty();
    let stored = wanted.store_history.unwrap_or(true) && !wanted.silent && !blank;
    if stored {
        *execution_count += 1;
    }
    let parent = &queued.request.header;
    if !wanted.silent {
        let content = json!({ "code": wanted.code, "execution_count": number });
        kernel.iopub.say(parent, "execute_input", content).await;
    }

    let cell = Cell {
        code: wanted.code,
        execution_count: number,
        silent: wanted.silent,
        allow_stdin: wanted.allow_stdin,
    };
    let (done, ran) = oneshot::channel();
    kernel.interrupts.handed_over();
    evaluator.run(Job {
        request: queued.request.clone(),
        cell: cell.clone(),
        behind,
        user_expressions: wanted.user_expressions.unwrap_or_default(),
        done,
    });
    let Ok(ran) = ran.await else {
        let fault = RequestError::new("EvaluatorError", "the evaluator has ended");
        return (fault.content(), Ended::AbortTheRest);
    };

    if stored {
        let result = ran.result.clone();
        kernel.history.clone().add(number, cell.code, result).await;
    }
    match &ran.outcome {
        Outcome::Failed(error) => {
            if !cell.silent {
                publish_error(kernel, queued, error).await;
            }
            let goes_on = cell.silent || wanted.stop_on_error == Some(false);
            let ended = if goes_on {
                Ended::GoOn
            } else {
                Ended::AbortTheRest
            };
            (failed(number, error), ended)
        }
        Outcome::Done { payload } => (finished(number, payload, &ran), Ended::GoOn),
    }
}

async fn publish_error(kernel: &Kernel, queued: &QueuedCell, error: &CellError) {
    let content = json!({
        "ename": error.ename,
        "evalue": error.evalue,
        "traceback": error.traceback,
    });
    let parent = &queued.request.header;
    kernel.iopub.say(parent, "error", content).await;
}

fn finished(execution_count: u32, payload: &[Value], ran: &Ran) -> Value {
    json!({
        "status": "ok",
        "execution_count": execution_count,
        "payload": payload,
        "user_expressions": ran.user_expressions,
    })
}

fn failed(execution_count: u32, error: &CellError) -> Value {
    let mut content = error_content(error);
    content["execution_count"] = execution_count.into();
    content["payload"] = json!([]);
    content["user_expressions"] = json!({});
    content
}

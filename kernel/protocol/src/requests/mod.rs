//! A request goes in; busy, one reply and idle come out. One file for each kind of request.
//! Knows nothing of cells and comms, which the execution queue takes, nor of frames.

mod comm;
mod complete;
mod debug;
mod history;
mod inspect;
mod interrupt;
mod is_complete;
mod kernel_info;
mod shutdown;

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::kernel::Kernel;
use crate::sockets::iopub::State;
use crate::sockets::replies::Replies;
use crate::wire::Message;

/// How long a shutdown waits for front ends that do not read what is published.
const PATIENCE: Duration = Duration::from_secs(1);

/// Answers in a task of its own, so that nothing waits behind this request.
pub(crate) fn spawn(kernel: &Arc<Kernel>, replies: &Replies, request: Message) {
    let (kernel, replies) = (Arc::clone(kernel), replies.clone());
    tokio::spawn(async move {
        if request.msg_type() == "shutdown_request" {
            let answered = answer(&kernel, &replies, &request);
            if tokio::time::timeout(PATIENCE, answered).await.is_err() {
                tracing::warn!("shutting down although a front end reads nothing");
            }
            kernel.ending.send_replace(true);
        } else {
            answer(&kernel, &replies, &request).await;
        }
    });
}

/// Answers one request from busy to idle.
pub(crate) async fn answer(kernel: &Kernel, replies: &Replies, request: &Message) {
    let msg_type = request.msg_type();
    if msg_type == "interrupt_request" {
        // First of all, and whether or not anyone reads what is published.
        interrupt::act(kernel).await;
    }
    kernel.iopub.status(request, State::Busy).await;
    let content = match msg_type {
        "kernel_info_request" => Some(Ok(kernel_info::content())),
        "complete_request" => Some(complete::content(kernel, request).await),
        "inspect_request" => Some(inspect::content(kernel, request).await),
        "is_complete_request" => Some(is_complete::content(kernel, request).await),
        "history_request" => Some(history::content(kernel, request).await),
        "comm_info_request" => Some(comm::info(kernel, request)),
        "debug_request" => Some(debug::content(kernel, request).await),
        "interrupt_request" => Some(Ok(interrupt::content())),
        "shutdown_request" => Some(shutdown::content(kernel, request).await),
        _ => unknown(msg_type),
    };
    if let Some(content) = content {
        let content = content.unwrap_or_else(|error| error.content());
        let kind = reply_type(msg_type);
        let reply = kernel.session.reply(request, &kind, content);
        replies.send(&reply).await;
    }
    kernel.iopub.status(request, State::Idle).await;
}

/// Why a request has no proper answer.
#[derive(Debug, thiserror::Error)]
#[error("{ename}: {evalue}")]
pub(crate) struct RequestError {
    ename: &'static str,
    evalue: String,
}

impl RequestError {
    pub(crate) fn new(ename: &'static str, evalue: impl Into<String>) -> RequestError {
        RequestError {
            ename,
            evalue: evalue.into(),
        }
    }

    /// The reply that says so.
    pub(crate) fn content(&self) -> Value {
        json!({
            "status": "error",
            "ename": self.ename,
            "evalue": self.evalue,
            "traceback": [],
        })
    }
}

/// A request's content as the type its handler works with.
pub(crate) fn parse<Request: DeserializeOwned>(request: &Message) -> Result<Request, RequestError> {
    Request::deserialize(&request.content).map_err(|error| {
        let evalue = format!("bad {}: {error}", request.msg_type());
        RequestError::new("BadRequest", evalue)
    })
}

fn reply_type(msg_type: &str) -> String {
    let kind = msg_type.strip_suffix("_request").unwrap_or(msg_type);
    format!("{kind}_reply")
}

fn unknown(msg_type: &str) -> Option<Result<Value, RequestError>> {
    tracing::warn!("a message of the unknown kind {msg_type:?}");
    let evalue = format!("this kernel does not answer {msg_type}");
    msg_type
        .ends_with("_request")
        .then(|| Err(RequestError::new("UnknownRequest", evalue)))
}

//! One `comm_open`, `comm_msg` or `comm_close` becomes busy, what its handler shows, and idle.
//! Knows nothing of what is said on a comm.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::thread::{CommJob, EvaluatorThread};
use crate::evaluator::CommEvent;
use crate::kernel::Kernel;
use crate::requests::{RequestError, parse};
use crate::sockets::iopub::State;
use crate::wire::Message;

#[derive(Deserialize)]
struct CommOpen {
    comm_id: String,
    target_name: String,
    #[serde(default = "nothing")]
    data: Value,
}

#[derive(Deserialize)]
struct OfComm {
    comm_id: String,
    #[serde(default = "nothing")]
    data: Value,
}

/// Handles one message from busy to idle.
pub(super) async fn run(kernel: &Kernel, evaluator: &EvaluatorThread, message: Arc<Message>) {
    kernel.iopub.work_status(&message, State::Busy).await;
    match event(&message) {
        Ok(event) if followed(kernel, &event) => {
            let (done, handled) = oneshot::channel();
            kernel.interrupts.handed_over();
            evaluator.comm(CommJob {
                message: Arc::clone(&message),
                event,
                done,
            });
            // An error says that the evaluator's thread has ended: so does the kernel.
            let _ = handled.await;
        }
        // A front end may close what a cell has closed in the same moment.
        Ok(event) => tracing::info!("nothing is open as comm {:?}", event.comm_id()),
        // There is no reply in which to say so.
        Err(error) => tracing::warn!("could not follow a {}: {error}", message.msg_type()),
    }
    kernel.iopub.work_status(&message, State::Idle).await;
}

/// Keeps the list of open comms; false when there is nothing to hand on.
fn followed(kernel: &Kernel, event: &CommEvent) -> bool {
    let comms = &kernel.comms;
    let was_open = comms.is_open(event.comm_id());
    match event {
        // Before the handler runs, which may close it again.
        CommEvent::Open {
            comm_id,
            target_name,
            ..
        } => comms.open(comm_id, target_name),
        CommEvent::Message { .. } => return was_open,
        CommEvent::Close { comm_id, .. } => {
            comms.close(comm_id);
            return was_open;
        }
    }
    true
}

fn event(message: &Message) -> Result<CommEvent, RequestError> {
    let buffers = || {
        message
            .buffers
            .iter()
            .map(|buffer| buffer.to_vec())
            .collect()
    };
    if message.msg_type() == "comm_open" {
        let CommOpen {
            comm_id,
            target_name,
            data,
        } = parse(message)?;
        return Ok(CommEvent::Open {
            comm_id,
            target_name,
            data,
            buffers: buffers(),
        });
    }
    let OfComm { comm_id, data } = parse(message)?;
    Ok(match message.msg_type() {
        "comm_close" => CommEvent::Close { comm_id, data },
        _ => CommEvent::Message {
            comm_id,
            data,
            buffers: buffers(),
        },
    })
}

fn nothing() -> Value {
    Value::Object(Map::new())
}

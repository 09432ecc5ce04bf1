//! `comm_info_request`, `comm_open`, `comm_msg` and `comm_close`: channels beside the cells.
//! Knows nothing of what a comm is for.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, parse};
use crate::kernel::Kernel;
use crate::wire::Message;

#[derive(Deserialize)]
struct CommInfoRequest {
    target_name: Option<String>,
}

#[derive(Deserialize)]
struct CommOpen {
    comm_id: String,
    target_name: String,
}

#[derive(Deserialize)]
struct OfComm {
    comm_id: String,
}

pub(super) fn info(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let CommInfoRequest { target_name } = parse(request)?;
    // Some front ends send an empty name when they mean all.
    let target = target_name.as_deref().filter(|name| !name.is_empty());
    Ok(json!({ "status": "ok", "comms": kernel.comms.info(target) }))
}

pub(super) async fn open(kernel: &Kernel, request: &Message) -> Result<(), RequestError> {
    let CommOpen {
        comm_id,
        target_name,
    } = parse(request)?;
    if !kernel.comms.open(&comm_id, &target_name) {
        tracing::info!("closed a comm for the unknown target {target_name:?}");
        say_closed(kernel, request, &comm_id).await;
    }
    Ok(())
}

pub(super) async fn message(kernel: &Kernel, request: &Message) -> Result<(), RequestError> {
    let OfComm { comm_id } = parse(request)?;
    if !kernel.comms.is_open(&comm_id) {
        tracing::info!("a message for the comm {comm_id:?}, which is not open");
    }
    Ok(())
}

pub(super) fn close(kernel: &Kernel, request: &Message) -> Result<(), RequestError> {
    let OfComm { comm_id } = parse(request)?;
    kernel.comms.close(&comm_id);
    Ok(())
}

async fn say_closed(kernel: &Kernel, request: &Message, comm_id: &str) {
    let content = json!({ "comm_id": comm_id, "data": {} });
    kernel
        .iopub
        .say(&request.header, "comm_close", content)
        .await;
}

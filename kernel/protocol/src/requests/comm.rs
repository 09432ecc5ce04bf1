//! `comm_info_request`: which comms are open. Answered at once, also while a cell runs.
//! Knows nothing of what is said on them, which the execution queue hands on.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, parse};
use crate::kernel::Kernel;
use crate::wire::Message;

#[derive(Deserialize)]
struct CommInfoRequest {
    target_name: Option<String>,
}

pub(super) fn info(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let CommInfoRequest { target_name } = parse(request)?;
    // Some front ends send an empty name when they mean all.
    let target = target_name.as_deref().filter(|name| !name.is_empty());
    Ok(json!({ "status": "ok", "comms": kernel.comms.info(target) }))
}

//! `shutdown_request`: the reply leaves first, then the kernel ends.
//! Knows nothing of how it ends.

use serde_json::{Value, json};

use super::RequestError;
use crate::kernel::Kernel;
use crate::wire::Message;

pub(super) async fn content(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let restart = request.content["restart"].as_bool().unwrap_or(false);
    let content = json!({ "status": "ok", "restart": restart });
    // The other front ends of this kernel hear of it too.
    let told = content.clone();
    kernel
        .iopub
        .say(&request.header, "shutdown_reply", told)
        .await;
    Ok(content)
}

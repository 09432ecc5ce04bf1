//! `interrupt_request`: stops the running cell; an idle kernel only answers.
//! Knows nothing of how a cell is stopped.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::kernel::Kernel;

pub(super) async fn act(kernel: &Kernel) {
    let interrupts = Arc::clone(&kernel.interrupts);
    let stopped = tokio::task::spawn_blocking(move || interrupts.interrupt());
    if let Err(fault) = stopped.await {
        tracing::error!("an interrupt failed: {fault}");
    }
}

pub(super) fn content() -> Value {
    json!({ "status": "ok" })
}

//! `history_request`: cells of this session and of earlier ones.
//! Knows nothing of where they are kept.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, parse};
use crate::history::{Access, Remembered};
use crate::kernel::Kernel;
use crate::wire::Message;

#[derive(Deserialize)]
struct HistoryRequest {
    #[serde(default)]
    output: bool,
    #[serde(flatten)]
    access: Access,
}

pub(super) async fn content(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let HistoryRequest { output, access } = parse(request)?;
    let history = Arc::clone(&kernel.history);
    let found = tokio::task::spawn_blocking(move || history.find(&access))
        .await
        .map_err(|fault| RequestError::new("HistoryError", fault.to_string()))?;
    let entries: Vec<Value> = found.iter().map(|cell| entry(cell, output)).collect();
    Ok(json!({ "status": "ok", "history": entries }))
}

fn entry(cell: &Remembered, output: bool) -> Value {
    if output {
        json!([cell.session, cell.line, [cell.input, cell.output]])
    } else {
        json!([cell.session, cell.line, cell.input])
    }
}

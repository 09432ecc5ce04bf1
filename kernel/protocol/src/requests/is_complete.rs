//! `is_complete_request`: a console asks whether Enter runs the cell or starts a new line.
//! Knows nothing of Rust's grammar.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, parse};
use crate::evaluator::Completeness;
use crate::kernel::Kernel;
use crate::wire::Message;

#[derive(Deserialize)]
struct IsCompleteRequest {
    code: String,
}

pub(super) async fn content(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let IsCompleteRequest { code } = parse(request)?;
    let answer = kernel
        .intelligences
        .ask(move |intelligence| intelligence.is_complete(&code))
        .await;
    Ok(match answer {
        Ok(Completeness::Complete) => json!({ "status": "complete" }),
        Ok(Completeness::Incomplete { indent }) => {
            json!({ "status": "incomplete", "indent": indent })
        }
        Ok(Completeness::Invalid) => json!({ "status": "invalid" }),
        Err(fault) => {
            tracing::warn!("is_complete: {fault}");
            json!({ "status": "unknown" })
        }
    })
}

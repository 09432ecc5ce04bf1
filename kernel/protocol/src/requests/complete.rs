//! `complete_request`: code and a cursor go in, what could stand there comes out.
//! Knows nothing of how completions are found.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, parse};
use crate::evaluator::Completions;
use crate::kernel::Kernel;
use crate::offsets::{byte_of, code_point_of};
use crate::wire::Message;

#[derive(Deserialize)]
struct CompleteRequest {
    code: String,
    cursor_pos: Option<usize>,
}

pub(super) async fn content(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let CompleteRequest { code, cursor_pos } = parse(request)?;
    let cursor = cursor_pos.map_or(code.len(), |code_point| byte_of(&code, code_point));
    kernel
        .intelligences
        .ask(move |intelligence| reply(&code, &intelligence.complete(&code, cursor)))
        .await
        .map_err(|fault| RequestError::new("CompletionError", fault))
}

fn reply(code: &str, completions: &Completions) -> Value {
    let start = code_point_of(code, completions.start);
    let end = code_point_of(code, completions.end).max(start);
    let matches: Vec<&str> = completions
        .items
        .iter()
        .map(|item| item.text.as_str())
        .collect();
    let typed: Vec<Value> = completions
        .items
        .iter()
        .map(|item| {
            json!({
                "text": item.text,
                "type": item.kind,
                "signature": item.signature,
                "documentation": item.documentation,
                "start": start,
                "end": end,
            })
        })
        .collect();
    json!({
        "status": "ok",
        "matches": matches,
        "cursor_start": start,
        "cursor_end": end,
        "metadata": { "_jupyter_types_experimental": typed },
    })
}

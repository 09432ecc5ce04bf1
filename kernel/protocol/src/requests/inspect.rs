//! `inspect_request`: code and a cursor go in, what is known of the name there comes out.
//! Knows nothing of how it is found.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{RequestError, parse};
use crate::kernel::Kernel;
use crate::offsets::byte_of;
use crate::wire::Message;

#[derive(Deserialize)]
struct InspectRequest {
    code: String,
    cursor_pos: Option<usize>,
    #[serde(default)]
    detail_level: u8,
}

pub(super) async fn content(kernel: &Kernel, request: &Message) -> Result<Value, RequestError> {
    let wanted: InspectRequest = parse(request)?;
    let InspectRequest {
        code,
        cursor_pos,
        detail_level,
    } = wanted;
    let cursor = cursor_pos.map_or(code.len(), |code_point| byte_of(&code, code_point));
    let found = kernel
        .intelligences
        .ask(move |intelligence| intelligence.inspect(&code, cursor, detail_level.min(1)))
        .await
        .map_err(|fault| RequestError::new("InspectionError", fault))?;
    let is_found = found.is_some();
    let bundle = found.unwrap_or_default();
    Ok(json!({
        "status": "ok",
        "found": is_found,
        "data": bundle.data,
        "metadata": bundle.metadata,
    }))
}

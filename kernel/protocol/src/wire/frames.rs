//! The order of frames: identities, delimiter, signature, four JSON frames, buffers.
//! Knows nothing of sockets.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::message::text;
use super::{Message, Signer};

const DELIMITER: &[u8] = b"<IDS|MSG>";

/// The JSON frames that a signature covers, in their order.
const SIGNED: [&str; 4] = ["header", "parent_header", "metadata", "content"];

/// Why frames are not a message. Such frames are dropped and logged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error("no <IDS|MSG> delimiter in {frames} frames")]
    NoDelimiter { frames: usize },
    #[error("{frames} frames after the delimiter, at least 5 are needed")]
    TooFewFrames { frames: usize },
    #[error("the signature is wrong")]
    Signature,
    #[error("the {part} is not JSON: {source}")]
    Json {
        part: &'static str,
        source: serde_json::Error,
    },
    #[error("the {part} is not a JSON object")]
    NotAnObject { part: &'static str },
    #[error("the header has no {field}")]
    Header { field: &'static str },
}

pub(super) fn decode(signer: &Signer, mut frames: Vec<Bytes>) -> Result<Message, WireError> {
    let delimiter =
        frames
            .iter()
            .position(|frame| frame == DELIMITER)
            .ok_or(WireError::NoDelimiter {
                frames: frames.len(),
            })?;
    let mut rest = frames.split_off(delimiter);
    rest.remove(0);
    if rest.len() < 1 + SIGNED.len() {
        return Err(WireError::TooFewFrames { frames: rest.len() });
    }
    let buffers = rest.split_off(1 + SIGNED.len());
    let (signature, signed) = (&rest[0], &rest[1..]);
    if !signer.verify(signed.iter().map(AsRef::as_ref), signature) {
        return Err(WireError::Signature);
    }

    let header = object(SIGNED[0], &signed[0])?;
    for field in ["msg_id", "msg_type"] {
        if text(&header, field).is_empty() {
            return Err(WireError::Header { field });
        }
    }
    Ok(Message {
        identities: frames,
        header: Arc::new(header),
        parent_header: Arc::new(object(SIGNED[1], &signed[1])?),
        metadata: object(SIGNED[2], &signed[2])?,
        content: object(SIGNED[3], &signed[3])?,
        buffers,
    })
}

pub(super) fn encode(signer: &Signer, message: &Message) -> Vec<Bytes> {
    let signed = [
        json(&message.header),
        json(&message.parent_header),
        json(&message.metadata),
        json(&message.content),
    ];
    let signature = signer.sign(signed.iter().map(AsRef::as_ref));

    let mut frames = message.identities.clone();
    frames.push(Bytes::from_static(DELIMITER));
    frames.push(Bytes::from(signature));
    frames.extend(signed);
    frames.extend(message.buffers.iter().cloned());
    frames
}

fn object(part: &'static str, frame: &[u8]) -> Result<Value, WireError> {
    match serde_json::from_slice(frame) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(WireError::NotAnObject { part }),
        Err(source) => Err(WireError::Json { part, source }),
    }
}

fn json(value: &Value) -> Bytes {
    Bytes::from(value.to_string())
}

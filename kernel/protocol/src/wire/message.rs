//! One message of the protocol, as it passes between the wire and the requests.
//! Knows nothing of frames or signatures.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

/// A message in either direction.
///
/// Headers stay JSON values, so that fields this kernel does not know (a subshell's id) come back
/// to the front end as they left it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// Who it came from or goes to; on iopub the topic.
    pub(crate) identities: Vec<Bytes>,
    /// Its own header: always an object with a `msg_id` and a `msg_type`.
    pub(crate) header: Arc<Value>,
    /// The header of the message it answers, or `{}`.
    pub(crate) parent_header: Arc<Value>,
    /// Anything; always an object.
    pub(crate) metadata: Value,
    /// What it says; always an object.
    pub(crate) content: Value,
    /// Raw bytes that no signature covers.
    pub(crate) buffers: Vec<Bytes>,
}

impl Message {
    /// What kind of message this is.
    pub(crate) fn msg_type(&self) -> &str {
        text(&self.header, "msg_type")
    }

    /// Its unique name.
    pub(crate) fn msg_id(&self) -> &str {
        text(&self.header, "msg_id")
    }
}

/// A text field of a header; empty where it has none.
pub(crate) fn text<'header>(header: &'header Value, field: &str) -> &'header str {
    header.get(field).and_then(Value::as_str).unwrap_or("")
}

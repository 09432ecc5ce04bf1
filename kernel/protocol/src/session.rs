//! A kind and a content go in, a message with a header of this kernel comes out.
//! Knows nothing of sockets or signatures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::wire::Message;

/// The protocol version that this kernel speaks.
pub(crate) const PROTOCOL_VERSION: &str = "5.5";

/// Everything one kernel process says carries this session's id.
pub(crate) struct Session {
    id: String,
    said: AtomicU64,
}

impl Session {
    pub(crate) fn new() -> Session {
        Session {
            id: uuid::Uuid::new_v4().to_string(),
            said: AtomicU64::new(0),
        }
    }

    /// This process's unique name.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The answer to `request`, addressed to whoever sent it.
    pub(crate) fn reply(&self, request: &Message, msg_type: &str, content: Value) -> Message {
        Message {
            identities: request.identities.clone(),
            ..self.message(msg_type, &request.header, content)
        }
    }

    /// A message for every front end, said because of the message with the header `parent`.
    pub(crate) fn publication(
        &self,
        parent: &Arc<Value>,
        msg_type: &str,
        content: Value,
    ) -> Message {
        let topic = format!("kernel.{}.{msg_type}", self.id);
        Message {
            identities: vec![Bytes::from(topic)],
            ..self.message(msg_type, parent, content)
        }
    }

    fn message(&self, msg_type: &str, parent: &Arc<Value>, content: Value) -> Message {
        let number = self.said.fetch_add(1, Ordering::Relaxed);
        let header = json!({
            "msg_id": format!("{}_{number}", self.id),
            "session": self.id,
            "username": "gradbook",
            "date": now(),
            "msg_type": msg_type,
            "version": PROTOCOL_VERSION,
        });
        Message {
            identities: Vec::new(),
            header: Arc::new(header),
            parent_header: Arc::clone(parent),
            metadata: json!({}),
            content,
            buffers: Vec::new(),
        }
    }
}

/// The present in ISO 8601, UTC, to the microsecond (front ends parse no finer).
pub(crate) fn now() -> String {
    humantime::format_rfc3339_micros(SystemTime::now()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_goes_back_with_the_whole_header_of_its_request() {
        let session = Session::new();
        let header =
            json!({"msg_id": "7", "msg_type": "x_request", "subshell_id": "s", "new": [1]});
        let mut request = session.publication(&Arc::new(json!({})), "x_request", json!({}));
        request.header = Arc::new(header.clone());
        request.identities = vec![Bytes::from_static(b"a"), Bytes::from_static(b"b")];

        let reply = session.reply(&request, "x_reply", json!({"status": "ok"}));
        assert_eq!(*reply.parent_header, header);
        assert_eq!(reply.identities, request.identities);
        assert_eq!(reply.msg_type(), "x_reply");
        assert_ne!(reply.msg_id(), request.msg_id());
    }
}

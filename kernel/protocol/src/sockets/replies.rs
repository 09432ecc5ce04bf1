//! Replies go in, frames leave to whoever asked.
//! Knows nothing of what is in a reply.

use std::sync::Arc;

use zeromq::{RouterSendHalf, SocketSend};

use crate::wire::{Message, Wire};

/// The sending half of a router socket.
#[derive(Clone)]
pub(crate) struct Replies {
    half: RouterSendHalf,
    wire: Arc<Wire>,
}

impl Replies {
    pub(crate) fn new(half: RouterSendHalf, wire: Arc<Wire>) -> Replies {
        Replies { half, wire }
    }

    /// Sends a message to its identities; false when that front end has gone, which is no fault.
    pub(crate) async fn send(&self, message: &Message) -> bool {
        let Some(frames) = self.wire.encode(message) else {
            return false;
        };
        match self.half.clone().send(frames).await {
            Ok(()) => true,
            Err(error) => {
                tracing::debug!("nobody took the {}: {error}", message.msg_type());
                false
            }
        }
    }
}

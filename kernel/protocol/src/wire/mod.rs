//! Frames become messages, and messages become frames, signed.
//! Knows nothing of what messages mean, and nothing else in this crate looks into a frame.

mod frames;
mod message;
mod signature;
#[cfg(test)]
mod tests;

use zeromq::ZmqMessage;

pub(crate) use frames::WireError;
pub(crate) use message::{Message, text};

use signature::Signer;

/// Checks and parses what arrives, signs and writes what leaves.
pub(crate) struct Wire {
    signer: Signer,
}

impl Wire {
    /// A wire whose messages are signed with `key`, or unsigned when it is empty.
    pub(crate) fn new(key: &str) -> Wire {
        Wire {
            signer: Signer::new(key),
        }
    }

    /// The message in these frames, if they are whole, rightly signed and JSON.
    pub(crate) fn decode(&self, frames: ZmqMessage) -> Result<Message, WireError> {
        frames::decode(&self.signer, frames.into_vec())
    }

    /// The frames of a message; `None` never happens, as a message has at least six.
    pub(crate) fn encode(&self, message: &Message) -> Option<ZmqMessage> {
        ZmqMessage::try_from(frames::encode(&self.signer, message)).ok()
    }
}

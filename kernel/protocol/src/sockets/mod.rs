//! Five sockets, one file each; whatever arrives at one passes through `wire` first.
//! Knows nothing of what requests ask for.

pub(crate) mod batch;
pub(crate) mod bind;
pub(crate) mod control;
pub(crate) mod heartbeat;
pub(crate) mod iopub;
pub(crate) mod relay;
pub(crate) mod replies;
pub(crate) mod shell;
pub(crate) mod stdin;

use zeromq::{RouterRecvHalf, SocketRecv};

use crate::wire::{Message, Wire};

/// The next good message at a socket. Bad ones are dropped and logged: they end nothing.
async fn next_message(socket: &'static str, frames: &mut RouterRecvHalf, wire: &Wire) -> Message {
    loop {
        match frames.recv().await {
            Ok(frames) => match wire.decode(frames) {
                Ok(message) => return message,
                Err(error) => tracing::warn!("dropped a message on {socket}: {error}"),
            },
            Err(error) => {
                tracing::warn!("could not read from {socket}: {error}");
                tokio::task::yield_now().await;
            }
        }
    }
}

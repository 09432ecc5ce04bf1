//! Bytes arrive, the same bytes go back: the kernel lives.
//! Knows nothing of messages, and waits for nothing.

use zeromq::{RouterSocket, SocketRecv, SocketSend};

/// Echoes until the task is ended.
pub(crate) async fn run(mut socket: RouterSocket) {
    loop {
        match socket.recv().await {
            Ok(ping) => {
                if let Err(error) = socket.send(ping).await {
                    tracing::debug!("a heartbeat went unanswered: {error}");
                }
            }
            Err(error) => {
                tracing::warn!("could not read from heartbeat: {error}");
                tokio::task::yield_now().await;
            }
        }
    }
}

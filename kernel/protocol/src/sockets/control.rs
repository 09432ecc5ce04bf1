//! Interrupts and shutdowns arrive and are acted on at once, whatever the shell socket waits for.
//! Knows nothing of cells.

use std::sync::Arc;

use zeromq::RouterSocket;

use super::next_message;
use super::replies::Replies;
use crate::kernel::Kernel;
use crate::requests;

/// Reads requests until the task is ended.
pub(crate) async fn run(kernel: Arc<Kernel>, socket: RouterSocket) {
    let (send, mut receive) = socket.split();
    let replies = Replies::new(send, Arc::clone(&kernel.wire));
    loop {
        let request = next_message("control", &mut receive, &kernel.wire).await;
        requests::spawn(&kernel, &replies, request);
    }
}

//! Requests arrive; cells go to the queue, everything else is answered at once, cell or no cell.
//! Knows nothing of how a request is answered.

use std::sync::Arc;

use zeromq::RouterSocket;

use super::next_message;
use super::replies::Replies;
use crate::execution::QueuedCell;
use crate::kernel::Kernel;
use crate::requests;

/// Reads requests until the task is ended.
pub(crate) async fn run(kernel: Arc<Kernel>, socket: RouterSocket) {
    let (send, mut receive) = socket.split();
    let replies = Replies::new(send, Arc::clone(&kernel.wire));
    loop {
        let request = next_message("shell", &mut receive, &kernel.wire).await;
        match request.msg_type() {
            "execute_request" => kernel.cells.add(QueuedCell {
                request: Arc::new(request),
                replies: replies.clone(),
            }),
            // In the order they arrive: an open, its messages and its close belong together.
            "comm_open" | "comm_msg" | "comm_close" => {
                requests::answer(&kernel, &replies, &request).await;
            }
            _ => requests::spawn(&kernel, &replies, request),
        }
    }
}

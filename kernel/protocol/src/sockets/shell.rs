//! Requests arrive; cells and what is said on comms go to the queue, everything else is answered at
//! once, cell or no cell. Knows nothing of how a request is answered.

use std::sync::Arc;

use zeromq::RouterSocket;

use super::next_message;
use super::replies::Replies;
use crate::execution::{Queued, QueuedCell};
use crate::kernel::Kernel;
use crate::requests;

/// Reads requests until the task is ended.
pub(crate) async fn run(kernel: Arc<Kernel>, socket: RouterSocket) {
    let (send, mut receive) = socket.split();
    let replies = Replies::new(send, Arc::clone(&kernel.wire));
    loop {
        let request = next_message("shell", &mut receive, &kernel.wire).await;
        match request.msg_type() {
            "execute_request" => kernel.queue.add(Queued::Cell(QueuedCell {
                request: Arc::new(request),
                replies: replies.clone(),
            })),
            // Their handlers are a learner's code: it runs between cells, in the order of arrival.
            "comm_open" | "comm_msg" | "comm_close" => {
                kernel.queue.add(Queued::Comm(Arc::new(request)));
            }
            _ => requests::spawn(&kernel, &replies, request),
        }
    }
}

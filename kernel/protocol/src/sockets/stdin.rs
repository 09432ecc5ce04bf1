//! Questions to the learner leave, answers come back to the cell that waits for them.
//! Knows nothing of cells: an answer goes to whoever asked last.

use std::sync::{Arc, mpsc as blocking};

use tokio::sync::mpsc;
use zeromq::RouterSocket;

use super::next_message;
use super::replies::Replies;
use crate::wire::{Message, Wire, text};

/// How a question ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Line(String),
    /// Interrupted, or the front end has gone.
    Never,
}

/// A question, and where its answer goes.
pub(crate) struct Question {
    pub(crate) input_request: Message,
    pub(crate) answer: blocking::Sender<Answer>,
}

/// Sends questions and hands on answers until nobody can ask any more.
pub(crate) async fn run(
    socket: RouterSocket,
    wire: Arc<Wire>,
    mut questions: mpsc::Receiver<Question>,
) {
    let (send, mut receive) = socket.split();
    let replies = Replies::new(send, Arc::clone(&wire));
    let mut asked: Option<Question> = None;
    loop {
        tokio::select! {
            question = questions.recv() => {
                let Some(question) = question else { break };
                if replies.send(&question.input_request).await {
                    asked = Some(question);
                } else {
                    let _ = question.answer.send(Answer::Never);
                }
            }
            reply = next_message("stdin", &mut receive, &wire) => answer(&mut asked, &reply),
        }
    }
}

fn answer(asked: &mut Option<Question>, reply: &Message) {
    let Some(value) = reply.content.get("value").and_then(|value| value.as_str()) else {
        tracing::warn!("dropped a {} without a value on stdin", reply.msg_type());
        return;
    };
    if let Some(question) = asked.take_if(|question| is_answer(reply, &question.input_request)) {
        // The cell may have been interrupted meanwhile: then nobody listens.
        let _ = question.answer.send(Answer::Line(value.to_owned()));
    } else {
        tracing::debug!("dropped an input_reply that nobody waits for");
    }
}

/// Only whoever was asked may answer. Some front ends name no parent; one that names another
/// question answers too late.
fn is_answer(reply: &Message, question: &Message) -> bool {
    let parent = &reply.parent_header;
    reply.msg_type() == "input_reply"
        && reply.identities == question.identities
        && (text(parent, "msg_type") != "input_request"
            || text(parent, "msg_id") == question.msg_id())
}

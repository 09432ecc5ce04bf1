//! Everything that all front ends see passes through one task here, so that its order is the order
//! in which it was said. Knows nothing of who says it.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;
use zeromq::{SocketRecv, SocketSend, XPubSocket, ZmqMessage};

use super::batch::{Batch, Stream};
use crate::evaluator::StreamName;
use crate::session::Session;
use crate::wire::{Message, Wire};

/// Publications that may wait for the socket; a cell that prints faster waits for the front end.
const WAITING: usize = 1024;

/// Whether the kernel works on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Busy,
    Idle,
}

/// Whose state is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Of a cell or a comm message, on the evaluator's thread, in its turn.
    Work,
    /// Of a request that is answered at once.
    Request,
    /// Of a panel that asks for variables. Front ends do not show it; JupyterLab's asks again at every
    /// message of a running cell.
    Panel,
}

/// One thing to publish.
#[derive(Debug)]
pub(crate) enum Publication {
    Status {
        parent: Arc<Value>,
        state: State,
        of: Of,
    },
    Stream(Stream),
    Message(Message),
}

/// The way to the publishing task.
#[derive(Clone)]
pub(crate) struct Iopub {
    publications: mpsc::Sender<Publication>,
    session: Arc<Session>,
}

/// The publishing task's side.
pub(crate) struct Publisher {
    publications: mpsc::Receiver<Publication>,
    session: Arc<Session>,
    wire: Arc<Wire>,
    batch: Batch,
    /// The request whose cell or comm handler runs.
    running: Option<Arc<Value>>,
}

/// Both ends of the way to the iopub socket.
pub(crate) fn iopub(session: &Arc<Session>, wire: &Arc<Wire>) -> (Iopub, Publisher) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let iopub = Iopub {
        publications: sender,
        session: Arc::clone(session),
    };
    let publisher = Publisher {
        publications: receiver,
        session: Arc::clone(session),
        wire: Arc::clone(wire),
        batch: Batch::default(),
        running: None,
    };
    (iopub, publisher)
}

impl Iopub {
    /// Says that the answer to `request` begins or has ended.
    pub(crate) async fn status(&self, request: &Message, state: State) {
        let of = match request.msg_type() {
            "debug_request" => Of::Panel,
            _ => Of::Request,
        };
        self.say_status(request, state, of).await;
    }

    /// The same of a request that waited in the queue of the evaluator's thread.
    pub(crate) async fn work_status(&self, request: &Message, state: State) {
        self.say_status(request, state, Of::Work).await;
    }

    /// Says something because of the request with the header `parent`.
    pub(crate) async fn say(&self, parent: &Arc<Value>, msg_type: &str, content: Value) {
        let message = self.session.publication(parent, msg_type, content);
        self.publish(Publication::Message(message)).await;
    }

    /// The same from a thread that may block.
    pub(crate) fn say_blocking(&self, parent: &Arc<Value>, msg_type: &str, content: Value) {
        let message = self.session.publication(parent, msg_type, content);
        self.publish_blocking(Publication::Message(message));
    }

    /// A publication that says more than its content, from a thread that may block.
    pub(crate) fn message_blocking(&self, message: Message) {
        self.publish_blocking(Publication::Message(message));
    }

    /// Text of a cell, from a thread that may block.
    pub(crate) fn stream_blocking(&self, stream: Stream) {
        self.publish_blocking(Publication::Stream(stream));
    }

    async fn say_status(&self, request: &Message, state: State, of: Of) {
        let parent = Arc::clone(&request.header);
        let publication = Publication::Status { parent, state, of };
        self.publish(publication).await;
    }

    async fn publish(&self, publication: Publication) {
        if self.publications.send(publication).await.is_err() {
            tracing::debug!("not published: the kernel is shutting down");
        }
    }

    fn publish_blocking(&self, publication: Publication) {
        if self.publications.blocking_send(publication).is_err() {
            tracing::debug!("not published: the kernel is shutting down");
        }
    }
}

impl Publisher {
    /// Publishes until nobody can say anything more.
    pub(crate) async fn run(mut self, mut socket: XPubSocket) {
        loop {
            let due = self.batch.due();
            // Subscriptions are registered only while `recv` is polled, and the socket cannot be
            // split: one task does both.
            tokio::select! {
                subscription = socket.recv() => match subscription {
                    Ok(frames) => self.welcome(&mut socket, frames).await,
                    Err(error) => tracing::debug!("a subscriber left: {error}"),
                },
                publication = self.publications.recv() => match publication {
                    Some(publication) => self.publish(&mut socket, publication).await,
                    None => break,
                },
                () = at(due) => self.flush(&mut socket).await,
            }
        }
        self.flush(&mut socket).await;
    }

    async fn publish(&mut self, socket: &mut XPubSocket, publication: Publication) {
        match publication {
            Publication::Stream(stream) => {
                for ready in self.batch.add(stream, Instant::now()) {
                    self.send_stream(socket, ready).await;
                }
            }
            Publication::Message(message) => {
                self.flush(socket).await;
                self.send(socket, &message).await;
            }
            Publication::Status { parent, state, of } => {
                self.flush(socket).await;
                self.send_status(socket, &parent, state).await;
                match of {
                    Of::Work => self.running = (state == State::Busy).then_some(parent),
                    Of::Request => self.busy_again(socket, state).await,
                    Of::Panel => {}
                }
            }
        }
    }

    /// Front ends show the last state they hear. When a request answered beside a running cell is
    /// done, they would show an idle kernel: so the cell's own state is said again.
    async fn busy_again(&self, socket: &mut XPubSocket, state: State) {
        if let (State::Idle, Some(running)) = (state, &self.running) {
            self.send_status(socket, running, State::Busy).await;
        }
    }

    async fn send_status(&self, socket: &mut XPubSocket, parent: &Arc<Value>, state: State) {
        let execution_state = match state {
            State::Busy => "busy",
            State::Idle => "idle",
        };
        let content = json!({ "execution_state": execution_state });
        let message = self.session.publication(parent, "status", content);
        self.send(socket, &message).await;
    }

    async fn flush(&mut self, socket: &mut XPubSocket) {
        for stream in self.batch.take(Instant::now()) {
            self.send_stream(socket, stream).await;
        }
    }

    async fn send_stream(&self, socket: &mut XPubSocket, stream: Stream) {
        if stream.text.is_empty() {
            return;
        }
        let name = match stream.name {
            StreamName::Stdout => "stdout",
            StreamName::Stderr => "stderr",
        };
        let content = json!({ "name": name, "text": stream.text });
        let message = self.session.publication(&stream.parent, "stream", content);
        self.send(socket, &message).await;
    }

    /// Tells a new subscriber that it misses nothing from here on.
    async fn welcome(&self, socket: &mut XPubSocket, frames: ZmqMessage) {
        let subscribed = frames.get(0).and_then(|frame| frame.split_first());
        let Some((1, topic)) = subscribed else {
            return;
        };
        let content = json!({ "subscription": String::from_utf8_lossy(topic) });
        let mut message = self
            .session
            .publication(&Arc::new(json!({})), "iopub_welcome", content);
        // Only those who subscribed to this very topic are to see it.
        message.identities = vec![bytes::Bytes::copy_from_slice(topic)];
        self.send(socket, &message).await;
    }

    async fn send(&self, socket: &mut XPubSocket, message: &Message) {
        let Some(frames) = self.wire.encode(message) else {
            return;
        };
        if let Err(error) = socket.send(frames).await {
            tracing::warn!("could not publish a {}: {error}", message.msg_type());
        }
    }
}

async fn at(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

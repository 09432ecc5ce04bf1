//! What a running cell or comm handler shows becomes publications; what it asks, a question on stdin.
//! Knows nothing of cells' code.

use std::sync::{Arc, mpsc as blocking};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::interrupts::Interrupts;
use crate::comms::Comms;
use crate::evaluator::{Frontend, InputError, MimeBundle, Output};
use crate::session::Session;
use crate::sockets::batch::Stream;
use crate::sockets::iopub::Iopub;
use crate::sockets::stdin::{Answer, Question};
use crate::variables::Variables;
use crate::wire::Message;

/// The ways out of the evaluator's thread.
pub(crate) struct Ways {
    pub(crate) session: Arc<Session>,
    pub(crate) iopub: Iopub,
    pub(crate) questions: mpsc::Sender<Question>,
    pub(crate) interrupts: Arc<Interrupts>,
    pub(crate) comms: Arc<Comms>,
    pub(crate) variables: Arc<Variables>,
}

/// The way back to the front end of one cell, or of one message on a comm.
pub(super) struct CellFrontend<'ways> {
    pub(super) ways: &'ways Ways,
    pub(super) request: Arc<Message>,
    pub(super) execution_count: u32,
    pub(super) silent: bool,
    pub(super) allow_stdin: bool,
    /// The result as text, kept for the history.
    pub(super) result: Option<String>,
}

impl Frontend for CellFrontend<'_> {
    fn publish(&mut self, output: Output) {
        match output {
            // Of silent cells too: the other side of a comm must know what happened to it.
            Output::CommOpen {
                comm_id,
                target_name,
                data,
                metadata,
                buffers,
            } => {
                self.ways.comms.open(&comm_id, &target_name);
                let opened = json!({
                    "comm_id": comm_id, "target_name": target_name, "data": data,
                });
                self.say_with("comm_open", opened, metadata, buffers);
            }
            Output::CommMessage {
                comm_id,
                data,
                buffers,
            } => {
                let said = json!({ "comm_id": comm_id, "data": data });
                self.say_with("comm_msg", said, json!({}), buffers);
            }
            Output::CommClose { comm_id, data } => {
                self.ways.comms.close(&comm_id);
                self.say("comm_close", json!({ "comm_id": comm_id, "data": data }));
            }
            _ if self.silent => {}
            Output::Stream { name, text } => self.ways.iopub.stream_blocking(Stream {
                parent: Arc::clone(&self.request.header),
                name,
                text,
            }),
            Output::DisplayData {
                content,
                display_id,
            } => self.say("display_data", bundle(content, display_id)),
            Output::UpdateDisplayData {
                content,
                display_id,
            } => self.say("update_display_data", bundle(content, Some(display_id))),
            Output::ExecuteResult(content) => self.say_result(content),
            Output::ClearOutput { wait } => self.say("clear_output", json!({ "wait": wait })),
        }
    }

    fn input(&mut self, prompt: &str, password: bool) -> Result<String, InputError> {
        if !self.allow_stdin {
            return Err(InputError::NotAllowed);
        }
        let (sender, answer) = blocking::channel();
        if !self.ways.interrupts.waits(sender.clone()) {
            return Err(InputError::Interrupted);
        }
        let content = json!({ "prompt": prompt, "password": password });
        let question = Question {
            input_request: self
                .ways
                .session
                .reply(&self.request, "input_request", content),
            answer: sender,
        };
        let asked = self.ways.questions.blocking_send(question);
        let answer = asked.ok().and_then(|()| answer.recv().ok());
        self.ways.interrupts.answered();
        match answer {
            Some(Answer::Line(line)) => Ok(line),
            Some(Answer::Never) | None => Err(InputError::Interrupted),
        }
    }
}

impl CellFrontend<'_> {
    fn say_result(&mut self, content: MimeBundle) {
        let text = content.data.get("text/plain").and_then(Value::as_str);
        self.result = text.map(str::to_owned);
        let content = json!({
            "execution_count": self.execution_count,
            "data": content.data,
            "metadata": content.metadata,
        });
        self.say("execute_result", content);
    }

    fn say_with(&self, msg_type: &str, content: Value, metadata: Value, buffers: Vec<Vec<u8>>) {
        let parent = &self.request.header;
        let mut message = self.ways.session.publication(parent, msg_type, content);
        message.metadata = metadata;
        message.buffers = buffers.into_iter().map(Bytes::from).collect();
        self.ways.iopub.message_blocking(message);
    }

    fn say(&self, msg_type: &str, content: Value) {
        let parent = &self.request.header;
        self.ways.iopub.say_blocking(parent, msg_type, content);
    }
}

fn bundle(content: MimeBundle, display_id: Option<String>) -> Value {
    let transient = match display_id {
        Some(display_id) => json!({ "display_id": display_id }),
        None => json!({}),
    };
    json!({
        "data": content.data,
        "metadata": content.metadata,
        "transient": transient,
    })
}

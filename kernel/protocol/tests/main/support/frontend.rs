//! A front end that signs and reads frames by itself and panics at any message not asked for.
//! Knows nothing of the crate but the connection file.

use std::time::Duration;

use bytes::Bytes;
use gradbook_protocol::ConnectionFile;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use zeromq::util::PeerIdentity;
use zeromq::{
    DealerSocket, ReqSocket, Socket, SocketOptions, SocketRecv, SocketSend, SubSocket, ZmqMessage,
};

use super::kernel::{TestKernel, address};

/// How long anything may take before a test is considered stuck.
const STUCK: Duration = Duration::from_secs(20);

const DELIMITER: &[u8] = b"<IDS|MSG>";

/// A message as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub header: Value,
    pub parent_header: Value,
    pub metadata: Value,
    pub content: Value,
    pub buffers: Vec<Bytes>,
}

impl Received {
    pub fn msg_type(&self) -> &str {
        self.header["msg_type"].as_str().unwrap()
    }
}

/// The sockets on which requests are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Shell,
    Control,
    Stdin,
}

/// The header of a sent request: its reply and its publications must carry it whole.
pub type Sent = Value;

pub struct Frontend {
    shell: DealerSocket,
    control: DealerSocket,
    stdin: DealerSocket,
    pub iopub: SubSocket,
    heartbeat: ReqSocket,
    session: String,
    key: String,
    sent: u32,
}

impl Frontend {
    /// Connects, and waits until iopub says welcome.
    pub async fn connect(kernel: &TestKernel) -> Frontend {
        Frontend::connect_to(&kernel.connection, "client-1").await
    }

    pub async fn connect_to(at: &ConnectionFile, session: &str) -> Frontend {
        let identified = || {
            let mut options = SocketOptions::default();
            options.peer_identity(session.parse::<PeerIdentity>().unwrap());
            DealerSocket::with_options(options)
        };
        let mut frontend = Frontend {
            shell: identified(),
            control: identified(),
            stdin: identified(),
            iopub: SubSocket::new(),
            heartbeat: ReqSocket::new(),
            session: session.to_owned(),
            key: at.key.clone(),
            sent: 0,
        };
        let to = |port| address(at, port);
        frontend.shell.connect(&to(at.shell_port)).await.unwrap();
        frontend
            .control
            .connect(&to(at.control_port))
            .await
            .unwrap();
        frontend.stdin.connect(&to(at.stdin_port)).await.unwrap();
        frontend.heartbeat.connect(&to(at.hb_port)).await.unwrap();
        frontend.iopub.connect(&to(at.iopub_port)).await.unwrap();
        frontend.iopub.subscribe("").await.unwrap();
        let welcome = frontend.iopub_message().await;
        assert_eq!(welcome.msg_type(), "iopub_welcome");
        assert_eq!(welcome.content, json!({"subscription": ""}));
        assert_eq!(welcome.parent_header, json!({}));
        frontend
    }

    // Sending.

    pub async fn send(&mut self, channel: Channel, msg_type: &str, content: Value) -> Sent {
        let header = self.header(msg_type);
        let frames = self.frames(&header, &json!({}), &content);
        self.send_frames(channel, frames).await;
        header
    }

    pub async fn execute(&mut self, code: &str) -> Sent {
        self.execute_with(code, json!({})).await
    }

    pub async fn execute_with(&mut self, code: &str, options: Value) -> Sent {
        let mut content = json!({
            "code": code, "silent": false, "store_history": true, "user_expressions": {},
            "allow_stdin": true, "stop_on_error": true,
        });
        for (option, value) in options.as_object().unwrap() {
            content[option] = value.clone();
        }
        self.send(Channel::Shell, "execute_request", content).await
    }

    /// Answers the `input_request` with this header, or none for consoles that name no parent.
    pub async fn answer(&mut self, question: Option<&Value>, line: &str) {
        let header = self.header("input_reply");
        let parent = question.cloned().unwrap_or_else(|| json!({}));
        let frames = self.frames(&header, &parent, &json!({"value": line}));
        self.send_frames(Channel::Stdin, frames).await;
    }

    pub fn header(&mut self, msg_type: &str) -> Value {
        self.sent += 1;
        json!({
            "msg_id": format!("{}-{}", self.session, self.sent), "msg_type": msg_type,
            "session": self.session, "username": "test", "version": "5.5",
            "date": "2026-01-01T00:00:00.000000Z", "subshell_id": "unknown fields survive",
        })
    }

    pub fn frames(&self, header: &Value, parent: &Value, content: &Value) -> Vec<Bytes> {
        frames(&self.key, header, parent, content)
    }

    /// A request as someone with another key would send it.
    pub fn sign_as(stranger: &ConnectionFile, header: &Value) -> Vec<Bytes> {
        frames(&stranger.key, header, &json!({}), &json!({}))
    }

    pub async fn send_frames(&mut self, channel: Channel, frames: Vec<Bytes>) {
        let message = ZmqMessage::try_from(frames).unwrap();
        let socket = match channel {
            Channel::Shell => &mut self.shell,
            Channel::Control => &mut self.control,
            Channel::Stdin => &mut self.stdin,
        };
        socket.send(message).await.unwrap();
    }

    // Receiving.

    /// The next message on iopub, which must be of this kind and come from this request.
    pub async fn iopub(&mut self, sent: &Sent, msg_type: &str) -> Value {
        let message = self.iopub_message().await;
        assert_eq!(message.msg_type(), msg_type, "{message:?}");
        assert_eq!(&message.parent_header, sent, "{message:?}");
        message.content
    }

    /// Streams of this request until they say `text`: how it is cut depends on the machine.
    pub async fn stream(&mut self, sent: &Sent, name: &str, text: &str) {
        let mut said = String::new();
        while said != text {
            let content = self.iopub(sent, "stream").await;
            assert_eq!(content["name"], name);
            said.push_str(content["text"].as_str().unwrap());
            assert!(text.starts_with(&said), "{said:?} and not {text:?}");
        }
    }

    pub async fn iopub_message(&mut self) -> Received {
        let frames = tokio::time::timeout(STUCK, self.iopub.recv());
        let frames = frames.await.expect("nothing on iopub").unwrap();
        self.read(frames)
    }

    pub async fn busy(&mut self, sent: &Sent) {
        self.status(sent, "busy").await;
    }

    pub async fn idle(&mut self, sent: &Sent) {
        self.status(sent, "idle").await;
    }

    async fn status(&mut self, sent: &Sent, state: &str) {
        let content = self.iopub(sent, "status").await;
        assert_eq!(content, json!({"execution_state": state}), "of {sent}");
    }

    /// The next message on a request socket, which must be this reply to this request.
    pub async fn reply(&mut self, channel: Channel, sent: &Sent) -> Value {
        self.whole_reply(channel, sent).await.content
    }

    pub async fn whole_reply(&mut self, channel: Channel, sent: &Sent) -> Received {
        let message = self.next(channel).await;
        let request = sent["msg_type"].as_str().unwrap();
        let wanted = format!("{}_reply", request.trim_end_matches("_request"));
        assert_eq!(message.msg_type(), wanted, "{message:?}");
        assert_eq!(&message.parent_header, sent, "{message:?}");
        message
    }

    /// The next message on stdin, which must be a question of this request.
    pub async fn question(&mut self, sent: &Sent) -> Received {
        let message = self.next(Channel::Stdin).await;
        assert_eq!(message.msg_type(), "input_request", "{message:?}");
        assert_eq!(&message.parent_header, sent, "{message:?}");
        message
    }

    async fn next(&mut self, channel: Channel) -> Received {
        let socket = match channel {
            Channel::Shell => &mut self.shell,
            Channel::Control => &mut self.control,
            Channel::Stdin => &mut self.stdin,
        };
        let frames = tokio::time::timeout(STUCK, socket.recv());
        let what = format!("nothing on {channel:?}");
        let frames = frames.await.expect(&what).unwrap();
        self.read(frames)
    }

    fn read(&self, frames: ZmqMessage) -> Received {
        let frames = frames.into_vec();
        let delimiter = frames.iter().position(|frame| frame == DELIMITER).unwrap();
        let json = &frames[delimiter + 2..delimiter + 6];
        let signature = signature(&self.key, json);
        assert_eq!(frames[delimiter + 1], signature, "wrongly signed");
        let part = |at: usize| serde_json::from_slice(&json[at]).unwrap();
        let message = Received {
            header: part(0),
            parent_header: part(1),
            metadata: part(2),
            content: part(3),
            buffers: frames[delimiter + 6..].to_vec(),
        };
        for field in ["msg_id", "session", "username", "date"] {
            assert!(message.header[field].is_string(), "{message:?}");
        }
        assert_eq!(message.header["version"], "5.5");
        message
    }

    // Whole exchanges.

    /// Any request but a cell, with nothing beside it: busy, reply, idle.
    pub async fn ask(&mut self, msg_type: &str, content: Value) -> Value {
        self.ask_on(Channel::Shell, msg_type, content).await
    }

    pub async fn ask_on(&mut self, channel: Channel, msg_type: &str, content: Value) -> Value {
        let sent = self.send(channel, msg_type, content).await;
        self.busy(&sent).await;
        let reply = self.reply(channel, &sent).await;
        self.idle(&sent).await;
        reply
    }

    /// Any request but a cell while `cell` runs: at its end the cell's busy is said again.
    pub async fn ask_beside(&mut self, cell: &Sent, msg_type: &str, content: Value) -> Value {
        let reply = self.ask(msg_type, content).await;
        self.busy(cell).await;
        reply
    }

    /// The beginning of every cell that is not silent.
    pub async fn begins(&mut self, sent: &Sent) -> Value {
        self.busy(sent).await;
        self.iopub(sent, "execute_input").await
    }

    /// The end of every cell.
    pub async fn ends(&mut self, sent: &Sent) -> Value {
        let reply = self.reply(Channel::Shell, sent).await;
        self.idle(sent).await;
        reply
    }

    pub async fn beat(&mut self, bytes: &'static [u8]) {
        let ping = ZmqMessage::from(Bytes::from_static(bytes));
        self.heartbeat.send(ping).await.unwrap();
        let pong = tokio::time::timeout(STUCK, self.heartbeat.recv());
        let pong = pong.await.expect("no heartbeat").unwrap();
        assert_eq!(pong.into_vec(), [Bytes::from_static(bytes)]);
    }

    /// Nothing is left on any socket: the next messages are those of new requests.
    pub async fn is_quiet(&mut self) {
        for channel in [Channel::Shell, Channel::Control] {
            let reply = self.ask_on(channel, "kernel_info_request", json!({})).await;
            assert_eq!(reply["status"], "ok");
        }
        let sent = self
            .execute_with("input quiet?", json!({"silent": true}))
            .await;
        self.busy(&sent).await;
        let question = self.question(&sent).await;
        self.answer(Some(&question.header), "yes").await;
        self.ends(&sent).await;
    }
}

fn frames(key: &str, header: &Value, parent: &Value, content: &Value) -> Vec<Bytes> {
    let json: Vec<Bytes> = [header, parent, &json!({}), content]
        .map(|part| Bytes::from(part.to_string()))
        .into();
    let signature = signature(key, &json);
    let mut frames = vec![Bytes::from_static(DELIMITER), Bytes::from(signature)];
    frames.extend(json);
    frames
}

fn signature(key: &str, parts: &[Bytes]) -> String {
    if key.is_empty() {
        return String::new();
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    let digest = mac.finalize().into_bytes();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

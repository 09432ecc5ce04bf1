//! The lines of JSON between a kernel and this process.
//! Knows nothing of what is asked for.

use crate::source::Session;
use serde::{Deserialize, Serialize};

/// One question: one line.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// Comes back in the answer.
    pub id: u64,
    /// What is asked.
    pub method: Method,
    /// The session so far.
    #[serde(flatten)]
    pub session: Session,
    /// The cell.
    #[serde(default)]
    pub code: String,
    /// A byte offset into `code`.
    #[serde(default)]
    pub cursor: usize,
    /// After so long in the queue nobody waits for the answer any more, and none is worked out.
    #[serde(default)]
    pub patience_ms: Option<u64>,
}

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// What can be written at the cursor.
    Complete,
    /// What the name at the cursor is.
    Hover,
    /// Whether anyone is there.
    Ping,
}

/// One answer: one line.
#[derive(Debug, Serialize)]
pub struct Reply {
    /// The request's.
    pub id: u64,
    /// What was asked for, or why there is nothing.
    #[serde(flatten)]
    pub answer: Answer,
}

/// The three kinds of answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To `complete`.
    Completions(Completions),
    /// To `hover`: nothing where nothing is known.
    Hover(Option<Hover>),
    /// To `ping`.
    Pong {
        /// What this process is.
        version: &'static str,
    },
    /// Instead of an answer.
    Error(String),
}

/// Completions and the bytes of the cell that they replace.
#[derive(Debug, Default, Serialize)]
pub struct Completions {
    /// First byte replaced.
    pub start: usize,
    /// One past the last byte replaced.
    pub end: usize,
    /// Best first.
    pub items: Vec<Completion>,
}

/// One completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// What is inserted.
    pub text: String,
    /// `method`, `function`, `struct`, `field`, `module`, `variable`, `keyword`, ...
    pub kind: String,
    /// A function's whole signature, a variable's type.
    pub signature: String,
    /// The first paragraph of its documentation.
    pub doc: String,
}

/// What a name is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hover {
    /// Type and documentation as text.
    pub plain: String,
    /// The same as Markdown, with the documentation as it is written.
    pub markdown: String,
}

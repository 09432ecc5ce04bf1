//! What the protocol needs from whatever evaluates cells: plain types in, plain types out.
//! Knows nothing of rustc, of children or of sockets.

use serde_json::{Map, Value};

/// One `execute_request`, as far as an evaluator is concerned.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The cell's source, as the learner wrote it.
    pub code: String,
    /// The number shown beside the cell; names it in diagnostics (`cell [3]`).
    pub execution_count: u32,
    /// No output is to be published, only errors are replied.
    pub silent: bool,
    /// The front end can answer `input_request`.
    pub allow_stdin: bool,
}

/// The two streams of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamName {
    /// `stdout`
    Stdout,
    /// `stderr`
    Stderr,
}

/// One value in several representations, keyed by MIME type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MimeBundle {
    /// MIME type to content: a string, or JSON for `application/json`.
    pub data: Map<String, Value>,
    /// Metadata by MIME type.
    pub metadata: Map<String, Value>,
}

/// Something a cell shows while it runs, in the order it happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Text written to stdout or stderr.
    Stream {
        /// Which of the two.
        name: StreamName,
        /// Any piece of text: not necessarily whole lines.
        text: String,
    },
    /// Rich output in the middle of a cell (`display_data`).
    DisplayData {
        /// The value.
        content: MimeBundle,
        /// A name under which it can be updated.
        display_id: Option<String>,
    },
    /// New content for an earlier `display_id` (`update_display_data`).
    UpdateDisplayData {
        /// The value.
        content: MimeBundle,
        /// The name of the display to change.
        display_id: String,
    },
    /// The value of the trailing expression (`execute_result`).
    ExecuteResult(MimeBundle),
    /// Remove what the cell showed so far; with `wait`, only once something new comes.
    ClearOutput {
        /// Wait for the next output before clearing.
        wait: bool,
    },
    /// A comm that cells opened (`comm_open`); said also of silent cells, as are the next two.
    CommOpen {
        /// Its unique name.
        comm_id: String,
        /// Which part of the front end is to answer it.
        target_name: String,
        /// Anything.
        data: Value,
        /// An object, for targets that want more: widgets look for their protocol's version here.
        metadata: Value,
        /// Raw bytes beside the data.
        buffers: Vec<Vec<u8>>,
    },
    /// Something said on an open comm (`comm_msg`).
    CommMessage {
        /// The comm.
        comm_id: String,
        /// Anything.
        data: Value,
        /// Raw bytes beside the data.
        buffers: Vec<Vec<u8>>,
    },
    /// The end of a comm, or the answer to one that nobody takes (`comm_close`).
    CommClose {
        /// The comm.
        comm_id: String,
        /// Anything.
        data: Value,
    },
}

/// What a front end does with a comm.
#[derive(Debug, Clone, PartialEq)]
pub enum CommEvent {
    /// It opened one.
    Open {
        /// The comm's unique name.
        comm_id: String,
        /// Who is to answer it.
        target_name: String,
        /// Anything.
        data: Value,
        /// Raw bytes beside the data.
        buffers: Vec<Vec<u8>>,
    },
    /// It said something on one that is open.
    Message {
        /// The comm.
        comm_id: String,
        /// Anything.
        data: Value,
        /// Raw bytes beside the data.
        buffers: Vec<Vec<u8>>,
    },
    /// It closed one that was open.
    Close {
        /// The comm.
        comm_id: String,
        /// Anything.
        data: Value,
    },
}

impl CommEvent {
    /// The comm's unique name.
    pub fn comm_id(&self) -> &str {
        match self {
            CommEvent::Open { comm_id, .. }
            | CommEvent::Message { comm_id, .. }
            | CommEvent::Close { comm_id, .. } => comm_id,
        }
    }
}

/// One variable, for a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type, short.
    pub type_name: String,
    /// In one line; empty where it is not known.
    pub value: String,
    /// More, to be unfolded: name and value.
    pub facts: Vec<(String, String)>,
}

/// A failed cell: a value, not a fault of the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// Kind of error: `E0308`, `Panic`, `Interrupted`, `Error`, ...
    pub ename: String,
    /// One line, plain text.
    pub evalue: String,
    /// What the front end prints: lines, ANSI colours allowed.
    pub traceback: Vec<String>,
}

/// How a cell ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It ran to its end; `payload` goes into the `execute_reply` (pager pages).
    Done {
        /// Entries such as `{"source": "page", "data": {"text/plain": ".."}, "start": 0}`.
        payload: Vec<Value>,
    },
    /// It failed: the protocol publishes `error` and replies with status error.
    Failed(CellError),
}

/// Why `input` has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The front end said `allow_stdin: false`.
    #[error("this front end cannot ask for input")]
    NotAllowed,
    /// The cell was interrupted, or the kernel shuts down, while it waited.
    #[error("interrupted while waiting for input")]
    Interrupted,
}

/// The evaluator's way back to the front end while a cell runs.
pub trait Frontend {
    /// Publishes one output on iopub, in order.
    fn publish(&mut self, output: Output);
    /// Asks the learner for a line on the stdin socket and waits for it.
    ///
    /// # Errors
    /// See [`InputError`].
    fn input(&mut self, prompt: &str, password: bool) -> Result<String, InputError>;
}

/// Runs cells, one at a time, on a thread of its own: all calls may block.
pub trait Evaluator: Send + 'static {
    /// The sources of the cells that wait behind the next one, said before each [`Evaluator::execute`]. They
    /// run only if all goes well.
    fn expect(&mut self, _cells: Vec<String>) {}
    /// Runs one cell to its end.
    fn execute(&mut self, cell: &Cell, frontend: &mut dyn Frontend) -> Outcome;
    /// Evaluates one of `user_expressions` without publishing anything.
    ///
    /// # Errors
    /// What the expression failed with.
    fn expression(&mut self, expression: &str) -> Result<MimeBundle, CellError>;
    /// Handles what a front end does with a comm, between two cells. An `Open` that nobody wants is
    /// answered with [`Output::CommClose`]; without one, the comm is open.
    fn comm(&mut self, event: &CommEvent, frontend: &mut dyn Frontend) {
        if let CommEvent::Open { comm_id, .. } = event {
            frontend.publish(Output::CommClose {
                comm_id: comm_id.clone(),
                data: Value::Object(Map::new()),
            });
        }
    }
    /// Publishes what threads of earlier cells have shown meanwhile; called between cells, again and again.
    fn idle(&mut self, _frontend: &mut dyn Frontend) {}
    /// All variables by name, asked for between cells; their values only if `look`, as that may take
    /// a moment.
    fn variables(&mut self, look: bool) -> Vec<Variable> {
        let _ = look;
        Vec::new()
    }
    /// Ends the child and frees what it holds; called once, before the kernel exits.
    fn shutdown(&mut self);
}

/// Stops a running cell or the handler of a comm; neither call may wait for it. They are never made
/// at the same time, and a stop that comes after the end reaches nothing that begins later.
pub trait Interrupt: Send + Sync + 'static {
    /// Asks the running cell, or the handler of a comm, to stop. Does nothing when none runs.
    fn interrupt(&self);
    /// Forgets earlier stops: a cell or a handler begins.
    fn reset(&self) {}
}

/// One completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is inserted in place of the replaced range.
    pub text: String,
    /// `function`, `struct`, `keyword`, `variable`, ...
    pub kind: String,
    /// Its signature or type, shown beside it.
    pub signature: String,
    /// The first paragraph of its documentation; empty where there is none.
    pub documentation: String,
}

/// Completions, and the range of bytes of the cell that they replace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// First byte replaced.
    pub start: usize,
    /// One past the last byte replaced.
    pub end: usize,
    /// Best first.
    pub items: Vec<Completion>,
}

/// Whether Enter should run the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// It parses.
    Complete,
    /// It goes on; the next line starts with this indent.
    Incomplete {
        /// White space for the next line.
        indent: String,
    },
    /// No continuation can make it parse.
    Invalid,
}

/// Answers about code without running it, also while a cell runs. All calls may block (the protocol
/// calls them from a blocking thread, several at once).
pub trait Intelligence: Send + Sync + 'static {
    /// Completions at a byte offset of `code`.
    fn complete(&self, code: &str, cursor: usize) -> Completions;
    /// What is known of the name at a byte offset of `code`; `detail_level` 0 or 1.
    fn inspect(&self, code: &str, cursor: usize, detail_level: u8) -> Option<MimeBundle>;
    /// Whether `code` is a whole cell.
    fn is_complete(&self, code: &str) -> Completeness;
}

/// The three sides of one evaluator.
pub struct Backend {
    /// Runs cells.
    pub evaluator: Box<dyn Evaluator>,
    /// Stops them.
    pub interrupt: std::sync::Arc<dyn Interrupt>,
    /// Answers about them.
    pub intelligence: std::sync::Arc<dyn Intelligence>,
}

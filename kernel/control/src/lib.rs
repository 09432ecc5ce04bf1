//! What the kernel and its child say to each other: plain messages, length first, on a socket of their own.
//! Knows nothing of cells or of Jupyter; nothing that a cell prints can be mistaken for one of these.

mod prelude;

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use prelude::PRELUDE;

/// MIME type to content.
pub type Data = BTreeMap<String, String>;

/// From the kernel to the child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToChild {
    /// Load a compiled cell and run it.
    Run {
        /// The cell's shared library.
        library: PathBuf,
        /// What must be loaded before it.
        needs: Vec<PathBuf>,
    },
    /// Drop variables by name; answered by [`FromChild::Finished`], because dropping may run code.
    Drop {
        /// Which.
        names: Vec<String>,
    },
    /// The kernel has published what the child asked it to show.
    Acknowledge,
    /// The answer to [`FromChild::Input`].
    Input {
        /// The line, or why there is none.
        line: Result<String, String>,
    },
    /// List the variables.
    Describe,
    /// The learner insists on a stop: leave the running cell behind if that is what it takes.
    Insist,
    /// The front end has done this with a comm: call its handler, if it has one; answered by
    /// [`FromChild::Finished`].
    Comm(CommEvent),
}

/// From the child to the kernel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromChild {
    /// The library is loaded; cells may come.
    Ready,
    /// Show this now; answered by [`ToChild::Acknowledge`], so that it keeps its place between
    /// what is printed before and after.
    DisplayData {
        /// The value.
        data: Data,
        /// The name for later updates.
        display_id: Option<String>,
    },
    /// Put this in place of an earlier display; acknowledged too.
    UpdateDisplayData {
        /// The value.
        data: Data,
        /// Which display.
        display_id: String,
    },
    /// Clear the cell's output; acknowledged too.
    ClearOutput {
        /// Only once something new comes.
        wait: bool,
    },
    /// Do this with a comm; acknowledged too.
    Comm(CommEvent),
    /// Ask the learner for a line.
    Input {
        /// What to ask.
        prompt: String,
        /// Hide what is typed.
        password: bool,
    },
    /// The cell is over, or the handler of a comm, or variables are dropped.
    Finished(Finished),
    /// The answer to [`ToChild::Describe`].
    Described(Vec<Described>),
}

/// What either side does with a comm. Data and metadata are JSON, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommEvent {
    /// It opens one.
    Open {
        /// The comm's unique name.
        id: String,
        /// Who is to answer it.
        target: String,
        /// Anything.
        data: String,
        /// An object; only from the child.
        metadata: String,
        /// Raw bytes beside the data.
        buffers: Vec<Vec<u8>>,
    },
    /// It says something.
    Message {
        /// On which comm.
        id: String,
        /// Anything.
        data: String,
        /// Raw bytes beside the data.
        buffers: Vec<Vec<u8>>,
    },
    /// It closes one.
    Close {
        /// Which comm.
        id: String,
        /// Anything.
        data: String,
    },
}

/// How a cell ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The value of the trailing expression.
    pub result: Option<Data>,
    /// Why it stopped early.
    pub failure: Option<Failure>,
    /// The variables that it made and put into the store.
    pub stored: Vec<String>,
    /// The variables that it took from the store and put back.
    pub returned: Vec<String>,
    /// Its thread could not be stopped and was left where it was, with what it had taken: these of the returned
    /// variables are copies from before the cell.
    pub left: Option<Vec<String>>,
}

impl Finished {
    /// Of these variables, those that have not come back.
    pub fn not_returned<'a>(&self, taken: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        let gone = |name: &&String| !self.returned.contains(name) && !self.stored.contains(name);
        taken.into_iter().filter(gone).cloned().collect()
    }
}

/// Why a cell stopped early.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of stop.
    pub kind: FailureKind,
    /// One line or more, plain text.
    pub message: String,
    /// Where it happened, innermost first; only places in cells.
    pub places: Vec<Place>,
}

/// The kinds of early stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// A panic.
    Panic,
    /// `?` on an error of this type.
    Error {
        /// The type's name without its path.
        type_name: String,
    },
    /// The learner stopped it.
    Interrupted,
    /// The cell's library could not be loaded.
    Load,
}

/// A place in the generated source of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The name of the generated file.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// One variable, as the child knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Numbers, texts and lists of them: the beginning of what they are.
    pub value: Option<String>,
    /// Of tensors.
    pub tensor: Option<TensorFacts>,
}

/// What there is to say of a tensor without printing it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TensorFacts {
    /// Sizes of its dimensions.
    pub shape: Vec<i64>,
    /// Of its elements: `Float`, `Int64`, ...
    pub kind: String,
    /// `Cpu`, `Cuda(0)`, ...
    pub device: String,
    /// Whether gradients reach it.
    pub requires_grad: bool,
    /// Size of its elements in memory.
    pub bytes: usize,
    /// Euclidean norm of its gradient, where it has one.
    pub gradient_norm: Option<f64>,
}

/// Writes one message.
///
/// # Errors
/// When the other side is gone.
pub fn send<M: Serialize>(to: &mut impl Write, message: &M) -> io::Result<()> {
    // Postcard and not JSON: buffers and long texts pass as they are.
    let body = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length =
        u32::try_from(body.len()).map_err(|_| io::Error::other("a control message over 4 GiB"))?;
    // One write for both parts: the other side never sees half a message for long.
    let mut frame = Vec::with_capacity(body.len() + 4);
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&body);
    to.write_all(&frame)
}

/// Reads one message; `None` when the other side has closed.
///
/// # Errors
/// When the connection breaks inside a message, or the message is not one of ours.
pub fn receive<M: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut body = vec![0; u32::from_le_bytes(length) as usize];
    from.read_exact(&mut body)?;
    postcard::from_bytes(&body)
        .map(Some)
        .map_err(io::Error::other)
}

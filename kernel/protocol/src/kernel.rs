//! What every request can reach: one of each, for the life of the process.
//! Knows nothing of sockets but the way to iopub.

use std::sync::Arc;

use tokio::sync::watch;

use crate::comms::Comms;
use crate::execution::{EvaluatorThread, Intelligences, Interrupts, Queue};
use crate::history::History;
use crate::session::Session;
use crate::sockets::iopub::Iopub;
use crate::variables::Variables;
use crate::wire::Wire;

/// The parts of a kernel that requests share.
pub(crate) struct Kernel {
    pub(crate) wire: Arc<Wire>,
    pub(crate) session: Arc<Session>,
    pub(crate) iopub: Iopub,
    pub(crate) queue: Queue,
    pub(crate) evaluator: EvaluatorThread,
    pub(crate) interrupts: Arc<Interrupts>,
    pub(crate) intelligences: Intelligences,
    pub(crate) history: Arc<History>,
    pub(crate) comms: Arc<Comms>,
    pub(crate) variables: Arc<Variables>,
    /// Turns true when the kernel is to end.
    pub(crate) ending: watch::Sender<bool>,
}

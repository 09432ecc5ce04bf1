//! The three sides that the protocol wants: one evaluator, its interrupt, its code intelligence.
//! Knows nothing of sockets.

use std::path::PathBuf;
use std::sync::Arc;

use gradbook_protocol::evaluator::{
    Backend, Cell, CellError, Completeness, Completions, Evaluator, Frontend, Intelligence,
    Interrupt, MimeBundle, Outcome,
};

use crate::abort::Abort;
use crate::evaluator::{RustEvaluator, plain};
use crate::library::Library;

/// Makes a backend; a library that is not there is told by every cell, and the kernel lives.
///
/// `executable` is the program that is a child when called with `child`.
pub fn backend(library: Result<Library, String>, executable: PathBuf) -> Backend {
    let abort = Arc::new(Abort::default());
    let evaluator = library.and_then(|library| {
        RustEvaluator::new(Arc::new(library), executable, abort.clone(), Box::new(|_| ()))
            .map_err(|error| format!("no folder for compiled cells can be made: {error}"))
    });
    let evaluator: Box<dyn Evaluator> = match evaluator {
        Ok(evaluator) => Box::new(evaluator),
        Err(reason) => Box::new(Unusable { reason }),
    };
    Backend { evaluator, interrupt: Arc::new(Stop(abort)), intelligence: Arc::new(Silent) }
}

struct Stop(Arc<Abort>);

impl Interrupt for Stop {
    fn interrupt(&self) {
        self.0.request();
    }
}

/// Says in every cell why none can run.
struct Unusable {
    reason: String,
}

impl Evaluator for Unusable {
    fn execute(&mut self, _: &Cell, _: &mut dyn Frontend) -> Outcome {
        Outcome::Failed(plain("SetupError", self.reason.clone()))
    }

    fn expression(&mut self, _: &str) -> Result<MimeBundle, CellError> {
        Err(plain("SetupError", self.reason.clone()))
    }

    fn shutdown(&mut self) {}
}

struct Silent;

impl Intelligence for Silent {
    fn complete(&self, _: &str, cursor: usize) -> Completions {
        Completions { start: cursor, end: cursor, items: Vec::new() }
    }

    fn inspect(&self, _: &str, _: usize, _: u8) -> Option<MimeBundle> {
        None
    }

    fn is_complete(&self, _: &str) -> Completeness {
        Completeness::Complete
    }
}

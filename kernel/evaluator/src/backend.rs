//! The three sides that the protocol wants: one evaluator, its interrupt, its code intelligence.
//! Knows nothing of sockets.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use gradbook_control::Described;
use gradbook_protocol::evaluator::{
    Backend, Cell, CellError, Evaluator, Frontend, Interrupt, MimeBundle, Outcome,
};

use crate::abort::Abort;
use crate::evaluator::{RustEvaluator, plain};
use crate::intelligence::{CodeIntelligence, SessionView, Settings};
use crate::library::Library;
use crate::session::Session;

/// Makes a backend; a library that is not there is told by every cell, and the kernel lives.
///
/// `executable` is the program that is a child when called with `child`.
pub fn backend(
    library: Result<Library, String>,
    executable: PathBuf,
    intelligence: Settings,
) -> Backend {
    let abort = Arc::new(Abort::default());
    let view = Arc::new(Mutex::new(SessionView::of(&Session::default(), &[])));
    let intelligence = Arc::new(CodeIntelligence::new(intelligence, view.clone()));
    let starting = intelligence.clone();
    // Behind the first cell, and behind all that Run All sends: until then the machine is busy with libtorch
    // and rustc, and the index answers.
    let on_change = move |session: &Session, described: &[Described], is_last: bool| {
        *view.lock().unwrap_or_else(PoisonError::into_inner) = SessionView::of(session, described);
        if is_last {
            starting.start();
        }
    };
    let evaluator = library.and_then(|library| {
        RustEvaluator::new(
            Arc::new(library),
            executable,
            abort.clone(),
            Box::new(on_change),
        )
        .map_err(|error| format!("no folder for compiled cells can be made: {error}"))
    });
    let evaluator: Box<dyn Evaluator> = match evaluator {
        Ok(evaluator) => Box::new(evaluator),
        Err(reason) => Box::new(Unusable { reason }),
    };
    Backend {
        evaluator,
        interrupt: Arc::new(Stop(abort)),
        intelligence,
    }
}

struct Stop(Arc<Abort>);

impl Interrupt for Stop {
    fn interrupt(&self) {
        self.0.request();
    }

    fn reset(&self) {
        self.0.reset();
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

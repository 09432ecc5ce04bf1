//! Our own evaluator's answers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use gradbook_control::Described;
use gradbook_evaluator::abort::Abort;
use gradbook_evaluator::evaluator::RustEvaluator;
use gradbook_evaluator::library::Library;
use gradbook_protocol::evaluator::{
    Cell, Evaluator, Frontend, InputError, Outcome, Output, StreamName,
};

use crate::corpus::Session;

/// What ours made of one cell.
#[derive(Debug, Default)]
pub struct Answer {
    /// `None`: it ran to its end.
    pub error: Option<(String, String)>,
    pub stdout: String,
    pub value: Option<String>,
    pub variables: BTreeSet<String>,
}

/// One answer per cell of a session, in a child of its own.
pub fn answers(library: &Path, session: &Session) -> Vec<Answer> {
    let library = Arc::new(Library::read(library).expect("the library is whole"));
    let executable: PathBuf = std::env::current_exe().expect("this program's path");
    let names: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let heard = Arc::clone(&names);
    let on_change =
        move |session: &gradbook_evaluator::session::Session, _: &[Described], _: bool| {
            *heard.lock().expect("no panic") = session.variables.keys().cloned().collect();
        };
    let abort = Arc::new(Abort::default());
    let mut evaluator = RustEvaluator::new(library, executable, abort, Box::new(on_change))
        .expect("a folder for compiled cells");
    let answers = session
        .cells
        .iter()
        .zip(1..)
        .map(|(cell, execution_count)| {
            let cell = Cell {
                code: cell.source.clone(),
                execution_count,
                silent: false,
                allow_stdin: false,
            };
            let mut seen = Seen::default();
            let outcome = evaluator.execute(&cell, &mut seen);
            let mut answer = seen.0;
            if let Outcome::Failed(error) = outcome {
                answer.error = Some((error.ename, error.evalue));
            }
            answer.variables = names.lock().expect("no panic").clone();
            answer
        });
    let answers = answers.collect();
    evaluator.shutdown();
    answers
}

/// A front end that only looks.
#[derive(Default)]
struct Seen(Answer);

impl Frontend for Seen {
    fn publish(&mut self, output: Output) {
        match output {
            Output::Stream {
                name: StreamName::Stdout,
                text,
            } => self.0.stdout.push_str(&text),
            // evcxr does not tell a value from what a cell displays.
            Output::ExecuteResult(bundle)
            | Output::DisplayData {
                content: bundle, ..
            } => {
                let plain = bundle.data.get("text/plain");
                let shown = plain.or_else(|| bundle.data.values().next());
                self.0.value = shown.and_then(|value| value.as_str()).map(str::to_owned);
            }
            _ => {}
        }
    }

    fn input(&mut self, _: &str, _: bool) -> Result<String, InputError> {
        Err(InputError::NotAllowed)
    }
}

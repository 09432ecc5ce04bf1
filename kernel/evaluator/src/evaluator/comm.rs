//! One event of a comm: to the child and its handlers, and what went wrong there back as text.
//! Knows nothing of how a cell runs.

use gradbook_protocol::evaluator::{CellError, CommEvent, Frontend, Output, StreamName};

use super::RustEvaluator;
use crate::comms::for_child;
use crate::diagnose;
use crate::run::Ran;

impl RustEvaluator {
    /// Calls the event's handler, if it has one.
    pub(super) fn handle(&mut self, event: &CommEvent, frontend: &mut dyn Frontend) {
        let error = match self.runner.comm(for_child(event), frontend) {
            Ran::Finished(finished) => match finished.failure {
                Some(failure) => {
                    self.last_failure.message.clone_from(&failure.message);
                    diagnose::run_error(&failure, &self.sources)
                }
                None => return,
            },
            Ran::Ended { how, interrupted } => {
                let lost = self.session.lose_all("the handler of a comm");
                self.tell_of_change();
                diagnose::lost(&how, interrupted, &lost)
            }
        };
        self.last_failure.ename.clone_from(&error.ename);
        tell(event, &error, frontend);
    }
}

/// There is no reply in which to say it, and no cell below which it belongs.
fn tell(event: &CommEvent, error: &CellError, frontend: &mut dyn Frontend) {
    let what = match event {
        CommEvent::Open { target_name, .. } => format!("a new comm for `{target_name}`"),
        CommEvent::Message { .. } => "a message on a comm".to_owned(),
        CommEvent::Close { .. } => "the end of a comm".to_owned(),
    };
    let told = error.traceback.join("\n");
    let text = format!("The handler of {what} did not finish.\n{told}\n");
    let name = StreamName::Stderr;
    frontend.publish(Output::Stream { name, text });
}

//! Dropping variables: what they do then is code of the learner's, which may print, show, fail or never end.

use gradbook_control::Finished;
use gradbook_protocol::evaluator::{CellError, Frontend, Output, StreamName};

use super::{RustEvaluator, notes};
use crate::diagnose;
use crate::run::Ran;
use crate::session::{Gone, Outdated};

impl RustEvaluator {
    /// Drops the variables whose type a cell gives another meaning, and says so.
    pub(super) fn drop_outdated(
        &mut self,
        outdated: Outdated,
        cell: &str,
        frontend: &mut dyn Frontend,
    ) -> Result<(), CellError> {
        let names = outdated.variables.keys().cloned().collect();
        self.forget(names, cell, frontend)?;
        self.session.forget_statics(&outdated);
        for (_, name, changed) in &outdated.statics {
            notes::say(
                format!("`{name}` begins again: its type depends on `{changed}`, which changed\n"),
                frontend,
            );
        }
        for (name, gone) in outdated.variables {
            if let Gone::Redefined { type_name, .. } = &gone {
                notes::say(
                    format!(
                        "`{name}` was dropped: its type depends on `{type_name}`, which changed\n"
                    ),
                    frontend,
                );
            }
            self.session.variables.remove(&name);
            self.session.gone.insert(name, gone);
        }
        Ok(())
    }

    /// Drops variables; one that fails to be dropped is told, and is gone all the same.
    pub(super) fn forget(
        &mut self,
        names: Vec<String>,
        cell: &str,
        frontend: &mut dyn Frontend,
    ) -> Result<(), CellError> {
        match self.runner.forget(names, frontend) {
            Ran::Finished(Finished {
                failure: Some(failure),
                ..
            }) => {
                let error = diagnose::run_error(&failure, &self.sources);
                frontend.publish(Output::Stream {
                    name: StreamName::Stderr,
                    text: format!("while a variable was dropped: {}\n", error.evalue),
                });
                Ok(())
            }
            Ran::Finished(_) => Ok(()),
            Ran::Ended { how, interrupted } => {
                let lost = self.session.lose_all(cell);
                Err(diagnose::lost(&how, interrupted, &lost))
            }
        }
    }
}

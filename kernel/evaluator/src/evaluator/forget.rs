//! Dropping variables: what they do then is code of the learner's, which may print, show, fail or never end.
//! Knows nothing of why they are dropped.

use std::collections::BTreeMap;

use gradbook_control::Finished;
use gradbook_protocol::evaluator::{CellError, Frontend, Output, StreamName};

use super::RustEvaluator;
use crate::diagnose;
use crate::run::Ran;
use crate::session::Gone;

impl RustEvaluator {
    /// Drops the variables whose type a cell defines anew, and says so.
    pub(super) fn drop_outdated(
        &mut self,
        outdated: BTreeMap<String, Gone>,
        cell: &str,
        frontend: &mut dyn Frontend,
    ) -> Result<(), CellError> {
        self.forget(outdated.keys().cloned().collect(), cell, frontend)?;
        for (name, gone) in outdated {
            if let Gone::Redefined { type_name, .. } = &gone {
                let note = format!(
                    "`{name}` was dropped: its type uses `{type_name}`, which is new now\n"
                );
                frontend.publish(Output::Stream {
                    name: StreamName::Stderr,
                    text: note,
                });
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

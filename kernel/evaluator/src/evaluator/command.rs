//! What each command does.
//! Knows nothing of how commands are written; see [`crate::commands`].

use gradbook_protocol::evaluator::{CellError, Frontend, Output, StreamName};
use serde_json::Value;

use super::{RustEvaluator, bundle, plain};
use crate::commands::{self, Command};

impl RustEvaluator {
    /// Does one command; a page for the pager where it has one.
    pub(super) fn command(
        &mut self,
        command: &Command,
        frontend: &mut dyn Frontend,
    ) -> Result<Option<Value>, CellError> {
        let mut say = |text: String| {
            frontend.publish(Output::Stream {
                name: StreamName::Stdout,
                text,
            });
        };
        match command {
            Command::Variables => {
                let described = self.runner.describe();
                let table = commands::variables(&self.session, &described);
                frontend.publish(Output::DisplayData {
                    content: bundle(table),
                    display_id: None,
                });
                Ok(None)
            }
            Command::Help => {
                say(commands::HELP.to_owned());
                Ok(None)
            }
            Command::OptLevel(None) => {
                say(format!("opt-level {}\n", self.rustc.opt_level));
                Ok(None)
            }
            Command::OptLevel(Some(level)) => {
                self.rustc.opt_level = level.clone();
                Ok(None)
            }
            Command::Edition(None) => {
                say(format!("edition {}\n", self.rustc.edition));
                Ok(None)
            }
            Command::Edition(Some(edition)) => {
                self.rustc.edition.clone_from(edition);
                Ok(None)
            }
            Command::Explain(code) => {
                let code = code.as_ref().unwrap_or(&self.last_failure.ename);
                say(self
                    .rustc
                    .explain(code)
                    .map_err(|error| plain("CommandError", error))?);
                Ok(None)
            }
            Command::Details => {
                say(details(&self.last_failure.message));
                Ok(None)
            }
            Command::Clear => {
                let session = std::mem::take(&mut self.session);
                // What the child has loaded it keeps: a name that meant one thing must not mean another.
                self.session.origins.clone_from(&session.origins);
                let names = session.variables.into_keys().collect();
                self.forget(names, "`:clear`", frontend).map(|()| None)
            }
            Command::Dependency(line) => {
                let library = self.rustc.library.clone();
                let added = self.dependencies.add(line, &library, &self.abort);
                let ename = match self.abort.requested() {
                    true => "Interrupted",
                    false => "DependencyError",
                };
                self.rustc.dependencies = added.map_err(|error| plain(ename, error.to_string()))?;
                self.session.dependencies.push(line.clone());
                Ok(None)
            }
            Command::Page(name) => Ok(Some(commands::page(&self.session, name))),
            Command::Unknown(line) => Err(plain(
                "CommandError",
                format!("there is no command `{line}`; `:help` lists the commands"),
            )),
        }
    }
}

/// A panic's whole message; libtorch's comes quoted.
fn details(message: &str) -> String {
    match message {
        "" => "no cell has failed while it ran\n".to_owned(),
        message => message.replace("\\n", "\n") + "\n",
    }
}

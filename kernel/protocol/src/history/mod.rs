//! Cells that ran go in, the ones a front end looks for come out, over all sessions.
//! Knows nothing of messages.

mod glob;
mod query;
mod store;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use query::{Access, Remembered};
use store::{Line, Store};

/// Longer results are not kept: the file is read whole at every search.
const LARGEST_OUTPUT: usize = 16 * 1024;

/// What this kernel remembers.
pub(crate) struct History {
    /// This session's name in the file.
    session: String,
    store: Option<Store>,
    /// This session's cells, for when the file cannot be used.
    own: Mutex<Vec<Line>>,
}

impl History {
    /// A history kept in `file`, or only in memory.
    pub(crate) fn new(session: &str, file: Option<PathBuf>) -> History {
        History {
            session: session.to_owned(),
            store: file.map(Store::new),
            own: Mutex::default(),
        }
    }

    /// Remembers a cell; completes when another kernel could read it.
    pub(crate) async fn add(self: Arc<Self>, line: u32, input: String, output: Option<String>) {
        let line = Line {
            session: self.session.clone(),
            line,
            input,
            output: output.filter(|output| output.len() <= LARGEST_OUTPUT),
        };
        let added = tokio::task::spawn_blocking(move || self.keep(line)).await;
        if let Err(fault) = added {
            tracing::error!("a cell is not in the history: {fault}");
        }
    }

    fn keep(&self, line: Line) {
        if let Some(store) = &self.store
            && let Err(error) = store.append(&line)
        {
            tracing::warn!("a cell is in this session's history only: {error}");
        }
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.push(line);
    }

    /// The cells asked for, oldest first. Reads the file: may block.
    pub(crate) fn find(&self, access: &Access) -> Vec<Remembered> {
        let own = || {
            self.own
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        };
        let lines = match self.store.as_ref().map(Store::read) {
            Some(Ok(lines)) => lines,
            Some(Err(error)) => {
                tracing::warn!("only this session's history can be searched: {error}");
                own()
            }
            None => own(),
        };
        query::find(&query::number(lines, &self.session), access)
    }
}

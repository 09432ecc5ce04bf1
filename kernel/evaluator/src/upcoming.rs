//! The cells that wait behind a running one are compiled meanwhile: what rustc makes of them waits in the cache.
//! Knows nothing of queues; it is given the cells, and guesses that each runs to its end.
//!
//! One after the other, because a cell needs the types of the variables before it. A wrong guess costs its
//! time: the cell is then another source, with another key.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use tempfile::TempDir;

use crate::abort::Abort;
use crate::ahead;
use crate::commands;
use crate::parse::Text;
use crate::rustc::Rustc;
use crate::scratch;
use crate::session::Session;

/// The thread that works ahead; dropped, it is stopped.
pub struct Upcoming {
    abort: Arc<Abort>,
    thread: Option<JoinHandle<()>>,
    /// Sources and what becomes of them, until it is in the cache.
    _folder: TempDir,
}

impl Upcoming {
    /// Begins with the first of `cells`, as it would run in `session`; `id` is the number of its text.
    ///
    /// # Errors
    /// When no folder can be made.
    pub fn start(rustc: &Rustc, session: Session, id: u64, cells: Vec<String>) -> io::Result<Self> {
        let folder = scratch::new("ahead-")?;
        let rustc = Rustc {
            folder: folder.path().to_owned(),
            ..rustc.clone()
        };
        let abort = Arc::new(Abort::default());
        let stopped = Arc::clone(&abort);
        let work = move || compile(&rustc, session, id, cells, &stopped);
        Ok(Self {
            abort,
            thread: Some(std::thread::spawn(work)),
            _folder: folder,
        })
    }

    /// Whether cells are still worked at.
    pub fn is_working(&self) -> bool {
        let thread = self.thread.as_ref();
        thread.is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Upcoming {
    fn drop(&mut self) {
        self.abort.request();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("compiling ahead panicked");
        }
    }
}

/// Until a cell is refused, or does something that only running it can do.
fn compile(rustc: &Rustc, mut session: Session, first: u64, cells: Vec<String>, abort: &Abort) {
    for (id, cell) in (first..).zip(cells) {
        let (commands, code) = commands::split(&cell);
        if abort.requested() || !commands.is_empty() {
            return;
        }
        let name = format!("cell [{id}]");
        let text = Arc::new(Text { id, name, code });
        if !ahead::one(rustc, &mut session, &text, abort) {
            return;
        }
    }
}

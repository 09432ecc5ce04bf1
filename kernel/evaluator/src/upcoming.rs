//! The cells that wait behind a running one are compiled meanwhile: what rustc makes of them waits in the cache.
//! Knows nothing of queues; it is given the cells, and guesses that each runs to its end.
//!
//! A cell needs the types of the variables before it. So one thread only looks through the cells, one after
//! the other, for these types, and others compile what it has looked through. A wrong guess costs its time:
//! the cell is then another source, with another key.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tempfile::TempDir;

use crate::abort::Abort;
use crate::ahead;
use crate::commands;
use crate::parse::Text;
use crate::rustc::{Rustc, Want};
use crate::scratch;
use crate::session::Session;
use crate::source::Source;

/// More compile no faster than a learner's cells come.
const MOST: usize = 3;

/// The threads that work ahead; dropped, they are stopped.
pub struct Upcoming {
    aborts: Vec<Arc<Abort>>,
    threads: Vec<JoinHandle<()>>,
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
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (seen, sources) = channel();
        let sources = Arc::new(Mutex::new(sources));
        let mut aborts = Vec::new();
        let mut threads = Vec::new();
        for _ in 0..cores.saturating_sub(1).clamp(1, MOST) {
            let (rustc, sources, abort) = (rustc.clone(), sources.clone(), Arc::default());
            aborts.push(Arc::clone(&abort));
            threads.push(std::thread::spawn(move || {
                compile(&rustc, &sources, &abort);
            }));
        }
        let abort = Arc::default();
        aborts.push(Arc::clone(&abort));
        threads.push(std::thread::spawn(move || {
            look(&rustc, session, id, cells, &seen, &abort);
        }));
        Ok(Self {
            aborts,
            threads,
            _folder: folder,
        })
    }

    /// Whether cells are still worked at.
    pub fn is_working(&self) -> bool {
        self.threads.iter().any(|thread| !thread.is_finished())
    }
}

impl Drop for Upcoming {
    fn drop(&mut self) {
        for abort in &self.aborts {
            abort.request();
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("compiling ahead panicked");
            }
        }
    }
}

/// Looks through the cells until one is refused or does something that only running it can do.
fn look(
    rustc: &Rustc,
    mut session: Session,
    first: u64,
    cells: Vec<String>,
    seen: &Sender<Source>,
    abort: &Abort,
) {
    for (id, cell) in (first..).zip(cells) {
        let (commands, code) = commands::split(&cell);
        if abort.requested() || !commands.is_empty() {
            return;
        }
        let name = format!("cell [{id}]");
        let text = Arc::new(Text { id, name, code });
        let Some(compiled) = ahead::one(rustc, &mut session, &text, true, abort) else {
            return;
        };
        let is_made = compiled.library.is_some() || !compiled.runs;
        if !is_made && seen.send(compiled.source).is_err() {
            return;
        }
    }
}

/// Compiles what was looked through, in its order.
fn compile(rustc: &Rustc, sources: &Mutex<Receiver<Source>>, abort: &Abort) {
    let next = || {
        let sources = sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.recv().ok()
    };
    while let Some(source) = next() {
        if abort.requested() {
            return;
        }
        // The cell itself will tell what is wrong.
        let _ = rustc.run(&source, Want::Library, abort);
    }
}

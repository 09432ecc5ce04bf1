//! Questions about code pass through here and are answered at once: by rust-analyzer in a process
//! of its own where that is ready in time, else from the names the kernel itself knows.
//! Knows nothing of running cells; see [`crate::session`] for what it is told of them.

mod commands;
mod completeness;
mod index;
mod known;
mod lexis;
mod names;
mod process;
mod view;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gradbook_protocol::evaluator::{
    Completeness, Completion, Completions, Intelligence, MimeBundle,
};
use serde::Deserialize;

pub use process::Settings;
pub use view::{KnownName, SessionView};

use crate::commands::split;
use index::{Index, Item};
use known::{Place, Scope, shortened, told};
use process::{Process, Question};

/// How long an answer may take that only adds to names the kernel knows.
const ENOUGH_ALREADY: Duration = Duration::from_millis(300);
/// How long any answer may take: JupyterLab ignores completions after one second.
const LONGEST: Duration = Duration::from_millis(900);

/// Code intelligence for one kernel.
pub struct CodeIntelligence {
    view: Arc<Mutex<SessionView>>,
    index: Index,
    process: Process,
}

impl CodeIntelligence {
    /// Starts nothing yet; the evaluator updates `view` after each cell.
    pub fn new(settings: Settings, view: Arc<Mutex<SessionView>>) -> Self {
        Self {
            view,
            index: settings
                .cache
                .as_deref()
                .map(Index::within)
                .unwrap_or_default(),
            process: Process::new(settings),
        }
    }

    /// Starts rust-analyzer's process, if it is there and does not run already. Returns at once.
    pub fn start(&self) {
        self.process.start();
    }

    /// Ends it.
    pub fn stop(&self) {
        self.process.stop();
    }

    fn view(&self) -> MutexGuard<'_, SessionView> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask<T: for<'a> Deserialize<'a>>(
        &self,
        method: &str,
        code: &str,
        cursor: usize,
        patience: Duration,
    ) -> Option<T> {
        let session = self.view().source.clone();
        // rust-analyzer mends unfinished code, but not inside the call of a macro.
        let (_, rust) = split(code);
        let code = format!("{rust}{}", lexis::closers(&rust));
        let question = Question {
            method,
            session: &session,
            code: &code,
            cursor,
        };
        let answer = self.process.ask(&question, patience)?;
        serde_json::from_value(answer.get(field(method))?.clone()).ok()
    }
}

impl Intelligence for CodeIntelligence {
    fn complete(&self, code: &str, cursor: usize) -> Completions {
        let Some(before) = code.get(..cursor) else {
            return Completions::default();
        };
        if let Some(completions) = commands::complete(before) {
            return completions;
        }
        if let Some(start) = commands::page_of(before) {
            return Completions {
                start,
                end: cursor,
                items: known::names(&self.view(), &self.index, &before[start..]),
            };
        }
        if !lexis::scan(before).ends_in_code() {
            return Completions {
                start: cursor,
                end: cursor,
                items: Vec::new(),
            };
        }
        let place = Place::at(before);
        let own = known::complete(&self.view(), &self.index, &place);
        let patience = if own.is_empty() {
            LONGEST
        } else {
            ENOUGH_ALREADY
        };
        let answer: Option<Answer> = self.ask("complete", code, cursor, patience);
        match answer {
            Some(answer) if !answer.items.is_empty() => {
                let view = self.view();
                let own = known::complete(&view, &Index::default(), &place);
                let names = view.names.iter().map(|known| known.name.clone()).collect();
                answer.with(own, &names, &place, code.len())
            }
            _ => Completions {
                start: place.start,
                end: cursor,
                items: own,
            },
        }
    }

    fn inspect(&self, code: &str, cursor: usize, detail_level: u8) -> Option<MimeBundle> {
        let name = lexis::name_around(code, cursor)?;
        let (before, end) = (&code[..name.start], name.end);
        let view = self.view().clone();
        // What a variable holds is known to nobody else. One that the cell makes anew is another.
        let text = &code[name];
        let own = known::inspect(&view, text).filter(|_| !lexis::makes(code, text));
        if own.is_some() && known::is_variable(&view, before, text) {
            return own;
        }
        let hover = self.ask::<Option<Hover>>("hover", code, end, LONGEST);
        if let Some(hover) = hover.flatten() {
            return Some(hover.bundle(detail_level));
        }
        own.or_else(|| known::inspect_library(&view, &self.index, before, text))
    }

    fn is_complete(&self, code: &str) -> Completeness {
        completeness::of(code)
    }
}

/// Where the answer to a method stands in its line.
fn field(method: &str) -> &'static str {
    match method {
        "complete" => "completions",
        _ => "hover",
    }
}

/// rust-analyzer's completions.
#[derive(Debug, Deserialize)]
struct Answer {
    start: usize,
    end: usize,
    items: Vec<Item>,
}

impl Answer {
    /// Adds what rust-analyzer cannot know: variables whose types have no name. The session's `names` come
    /// first.
    fn with(
        self,
        own: Vec<Completion>,
        names: &BTreeSet<String>,
        place: &Place,
        length: usize,
    ) -> Completions {
        let mut items: Vec<Completion> = self.items.into_iter().map(Completion::from).collect();
        if self.start == place.start {
            let told: BTreeSet<String> = items.iter().map(|item| item.text.clone()).collect();
            if place.scope == Scope::Free {
                // The notebook's own names, whatever else is used more often.
                items.sort_by_key(|item| !names.contains(&item.text));
            }
            items.extend(own.into_iter().filter(|item| !told.contains(&item.text)));
        }
        Completions {
            start: self.start.min(length),
            end: self.end.min(length),
            items,
        }
    }
}

/// What rust-analyzer says of a name.
#[derive(Debug, Deserialize)]
struct Hover {
    plain: String,
    markdown: String,
}

impl Hover {
    /// Level 0 is a tooltip: the declaration and the first paragraphs. Level 1 is everything.
    fn bundle(self, detail_level: u8) -> MimeBundle {
        match detail_level {
            0 => told(&shortened(&self.plain), &shortened(&self.markdown)),
            _ => told(&self.plain, &self.markdown),
        }
    }
}

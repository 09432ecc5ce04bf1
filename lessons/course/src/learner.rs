//! Whose exercises these are: the learner of this computer, or in a test another one.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::draw::Draw;
use crate::progress::store::{Kept, Store, data_folder};
use crate::progress::{Progress, Record};
use crate::verdict::Outcome;

thread_local! {
    static FOLDER: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Keeps the progress of what `run` does on this thread in another folder; for tests.
pub fn in_folder<T>(folder: impl Into<PathBuf>, run: impl FnOnce() -> T) -> T {
    let before = FOLDER.replace(Some(folder.into()));
    let value = run();
    FOLDER.replace(before);
    value
}

/// Reads and changes the learner's progress.
pub fn change<T>(change: impl FnOnce(&mut Progress) -> T) -> Kept<T> {
    let folder = FOLDER.with_borrow(Clone::clone);
    let folder = folder.or_else(|| Some(data_folder()?.join("gradbook")));
    // Without a home there is no such folder: the note says which one is missing.
    Store::at(folder.unwrap_or_else(|| PathBuf::from("/no home folder/gradbook"))).change(change)
}

/// Changes what is kept of one exercise.
pub(crate) fn change_record<T>(id: &str, with: impl FnOnce(&mut Record) -> T) -> Kept<T> {
    change(|progress| {
        let mut record = progress.record(id);
        let before = record.clone();
        let value = with(&mut record);
        if record != before {
            progress.keep(id, &record, now());
        }
        value
    })
}

/// What is kept of one exercise.
pub fn record(id: &str) -> Record {
    change(|progress| progress.record(id)).value
}

/// The stream from which a learner's first question is drawn.
pub fn question_draw(seed: u64, id: &str) -> Draw {
    Draw::new(seed, id, "question", 0)
}

/// The stream from which a question is drawn now: another one after each reset, so that a solution
/// seen before does not answer it.
pub(crate) fn question_now(record: &Record, id: &str) -> Draw {
    Draw::new(record.seed, id, "question", record.resets)
}

/// Keeps what came of an answer; returns what the learner should know of the file.
pub(crate) fn keep(id: &str, outcome: &Outcome) -> Vec<String> {
    let kept = change_record(id, |record| match outcome {
        Outcome::NotAttempted => {}
        Outcome::NotYet(_) | Outcome::Grade(_) => record.attempts += 1,
        Outcome::Correct { .. } => {
            record.attempts += 1;
            record.solve();
        }
    });
    kept.notes
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

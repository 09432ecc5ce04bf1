//! A piece of a cell's source, and the places in it where checkpoints go.
//! Knows nothing of Rust's grammar.

use std::ops::Range;
use std::sync::Arc;

/// One cell's source.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Different for every cell that was ever run, also where its number comes again.
    pub id: u64,
    /// What diagnostics call it.
    pub name: String,
    /// As the learner wrote it.
    pub code: String,
}

/// What is inserted so that the code can be stopped there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// A checkpoint at the beginning of what may run many times.
    Loop,
    /// A checkpoint at the beginning of a function, which may call itself.
    Entry,
    /// An opening brace and a checkpoint, before the body of a closure that has no braces.
    Open,
    /// The brace that closes it.
    Close,
    /// The same for a body that would end too early at the beginning of a statement, as `if a { b } else { c } + 1`
    /// would.
    OpenInBrackets,
    /// Closes it.
    CloseInBrackets,
}

/// Some bytes of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The cell.
    pub text: Arc<Text>,
    /// Which bytes.
    pub range: Range<usize>,
    /// Offsets in the cell, ascending, at which something is inserted.
    pub checkpoints: Vec<(usize, Inserted)>,
}

impl Fragment {
    /// A fragment without checkpoints.
    pub fn new(text: &Arc<Text>, range: Range<usize>) -> Self {
        Self {
            text: text.clone(),
            range,
            checkpoints: Vec::new(),
        }
    }

    /// Its source.
    pub fn code(&self) -> &str {
        &self.text.code[self.range.clone()]
    }

    /// The part of it that is `range`, with the checkpoints in that part.
    pub fn part(&self, range: Range<usize>) -> Self {
        let inside = |(at, _): &&(usize, Inserted)| range.contains(at);
        let checkpoints = self.checkpoints.iter().filter(inside).copied().collect();
        Self {
            text: self.text.clone(),
            range,
            checkpoints,
        }
    }
}

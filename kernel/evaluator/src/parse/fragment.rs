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

/// Some bytes of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The cell.
    pub text: Arc<Text>,
    /// Which bytes.
    pub range: Range<usize>,
    /// Offsets in the cell, ascending, at which a checkpoint is inserted.
    pub checkpoints: Vec<usize>,
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
        let inside = |at: &&usize| range.contains(*at);
        let checkpoints = self.checkpoints.iter().filter(inside).copied().collect();
        Self {
            text: self.text.clone(),
            range,
            checkpoints,
        }
    }
}

//! A piece of a cell's source, and the edits with which it goes into the generated source.

use std::ops::Range;
use std::sync::Arc;

/// One cell's source.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Different for every cell that was ever run, even if its number comes again.
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
    /// What is written differently, in ascending order.
    pub edits: Vec<Edit>,
}

/// Text of ours in place of some of the learner's, or between it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which bytes of the cell; empty if nothing is replaced.
    pub range: Range<usize>,
    /// What the generated source has there.
    pub text: String,
}

impl Edit {
    /// Text between two bytes of the cell.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::replace(at..at, text)
    }

    /// Text in place of a range of the cell.
    pub fn replace(range: Range<usize>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { range, text }
    }
}

impl Fragment {
    /// A fragment as the learner wrote it.
    pub fn new(text: &Arc<Text>, range: Range<usize>) -> Self {
        Self {
            text: text.clone(),
            range,
            edits: Vec::new(),
        }
    }

    /// Its source, without the edits.
    pub fn code(&self) -> &str {
        &self.text.code[self.range.clone()]
    }

    /// The part of it that is `range`, with the edits in that part.
    pub fn part(&self, range: Range<usize>) -> Self {
        let inside = |edit: &&Edit| range.start <= edit.range.start && edit.range.end <= range.end;
        let edits = self.edits.iter().filter(inside).cloned().collect();
        Self {
            text: self.text.clone(),
            range,
            edits,
        }
    }

    /// The same with further edits; of two that overlap, the first stays.
    pub fn edited(&self, more: impl IntoIterator<Item = Edit>) -> Self {
        let mut edited = self.clone();
        edited.edits.extend(more);
        edited
            .edits
            .sort_by_key(|edit| (edit.range.start, edit.range.end));
        let mut end = 0;
        edited.edits.retain(|edit| {
            let fits = edit.range.start >= end;
            if fits {
                end = edit.range.end;
            }
            fits
        });
        edited
    }
}

//! rustc's messages, as its JSON has them.
//! Knows nothing of cells.

use std::ops::Range;

use serde::Deserialize;

/// One message of rustc's, as its JSON has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Diagnostic {
    /// The message.
    pub message: String,
    /// `E0308`, or the name of a lint.
    pub code: Option<Code>,
    /// `error`, `warning`, `note`, `help`, ...
    pub level: String,
    /// Places in the generated source.
    pub spans: Vec<Span>,
    /// Notes and suggestions.
    pub children: Vec<Diagnostic>,
}

/// A diagnostic's code.
#[derive(Debug, Clone, Deserialize)]
pub struct Code {
    /// `E0308`.
    pub code: String,
    /// The long explanation.
    pub explanation: Option<String>,
}

/// One place that a diagnostic points to.
#[derive(Debug, Clone, Deserialize)]
pub struct Span {
    /// The file.
    pub file_name: String,
    /// First byte.
    pub byte_start: usize,
    /// One past the last byte.
    pub byte_end: usize,
    /// The place the message is about, not a mere label.
    pub is_primary: bool,
    /// What stands beside the place.
    pub label: Option<String>,
    /// Text to put there instead.
    pub suggested_replacement: Option<String>,
    /// Set where the place is inside a macro.
    pub expansion: Option<Box<Expansion>>,
}

/// The macro call behind a span.
#[derive(Debug, Clone, Deserialize)]
pub struct Expansion {
    /// The place of the call.
    pub span: Span,
}

impl Diagnostic {
    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }

    /// Its code, or nothing.
    pub fn code(&self) -> &str {
        self.code.as_ref().map_or("", |code| &code.code)
    }
}

impl Span {
    /// The call behind a place inside a macro; the macro's own text may be another cell's.
    pub fn called(&self) -> &Self {
        let mut span = self;
        while let Some(expansion) = &span.expansion {
            span = &expansion.span;
        }
        span
    }

    /// The bytes, in the file called `file`: the macro call where the place is inside a macro.
    pub fn range_in(&self, file: &str) -> Option<Range<usize>> {
        let mut span = self;
        while span.file_name != file {
            span = &span.expansion.as_ref()?.span;
        }
        Some(span.byte_start..span.byte_end)
    }
}

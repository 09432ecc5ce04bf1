//! Programs that others wrote, run as cells: each must end as it does with rustc.
#![allow(dead_code, reason = "not every corpus needs all of it")]

pub mod known;
pub mod oracle;
pub mod report;
pub mod run;

/// One program.
#[derive(Debug, Clone)]
pub struct Example {
    /// The file it is from.
    pub path: String,
    pub line: usize,
    /// What the cell holds.
    pub source: String,
    /// A whole program for rustc; without one, it ends as expected.
    pub program: Option<String>,
    /// How it must end: `ok`, `panic` or `refused`.
    pub expected: &'static str,
}

impl Example {
    /// Stays while the example does, whatever is written above it.
    pub fn hash(&self) -> String {
        blake3::hash(self.source.as_bytes()).to_hex()[..12].to_owned()
    }
}

/// Examples that run in one kernel, one after the other.
pub struct Group {
    pub name: String,
    /// Cells that run first.
    pub before: Vec<String>,
    pub examples: Vec<Example>,
}

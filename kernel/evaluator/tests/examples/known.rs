//! The differences that are known, each with its reason.
//!
//! One a line: the file, the example's hash, how it ends in a kernel, and why. A difference that is
//! not in the list fails the test, and so does one in the list that is gone.

use std::path::Path;

use super::run::Ended;

pub struct Known {
    pub path: String,
    pub hash: String,
    pub found: String,
}

/// Reads the list.
pub fn read(file: &Path) -> Vec<Known> {
    let text = std::fs::read_to_string(file).expect("the list of known differences");
    let lines = text.lines().zip(1..);
    lines
        .filter(|(line, _)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, number)| {
            known(line).unwrap_or_else(|| panic!("{}:{number}: no reason", file.display()))
        })
        .collect()
}

fn known(line: &str) -> Option<Known> {
    let mut words = line.splitn(4, ' ').map(str::to_owned);
    let known = Known {
        path: words.next()?,
        hash: words.next()?,
        found: words.next()?,
    };
    words.next().map(|_reason| known)
}

impl Known {
    pub fn is(&self, ended: &Ended) -> bool {
        self.path == ended.path && self.hash == ended.hash && self.found == ended.found
    }
}

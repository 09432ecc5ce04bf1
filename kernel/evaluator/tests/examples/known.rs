//! The differences that are known, each with its reason.
//!
//! One a line: the file, the example's hash, how it ends in a kernel, and why. A difference that is
//! not in the list fails the test, and so does one in the list that is gone.

use std::path::Path;

use super::run::{Done, Ended};

/// What a reason is until somebody has looked.
const UNSEEN: &str = "not looked at";

pub struct Known {
    pub path: String,
    pub hash: String,
    pub found: String,
    reason: String,
}

/// Reads the list.
pub fn read(file: &Path) -> Vec<Known> {
    let text = std::fs::read_to_string(file).expect("the list of known differences");
    let lines = text.lines().zip(1..);
    lines
        .filter(|(line, _)| is_entry(line))
        .map(|(line, number)| {
            known(line).unwrap_or_else(|| panic!("{}:{number}: no reason", file.display()))
        })
        .collect()
}

/// Writes the differences there are now; those known keep their reasons.
pub fn write(file: &Path, known: &[Known], done: &[Done]) {
    let text = std::fs::read_to_string(file).expect("the list of known differences");
    let mut lines: Vec<String> = Vec::new();
    for ended in done.iter().flat_map(|done| &done.ended) {
        if ended.differs() {
            let reason = known.iter().find(|known| known.is(ended));
            let reason = reason.map_or(UNSEEN, |known| known.reason.as_str());
            let Ended {
                path, hash, found, ..
            } = ended;
            lines.push(format!("{path} {hash} {found} {reason}\n"));
        }
    }
    lines.sort();
    let head = text.lines().filter(|line| line.starts_with('#'));
    let head: String = head.map(|line| format!("{line}\n")).collect();
    std::fs::write(file, head + &lines.concat()).expect("the list can be written");
}

fn is_entry(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

fn known(line: &str) -> Option<Known> {
    let mut words = line.splitn(4, ' ').map(str::to_owned);
    Some(Known {
        path: words.next()?,
        hash: words.next()?,
        found: words.next()?,
        reason: words.next().filter(|reason| reason != UNSEEN)?,
    })
}

impl Known {
    pub fn is(&self, ended: &Ended) -> bool {
        self.path == ended.path && self.hash == ended.hash && self.found == ended.found
    }
}

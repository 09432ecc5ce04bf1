//! All remembered cells and a question go in, the cells it means come out.
//! Knows nothing of files.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::glob;
use super::store::Line;

/// A cell as front ends name it: session and line are numbers to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub(crate) session: i64,
    pub(crate) line: u32,
    pub(crate) input: String,
    pub(crate) output: Option<String>,
}

/// What a front end looks for.
#[derive(Debug, Deserialize)]
#[serde(tag = "hist_access_type", rename_all = "lowercase")]
pub(crate) enum Access {
    /// The last `n` cells.
    Tail { n: Option<usize> },
    /// Lines of one session: 0 is this one, -1 the one before, other numbers as given in replies.
    Range {
        #[serde(default)]
        session: i64,
        start: Option<i64>,
        /// One past the last line.
        stop: Option<i64>,
    },
    /// Cells that match a pattern from their first character to their last.
    Search {
        pattern: Option<String>,
        n: Option<usize>,
        /// Of equal cells only the last.
        #[serde(default)]
        unique: Option<bool>,
    },
}

/// All cells with numbered sessions, and the number of the present one.
pub(super) struct Numbered {
    cells: Vec<Remembered>,
    present: i64,
}

/// Numbers sessions by their first cell, from 1.
pub(super) fn number(lines: Vec<Line>, present: &str) -> Numbered {
    let mut sessions: HashMap<String, i64> = HashMap::new();
    let mut latest = 0;
    let mut number_of = |session: String| {
        *sessions.entry(session).or_insert_with(|| {
            latest += 1;
            latest
        })
    };
    let cells = lines
        .into_iter()
        .map(|line| Remembered {
            session: number_of(line.session),
            line: line.line,
            input: line.input,
            output: line.output,
        })
        .collect();
    let present = number_of(present.to_owned());
    Numbered { cells, present }
}

pub(super) fn find(all: &Numbered, access: &Access) -> Vec<Remembered> {
    match access {
        Access::Tail { n } => last(all.cells.clone(), *n),
        Access::Range {
            session,
            start,
            stop,
        } => {
            let session = if *session <= 0 {
                all.present + session
            } else {
                *session
            };
            let lines = start.unwrap_or(1)..stop.unwrap_or(i64::MAX);
            let wanted = |cell: &&Remembered| {
                cell.session == session && lines.contains(&i64::from(cell.line))
            };
            all.cells.iter().filter(wanted).cloned().collect()
        }
        Access::Search { pattern, n, unique } => {
            let pattern = pattern.as_deref().unwrap_or("*");
            let matching = |cell: &&Remembered| glob::matches(pattern, &cell.input);
            let mut found: Vec<_> = all.cells.iter().filter(matching).cloned().collect();
            if *unique == Some(true) {
                found = last_of_equals(found);
            }
            last(found, *n)
        }
    }
}

fn last(mut cells: Vec<Remembered>, n: Option<usize>) -> Vec<Remembered> {
    let skipped = n.map_or(0, |n| cells.len().saturating_sub(n));
    cells.split_off(skipped)
}

fn last_of_equals(cells: Vec<Remembered>) -> Vec<Remembered> {
    let mut seen = HashSet::new();
    let mut kept: Vec<_> = cells
        .into_iter()
        .rev()
        .filter(|cell| seen.insert(cell.input.clone()))
        .collect();
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(session: &str, line: u32, input: &str) -> Line {
        Line {
            session: session.to_owned(),
            line,
            input: input.to_owned(),
            output: None,
        }
    }

    fn check(access: serde_json::Value, expected: &[(i64, u32)]) {
        let lines = vec![
            line("a", 1, "let x = 1;"),
            line("b", 1, "x"),
            line("a", 2, "x"),
            line("b", 2, "let y = 2;"),
            line("b", 3, "x"),
        ];
        let access: Access = serde_json::from_value(access).unwrap();
        let found = find(&number(lines, "b"), &access);
        let found: Vec<_> = found.iter().map(|cell| (cell.session, cell.line)).collect();
        assert_eq!(found, expected, "{access:?}");
    }

    #[test]
    fn the_tail() {
        let tail = |n| json!({"hist_access_type": "tail", "n": n});
        check(tail(2), &[(2, 2), (2, 3)]);
        check(tail(0), &[]);
        check(tail(99), &[(1, 1), (2, 1), (1, 2), (2, 2), (2, 3)]);
    }

    #[test]
    fn a_range_of_this_session_an_earlier_one_or_a_numbered_one() {
        let range = |session, start, stop| json!({"hist_access_type": "range", "session": session, "start": start, "stop": stop});
        check(range(0, Some(1), Some(3)), &[(2, 1), (2, 2)]);
        check(range(2, Some(2), None), &[(2, 2), (2, 3)]);
        check(range(-1, None, None), &[(1, 1), (1, 2)]);
        check(range(-9, None, None), &[]);
        check(
            json!({"hist_access_type": "range"}),
            &[(2, 1), (2, 2), (2, 3)],
        );
    }

    #[test]
    fn a_search_by_pattern() {
        let search = |pattern, n: Option<usize>, unique| json!({"hist_access_type": "search", "pattern": pattern, "n": n, "unique": unique});
        check(search("let*", None, false), &[(1, 1), (2, 2)]);
        check(search("x", None, false), &[(2, 1), (1, 2), (2, 3)]);
        check(search("x", None, true), &[(2, 3)]);
        check(search("*", Some(2), true), &[(2, 2), (2, 3)]);
        check(
            json!({"hist_access_type": "search", "pattern": "none"}),
            &[],
        );
    }
}

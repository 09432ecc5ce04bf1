//! evcxr's answers, asked for live and kept until the cells or the oracle change.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::corpus::Session;

/// What evcxr made of one cell.
#[derive(Debug, Clone, Deserialize)]
pub struct Answer {
    pub status: Status,
    #[serde(default)]
    pub codes: Vec<String>,
    pub stdout: String,
    pub value: Option<String>,
    pub variables: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ok,
    CompileError,
    Refused,
    Panic,
    Died,
}

/// One list per session; cells that evcxr cannot run have none.
pub fn answers(oracle: &Path, sessions: &[Session]) -> Vec<Vec<Option<Answer>>> {
    let asked: Vec<Vec<&str>> = sessions.iter().map(asked).collect();
    let question = serde_json::to_string(&asked).expect("JSON");
    let kept = kept_at(oracle, &question);
    let answer = std::fs::read_to_string(&kept).unwrap_or_else(|_| {
        let answer = ask(oracle, &question);
        std::fs::write(&kept, &answer).expect("answers can be kept");
        answer
    });
    let answers: Vec<Vec<Answer>> = serde_json::from_str(&answer).expect("the oracle's answers");
    sessions
        .iter()
        .zip(answers)
        .map(|(session, answers)| spread(session, answers))
        .collect()
}

fn asked(session: &Session) -> Vec<&str> {
    let cells = session.cells.iter().filter(|cell| !cell.expected.alone);
    cells.map(|cell| cell.source.as_str()).collect()
}

fn spread(session: &Session, answers: Vec<Answer>) -> Vec<Option<Answer>> {
    let mut answers = answers.into_iter();
    let of = |cell: &crate::corpus::Cell| {
        if cell.expected.alone {
            None
        } else {
            answers.next()
        }
    };
    session.cells.iter().map(of).collect()
}

fn ask(oracle: &Path, question: &str) -> String {
    let mut child = Command::new(oracle)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracle starts");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(question.as_bytes())
        .expect("the oracle reads");
    let output = child.wait_with_output().expect("the oracle ends");
    assert!(
        output.status.success(),
        "the oracle failed: {}",
        output.status
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn kept_at(oracle: &Path, question: &str) -> PathBuf {
    let mut key = DefaultHasher::new();
    question.hash(&mut key);
    let built = std::fs::metadata(oracle).and_then(|file| file.modified());
    built.expect("the oracle is there").hash(&mut key);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oracle-{:016x}.json", key.finish()))
}

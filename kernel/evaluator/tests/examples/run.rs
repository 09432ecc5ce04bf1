//! Runs examples: those of one file as cells of one kernel, several files at once.

use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::oracle::Oracle;
use super::{Example, Group};
use crate::kernel::{Answer, Kernel};

/// How long one example may take.
const LIMIT: Duration = Duration::from_secs(10);

/// How long it may take once more, in a new kernel: the machine may have been busy.
pub const PATIENT: Duration = Duration::from_secs(90);

/// An example that did not end as its documentation says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ended {
    pub path: String,
    pub line: usize,
    pub hash: String,
    pub expected: String,
    pub found: String,
    /// The first error.
    pub ename: String,
    pub evalue: String,
    /// How the program ends that rustdoc makes of it.
    pub rustc: String,
    /// The error is in an earlier example.
    #[serde(default)]
    pub blames_earlier: bool,
    /// How it ends as the only cell of a kernel.
    pub alone: String,
    pub source: String,
}

impl Ended {
    /// Whether it ends otherwise than with rustc.
    pub fn differs(&self) -> bool {
        self.found != self.rustc
    }
}

/// What came of one file; a line of the file of results.
#[derive(Debug, Serialize, Deserialize)]
pub struct Done {
    /// The file, and which part of it.
    pub name: String,
    pub examples: usize,
    pub ended: Vec<Ended>,
}

pub struct Runner<'a> {
    pub library: &'a Path,
    pub oracle: Oracle,
    /// A line is added after every file.
    pub results: PathBuf,
    pub jobs: usize,
}

impl Runner<'_> {
    /// Runs all groups; what is in `done` already stays as it is.
    pub fn run(&self, groups: Vec<Group>, done: Vec<Done>) -> Vec<Done> {
        let finished = |group: &Group| done.iter().any(|done| done.name == group.name);
        let mut left: Vec<Group> = groups.into_iter().filter(|g| !finished(g)).collect();
        // The longest first: no processor waits for it at the end.
        left.sort_by_key(|group| std::cmp::Reverse(group.examples.len()));
        let (left, done) = (Mutex::new(VecDeque::from(left)), Mutex::new(done));
        std::thread::scope(|scope| {
            for _ in 0..self.jobs {
                scope.spawn(|| {
                    while let Some(group) = next(&left) {
                        let ended = self.group(&group);
                        let ended = Done {
                            name: group.name,
                            examples: group.examples.len(),
                            ended,
                        };
                        let mut done = done.lock().expect("no panic");
                        self.keep(&ended);
                        done.push(ended);
                    }
                });
            }
        });
        done.into_inner().expect("no panic")
    }

    fn keep(&self, done: &Done) {
        let mut line = serde_json::to_string(done).expect("JSON");
        line.push('\n');
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.results)
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .expect("results can be written");
    }

    fn group(&self, group: &Group) -> Vec<Ended> {
        let mut kernel = self.started(group);
        let mut ended = Vec::new();
        for example in &group.examples {
            let mut answer = kernel.run_within(&example.source, LIMIT);
            if answer.timed_out {
                kernel.shutdown();
                kernel = self.started(group);
                answer = kernel.run_within(&example.source, PATIENT);
            }
            if answer.timed_out {
                kernel.shutdown();
                kernel = self.started(group);
            }
            if answer.status() != example.expected {
                ended.push(self.ended(group, example, &answer));
            }
        }
        kernel.shutdown();
        ended
    }

    /// A kernel in which the cells ran that the examples of a group need.
    fn started(&self, group: &Group) -> Kernel {
        let mut kernel = Kernel::start(self.library);
        for cell in &group.before {
            let answer = kernel.run_within(cell, PATIENT);
            if let Some((ename, evalue)) = answer.error {
                println!("{}: {ename}: {evalue}\n    | {cell}", group.name);
            }
        }
        kernel
    }

    fn ended(&self, group: &Group, example: &Example, answer: &Answer) -> Ended {
        let hash = example.hash();
        let (ename, evalue) = answer.error.clone().unwrap_or_default();
        let mut alone = self.started(group);
        let by_itself = alone.run_within(&example.source, PATIENT);
        alone.shutdown();
        let program = example.program.as_ref();
        let rustc = program.map(|program| self.oracle.ends(&hash, program));
        Ended {
            path: example.path.clone(),
            line: example.line,
            expected: example.expected.to_owned(),
            found: answer.status().to_owned(),
            ename,
            evalue,
            blames_earlier: answer.blames_earlier,
            rustc: rustc.unwrap_or(example.expected).to_owned(),
            alone: by_itself.status().to_owned(),
            source: example.source.clone(),
            hash,
        }
    }
}

fn next(left: &Mutex<VecDeque<Group>>) -> Option<Group> {
    left.lock().expect("no panic").pop_front()
}

/// The results that an earlier run kept.
pub fn kept(results: &Path) -> Vec<Done> {
    let text = std::fs::read_to_string(results).unwrap_or_default();
    let lines = text.lines();
    lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

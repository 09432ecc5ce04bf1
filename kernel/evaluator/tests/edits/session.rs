//! A session on a kernel, beside the model.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::cell::Cell;
use crate::kernel::{Answer, Kernel};
use crate::model::{Expected, Model};
use crate::program::{self, Program};

/// No cell takes a second; the machine may be busy.
const LIMIT: Duration = Duration::from_secs(90);

/// Where a kernel and the model differ.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Of the cell.
    pub at: usize,
    /// For a list by kind.
    pub kind: String,
    pub said: String,
    /// It is no fault if rustc takes this.
    pub unless: Option<Program>,
}

/// What a session came to, before rustc has said what its cells should have shown.
pub struct Session {
    pub program: Program,
    /// In the order of the cells.
    pub faults: Vec<Fault>,
    /// Cell, number in the program, what the kernel showed.
    pub shown: Vec<(usize, usize, String)>,
}

/// All sessions, two kernels at once.
pub fn run_all(library: &Path, plans: &[Vec<Cell>]) -> Vec<Session> {
    let (one, other) = plans.split_at(plans.len() / 2);
    let run_half = |half: &[Vec<Cell>]| -> Vec<Session> {
        half.iter().map(|plan| run(library, plan)).collect()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| run_half(other));
        let mut sessions = run_half(one);
        sessions.extend(other.join().expect("no panic"));
        sessions
    })
}

pub fn run(library: &Path, cells: &[Cell]) -> Session {
    let mut kernel = Kernel::start(library);
    let mut model = Model::default();
    let (mut faults, mut shown) = (Vec::new(), Vec::new());
    for (at, cell) in cells.iter().enumerate() {
        let answer = kernel.run_within(&cell.source(), LIMIT);
        let (expected, after) = model.run(cell);
        let mut fault = |kind: String, unless: Option<Program>| {
            let (ename, evalue) = answer.error.clone().unwrap_or_default();
            let first = evalue.lines().next().unwrap_or_default().to_owned();
            let said = format!("{ename}: {first}{}", answer.stderr);
            faults.push(Fault {
                at,
                kind,
                said,
                unless,
            });
        };
        let uncompiled = matches!(expected, Expected::Uncompiled(_));
        let (may_refuse, number) = match expected {
            Expected::Refused(reason) | Expected::Uncompiled(reason)
                if !matches!(answer.status(), "refused" | "error") =>
            {
                let unless = uncompiled.then(|| model.forced(cell));
                let kind = format!("{}, though {}", answer.status(), kind_of(&reason));
                fault(kind, unless);
                break;
            }
            Expected::Refused(_) | Expected::Uncompiled(_) => continue,
            Expected::Either(_, number) => (true, number),
            Expected::Runs(number) => (false, number),
        };
        match answer.status() {
            "ok" => {
                model = after;
                if let Some(number) = number {
                    shown.push((at, number, value(&answer)));
                }
            }
            "refused" | "error" if may_refuse => {}
            "refused" | "error" => {
                // The same cell, and what hangs on it, can go on without it.
                let ename = answer.error.as_ref().map(|(ename, _)| ename.clone());
                fault(format!("refused with {}", ename.unwrap_or_default()), None);
            }
            status => {
                fault(status.to_owned(), None);
                break;
            }
        }
    }
    kernel.shutdown();
    Session {
        program: model.program,
        faults,
        shown,
    }
}

/// Forgets the faults that are none as rustc takes the cell.
pub fn decide(session: &mut Session, rustc: &Path, folder: &Path) {
    session.faults.retain(|fault| match &fault.unless {
        Some(program) => program::outputs(rustc, folder, &[(0, program)]).is_err(),
        None => true,
    });
}

/// Adds the cells that showed something else than rustc's program.
pub fn compare(session: &mut Session, number: usize, outputs: &BTreeMap<(usize, usize), String>) {
    for (at, shown, ours) in &session.shown {
        let theirs = outputs.get(&(number, *shown)).cloned().unwrap_or_default();
        if *ours != theirs {
            session.faults.push(Fault {
                at: *at,
                kind: "another value".to_owned(),
                said: format!("{ours} and not {theirs}"),
                unless: None,
            });
            break;
        }
    }
    session.faults.sort_by_key(|fault| fault.at);
}

/// What a cell showed, printed or as its value.
fn value(answer: &Answer) -> String {
    let printed = answer.stdout.trim_end();
    match &answer.value {
        Some(value) => value.clone(),
        None => printed.to_owned(),
    }
}

/// Reasons without names.
fn kind_of(reason: &str) -> String {
    let words = reason.split('`').step_by(2);
    words.collect::<Vec<_>>().join("..")
}

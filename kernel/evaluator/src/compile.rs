//! From a parsed cell to its library, the types of its variables, and the reasons why some end with it.
//! Knows nothing of the child.
//!
//! What ends with its cell is found out by trying: rustc's complaint about one of our own lines says
//! which variable was moved or borrows, and the cell is compiled once more without that line.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::abort::Abort;
use crate::generate::{Grouping, Plan};
use crate::parse::{Parsed, Text};
use crate::rustc::{Diagnostic, Report, Rustc, Want, file_name};
use crate::session::{Gone, Session, Variable};
use crate::source::{Site, Source};
use crate::types;

/// A cell that compiled.
pub struct Compiled {
    /// Its source, for the places of panics.
    pub source: Source,
    /// Its library; `None` where nothing has to run.
    pub library: Option<PathBuf>,
    /// The variables it makes.
    pub variables: BTreeMap<String, Variable>,
    /// The variables it does not leave behind.
    pub gone: BTreeMap<String, Gone>,
    /// The variables it takes from the store for its run.
    pub taken: Vec<String>,
}

/// Why a cell did not compile.
pub enum Uncompiled {
    /// rustc says so: what was compiled, and what it said.
    Rejected(Box<(Source, Report)>),
    /// It was interrupted.
    Interrupted,
    /// rustc could not be run.
    Broken(io::Error),
}

impl From<io::Error> for Uncompiled {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::Interrupted => Self::Interrupted,
            _ => Self::Broken(error),
        }
    }
}

/// Everything that compiling one cell needs.
pub struct Compiler<'a> {
    /// The compiler.
    pub rustc: &'a Rustc,
    /// What came before.
    pub session: &'a Session,
    /// The cell.
    pub parsed: &'a Parsed,
    /// Its text.
    pub text: &'a Arc<Text>,
    /// Variables that its items make unusable.
    pub outdated: &'a BTreeSet<String>,
    /// Stops rustc.
    pub abort: &'a Abort,
}

/// Rounds of leaving out what does not come back; each leaves out all that rustc names at once.
const ROUNDS: usize = 6;

impl Compiler<'_> {
    /// Compiles the cell.
    ///
    /// # Errors
    /// See [`Uncompiled`].
    pub fn compile(&self) -> Result<Compiled, Uncompiled> {
        if let Ok(compiled) = self.attempt(Grouping::Staged)? {
            return Ok(compiled);
        }
        if let Ok(compiled) = self.attempt(Grouping::Single)? {
            return Ok(compiled);
        }
        Err(self.messages()?)
    }

    /// Compiles with one grouping; the inner error is rustc's refusal.
    fn attempt(&self, grouping: Grouping) -> Result<Result<Compiled, ()>, Uncompiled> {
        let mut not_put = BTreeSet::new();
        let mut not_returned = BTreeSet::new();
        let mut gone = BTreeMap::new();
        for _ in 0..ROUNDS {
            let plan = self.plan(grouping, &not_put, &not_returned);
            let source = plan.generate();
            let report = self.rustc.run(source.text(), self.want(), self.abort)?;
            if report.success {
                return Ok(Ok(self.compiled(&plan, source, report, gone)));
            }
            let faults = our_faults(&source, &report.diagnostics);
            if faults.is_empty() {
                return Ok(Err(()));
            }
            for (site, why) in faults {
                let cell = self.text.name.clone();
                let name = match site {
                    Site::Put(name) => {
                        not_put.insert(name.clone());
                        name
                    }
                    Site::Return(name) => {
                        not_returned.insert(name.clone());
                        not_put.insert(name.clone());
                        name
                    }
                    _ => return Ok(Err(())),
                };
                let reason = match why {
                    Why::Moved => Gone::Moved { cell },
                    Why::Borrows => Gone::Borrow,
                };
                gone.insert(name, reason);
            }
        }
        Ok(Err(()))
    }

    fn compiled(
        &self,
        plan: &Plan<'_>,
        source: Source,
        report: Report,
        mut gone: BTreeMap<String, Gone>,
    ) -> Compiled {
        let types = types::answers(&source, &file_name(source.text()), &report.diagnostics);
        let mut variables = BTreeMap::new();
        for binding in plan.introduced() {
            let name = binding.name.clone();
            if plan.not_put.contains(&name) {
                continue;
            }
            let text = types.get(&name).cloned().unwrap_or_default();
            match types::writable(&text) {
                Some(type_text) => {
                    let (mutable, place) = (binding.mutable, binding.place.clone());
                    variables.insert(
                        name,
                        Variable {
                            type_text,
                            mutable,
                            place,
                        },
                    );
                }
                None if binding.closure || types::is_closure(&text) => {
                    gone.insert(name, Gone::Closure);
                }
                None => {
                    let type_text = types::readable(&text);
                    gone.insert(name, Gone::Unnameable { type_text });
                }
            }
        }
        let taken = plan
            .taken()
            .into_iter()
            .map(|(name, _)| name.clone())
            .collect();
        Compiled {
            source,
            library: report.library,
            variables,
            gone,
            taken,
        }
    }

    /// Asks rustc once more for messages with short names, about the cell as the learner wrote it.
    fn messages(&self) -> Result<Uncompiled, Uncompiled> {
        let none = BTreeSet::new();
        let source = self.plan(Grouping::Single, &none, &none).generate();
        let report = self.rustc.run(source.text(), Want::Messages, self.abort)?;
        if !report.success {
            return Ok(Uncompiled::Rejected(Box::new((source, report))));
        }
        // It only fails to link, or while its generic code is made.
        let report = self.rustc.run(source.text(), Want::Library, self.abort)?;
        Ok(Uncompiled::Rejected(Box::new((source, report))))
    }

    fn plan<'a>(
        &'a self,
        grouping: Grouping,
        not_put: &'a BTreeSet<String>,
        not_returned: &'a BTreeSet<String>,
    ) -> Plan<'a> {
        Plan {
            session: self.session,
            parsed: self.parsed,
            text: self.text,
            outdated: self.outdated,
            grouping,
            not_put,
            not_returned,
        }
    }

    /// A cell of items alone is only checked: there is nothing to run.
    fn want(&self) -> Want {
        let statics = crate::generate::new_statics(self.parsed, self.text)
            .next()
            .is_some();
        match self.parsed.statements.is_empty() && !statics {
            true => Want::Check,
            false => Want::Library,
        }
    }
}

#[derive(Clone, Copy)]
enum Why {
    Moved,
    Borrows,
}

/// The places of ours that errors complain of; empty if any error is the learner's alone.
fn our_faults(source: &Source, diagnostics: &[Diagnostic]) -> Vec<(Site, Why)> {
    let mut faults = Vec::new();
    for error in diagnostics
        .iter()
        .filter(|one| one.is_error() && !one.spans.is_empty())
    {
        match our_fault(source, error) {
            Some(fault) => faults.push(fault),
            None => return Vec::new(),
        }
    }
    faults
}

fn our_fault(source: &Source, error: &Diagnostic) -> Option<(Site, Why)> {
    let site_of = |primary: bool| {
        let spans = error
            .spans
            .iter()
            .filter(move |span| span.is_primary == primary);
        spans
            .filter_map(|span| source.site_at(&(span.byte_start..span.byte_end)))
            .find(|site| matches!(site, Site::Put(_) | Site::Return(_)))
    };
    match error.code() {
        // "value used here after move", on our line.
        "E0382" => site_of(true).map(|site| (site.clone(), Why::Moved)),
        // The borrow is what some other line of ours stores: the label, not the primary place, says
        // which. Only where no label does is it the primary place.
        "E0505" | "E0597" | "E0716" | "E0502" | "E0499" | "E0506" | "E0503" | "E0515" | "E0373"
        | "E0521" | "E0713" => {
            let site = site_of(false).or_else(|| site_of(true))?;
            Some((site.clone(), Why::Borrows))
        }
        _ => None,
    }
}

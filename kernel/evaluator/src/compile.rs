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
use crate::diagnostic::Diagnostic;
use crate::generate::{Grouping, LeftOut, Plan, Reach};
use crate::parse::{Parsed, Text};
use crate::rustc::{Report, Rustc, Want, file_name};
use crate::session::{Gone, Session, Variable, new_items};
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
        if let Ok(compiled) = self.attempt(Grouping::Staged, self.reach())? {
            return Ok(compiled);
        }
        // Only looked through, which is quick: most cells that are refused are refused for good.
        let (source, report) = self.messages()?;
        let for_good = !report.success && our_faults(&source, &report.diagnostics).is_empty();
        if !for_good && let Ok(compiled) = self.attempt(Grouping::Single, Reach::All)? {
            return Ok(compiled);
        }
        if !report.success {
            return Err(Uncompiled::Rejected(Box::new((source, report))));
        }
        // It only fails to link, or while its generic code is made.
        let report = self.rustc.run(&source, Want::Library, self.abort)?;
        Err(Uncompiled::Rejected(Box::new((source, report))))
    }

    /// Compiles with one grouping; the inner error is rustc's refusal.
    fn attempt(
        &self,
        grouping: Grouping,
        reach: Reach,
    ) -> Result<Result<Compiled, ()>, Uncompiled> {
        let mut left_out = self.left_out();
        let mut gone = BTreeMap::new();
        for _ in 0..ROUNDS {
            let plan = self.plan(grouping, reach, &left_out);
            let source = plan.generate();
            let report = self.rustc.run(&source, self.want(), self.abort)?;
            if report.success {
                let how = (grouping, reach);
                let spared = self.spare_owners(how, left_out, gone, (source, report))?;
                return Ok(Ok(spared));
            }
            let faults = our_faults(&source, &report.diagnostics);
            if faults.is_empty() {
                return Ok(Err(()));
            }
            for (site, why) in faults {
                let (name, gone_by) = self.leave_out(&site, why, &mut left_out);
                // `let x = x;` moves one away and makes another.
                let another = matches!(site, Site::PutBack(_))
                    && self.plan(grouping, reach, &left_out).introduces(&name);
                if !another {
                    gone.insert(name, gone_by);
                }
            }
        }
        Ok(Err(()))
    }

    /// rustc complains of an owner as well as of what borrows from it, often at one and the same
    /// place: of several variables that were left out as borrows, each gets one more chance.
    fn spare_owners(
        &self,
        (grouping, reach): (Grouping, Reach),
        mut left_out: LeftOut,
        mut gone: BTreeMap<String, Gone>,
        mut good: (Source, Report),
    ) -> Result<Compiled, Uncompiled> {
        let is_borrow = |gone: &Gone| matches!(gone, Gone::Borrow);
        let borrows = gone.iter().filter(|(_, gone)| is_borrow(gone));
        let borrows: Vec<String> = borrows.map(|(name, _)| name.clone()).collect();
        let accused = if borrows.len() > 1 {
            borrows
        } else {
            Vec::new()
        };
        for name in accused {
            let mut fewer = left_out.clone();
            fewer.put.remove(&name);
            fewer.put_back.remove(&name);
            fewer.returned.remove(&name);
            let source = self.plan(grouping, reach, &fewer).generate();
            let report = self.rustc.run(&source, self.want(), self.abort)?;
            if report.success {
                (left_out, good) = (fewer, (source, report));
                gone.remove(&name);
            }
        }
        let plan = self.plan(grouping, reach, &left_out);
        Ok(self.compiled(&plan, good.0, good.1, gone))
    }

    /// Takes note of a line of ours that rustc refuses; returns the variable and why it ends.
    fn leave_out(&self, site: &Site, why: Why, left_out: &mut LeftOut) -> (String, Gone) {
        let reason = match why {
            Why::Moved => Gone::Moved {
                cell: self.text.name.clone(),
            },
            Why::Borrows => Gone::Borrow,
            Why::NoName => Gone::Unnameable {
                type_text: self.type_of(site.variable()),
            },
        };
        let name = site.variable().to_owned();
        match site {
            Site::Take(_) => {
                left_out.taken.insert(name.clone());
            }
            Site::PutBack(_) => {
                left_out.put_back.insert(name.clone());
            }
            Site::Return(_) => {
                left_out.returned.insert(name.clone());
                left_out.put.insert(name.clone());
            }
            _ => {
                left_out.put.insert(name.clone());
            }
        }
        (name, reason)
    }

    fn type_of(&self, name: &str) -> String {
        let variable = self.session.variables.get(name);
        variable.map_or_else(String::new, |variable| variable.type_text.clone())
    }

    fn left_out(&self) -> LeftOut {
        LeftOut {
            taken: self.outdated.clone(),
            ..LeftOut::default()
        }
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
            if plan.left_out.put.contains(&name) {
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

    /// Asks rustc for messages with short names, about the cell as the learner wrote it.
    fn messages(&self) -> io::Result<(Source, Report)> {
        let left_out = self.left_out();
        let source = self
            .plan(Grouping::Single, Reach::All, &left_out)
            .generate();
        let report = self.rustc.run(&source, Want::Messages, self.abort)?;
        Ok((source, report))
    }

    /// A new definition is compiled with all that was kept, so that what it breaks is said at once.
    fn reach(&self) -> Reach {
        let replaces = new_items(self.parsed)
            .any(|new| self.session.items.iter().any(|old| new.replaces(old)));
        match replaces {
            true => Reach::All,
            false => Reach::Named,
        }
    }

    fn plan<'a>(&'a self, grouping: Grouping, reach: Reach, left_out: &'a LeftOut) -> Plan<'a> {
        Plan {
            session: self.session,
            parsed: self.parsed,
            text: self.text,
            grouping,
            reach,
            left_out,
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
    /// What rustc calls its type is no name that a cell may write: it is private, for instance.
    NoName,
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
            .find(|site| matches!(site, Site::Put(_) | Site::PutBack(_) | Site::Return(_)))
    };
    let taken = error.spans.iter().find_map(|span| {
        let site = source.site_at(&(span.byte_start..span.byte_end));
        site.filter(|site| matches!(site, Site::Take(_)))
    });
    if let Some(site) = taken
        && source.origin(&primary(error)?).is_none()
    {
        return Some((site.clone(), Why::NoName));
    }
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

fn primary(error: &Diagnostic) -> Option<std::ops::Range<usize>> {
    let span = error.spans.iter().find(|span| span.is_primary)?;
    Some(span.byte_start..span.byte_end)
}

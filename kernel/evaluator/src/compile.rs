//! From a parsed cell to its library, the types of its variables, and the reasons why some end with it.
//!
//! What ends with its cell is found out by trying: [`crate::decide`] says what is tried after rustc has
//! refused an attempt.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::abort::Abort;
use crate::decide::{self, Attempt, Fault, Next, Place};
use crate::diagnostic::{Diagnostic, Span};
use crate::generate::Plan;
use crate::parse::{Item, Parsed, Statement, Text};
use crate::rustc::{Report, Rustc, Want, file_name};
use crate::session::{Becomes, Change, Gone, Session, StaticKey, Variable, new_items};
use crate::source::{Origin, Site, Source};
use crate::types;

/// A cell that compiled.
pub struct Compiled {
    /// Its source, for the places of panics.
    pub source: Arc<Source>,
    /// Its library; `None` if nothing has to run.
    pub library: Option<PathBuf>,
    /// The variables it makes.
    pub variables: BTreeMap<String, Variable>,
    /// The variables it does not leave behind.
    pub gone: BTreeMap<String, Gone>,
    /// The variables it takes from the store for its run.
    pub taken: Vec<String>,
    /// Those that it puts back if it runs to its end.
    pub put_back: Vec<String>,
    /// The statics that live once its library is loaded.
    pub statics: Vec<(StaticKey, String)>,
    /// What becomes of kept items.
    pub changes: Vec<Change>,
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

/// Most attempts at one cell; more than two are rare, and end with many items that do not fit.
const ROUNDS: usize = 12;
/// rustc did not know which of several implementations is meant.
const AMBIGUOUS: [&str; 4] = ["E0282", "E0283", "E0284", "E0689"];

/// How a series of attempts ended, if rustc was not at fault.
type Tried = Result<Compiled, Box<(Source, Report)>>;

impl Compiler<'_> {
    /// Compiles the cell.
    ///
    /// # Errors
    /// See [`Uncompiled`].
    pub fn compile(&self) -> Result<Compiled, Uncompiled> {
        let kept = self.session.kept_beside(self.parsed);
        let first = self.first();
        let rejected = match self.try_from(&kept, first.clone())? {
            Ok(compiled) => return Ok(compiled),
            Err(rejected) => rejected,
        };
        if self.may_have_no_value(&rejected) {
            let no_value = Attempt {
                no_value: true,
                ..first.clone()
            };
            if let Ok(compiled) = self.try_from(&kept, no_value)? {
                return Ok(compiled);
            }
        }
        let unknown = |text: &str| {
            ["{float}", "{integer}", "`_`"]
                .iter()
                .any(|one| text.contains(one))
        };
        let ambiguous = |one: &Diagnostic| {
            let code = one.code();
            one.is_error()
                && (AMBIGUOUS.contains(&code) || code == "E0277" && unknown(&one.message))
        };
        if rejected.1.diagnostics.iter().any(ambiguous) {
            for other in self.with_less_choice(&first) {
                if let Ok(compiled) = self.try_from(&kept, other)? {
                    return Ok(compiled);
                }
            }
        }
        Err(Uncompiled::Rejected(rejected))
    }

    /// Whether a cell was refused because it ends in a block or macro that has no value: it never comes to
    /// its end, or defines items.
    fn may_have_no_value(&self, rejected: &(Source, Report)) -> bool {
        let Some(Statement::Value(value, _)) = self.parsed.statements.last() else {
            return false;
        };
        let (source, report) = rejected;
        let file = file_name(source.text());
        let shown = |span: &Span| {
            let range = span.range_in(&file);
            range.is_some_and(|at| source.site_at(&at) == Some(&Site::Display))
        };
        value.code().ends_with('}')
            && report.diagnostics.iter().any(|one| {
                one.message.starts_with("expected expression") || one.spans.iter().any(shown)
            })
    }

    /// Attempts in which rustc has fewer implementations to choose from.
    fn with_less_choice(&self, first: &Attempt) -> Vec<Attempt> {
        let mut attempts = Vec::new();
        if !self.parsed.literals.is_empty() {
            attempts.push(Attempt {
                typed_literals: true,
                ..first.clone()
            });
        }
        // Crates of the notebook's own may be the library's.
        if self.session.dependencies.is_empty() {
            attempts.push(Attempt {
                std_alone: true,
                ..first.clone()
            });
        }
        attempts
    }

    fn try_from(&self, kept: &[&Item], first: Attempt) -> Result<Tried, Uncompiled> {
        let mut attempt = first;
        let cell = decide::Cell {
            name: &self.text.name,
            parsed: self.parsed,
            kept,
        };
        for _ in 0..ROUNDS {
            let plan = self.plan(kept, &attempt);
            let source = plan.generate();
            let report = self.rustc.run(&source, self.want(), self.abort)?;
            if report.success {
                match self.better(&attempt, &source, &report) {
                    Some(better) => attempt = better,
                    None => return Ok(Ok(self.compiled(&plan, source, report))),
                }
                continue;
            }
            let faults = self.faults(&source, &report.diagnostics);
            tracing::debug!(?attempt, ?faults, "refused");
            if let Next::Try(next) = decide::next(cell, &attempt, &faults) {
                attempt = *next;
                continue;
            }
            // Only looked through, which is quick: most cells that are refused are refused for good.
            let single = attempt.single();
            let source = self.plan(kept, &single).generate();
            let looked = self.rustc.run(&source, Want::Messages, self.abort)?;
            let faults = self.faults(&source, &looked.diagnostics);
            tracing::debug!(?faults, "looked at as one stage");
            match decide::next(cell, &single, &faults) {
                Next::Try(next) => attempt = *next,
                _ if looked.success && !attempt.is_single() => attempt = single,
                _ if looked.success => {
                    // It only fails to link, or while its generic code is made.
                    let source = self.plan(kept, &attempt).generate();
                    let report = self.rustc.run(&source, Want::Library, self.abort)?;
                    return Ok(Err(Box::new((source, report))));
                }
                _ => return Ok(Err(Box::new((source, looked)))),
            }
        }
        let source = self.plan(kept, &attempt.single()).generate();
        let report = self.rustc.run(&source, Want::Messages, self.abort)?;
        Ok(Err(Box::new((source, report))))
    }

    /// The first attempt: in stages, unless the cell deals with addresses, which a stage changes.
    fn first(&self) -> Attempt {
        const ADDRESSES: [&str; 11] = [
            "unsafe",
            "*const",
            "*mut",
            "as_ptr",
            "as_mut_ptr",
            "addr_of",
            "&raw",
            ":p}",
            "ptr::",
            "pin!",
            "AtomicPtr",
        ];
        let code = &self.text.code;
        let addresses = ADDRESSES.iter().any(|sign| code.contains(sign));
        Attempt {
            joined_from: addresses.then_some(0),
            // What a new definition breaks is said at once.
            all_items: new_items(self.parsed)
                .any(|new| self.session.items.iter().any(|old| new.replaces(old))),
            not_taken: self.outdated.clone(),
            ..Attempt::default()
        }
    }

    /// What an attempt that compiled shows to be worth another: functions are kept as pointers.
    fn better(&self, attempt: &Attempt, source: &Source, report: &Report) -> Option<Attempt> {
        let mut better = attempt.clone();
        for (name, text) in types::answers(source, &file_name(source.text()), &report.diagnostics) {
            if let Some(pointer) = types::function_pointer(&text) {
                better.pointers.entry(name).or_insert(pointer);
            }
        }
        (better != *attempt).then_some(better)
    }

    fn compiled(&self, plan: &Plan<'_>, source: Source, report: Report) -> Compiled {
        let types = types::answers(&source, &file_name(source.text()), &report.diagnostics);
        let attempt = plan.attempt;
        let mut variables = BTreeMap::new();
        let mut gone = attempt.gone.clone();
        for name in attempt.not_taken.difference(self.outdated) {
            let type_text = self.type_of(name);
            gone.insert(name.clone(), Gone::Unnameable { type_text });
        }
        for binding in plan.introduced() {
            let name = binding.name.clone();
            if attempt.not_put.contains(&name) {
                continue;
            }
            let text = attempt.pointers.get(&name).or(types.get(&name));
            let text = text.cloned().unwrap_or_default();
            match types::writable(&text) {
                Some(type_text) => {
                    let (mutable, place) = (binding.mutable, binding.place.clone());
                    let variable = Variable {
                        type_text,
                        mutable,
                        place,
                    };
                    variables.insert(name, variable);
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
        let taken: Vec<String> = plan
            .taken()
            .into_iter()
            .map(|(name, _)| name.clone())
            .collect();
        let back = |name: &&String| !attempt.not_put_back.contains(*name);
        Compiled {
            put_back: taken.iter().filter(back).cloned().collect(),
            taken,
            statics: plan.born_statics(),
            changes: changes(plan),
            source: Arc::new(source),
            library: report.library,
            variables,
            gone,
        }
    }

    fn type_of(&self, name: &str) -> String {
        let variable = self.session.variables.get(name);
        variable.map_or_else(String::new, |variable| variable.type_text.clone())
    }

    fn plan<'a>(&'a self, kept: &'a [&'a Item], attempt: &'a Attempt) -> Plan<'a> {
        Plan {
            session: self.session,
            parsed: self.parsed,
            text: self.text,
            kept,
            attempt,
        }
    }

    /// A cell of items alone is only checked: there is nothing to run.
    fn want(&self) -> Want {
        match self.parsed.statements.is_empty() && self.parsed.main.is_none() {
            true => Want::Check,
            false => Want::Library,
        }
    }
}

/// What an attempt that compiled makes of the kept items.
fn changes(plan: &Plan<'_>) -> Vec<Change> {
    let attempt = plan.attempt;
    let mut changes = Vec::new();
    for (index, item) in plan.kept.iter().enumerate() {
        let aside = plan
            .session
            .set_aside
            .iter()
            .any(|aside| aside.item == **item);
        let written = plan.as_written(index);
        let becomes = match attempt.left_out.get(&index) {
            Some(Some(_)) if aside => continue,
            Some(Some(why)) => Becomes::Aside(why.clone()),
            Some(None) => Becomes::Replaced,
            None if aside && !attempt.all_items => continue,
            None if aside || written != **item => Becomes::Item(Box::new(written)),
            None => continue,
        };
        let item = (*item).clone();
        changes.push(Change { item, becomes });
    }
    changes
}

impl Compiler<'_> {
    /// The errors in rustc's messages, by the places they are about.
    fn faults(&self, source: &Source, diagnostics: &[Diagnostic]) -> Vec<Fault> {
        let file = file_name(source.text());
        let errors = diagnostics
            .iter()
            .filter(|one| one.is_error() && !one.spans.is_empty());
        errors
            .map(|error| self.fault(source, &file, error))
            .collect()
    }

    fn fault(&self, source: &Source, file: &str, error: &Diagnostic) -> Fault {
        let place = |span: &Span| {
            let range = span.called().range_in(file);
            range.map_or(Place::Elsewhere, |range| self.place(source, &range))
        };
        let (primary, others): (Vec<_>, Vec<_>) =
            error.spans.iter().partition(|span| span.is_primary);
        let site = |place: &Place| matches!(place, Place::Site(_));
        let places: Vec<Place> = primary.iter().map(|span| place(span)).collect();
        let main = places.iter().find(|place| site(place)).or(places.first());
        let label = |span: &Span| (place(span), span.label.clone().unwrap_or_default());
        let noted = error.children.iter().flat_map(|child| &child.spans);
        let noted = noted.filter(|span| span.suggested_replacement.is_none());
        Fault {
            code: error.code().to_owned(),
            message: types::without_modules(&error.message),
            primary: main.cloned().unwrap_or(Place::Elsewhere),
            labels: others.into_iter().chain(noted).map(label).collect(),
        }
    }

    fn place(&self, source: &Source, range: &Range<usize>) -> Place {
        let place = source.place(range);
        let within = |origin: &Origin| {
            let statements = self.parsed.statements.iter();
            statements.map(Statement::fragment).position(|fragment| {
                let (inner, outer) = (&origin.range, &fragment.range);
                fragment.text.id == origin.text.id
                    && outer.start <= inner.start
                    && inner.end <= outer.end
            })
        };
        match (&place, source.origin(range)) {
            (Place::Cell, Some(origin)) => within(&origin).map_or(place, Place::Statement),
            _ => place,
        }
    }
}

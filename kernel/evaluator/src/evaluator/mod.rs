//! The path of a cell: commands, parse, compile, run, remember.

mod comm;
mod command;
mod forget;
mod notes;
mod placed;
mod variables;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use gradbook_control::{Data, Described, FailureKind};
use gradbook_protocol::evaluator::{
    Cell, CellError, CommEvent, Evaluator, Frontend, InputError, MimeBundle, Outcome, Output,
    Variable,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::abort::Abort;
use crate::commands;
use crate::compile::{Compiled, Compiler, Uncompiled};
use crate::dependencies::Dependencies;
use crate::diagnose;
use crate::generate;
use crate::library::{Build, Library};
use crate::parse::{Parsed, Text, parse_after};
use crate::run::{Ran, Runner};
use crate::rustc::{Rustc, Want, file_name};
use crate::scratch;
use crate::session::{Outdated, Session};
use crate::source::Source;
use crate::upcoming::Upcoming;
use placed::Placed;

/// Generated sources kept for the places of later panics: functions of old cells stay callable.
const SOURCES_KEPT: usize = 1000;

/// Evaluates Rust cells.
pub struct RustEvaluator {
    session: Session,
    dependencies: Dependencies,
    rustc: Rustc,
    runner: Runner,
    /// The library that the child has loaded.
    build: Option<Build>,
    abort: Arc<Abort>,
    sources: BTreeMap<String, Arc<Source>>,
    cells_run: u64,
    /// For `:explain` and `:details`.
    last_failure: LastFailure,
    on_change: OnChange,
    /// The cells that wait behind the next one.
    behind: Vec<String>,
    upcoming: Option<Upcoming>,
    /// Generated sources and compiled cells; removed with the evaluator.
    folder: Option<TempDir>,
}

/// What a cell says when set-up has built the library anew since the kernel started.
const REBUILT: &str = "the lessons library was rebuilt while this kernel was running, so no further \
    cell can run in it: restart the kernel (menu Kernel, Restart Kernel) and run the cells again";

/// What the last failed cell said.
#[derive(Default)]
struct LastFailure {
    /// `E0308`, `Panic`, ...
    ename: String,
    /// All of a panic's message, libtorch's own text too.
    message: String,
}

/// Hears of the session, of the values of its tensors, and whether no further cell waits.
pub type OnChange = Box<dyn Fn(&Session, &[Described], bool) + Send>;

/// How a cell ended, inside.
type Ended = Result<Vec<Value>, CellError>;

impl RustEvaluator {
    /// An evaluator whose child is starting. `on_change` hears of the session after every cell.
    ///
    /// # Errors
    /// When no folder for compiled cells can be made.
    pub fn new(
        library: Arc<Library>,
        executable: PathBuf,
        abort: Arc<Abort>,
        on_change: OnChange,
    ) -> std::io::Result<Self> {
        let folder = scratch::folder()?;
        let rustc = Rustc::new(library.clone(), folder.path().to_owned());
        let trimmed = rustc.cache.clone();
        std::thread::spawn(move || trimmed.trim());
        let build = library.build();
        let mut runner = Runner::new(executable, library, abort.clone());
        runner.warm_up();
        Ok(Self {
            session: Session::default(),
            dependencies: Dependencies::default(),
            rustc,
            runner,
            build,
            abort,
            sources: BTreeMap::new(),
            cells_run: 0,
            last_failure: LastFailure::default(),
            on_change,
            behind: Vec::new(),
            upcoming: None,
            folder: Some(folder),
        })
    }

    /// Without tensors, all that is to be known is known here.
    fn tell_of_change(&mut self) {
        let described = match self.session.has_tensors() {
            true => self.runner.describe(),
            false => Vec::new(),
        };
        (self.on_change)(&self.session, &described, self.behind.is_empty());
    }

    fn cell(&mut self, cell: &Cell, frontend: &mut dyn Frontend) -> Ended {
        self.cells_run += 1;
        let mut payload = Vec::new();
        let (commands, code) = commands::split(&cell.code);
        for command in commands {
            payload.extend(self.command(&command, frontend)?);
        }
        let name = format!("cell [{}]", cell.execution_count);
        let text = Arc::new(Text {
            id: self.cells_run,
            name,
            code,
        });
        let parsed = match parse_after(&text, &self.session.item_macros()) {
            Ok(parsed) => parsed,
            Err(error) => return Err(self.unparsed(&text, &error)),
        };
        if parsed.statements.is_empty() && parsed.items.is_empty() && parsed.attributes.is_empty() {
            return Ok(payload);
        }
        // Before anything is compiled: what links to one build cannot run beside another.
        if self.rustc.library.build() != self.build {
            return Err(plain("LibraryRebuilt", REBUILT.to_owned()));
        }
        let outdated = self.session.outdated_by(&parsed, &text.name);
        let compiled = self.compile(&text, &parsed, &outdated)?;
        self.drop_outdated(outdated, &text.name, frontend)?;
        self.work_ahead(&text, &parsed, &compiled);
        self.session
            .keep_items(&parsed, &text.name, &compiled.changes);
        notes::of_items(&parsed, &compiled.changes, frontend);
        let Some(library) = compiled.library.clone() else {
            return Ok(payload);
        };
        self.keep_source(&compiled.source);
        let ran = {
            let sources = &self.sources;
            let mut placed = Placed { frontend, sources };
            self.runner.run(&library, &mut placed)
        };
        self.finish(&text, compiled, ran, frontend)?;
        Ok(payload)
    }

    fn compile(
        &self,
        text: &Arc<Text>,
        parsed: &Parsed,
        outdated: &Outdated,
    ) -> Result<Compiled, CellError> {
        let mut session = Cow::Borrowed(&self.session);
        if !outdated.statics.is_empty() {
            session.to_mut().forget_statics(outdated);
        }
        let outdated: BTreeSet<String> = outdated.variables.keys().cloned().collect();
        let (rustc, abort) = (&self.rustc, &*self.abort);
        let compiler = Compiler {
            rustc,
            session: &session,
            parsed,
            text,
            outdated: &outdated,
            abort,
        };
        compiler.compile().map_err(|uncompiled| match uncompiled {
            Uncompiled::Rejected(rejected) => {
                let (source, report) = *rejected;
                diagnose::compile_error(&source, &report, &self.session)
            }
            Uncompiled::Interrupted => interrupted_compiling(),
            Uncompiled::Broken(error) => rustc_broken(&error),
        })
    }

    /// Compiles what waits behind this cell while it runs.
    fn work_ahead(&mut self, text: &Text, parsed: &Parsed, compiled: &Compiled) {
        let is_working = self.upcoming.as_ref().is_some_and(Upcoming::is_working);
        if self.behind.is_empty() || is_working {
            return;
        }
        let mut session = self.session.clone();
        session.expect(text, parsed, &BTreeSet::new(), compiled);
        let cells = self.behind.clone();
        let started = Upcoming::start(&self.rustc, session, self.cells_run + 1, cells);
        self.upcoming = started
            .inspect_err(|error| tracing::warn!("nothing is compiled ahead: {error}"))
            .ok();
    }

    /// rustc's own message for a cell that does not parse.
    fn unparsed(&self, text: &Arc<Text>, error: &syn::Error) -> CellError {
        let source = generate::unparsed(text);
        match self.rustc.run(&source, Want::Messages, &self.abort) {
            Ok(report) if !report.success => {
                diagnose::compile_error(&source, &report, &self.session)
            }
            Ok(_) => plain(
                "SyntaxError",
                format!("this cell's syntax is not understood: {error}"),
            ),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                interrupted_compiling()
            }
            Err(error) => rustc_broken(&error),
        }
    }

    fn keep_source(&mut self, compiled: &Arc<Source>) {
        if self.sources.len() >= SOURCES_KEPT {
            self.sources.clear();
        }
        let file = file_name(compiled.text());
        self.sources.insert(file, Arc::clone(compiled));
    }

    /// Takes over what the run left, and publishes its value or tells its failure.
    fn finish(
        &mut self,
        text: &Arc<Text>,
        compiled: Compiled,
        ran: Ran,
        frontend: &mut dyn Frontend,
    ) -> Result<(), CellError> {
        let mut finished = match ran {
            Ran::Finished(finished) => finished,
            Ran::Ended { how, interrupted } => {
                let lost = self.session.lose_all(&text.name);
                return Err(diagnose::lost(&how, interrupted, &lost));
            }
        };
        // Whatever way the stop took: `input` refused, or a thread stopped that the cell joins.
        if let (Some(failure), true) = (&mut finished.failure, self.abort.requested()) {
            failure.kind = FailureKind::Interrupted;
        }
        let left = self.session.remember(text, &compiled, &finished);
        notes::of_variables(&left.stays, &self.session, frontend);
        self.forget(left.unnamed, &text.name, frontend)?;
        if let Some(failure) = finished.failure {
            self.last_failure.message.clone_from(&failure.message);
            return Err(diagnose::run_error(&failure, &self.sources));
        }
        if let Some(data) = finished.result {
            let sources = &self.sources;
            Placed { frontend, sources }.publish(Output::ExecuteResult(bundle(data)));
        }
        Ok(())
    }
}

impl Evaluator for RustEvaluator {
    fn execute(&mut self, cell: &Cell, frontend: &mut dyn Frontend) -> Outcome {
        let ended = self.cell(cell, frontend);
        self.tell_of_change();
        // They wait behind this cell, not behind the expressions evaluated after it.
        self.behind.clear();
        match ended {
            Ok(payload) => Outcome::Done { payload },
            Err(error) => {
                // What waited behind it does not run, or not as was guessed.
                self.upcoming = None;
                self.last_failure.ename.clone_from(&error.ename);
                Outcome::Failed(error)
            }
        }
    }

    fn expect(&mut self, cells: Vec<String>) {
        self.behind = cells;
    }

    fn expression(&mut self, expression: &str) -> Result<MimeBundle, CellError> {
        let mut kept = Kept(None);
        let cell = Cell {
            code: expression.to_owned(),
            execution_count: 0,
            silent: true,
            allow_stdin: false,
        };
        self.cell(&cell, &mut kept)?;
        Ok(kept.0.unwrap_or_default())
    }

    fn comm(&mut self, event: &CommEvent, frontend: &mut dyn Frontend) {
        self.handle(event, frontend);
    }

    fn variables(&mut self, look: bool) -> Vec<Variable> {
        self.list(look)
    }

    fn shutdown(&mut self) {
        self.upcoming = None;
        self.runner.stop();
        if let Some(folder) = self.folder.take()
            && let Err(error) = folder.close()
        {
            tracing::warn!("the folder of compiled cells stays: {error}");
        }
    }
}

/// Keeps the result of an expression and publishes nothing.
struct Kept(Option<MimeBundle>);

impl Frontend for Kept {
    fn publish(&mut self, output: Output) {
        if let Output::ExecuteResult(bundle) = output {
            self.0 = Some(bundle);
        }
    }

    fn input(&mut self, _: &str, _: bool) -> Result<String, InputError> {
        Err(InputError::NotAllowed)
    }
}

/// What the child calls data is what the protocol calls a MIME bundle.
pub(crate) fn bundle(data: Data) -> MimeBundle {
    let content = |(mime_type, text): (String, String)| {
        let value = match mime_type.ends_with("json") {
            true => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            false => Value::String(text),
        };
        (mime_type, value)
    };
    MimeBundle {
        data: data.into_iter().map(content).collect(),
        metadata: serde_json::Map::new(),
    }
}

pub(crate) fn plain(ename: &str, evalue: String) -> CellError {
    let traceback = vec![format!("{}: {evalue}", diagnose::colours::name(ename))];
    CellError {
        ename: ename.to_owned(),
        evalue,
        traceback,
    }
}

fn interrupted_compiling() -> CellError {
    plain(
        "Interrupted",
        "stopped while the cell was compiled; nothing has changed".to_owned(),
    )
}

fn rustc_broken(error: &std::io::Error) -> CellError {
    plain(
        "CompileError",
        format!("rustc could not be run: {error}; `cargo lab doctor` says more"),
    )
}

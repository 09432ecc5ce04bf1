//! A kernel without sockets, for tests: the evaluator in this process, its child a copy of this program.
//!
//! Every program that uses it begins with [`child`].
#![allow(dead_code, reason = "no test needs all of it")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gradbook_control::Described;
use gradbook_evaluator::abort::Abort;
use gradbook_evaluator::evaluator::RustEvaluator;
use gradbook_evaluator::library::Library;
use gradbook_evaluator::session::Session;
use gradbook_protocol::evaluator::{
    Cell, Evaluator, Frontend, InputError, Outcome, Output, StreamName,
};

/// What became of one cell.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// `None`: it ran to its end.
    pub error: Option<(String, String)>,
    pub stdout: String,
    pub stderr: String,
    pub value: Option<String>,
    pub variables: BTreeSet<String>,
    /// The error is shown in an earlier cell.
    pub blames_earlier: bool,
    /// It was stopped because its time was over.
    pub timed_out: bool,
}

impl Answer {
    /// `ok`, `panic`, `refused` (it did not compile), `error` (a `?`), `died` or `timeout`.
    pub fn status(&self) -> &'static str {
        if self.timed_out {
            return "timeout";
        }
        let Some((ename, _)) = &self.error else {
            return "ok";
        };
        let is_code = ename.len() == 5
            && ename.starts_with('E')
            && ename[1..].bytes().all(|c| c.is_ascii_digit());
        match ename.as_str() {
            "Panic" => "panic",
            "ProcessEnded" => "died",
            "CompileError" | "SyntaxError" | "CommandError" | "LoadError" => "refused",
            _ if is_code => "refused",
            _ => "error",
        }
    }
}

/// Runs the child if this program was started as one.
pub fn child() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [role, library] = &arguments[..] else {
        return None;
    };
    (role == "child").then(|| {
        let status = gradbook_evaluator::child::entry(Path::new(library));
        ExitCode::from(status.map_or(1, |status| u8::try_from(status).unwrap_or(1)))
    })
}

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The prebuilt library's description; says that the test is skipped if there is none.
pub fn library() -> Result<PathBuf, ExitCode> {
    let home = std::env::var_os("GRADBOOK_HOME").map_or(root().join(".gradbook"), PathBuf::from);
    needed(home.join("library/library.json"))
}

/// A file that set-up makes; without it a test passes, unless `GRADBOOK_REQUIRE_ORACLE` is set.
pub fn needed(file: PathBuf) -> Result<PathBuf, ExitCode> {
    if file.is_file() {
        return Ok(file);
    }
    println!("skipped: there is no {}", file.display());
    Err(match std::env::var_os("GRADBOOK_REQUIRE_ORACLE") {
        Some(_) => ExitCode::FAILURE,
        None => ExitCode::SUCCESS,
    })
}

/// One evaluator with its child.
pub struct Kernel {
    evaluator: RustEvaluator,
    abort: Arc<Abort>,
    names: Arc<Mutex<BTreeSet<String>>>,
    cells: u32,
}

impl Kernel {
    pub fn start(library: &Path) -> Self {
        let library = Arc::new(Library::read(library).expect("the library is whole"));
        let executable = std::env::current_exe().expect("this program's path");
        let names: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let heard = Arc::clone(&names);
        let on_change = move |session: &Session, _: &[Described], _: bool| {
            *heard.lock().expect("no panic") = session.variables.keys().cloned().collect();
        };
        let abort = Arc::new(Abort::default());
        let evaluator = RustEvaluator::new(library, executable, abort.clone(), Box::new(on_change))
            .expect("a folder for compiled cells");
        Self {
            evaluator,
            abort,
            names,
            cells: 0,
        }
    }

    pub fn run(&mut self, source: &str) -> Answer {
        self.cells += 1;
        let cell = Cell {
            code: source.to_owned(),
            execution_count: self.cells,
            silent: false,
            allow_stdin: false,
        };
        let mut seen = Seen::default();
        let outcome = self.evaluator.execute(&cell, &mut seen);
        let mut answer = seen.0;
        if let Outcome::Failed(error) = outcome {
            let own = format!("cell [{}]", self.cells);
            let shown = error.traceback.join("\n");
            answer.blames_earlier = shown.contains("cell [") && !shown.contains(&own);
            answer.error = Some((error.ename, error.evalue));
        }
        answer.variables = self.names.lock().expect("no panic").clone();
        answer
    }

    /// As [`Kernel::run`], and stops the cell as a learner would if it is not done by then.
    pub fn run_within(&mut self, source: &str, limit: Duration) -> Answer {
        self.abort.reset();
        let abort = self.abort.clone();
        let (done, waits) = channel::<()>();
        std::thread::scope(|scope| {
            let watch = scope.spawn(move || {
                let late = waits.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
                if late {
                    abort.request();
                }
                late
            });
            let mut answer = self.run(source);
            drop(done);
            answer.timed_out = watch.join().expect("no panic");
            answer
        })
    }

    pub fn shutdown(mut self) {
        self.evaluator.shutdown();
    }
}

/// A front end that only looks.
#[derive(Default)]
struct Seen(Answer);

impl Frontend for Seen {
    fn publish(&mut self, output: Output) {
        match output {
            Output::Stream { name, text } => match name {
                StreamName::Stdout => self.0.stdout.push_str(&text),
                StreamName::Stderr => self.0.stderr.push_str(&text),
            },
            // evcxr makes no difference between a value and what a cell displays.
            Output::ExecuteResult(bundle)
            | Output::DisplayData {
                content: bundle, ..
            } => {
                let plain = bundle.data.get("text/plain");
                let shown = plain.or_else(|| bundle.data.values().next());
                self.0.value = shown.and_then(|value| value.as_str()).map(str::to_owned);
            }
            _ => {}
        }
    }

    fn input(&mut self, _: &str, _: bool) -> Result<String, InputError> {
        Err(InputError::NotAllowed)
    }
}

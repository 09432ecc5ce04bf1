//! Cells and comm events go in one at a time, outcomes come out: the thread of the evaluator.
//! Knows nothing of sockets; what panics here becomes a failed cell.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::{oneshot, watch};

use super::frontend::{CellFrontend, Ways};
use super::intelligences::{Announced, Intelligences};
use crate::evaluator::{
    Backend, Cell, CellError, CommEvent, Frontend, MimeBundle, Outcome, Output, StreamName,
};
use crate::wire::Message;

/// How often between cells it is looked for what threads of earlier ones print.
const IDLE: Duration = Duration::from_millis(50);

/// One cell to run.
pub(super) struct Job {
    pub(super) request: Arc<Message>,
    pub(super) cell: Cell,
    /// The sources of the cells that wait behind it.
    pub(super) behind: Vec<String>,
    pub(super) user_expressions: Map<String, Value>,
    pub(super) done: oneshot::Sender<Ran>,
}

/// A cell that has run.
pub(super) struct Ran {
    pub(super) outcome: Outcome,
    /// Name to reply, for each of the request's `user_expressions`; empty when the cell failed.
    pub(super) user_expressions: Map<String, Value>,
    /// What it displayed as its value.
    pub(super) result: Option<String>,
}

/// One event of a comm to handle.
pub(super) struct CommJob {
    pub(super) message: Arc<Message>,
    pub(super) event: CommEvent,
    pub(super) done: oneshot::Sender<()>,
}

enum Task {
    Run(Box<Job>),
    Comm(Box<CommJob>),
    Look(oneshot::Sender<()>),
    End(oneshot::Sender<()>),
}

/// The way to the evaluator's thread.
#[derive(Clone)]
pub(crate) struct EvaluatorThread {
    tasks: mpsc::Sender<Task>,
}

impl EvaluatorThread {
    /// Hands a cell over; its outcome arrives at `job.done`, or nothing if the thread has ended.
    pub(super) fn run(&self, job: Job) {
        let _ = self.tasks.send(Task::Run(Box::new(job)));
    }

    /// Hands an event over; `job.done` hears when it is handled, or that the thread has ended.
    pub(super) fn comm(&self, job: CommJob) {
        let _ = self.tasks.send(Task::Comm(Box::new(job)));
    }

    /// Looks at the variables once the cell before it is done; completes when that has happened.
    pub(crate) async fn look(&self) {
        let (done, looked) = oneshot::channel();
        if self.tasks.send(Task::Look(done)).is_ok() {
            let _ = looked.await;
        }
    }

    /// Ends the evaluator once the cell before it is done; completes when it has ended.
    pub(crate) async fn end(&self) {
        let (done, ended) = oneshot::channel();
        if self.tasks.send(Task::End(done)).is_ok() {
            let _ = ended.await;
        }
    }
}

/// Starts the thread, which builds the evaluator while the sockets already answer.
pub(crate) fn start(
    build: impl FnOnce() -> Backend + Send + 'static,
    ways: Ways,
) -> std::io::Result<(EvaluatorThread, Intelligences)> {
    let (tasks, todo) = mpsc::channel();
    let (announce, announced) = watch::channel(None);
    std::thread::Builder::new()
        .name("evaluator".to_owned())
        .spawn(move || live(build, &ways, &announce, &todo))?;
    Ok((EvaluatorThread { tasks }, Intelligences::new(announced)))
}

fn live(
    build: impl FnOnce() -> Backend,
    ways: &Ways,
    announce: &watch::Sender<Announced>,
    todo: &mpsc::Receiver<Task>,
) {
    let mut backend = catch_unwind(AssertUnwindSafe(build)).map_err(|panic| {
        let cause = cause_of(&*panic);
        format!("the evaluator could not be started: {cause}; restart the kernel to try again")
    });
    announce.send_replace(Some(match &backend {
        Ok(backend) => Ok(Arc::clone(&backend.intelligence)),
        Err(fault) => Err(fault.clone()),
    }));

    let mut ended = None;
    let mut last = None;
    while let Some(task) = next(todo, &mut backend, ways, &last) {
        match task {
            Task::Run(job) => {
                if !job.cell.silent {
                    last = Some((Arc::clone(&job.request), job.cell.execution_count));
                }
                run(&mut backend, ways, *job);
            }
            Task::Comm(job) => comm(&mut backend, ways, *job),
            Task::Look(done) => {
                look(&mut backend, ways);
                let _ = done.send(());
            }
            Task::End(done) => {
                ended = Some(done);
                break;
            }
        }
    }
    if let Ok(backend) = &mut backend {
        let shutdown = AssertUnwindSafe(|| backend.evaluator.shutdown());
        if let Err(panic) = catch_unwind(shutdown) {
            tracing::error!("the evaluator did not end cleanly: {}", cause_of(&*panic));
        }
    }
    if let Some(ended) = ended {
        let _ = ended.send(());
    }
}

/// The cell that was shown last: what comes between cells belongs to it.
type Last = Option<(Arc<Message>, u32)>;

/// Waits for the next task, and shows meanwhile what threads of earlier cells print; `None` at the end.
fn next(
    todo: &mpsc::Receiver<Task>,
    backend: &mut Result<Backend, String>,
    ways: &Ways,
    last: &Last,
) -> Option<Task> {
    loop {
        let task = todo.recv_timeout(IDLE);
        if let (Ok(backend), Some((request, execution_count))) = (&mut *backend, last) {
            let mut frontend = CellFrontend {
                ways,
                request: Arc::clone(request),
                execution_count: *execution_count,
                silent: false,
                allow_stdin: false,
                result: None,
            };
            if let Err(error) = guarded(|| backend.evaluator.idle(&mut frontend)) {
                tracing::error!("nothing is shown between cells: {}", error.evalue);
            }
        }
        match task {
            Ok(task) => return Some(task),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return None,
        }
    }
}

fn run(backend: &mut Result<Backend, String>, ways: &Ways, mut job: Job) {
    let behind = std::mem::take(&mut job.behind);
    if let Ok(backend) = backend {
        backend.evaluator.expect(behind);
    }
    let ran = match backend {
        Ok(backend) if ways.interrupts.started(&backend.interrupt) => evaluate(backend, ways, &job),
        Ok(_) => failed("Interrupted", "interrupted before it started"),
        Err(fault) => failed("EvaluatorError", fault),
    };
    ways.interrupts.ended();
    // Before the reply: a panel asks when it hears that the cell is over.
    look(backend, ways);
    // Nobody listens any more when the kernel is shutting down.
    let _ = job.done.send(ran);
}

fn evaluate(backend: &mut Backend, ways: &Ways, job: &Job) -> Ran {
    let mut frontend = CellFrontend {
        ways,
        request: Arc::clone(&job.request),
        execution_count: job.cell.execution_count,
        silent: job.cell.silent,
        allow_stdin: job.cell.allow_stdin,
        result: None,
    };
    // Front ends send an empty cell for the sake of its user_expressions.
    let outcome = if job.cell.code.trim().is_empty() {
        Outcome::Done {
            payload: Vec::new(),
        }
    } else {
        guarded(|| backend.evaluator.execute(&job.cell, &mut frontend))
            .unwrap_or_else(Outcome::Failed)
    };
    let result = frontend.result.take();
    let user_expressions = match outcome {
        Outcome::Done { .. } => expressions(backend, &job.user_expressions),
        Outcome::Failed(_) => Map::new(),
    };
    Ran {
        outcome,
        user_expressions,
        result,
    }
}

fn comm(backend: &mut Result<Backend, String>, ways: &Ways, job: CommJob) {
    let CommJob {
        message,
        event,
        done,
    } = job;
    let mut frontend = CellFrontend {
        ways,
        request: message,
        execution_count: 0,
        silent: false,
        allow_stdin: false,
        result: None,
    };
    let handled = match backend {
        Ok(backend) if ways.interrupts.started(&backend.interrupt) => {
            guarded(|| backend.evaluator.comm(&event, &mut frontend))
        }
        Ok(_) => Err(error("Interrupted", "interrupted before it started")),
        Err(fault) => Err(error("EvaluatorError", fault)),
    };
    ways.interrupts.ended();
    if let Err(CellError { ename, evalue, .. }) = handled {
        let text = format!("the message on a comm was not handled: {ename}: {evalue}\n");
        frontend.publish(Output::Stream {
            name: StreamName::Stderr,
            text,
        });
        if let CommEvent::Open { comm_id, .. } = event {
            let data = json!({});
            frontend.publish(Output::CommClose { comm_id, data });
        }
    }
    let _ = done.send(());
}

/// Notes the variables, and their values if anybody watches them.
fn look(backend: &mut Result<Backend, String>, ways: &Ways) {
    if let Ok(backend) = backend {
        let watched = ways.variables.watched();
        match guarded(|| backend.evaluator.variables(watched)) {
            Ok(variables) => ways.variables.set(variables),
            Err(error) => tracing::error!("the variables could not be listed: {}", error.evalue),
        }
    }
}

fn expressions(backend: &mut Backend, wanted: &Map<String, Value>) -> Map<String, Value> {
    wanted
        .iter()
        .map(|(name, expression)| {
            let value = match expression.as_str() {
                Some(expression) => guarded(|| backend.evaluator.expression(expression)),
                None => Err(error("ValueError", "a user expression must be text")),
            };
            let reply = match value.and_then(|value| value) {
                Ok(MimeBundle { data, metadata }) => {
                    json!({ "status": "ok", "data": data, "metadata": metadata })
                }
                Err(error) => error_content(&error),
            };
            (name.clone(), reply)
        })
        .collect()
}

/// The content of a failed reply, without what only some of them have.
pub(super) fn error_content(error: &CellError) -> Value {
    json!({
        "status": "error",
        "ename": error.ename,
        "evalue": error.evalue,
        "traceback": error.traceback,
    })
}

fn guarded<Value>(call: impl FnOnce() -> Value) -> Result<Value, CellError> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| {
        let cause = cause_of(&*panic);
        let evalue = format!("a fault in the kernel itself, not in your cell: {cause}");
        error("KernelPanic", &evalue)
    })
}

fn failed(ename: &str, evalue: &str) -> Ran {
    Ran {
        outcome: Outcome::Failed(error(ename, evalue)),
        user_expressions: Map::new(),
        result: None,
    }
}

fn error(ename: &str, evalue: &str) -> CellError {
    CellError {
        ename: ename.to_owned(),
        evalue: evalue.to_owned(),
        traceback: vec![format!("{ename}: {evalue}")],
    }
}

fn cause_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}

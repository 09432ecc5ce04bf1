//! A connection and an evaluator go in, a served kernel comes out: binds, starts one task for each
//! socket, waits for the end, and ends them. Knows nothing of what the tasks do.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::comms::Comms;
use crate::connection::ConnectionFile;
use crate::evaluator::Backend;
use crate::execution::{self, EvaluatorThread, Interrupts};
use crate::history::History;
use crate::kernel::Kernel;
use crate::life;
use crate::session::Session;
use crate::sockets::bind::{BindError, Sockets};
use crate::sockets::iopub::iopub;
use crate::sockets::{control, heartbeat, shell, stdin};
use crate::variables::Variables;
use crate::wire::Wire;

/// How long a running cell may take to stop at shutdown, before and after a second interrupt.
/// Jupyter itself becomes impatient after 2.5 seconds.
const PATIENCE: Duration = Duration::from_millis(800);

/// How long replies may take to leave: ZeroMQ in Rust does not linger.
const LINGER: Duration = Duration::from_millis(100);

/// What may differ from one kernel to another.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where cells are remembered over sessions; `None` keeps them in memory only.
    pub history: Option<PathBuf>,
    /// Take SIGINT as an interrupt, and end at SIGTERM, SIGHUP and when the parent dies: for a
    /// kernel that is the whole process.
    pub owns_process: bool,
}

impl Default for Options {
    /// History in the user's data folder, the whole process.
    fn default() -> Options {
        Options {
            history: data_folder().map(|folder| folder.join("gradbook/history/cells.jsonl")),
            owns_process: true,
        }
    }
}

/// Why a kernel could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A socket could not be bound.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The system gave no thread.
    #[error("the kernel could not start a thread: {source}")]
    Thread {
        /// What the system said.
        source: std::io::Error,
    },
}

/// Serves one kernel until it is shut down, on a runtime of its own.
///
/// # Errors
/// See [`ServeError`]; each message is one sentence.
pub fn run(
    connection: ConnectionFile,
    backend: impl FnOnce() -> Backend + Send + 'static,
    options: Options,
) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("protocol")
        .enable_all()
        .build()
        .map_err(|source| ServeError::Thread { source })?;
    let served = runtime.block_on(serve(connection, backend, options));
    // A question about code that never returns must not keep the process alive.
    runtime.shutdown_background();
    served
}

/// Serves one kernel until it is shut down.
///
/// The sockets answer before `backend` is called, which happens on the evaluator's own thread.
///
/// # Errors
/// See [`ServeError`]; each message is one sentence.
pub async fn serve(
    connection: ConnectionFile,
    backend: impl FnOnce() -> Backend + Send + 'static,
    options: Options,
) -> Result<(), ServeError> {
    let sockets = Sockets::bind(&connection).await?;
    let _files = sockets.files;

    let wire = Arc::new(Wire::new(&connection.key));
    let session = Arc::new(Session::new());
    let interrupts = Arc::new(Interrupts::default());
    let (iopub, publisher) = iopub(&session, &wire);
    let (questions, asked) = mpsc::channel(1);
    let (ending, mut end) = watch::channel(false);
    let (queue, waiting) = execution::queue();
    let comms = Arc::new(Comms::default());
    let variables = Arc::new(Variables::default());
    let ways = execution::Ways {
        session: Arc::clone(&session),
        iopub: iopub.clone(),
        questions,
        interrupts: Arc::clone(&interrupts),
        comms: Arc::clone(&comms),
        variables: Arc::clone(&variables),
    };
    let (evaluator, intelligences) =
        execution::start(backend, ways).map_err(|source| ServeError::Thread { source })?;
    let kernel = Arc::new(Kernel {
        wire: Arc::clone(&wire),
        history: Arc::new(History::new(session.id(), options.history)),
        session,
        iopub,
        queue,
        evaluator: evaluator.clone(),
        interrupts: Arc::clone(&interrupts),
        intelligences,
        comms,
        variables,
        ending,
    });

    // Dropped, and with it every task, when the kernel ends.
    let mut tasks = JoinSet::new();
    let (relaying, mut relayed) = mpsc::channel(1);
    let (relay_the_rest, ending) = watch::channel(false);
    tasks.spawn(sockets.relays.run(relaying, ending));
    tasks.spawn(heartbeat::run(sockets.heartbeat));
    tasks.spawn(publisher.run(sockets.iopub));
    tasks.spawn(stdin::run(sockets.stdin, wire, asked));
    tasks.spawn(control::run(Arc::clone(&kernel), sockets.control));
    tasks.spawn(shell::run(Arc::clone(&kernel), sockets.shell));
    tasks.spawn(execution::run(kernel, evaluator.clone(), waiting));

    let shut_down = end.wait_for(|ending| *ending);
    if options.owns_process {
        tasks.spawn(life::interrupt_on_sigint(Arc::clone(&interrupts)));
        tokio::select! {
            _ = shut_down => {}
            () = life::ended() => {}
        }
    } else {
        let _ = shut_down.await;
    }
    end_evaluator(&evaluator, &interrupts).await;
    tokio::time::sleep(LINGER).await;
    tasks.shutdown().await;
    relay_the_rest.send_replace(true);
    // What was published has still to pass to those who read slowly.
    if tokio::time::timeout(PATIENCE, relayed.recv())
        .await
        .is_err()
    {
        // Usual for one that left first.
        tracing::debug!("a front end has not read all that was published");
    }
    Ok(())
}

/// Ends the evaluator, stopping its cell first; gives up on a cell that cannot be stopped.
async fn end_evaluator(evaluator: &EvaluatorThread, interrupts: &Arc<Interrupts>) {
    let ended = evaluator.end();
    tokio::pin!(ended);
    for _ in 0..2 {
        let interrupts = Arc::clone(interrupts);
        tokio::task::spawn_blocking(move || interrupts.interrupt());
        if tokio::time::timeout(PATIENCE, &mut ended).await.is_ok() {
            return;
        }
    }
    tracing::warn!("the running cell did not stop: it ends with the process");
}

fn data_folder() -> Option<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let configured = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || std::env::home_dir().map(|home| home.join(".local/share"));
    configured.filter(absolute).or_else(home)
}

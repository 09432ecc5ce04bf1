//! Lines of JSON to and from rust-analyzer's process pass through here.
//! Knows nothing of what they mean; keeps the process alive, and never lets anyone wait for it longer
//! than they said.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::view::SessionSource;
use crate::scratch;

/// Questions that may wait to be written: more than a learner can ask in a second.
const QUEUE: usize = 64;
/// The id of the first question, which shows that the process is ready.
const READY: u64 = 0;

/// How the process is started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The program; while it is not there, nothing is started and nothing is wrong.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// The folder that it keeps things in, and its index with them.
    pub cache: Option<PathBuf>,
    /// Waits between restarts: doubled each time from the first to the second.
    pub pauses: (Duration, Duration),
}

impl Settings {
    /// The program that set-up builds, for a lessons crate.
    pub fn new(program: PathBuf, lessons: &Path, rustc: &Path, cache: &Path) -> Self {
        let arguments = [
            ("--lessons", lessons),
            ("--rustc", rustc),
            ("--cache", cache),
        ];
        Self {
            program,
            cache: Some(cache.to_owned()),
            arguments: arguments
                .into_iter()
                .flat_map(|(name, value)| [OsString::from(name), value.into()])
                .collect(),
            pauses: (Duration::from_secs(1), Duration::from_secs(120)),
        }
    }
}

/// One question.
#[derive(Debug, Serialize)]
pub struct Question<'a> {
    /// `complete` or `hover`.
    pub method: &'a str,
    /// The session so far.
    #[serde(flatten)]
    pub session: &'a SessionSource,
    /// The cell.
    pub code: &'a str,
    /// A byte offset into it.
    pub cursor: usize,
}

/// The process, whether it runs or not.
pub struct Process {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    state: Mutex<State>,
    /// Told when `state` changes to stopped.
    stopped: Condvar,
    ready: AtomicBool,
    next_id: AtomicU64,
    waiting: Mutex<HashMap<u64, Sender<Value>>>,
}

#[derive(Default)]
struct State {
    /// A thread keeps the process alive.
    kept_alive: bool,
    stopped: bool,
    lines: Option<SyncSender<String>>,
}

impl Process {
    /// Starts nothing.
    pub fn new(settings: Settings) -> Self {
        let shared = Shared {
            settings,
            state: Mutex::default(),
            stopped: Condvar::new(),
            ready: AtomicBool::new(false),
            next_id: AtomicU64::new(READY + 1),
            waiting: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Starts it unless it runs, was stopped, or is not built yet.
    pub fn start(&self) {
        let mut state = self.shared.state();
        if state.kept_alive || state.stopped || !self.shared.settings.program.exists() {
            return;
        }
        state.kept_alive = true;
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new().name("code intelligence".to_owned());
        if let Err(error) = thread.spawn(move || shared.keep_alive()) {
            tracing::warn!(%error, "no thread for code intelligence");
            state.kept_alive = false;
        }
    }

    /// Ends it for good: its input ends, and so does it, with its folder. Returns at once.
    pub fn stop(&self) {
        let mut state = self.shared.state();
        state.stopped = true;
        state.lines = None;
        self.shared.stopped.notify_all();
    }

    /// The line that answers, if it comes in time.
    pub fn ask(&self, question: &Question<'_>, patience: Duration) -> Option<Value> {
        if !self.shared.ready.load(Ordering::Acquire) {
            return None;
        }
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed);
        let answer = self.shared.send(id, question, patience)?;
        let answer = answer.recv_timeout(patience).ok();
        self.shared.waiting().remove(&id);
        answer
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Sender<Value>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(
        &self,
        id: u64,
        question: &Question<'_>,
        patience: Duration,
    ) -> Option<Receiver<Value>> {
        #[derive(Serialize)]
        struct Line<'a> {
            id: u64,
            patience_ms: u128,
            #[serde(flatten)]
            question: &'a Question<'a>,
        }
        let line = Line {
            id,
            patience_ms: patience.as_millis(),
            question,
        };
        let line = serde_json::to_string(&line).ok()?;
        let (sender, receiver) = channel();
        self.waiting().insert(id, sender);
        let sent = match &self.state().lines {
            Some(lines) => lines.try_send(line),
            None => Err(TrySendError::Disconnected(line)),
        };
        if sent.is_err() {
            self.waiting().remove(&id);
            return None;
        }
        Some(receiver)
    }

    /// Starts the process again and again, with longer and longer pauses while it does not answer.
    fn keep_alive(&self) {
        let (shortest, longest) = self.settings.pauses;
        let mut pause = shortest;
        loop {
            let answered = self.run_once();
            self.ready.store(false, Ordering::Release);
            self.waiting().clear();
            if answered {
                pause = shortest;
            }
            let state = self.state();
            let stopped = |state: &mut State| !state.stopped;
            let waited = self.stopped.wait_timeout_while(state, pause, stopped);
            if waited.unwrap_or_else(PoisonError::into_inner).0.stopped {
                return;
            }
            pause = (pause * 2).min(longest);
        }
    }

    /// Runs the process to its end; whether it ever answered.
    fn run_once(&self) -> bool {
        let work = match scratch::new("intel-") {
            Ok(work) => work,
            Err(error) => {
                tracing::warn!(%error, "no folder for code intelligence");
                return false;
            }
        };
        let spawned = Command::new(&self.settings.program)
            .args(&self.settings.arguments)
            .arg("--work")
            .arg(work.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => {
                tracing::warn!(%error, program = %self.settings.program.display(), "no code intelligence");
                return false;
            }
        };
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return false;
        };
        let (lines, to_write) = sync_channel(QUEUE);
        {
            let mut state = self.state();
            if state.stopped {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
            let ping = format!("{{\"id\":{READY},\"method\":\"ping\"}}");
            let _ = lines.try_send(ping);
            state.lines = Some(lines);
        }
        let writer = std::thread::Builder::new().spawn(move || write_lines(stdin, &to_write));
        if writer.is_err() {
            tracing::warn!("no thread for questions to code intelligence");
        }
        let answered = self.read_answers(BufReader::new(stdout));
        self.state().lines = None;
        // It may have closed its output only: it is of no use any more.
        let _ = child.kill();
        let _ = child.wait();
        answered
    }

    /// Hands out answers until there are no more; lines that are none are dropped.
    fn read_answers(&self, output: impl BufRead) -> bool {
        let mut answered = false;
        for line in output.split(b'\n') {
            let Ok(line) = line else { break };
            let Ok(answer) = serde_json::from_slice::<Value>(&line) else {
                tracing::debug!("code intelligence wrote a line that is no answer");
                continue;
            };
            let Some(id) = answer.get("id").and_then(Value::as_u64) else {
                continue;
            };
            answered = true;
            self.ready.store(true, Ordering::Release);
            let waiting = self.waiting().remove(&id);
            if let Some(waiting) = waiting {
                // Whoever asked may have lost patience.
                let _ = waiting.send(answer);
            }
        }
        answered
    }
}

/// On a thread of its own: a process that does not read blocks this one and nothing else.
fn write_lines(mut stdin: ChildStdin, lines: &Receiver<String>) {
    while let Ok(mut line) = lines.recv() {
        line.push('\n');
        if stdin.write_all(line.as_bytes()).is_err() {
            return;
        }
    }
}

//! Stopping what runs now: rustc while a cell compiles, the child's loops while it runs.
//! Knows nothing of either; it holds a process and a flag.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// A second request sooner than this is the same press of a button.
const DOUBLE_PRESS: Duration = Duration::from_millis(700);

/// Shared between the evaluator and whoever interrupts it.
#[derive(Debug, Default)]
pub struct Abort {
    requested: AtomicBool,
    first: Mutex<Option<Instant>>,
    insisted: AtomicBool,
    process: Mutex<Option<Pid>>,
}

impl Abort {
    /// Forgets an earlier request: a new cell begins.
    pub fn reset(&self) {
        self.requested.store(false, Ordering::SeqCst);
        self.insisted.store(false, Ordering::SeqCst);
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether a stop was requested since the last reset.
    pub fn requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// Whether it was requested once more after the first was given time to work.
    pub fn insisted(&self) -> bool {
        self.insisted.load(Ordering::SeqCst)
    }

    /// Requests a stop, and kills the compiler if one runs.
    pub fn request(&self) {
        self.requested.store(true, Ordering::SeqCst);
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        if first.get_or_insert_with(Instant::now).elapsed() > DOUBLE_PRESS {
            self.insisted.store(true, Ordering::SeqCst);
        }
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = *process {
            let _ = kill_process_group(id, Signal::KILL);
        }
    }

    /// Runs a command to its end, unless a stop is requested first.
    ///
    /// # Errors
    /// When it cannot be started; kind `Interrupted` when it was stopped.
    pub fn run(&self, command: &mut Command) -> io::Result<Output> {
        self.supervise(command, Child::wait_with_output)
    }

    /// The same, and hands over each line of its standard error as it comes; the output has none of it.
    ///
    /// # Errors
    /// When it cannot be started; kind `Interrupted` when it was stopped.
    pub fn watch(
        &self,
        command: &mut Command,
        on_line: &mut dyn FnMut(&str),
    ) -> io::Result<Output> {
        self.supervise(command, |mut child| {
            let lines = child.stderr.take();
            let rest = std::thread::spawn(move || child.wait_with_output());
            for line in lines
                .map(BufReader::new)
                .into_iter()
                .flat_map(|read| read.split(b'\n'))
            {
                on_line(&String::from_utf8_lossy(&line?));
            }
            let panicked = || io::Error::other("the thread that reads its output panicked");
            rest.join().map_err(|_| panicked())?
        })
    }

    fn supervise(
        &self,
        command: &mut Command,
        finish: impl FnOnce(Child) -> io::Result<Output>,
    ) -> io::Result<Output> {
        use std::os::unix::process::CommandExt;
        // A group of its own, so that the linker goes with it.
        let child = command.process_group(0).spawn()?;
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = id;
        if let (true, Some(id)) = (self.requested(), id) {
            let _ = kill_process_group(id, Signal::KILL);
        }
        let output = finish(child);
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if self.requested() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        output
    }
}

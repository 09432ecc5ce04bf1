//! A running child: its control socket, and the pipes that its output comes through.
//! Knows nothing of cells; it reports events in the order in which they happened.

use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use gradbook_control::{FromChild, ToChild, receive, send};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::output::{Piece, Splitter};
use crate::library::{Library, MODELS};

/// How much one read takes from a pipe.
const CHUNK: usize = 1 << 16;

/// Which pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// Something the child did.
#[derive(Debug)]
pub enum Event {
    /// It wrote this.
    Wrote(Stream, Piece),
    /// It said this on the control socket.
    Said(FromChild),
    /// It is gone; all it wrote came before.
    Ended(ExitStatus),
    /// Nothing happened for a while.
    Quiet,
}

/// One child process.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    control: UnixStream,
    out: Pipe,
    err: Pipe,
}

#[derive(Debug)]
struct Pipe {
    stream: Stream,
    /// `None` once it has closed.
    end: Option<OwnedFd>,
    splitter: Splitter,
}

impl Child {
    /// Starts a child that loads `library`.
    ///
    /// # Errors
    /// When the process cannot be started.
    pub fn start(executable: &PathBuf, library: &Library) -> io::Result<Self> {
        let (control, theirs) = UnixStream::pair()?;
        let mut load_path = std::env::join_paths(&library.load_path).map_err(io::Error::other)?;
        if let Some(inherited) = std::env::var_os("LD_LIBRARY_PATH") {
            load_path.push(":");
            load_path.push(inherited);
        }
        let mut process = Command::new(executable)
            .arg("child")
            .arg(&library.runtime)
            .env("LD_LIBRARY_PATH", load_path)
            .env(MODELS, &library.models)
            // A learner's panic is told with the cell's lines, not with addresses.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in the terminal is for the kernel to interpret.
            .process_group(0)
            .spawn()?;
        let out = process.stdout.take().map(OwnedFd::from);
        let err = process.stderr.take().map(OwnedFd::from);
        Ok(Self {
            process,
            control,
            out: Pipe::new(Stream::Out, out),
            err: Pipe::new(Stream::Err, err),
        })
    }

    /// The process.
    pub fn pid(&self) -> Option<Pid> {
        Pid::from_raw(i32::try_from(self.process.id()).ok()?)
    }

    /// Says something to the child.
    ///
    /// # Errors
    /// When it is gone.
    pub fn say(&mut self, message: &ToChild) -> io::Result<()> {
        send(&mut self.control, message)
    }

    /// Waits for what happens next, at most `patience`; adds it to `events` in order.
    ///
    /// What was written before a control message comes before it.
    ///
    /// # Errors
    /// When the operating system does not answer.
    pub fn events(&mut self, patience: Duration, events: &mut Vec<Event>) -> io::Result<()> {
        let held = self.out.splitter.waits() || self.err.splitter.waits();
        let patience = if held {
            patience.min(Duration::from_millis(20))
        } else {
            patience
        };
        let said = self.wait(patience)?;
        let before = events.len();
        self.out.read(events)?;
        self.err.read(events)?;
        if said {
            match receive(&mut self.control) {
                Ok(Some(message)) => {
                    self.flush(events);
                    events.push(Event::Said(message));
                }
                Ok(None) | Err(_) => self.ended(events)?,
            }
        } else if events.len() == before {
            self.out.give(events, Splitter::flush);
            self.err.give(events, Splitter::flush);
            events.push(Event::Quiet);
        }
        Ok(())
    }

    /// All text that waits to be more than text is text: a cell is over.
    pub fn finish(&mut self, events: &mut Vec<Event>) {
        self.out.give(events, Splitter::finish);
        self.err.give(events, Splitter::finish);
    }

    /// Asks a running cell to stop.
    pub fn interrupt(&self) {
        if let Some(pid) = self.pid() {
            let _ = kill_process(pid, Signal::INT);
        }
    }

    /// The same for the processes that it may be waiting for, as Ctrl-C in a terminal does; once the cell has
    /// been asked, as it would go on when they end.
    pub fn interrupt_all(&self) {
        if let Some(pid) = self.pid() {
            let _ = kill_process_group(pid, Signal::INT);
        }
    }

    /// Ends the process at once.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
    }

    /// Waits until one of the three ends has something; true if it is the control socket.
    fn wait(&self, patience: Duration) -> io::Result<bool> {
        let mut polled = vec![PollFd::new(&self.control, PollFlags::IN)];
        for end in [&self.out.end, &self.err.end].into_iter().flatten() {
            polled.push(PollFd::new(end, PollFlags::IN));
        }
        let timeout = Timespec::try_from(patience).map_err(io::Error::other)?;
        match poll(&mut polled, Some(&timeout)) {
            Ok(_) => Ok(!polled[0].revents().is_empty()),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn flush(&mut self, events: &mut Vec<Event>) {
        self.out.give(events, Splitter::flush);
        self.err.give(events, Splitter::flush);
    }

    /// The control socket has closed: the process is ending, or it closed what it should not.
    fn ended(&mut self, events: &mut Vec<Event>) -> io::Result<()> {
        let status = match self.process.try_wait()? {
            Some(status) => status,
            None => {
                self.kill_if_it_stays()?;
                self.process.wait()?
            }
        };
        // A process of its own may still hold the pipes open: take what is there, not more.
        self.out.read(events)?;
        self.err.read(events)?;
        self.finish(events);
        events.push(Event::Ended(status));
        Ok(())
    }

    /// A dying process closes its socket a moment before it can be waited for.
    fn kill_if_it_stays(&mut self) -> io::Result<()> {
        let pid = self
            .pid()
            .ok_or_else(|| io::Error::other("the child has no process id"))?;
        let file = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty())?;
        let second = Timespec {
            tv_sec: 1,
            tv_nsec: 0,
        };
        let ended = poll(&mut [PollFd::new(&file, PollFlags::IN)], Some(&second))?;
        if ended == 0 {
            self.process.kill()?;
        }
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Pipe {
    fn new(stream: Stream, end: Option<OwnedFd>) -> Self {
        Self {
            stream,
            end,
            splitter: Splitter::default(),
        }
    }

    /// Takes what is in the pipe now.
    fn read(&mut self, events: &mut Vec<Event>) -> io::Result<()> {
        let Some(end) = &self.end else { return Ok(()) };
        let mut left = rustix::io::ioctl_fionread(end)?;
        if left == 0 && is_closed(end) {
            self.end = None;
            return Ok(());
        }
        let mut chunk = vec![0; CHUNK.min(usize::try_from(left).unwrap_or(CHUNK))];
        let mut reader = std::fs::File::from(end.as_fd().try_clone_to_owned()?);
        while left > 0 {
            let taken = reader.read(&mut chunk)?;
            if taken == 0 {
                break;
            }
            left = left.saturating_sub(taken as u64);
            let stream = self.stream;
            let pieces = self.splitter.push(&chunk[..taken]);
            events.extend(pieces.into_iter().map(|piece| Event::Wrote(stream, piece)));
        }
        Ok(())
    }

    fn give(&mut self, events: &mut Vec<Event>, how: fn(&mut Splitter) -> Vec<Piece>) {
        let stream = self.stream;
        let pieces = how(&mut self.splitter);
        events.extend(pieces.into_iter().map(|piece| Event::Wrote(stream, piece)));
    }
}

fn is_closed(end: &OwnedFd) -> bool {
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let mut polled = [PollFd::new(end, PollFlags::IN)];
    poll(&mut polled, Some(&now)).is_ok() && polled[0].revents().contains(PollFlags::HUP)
}

/// `exit code 3`, `signal 11`: how a process ended, in words.
pub fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("it exited with code {code}"),
        (_, Some(libc::SIGSEGV)) => {
            "segmentation fault: often a recursion that never ends, or unsafe code".to_owned()
        }
        (_, Some(libc::SIGABRT)) => {
            "it aborted: often a recursion that never ends, a panic inside a panic, or no memory"
                .to_owned()
        }
        (_, Some(libc::SIGKILL)) => "it was killed: by a stop, or for want of memory".to_owned(),
        (_, Some(signal)) => format!("it ended by signal {signal}"),
        _ => "it ended".to_owned(),
    }
}

//! Requests pass through here: read from stdin, queued, answered one at a time, written in order.
//! Knows nothing of rust-analyzer, and survives its panics.

use crate::analysis::Analyst;
use crate::index::Making;
use crate::wire::{Answer, Method, Reply, Request};
use anyhow::{Result, bail};
use std::fs::File;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Panics one after the other that show that nothing can be had any more.
const PANICS_ALLOWED: u32 = 2;
/// The exit status after that: whoever started this process starts it again.
const POISONED: i32 = 70;

/// How long nobody asks before a piece of the index is made: so it takes minutes, and little of the
/// machine. Set-up has made it before; only lessons that changed since are read anew here.
const QUIET: Duration = Duration::from_millis(500);

/// Keeps stdout for answers alone: what rust-analyzer prints goes to stderr from now on.
pub fn reserve_stdout() -> Result<File> {
    let answers = rustix::io::fcntl_dupfd_cloexec(std::io::stdout(), 3)?;
    rustix::stdio::dup2_stdout(std::io::stderr())?;
    Ok(File::from(answers))
}

/// Answers requests until stdin ends: then `end` is called at once and the process exits, whatever
/// it was at, for nobody is there to wait. `start` takes seconds; requests wait for it in the queue.
pub fn serve(
    mut answers: File,
    start: impl FnOnce() -> Result<Analyst> + Send + 'static,
    end: impl FnOnce() + Send + 'static,
    mut index: Option<Making>,
) -> Result<()> {
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        read_requests(&sender);
        end();
        std::process::exit(0);
    });
    let mut analyst = behind_everything_else(start)?;
    let mut panics = 0;
    while let Some(waiting) = next(&requests, &mut analyst, &mut index) {
        let id = waiting.request.id;
        let answer = match catch_unwind(AssertUnwindSafe(|| answer(&mut analyst, &waiting))) {
            Ok(answer) => {
                panics = 0;
                answer
            }
            Err(_) => {
                panics += 1;
                Answer::Error("rust-analyzer panicked on this cell".to_owned())
            }
        };
        write_reply(&mut answers, &Reply { id, answer })?;
        if panics >= PANICS_ALLOWED {
            std::process::exit(POISONED);
        }
    }
    Ok(())
}

/// The next request; while there is none, the index is made piece by piece.
fn next(
    requests: &Receiver<Waiting>,
    analyst: &mut Analyst,
    index: &mut Option<Making>,
) -> Option<Waiting> {
    while let Some(making) = index {
        // A learner who types asks several times in a row.
        match requests.recv_timeout(QUIET) {
            Ok(request) => return Some(request),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let piece = catch_unwind(AssertUnwindSafe(|| making.go_on(analyst)));
        match piece {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => *index = None,
            Ok(Err(error)) => {
                eprintln!("gradbook-intel: no index: {error:#}");
                *index = None;
            }
            // The next piece may be another matter.
            Err(_) => eprintln!("gradbook-intel: a piece of the index is missing"),
        }
    }
    requests.recv().ok()
}

/// Starts on a thread that gives way to the learner's first cells. Answers later do not.
fn behind_everything_else(
    start: impl FnOnce() -> Result<Analyst> + Send + 'static,
) -> Result<Analyst> {
    let starting = std::thread::spawn(|| {
        if let Err(error) = rustix::process::nice(15) {
            eprintln!("gradbook-intel: starts at full priority: {error}");
        }
        start()
    });
    starting
        .join()
        .unwrap_or_else(|_| bail!("rust-analyzer panicked while it started"))
}

/// A request and when it came.
struct Waiting {
    request: Request,
    since: Instant,
}

/// Lines that are no requests are dropped with a word on stderr.
fn read_requests(sender: &Sender<Waiting>) {
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        match serde_json::from_str(&line) {
            Ok(request) => {
                let since = Instant::now();
                if sender.send(Waiting { request, since }).is_err() {
                    return;
                }
            }
            Err(error) => eprintln!("gradbook-intel: not a request: {error}"),
        }
    }
}

fn answer(analyst: &mut Analyst, waiting: &Waiting) -> Answer {
    let Request {
        method,
        session,
        code,
        cursor,
        patience_ms,
        ..
    } = &waiting.request;
    if patience_ms.is_some_and(|patience| waiting.since.elapsed() > Duration::from_millis(patience))
    {
        return Answer::Error("expired".to_owned());
    }
    if !code.is_char_boundary(*cursor) {
        return Answer::Error(format!("byte {cursor} is not the start of a character"));
    }
    let answer = match method {
        Method::Ping => {
            return Answer::Pong {
                version: env!("CARGO_PKG_VERSION"),
            };
        }
        Method::Complete => analyst
            .complete(session, code, *cursor)
            .map(Answer::Completions),
        Method::Hover => analyst.hover(session, code, *cursor).map(Answer::Hover),
    };
    answer.unwrap_or_else(|error| Answer::Error(format!("{error:#}")))
}

fn write_reply(answers: &mut File, reply: &Reply) -> Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    answers.write_all(&line)?;
    Ok(())
}

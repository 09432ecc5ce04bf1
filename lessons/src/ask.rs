//! A question to the reader: a line of text, or a password that does not show while it is typed.
//! Knows nothing of Jupyter; in a plain program it reads standard input.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

use crate::host;

/// A question that got no answer.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::ask::AskError;
/// let error = AskError::Ended { prompt: "Name? ".to_owned() };
/// assert!(error.to_string().contains("the input ended before an answer came"));
/// ```
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is nobody to answer.
    #[error(
        "input({prompt:?}): the input ended before an answer came (is there somebody to answer?)"
    )]
    Ended {
        /// The question.
        prompt: String,
    },
    /// The question could not be put.
    #[error("input({prompt:?}): {source}")]
    Failed {
        /// The question.
        prompt: String,
        /// What the notebook or the system said.
        source: io::Error,
    },
}

/// Asks the reader for a line and waits for it; the end of the line is not part of the answer.
///
/// # Panics
/// With the message of [`AskError`]; [`try_input`] returns it instead.
///
/// ```no_run
/// use lessons::prelude::*;
/// let guess: f64 = input("Which loss do you expect? ").parse().unwrap_or(f64::NAN);
/// ```
#[track_caller]
pub fn input(prompt: &str) -> String {
    try_input(prompt).unwrap_or_else(|error| panic!("{error}"))
}

/// As [`input`].
///
/// # Errors
/// Where nobody can be asked, or the input ends.
///
/// ```no_run
/// use lessons::prelude::*;
/// use lessons::ask::try_input;
/// match try_input("How many epochs? ") {
///     Ok(answer) => println!("{answer} epochs"),
///     Err(error) => println!("{error}"),
/// }
/// ```
pub fn try_input(prompt: &str) -> Result<String, AskError> {
    ask(prompt, false)
}

/// Asks for a line that does not show while it is typed.
///
/// # Panics
/// As [`input`]; [`try_password`] returns the error instead.
///
/// ```no_run
/// use lessons::prelude::*;
/// let token = password("Token of the model hub: ");
/// assert!(!token.is_empty());
/// ```
#[track_caller]
pub fn password(prompt: &str) -> String {
    try_password(prompt).unwrap_or_else(|error| panic!("{error}"))
}

/// As [`password`].
///
/// # Errors
/// As [`try_input`].
///
/// ```no_run
/// use lessons::prelude::*;
/// let token = lessons::ask::try_password("Token: ")?;
/// assert!(!token.is_empty());
/// # Ok::<(), lessons::ask::AskError>(())
/// ```
pub fn try_password(prompt: &str) -> Result<String, AskError> {
    ask(prompt, true)
}

fn ask(prompt: &str, hidden: bool) -> Result<String, AskError> {
    let answer = match host::current() {
        Some(host) => host.input(prompt, hidden).map(Some),
        None => from_console(prompt, hidden),
    };
    match answer {
        Ok(Some(line)) => Ok(line),
        Ok(None) => Err(AskError::Ended {
            prompt: prompt.to_owned(),
        }),
        Err(source) => Err(AskError::Failed {
            prompt: prompt.to_owned(),
            source,
        }),
    }
}

fn from_console(prompt: &str, hidden: bool) -> io::Result<Option<String>> {
    let mut out = io::stdout();
    write!(out, "{prompt}")?;
    out.flush()?;
    let stdin = io::stdin();
    let silence = (hidden && stdin.is_terminal()).then(Silence::start);
    let line = read_line(&mut stdin.lock());
    if silence.is_some() {
        writeln!(out)?;
    }
    line
}

/// One line without its end, or `None` where there is nothing more.
fn read_line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = from.read_line(&mut line)?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    Ok((read > 0).then(|| line.to_owned()))
}

/// While it lives, the terminal does not show what is typed.
struct Silence;

impl Silence {
    fn start() -> Self {
        stty("-echo");
        Self
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(what: &str) {
    // Where there is no such program the answer shows: better than not being able to answer.
    let _ = Command::new("stty")
        .arg(what)
        .stdin(Stdio::inherit())
        .status();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_loses_its_end_and_nothing_else() {
        let mut lines = " a b \r\n\nlast".as_bytes();
        let mut next = || read_line(&mut lines).unwrap();
        assert_eq!(next().as_deref(), Some(" a b "));
        assert_eq!(next().as_deref(), Some(""), "an empty answer is an answer");
        assert_eq!(next().as_deref(), Some("last"));
        assert_eq!(next(), None);
    }
}

//! A command's output on its way to a log file, a progress line and, where it failed, a plain sentence.
//! Knows nothing of which commands there are.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;

use crate::home::Home;
use crate::tools::Tools;
use crate::trouble::{Failed, recognise};

/// How much of the end of the output is searched for a cause, and how many lines of it are shown.
const TAIL_BYTES: usize = 16 * 1024;
const TAIL_LINES: usize = 12;

/// Runs a command to its end: all it prints goes to `log`, each line also to `on_line`.
///
/// # Errors
/// It cannot be started, or it failed: a [`crate::trouble::Trouble`] where the cause is known.
pub fn run(
    mut command: Command,
    log: &Path,
    home: &Home,
    tools: &Tools,
    on_line: &dyn Fn(&str),
) -> anyhow::Result<()> {
    let program = name(&command);
    if let Some(parent) = log.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut file =
        File::create(log).with_context(|| format!("cannot write to {}", log.display()))?;
    let (reader, writer) = std::io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{program}`"))?;
    // The command holds the pipe's write ends: reading would never end.
    drop(command);

    let tail = copy(reader, &mut file, on_line)?;
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    if let Some(trouble) = recognise(&tail, &home.dir, tools) {
        return Err(trouble.into());
    }
    Err(Failed {
        program,
        status: status.to_string(),
        tail: last_lines(&tail),
        log: log.to_path_buf(),
    }
    .into())
}

/// `cargo build`, not `/home/ada/.cargo/bin/cargo build --release ...`.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut name = program.file_name().map_or_else(
        || program.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    if let Some(first) = command.get_args().next() {
        name.push(' ');
        name.push_str(&first.to_string_lossy());
    }
    name
}

/// Copies bytes as they come; a line ends at `\n` or, where a bar is redrawn, at `\r`.
fn copy(reader: impl Read, file: &mut File, on_line: &dyn Fn(&str)) -> anyhow::Result<String> {
    let mut reader = BufReader::new(reader);
    let mut buffer = [0_u8; 4096];
    let mut line = Vec::new();
    let mut tail = Vec::new();
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        // A full disk is the command's trouble to tell, not the log's.
        let _ = file.write_all(&buffer[..count]);
        tail.extend_from_slice(&buffer[..count]);
        let excess = tail.len().saturating_sub(TAIL_BYTES);
        tail.drain(..excess);
        for &byte in &buffer[..count] {
            if byte == b'\n' || byte == b'\r' {
                announce(&line, on_line);
                line.clear();
            } else {
                line.push(byte);
            }
        }
    }
    announce(&line, on_line);
    Ok(String::from_utf8_lossy(&tail).into_owned())
}

fn announce(line: &[u8], on_line: &dyn Fn(&str)) {
    let line = String::from_utf8_lossy(line);
    let line = line.trim();
    if !line.is_empty() {
        on_line(line);
    }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::fake::FakeBin;
    use crate::trouble::Trouble;

    #[test]
    fn output_goes_to_the_log_and_line_by_line_to_the_caller() {
        let bin = FakeBin::new();
        let script = bin.script("pip", "printf 'one\\r'; echo two >&2; printf three");
        let lines = RefCell::new(Vec::new());
        let log = bin.path("pip.log");
        run(
            bin.tools().command(script),
            &log,
            &bin.home(),
            &bin.tools(),
            &|line| lines.borrow_mut().push(line.to_owned()),
        )
        .unwrap();
        assert_eq!(*lines.borrow(), ["one", "two", "three"]);
        assert_eq!(std::fs::read_to_string(log).unwrap(), "one\rtwo\nthree");
    }

    #[test]
    fn a_dead_network_is_one_sentence_and_another_failure_shows_its_end() {
        let bin = FakeBin::new();
        let dead = bin.script("pip", "echo 'Connection refused' >&2; exit 1");
        let broken = bin.script("cargo", "echo 'error[E0308]: mismatched types'; exit 101");
        let fail = |script: &Path| {
            let command = bin.tools().command(script);
            let log = bin.path("log");
            run(command, &log, &bin.home(), &bin.tools(), &|_| ()).unwrap_err()
        };
        assert!(fail(&dead).is::<Trouble>());
        let error = fail(&broken);
        assert!(!error.is::<Trouble>());
        assert!(error.to_string().contains("exit status: 101"), "{error}");
        assert!(error.to_string().contains("mismatched types"), "{error}");
    }
}

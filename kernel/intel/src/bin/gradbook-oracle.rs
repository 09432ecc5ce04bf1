//! The oracle of what a cell means: sessions of cells come in, what evcxr made of each goes out.
//! Knows nothing of Gradbook's own evaluator; the differential test compares the two.

use anyhow::{Context, Result, anyhow};
use evcxr::{CommandContext, Error, EvalContextOutputs};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(2);
const QUIET: Duration = Duration::from_millis(40);

/// What became of one cell.
#[derive(Debug, Serialize)]
struct Answer {
    status: Status,
    /// rustc's codes, in the order of the messages; empty where a message has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<String>,
    /// What evcxr said.
    #[serde(skip_serializing_if = "String::is_empty")]
    message: String,
    stdout: String,
    stderr: String,
    /// The displayed value.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// MIME types of rich output.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mime_types: Vec<String>,
    /// Variables that the next cell can use, with their types.
    variables: BTreeMap<String, String>,
}

/// How a cell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Ok,
    /// It did not compile.
    CompileError,
    /// The process died: every variable is lost.
    Died,
    /// A panic. evcxr takes it for success; the message on stderr gives it away.
    Panic,
    /// evcxr refused it before compiling.
    Refused,
}

fn main() -> Result<()> {
    evcxr::runtime_hook();
    let mut input = String::new();
    match std::env::args_os().nth(1) {
        Some(path) => input = std::fs::read_to_string(path)?,
        None => {
            std::io::stdin().read_to_string(&mut input)?;
        }
    }
    let sessions: Vec<Vec<String>> =
        serde_json::from_str(&input).context("not a list of lists of cells")?;
    let (mut context, outputs) =
        CommandContext::new().map_err(|error| anyhow!("evcxr did not start: {error}"))?;
    let printed = Printed { outputs };
    let mut answers = Vec::new();
    for session in &sessions {
        // A fresh process and no names, at the price of one child and not of a rust-analyzer.
        context
            .execute(":clear")
            .map_err(|error| anyhow!("evcxr did not clear: {error}"))?;
        let cells: Vec<Answer> = session
            .iter()
            .map(|cell| evaluate(&mut context, &printed, cell))
            .collect();
        answers.push(cells);
    }
    println!("{}", serde_json::to_string(&answers)?);
    Ok(())
}

fn evaluate(context: &mut CommandContext, printed: &Printed, cell: &str) -> Answer {
    let (result, stdout, stderr) = printed.while_running(|| context.execute(cell));
    let mut answer = Answer {
        status: Status::Ok,
        codes: Vec::new(),
        message: String::new(),
        stdout,
        stderr,
        value: None,
        mime_types: Vec::new(),
        variables: context
            .variables_and_types()
            .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
            .collect(),
    };
    match result {
        Ok(outputs) => {
            answer.value = outputs.get("text/plain").map(str::to_owned);
            answer.mime_types = outputs.content_by_mime_type.into_keys().collect();
            answer.mime_types.sort();
            if answer.stderr.contains("panicked at") {
                answer.status = Status::Panic;
            }
        }
        Err(error) => {
            answer.message = error.to_string();
            answer.status = match error {
                Error::CompilationErrors(errors) => {
                    let code = |error: &evcxr::CompilationError| {
                        error.code().unwrap_or_default().to_owned()
                    };
                    answer.codes = errors.iter().map(code).collect();
                    Status::CompileError
                }
                Error::SubprocessTerminated(_) => Status::Died,
                Error::TypeRedefinedVariablesLost(_) | Error::Message(_) => Status::Refused,
            };
        }
    }
    answer
}

/// What the cells print, line by line.
struct Printed {
    outputs: EvalContextOutputs,
}

impl Printed {
    /// evcxr does not return before its lines are taken from it, so someone must take them.
    fn while_running<T: Send>(&self, run: impl FnOnce() -> T + Send) -> (T, String, String) {
        let mut stdout = String::new();
        let mut stderr = String::new();
        let result = std::thread::scope(|scope| {
            let running = scope.spawn(run);
            while !running.is_finished() {
                if let Ok(line) = self.outputs.stdout.recv_timeout(PAUSE) {
                    stdout.push_str(&line);
                    stdout.push('\n');
                }
            }
            running.join()
        });
        for line in self.outputs.stdout.try_iter() {
            stdout.push_str(&line);
            stdout.push('\n');
        }
        // stderr has no end of a cell: it is over once it is quiet.
        while let Ok(line) = self.outputs.stderr.recv_timeout(QUIET) {
            stderr.push_str(&line);
            stderr.push('\n');
        }
        match result {
            Ok(result) => (result, stdout, stderr),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

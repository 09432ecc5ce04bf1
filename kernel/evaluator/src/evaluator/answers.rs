//! The evaluator's answers in the form that the protocol has for them.

use gradbook_control::Data;
use gradbook_protocol::evaluator::{CellError, Frontend, InputError, MimeBundle, Output};
use serde_json::Value;

use crate::diagnose;

/// Keeps the result of an expression and publishes nothing.
pub(super) struct Kept(pub(super) Option<MimeBundle>);

impl Frontend for Kept {
    fn publish(&mut self, output: Output) {
        if let Output::ExecuteResult(bundle) = output {
            self.0 = Some(bundle);
        }
    }

    fn input(&mut self, _: &str, _: bool) -> Result<String, InputError> {
        Err(InputError::NotAllowed)
    }
}

/// What the child calls data is what the protocol calls a MIME bundle.
pub(crate) fn bundle(data: Data) -> MimeBundle {
    let content = |(mime_type, text): (String, String)| {
        let value = match mime_type.ends_with("json") {
            true => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            false => Value::String(text),
        };
        (mime_type, value)
    };
    let data = data
        .into_iter()
        .map(|(mime_type, text)| match mime_type.as_str() {
            "text/plain" => (mime_type, diagnose::value(text)),
            _ => (mime_type, text),
        });
    MimeBundle {
        data: data.map(content).collect(),
        metadata: serde_json::Map::new(),
    }
}

pub(crate) fn plain(ename: &str, evalue: String) -> CellError {
    let traceback = vec![format!("{}: {evalue}", diagnose::colours::name(ename))];
    CellError {
        ename: ename.to_owned(),
        evalue,
        traceback,
    }
}

pub(super) fn interrupted_compiling() -> CellError {
    plain(
        "Interrupted",
        "stopped while the cell was compiled; nothing has changed".to_owned(),
    )
}

pub(super) fn rustc_broken(error: &std::io::Error) -> CellError {
    plain(
        "CompileError",
        format!("rustc could not be run: {error}; `cargo lab doctor` says more"),
    )
}

//! Source passes through here to evcxr, which asks rust-analyzer about it.
//! The one module that names evcxr; knows nothing of processes, queues or Jupyter.

use crate::wire::{Completion, Completions, Hover};
use anyhow::{Context, Result, anyhow};
use evcxr::{CommandContext, EvalContext};
use std::path::Path;
use std::process::Command;

/// Between the session and the cell: white space at the cell's start then belongs to a statement,
/// not to an item, so that names of statements are offered there.
const BOUNDARY: &str = "\nlet _ = ();\n";
/// What most learners ask for first takes seconds the first time.
const WARM_UP: [&str; 2] = [
    "let text = String::new();\ntext.",
    "let tensor: tch::Tensor;\ntensor.",
];
/// What rust-analyzer says where it knows nothing.
const NOTHING: &str = "No documentation found";
/// Names of evcxr's own wrapping, and a field of every tensor that only tch can use.
const INTERNAL: [&str; 2] = ["EvcxrUserCodeError", "c_tensor"];
/// Methods that every value has: last among its own.
const EVERYWHERE: [&str; 6] = [
    "into",
    "try_into",
    "borrow",
    "borrow_mut",
    "type_id",
    "clone_into",
];
/// The most completions of one answer: a front end narrows them down as the learner types.
const MOST: usize = 2000;

/// A rust-analyzer that has read the standard library, the lessons, tch and plotters.
pub struct Analyst {
    context: CommandContext,
}

impl Analyst {
    /// Reads the project. The first answer is slow too: asking for one here keeps the learner from
    /// waiting for it.
    pub fn start(session: &Path) -> Result<Analyst> {
        std::env::set_current_dir(session)
            .with_context(|| format!("{} cannot be entered", session.display()))?;
        let child = Command::new(std::env::current_exe()?);
        let (context, outputs) = EvalContext::with_subprocess_command(child)
            .map_err(|error| anyhow!("evcxr did not start: {error}"))?;
        // Both receivers are dropped on purpose: nothing runs that could print.
        drop(outputs);
        let mut analyst = Analyst {
            context: CommandContext::with_eval_context(context),
        };
        for unfinished in WARM_UP {
            analyst.complete("", unfinished, unfinished.len())?;
        }
        Ok(analyst)
    }

    /// What can be written at `cursor`.
    ///
    /// Brackets that the code leaves open are better closed: rust-analyzer mends unfinished code
    /// itself, but not inside the call of a macro.
    pub fn complete(&mut self, preamble: &str, code: &str, cursor: usize) -> Result<Completions> {
        let before = preamble.len() + BOUNDARY.len();
        let source = format!("{preamble}{BOUNDARY}{code}");
        let found = self.context.completions(&source, before + cursor)?;
        let start = found.start_offset.saturating_sub(before).min(code.len());
        let end = found.end_offset.saturating_sub(before).min(code.len());
        let items = found
            .completions
            .into_iter()
            .filter(|item| !INTERNAL.contains(&item.label.as_str()))
            .map(|item| completion(&item.code, item.kind, &item.label))
            .collect();
        Ok(Completions {
            start,
            end,
            items: ordered(items),
        })
    }

    /// What the name around `cursor` is: `None` where there is none, or it is unknown.
    pub fn hover(&mut self, preamble: &str, code: &str, cursor: usize) -> Result<Option<Hover>> {
        let Some(end) = end_of_name(code, cursor) else {
            return Ok(None);
        };
        // evcxr looks at the end of a source. A method is only found as a call, a name as a name.
        let name = format!("{preamble}{BOUNDARY}{}", &code[..end]);
        let call = format!("{name}(");
        let is_call = code[end..].trim_start().starts_with(['(', ':']);
        let tries = if is_call { [call, name] } else { [name, call] };
        for source in tries {
            let (plain, html) = self.context.hover_at(&source, source.len())?;
            if plain.trim() != NOTHING {
                return Ok(Some(Hover {
                    plain: without_crate(&plain),
                    html: without_crate(&html),
                }));
            }
        }
        Ok(None)
    }
}

/// rust-analyzer fills in arguments (`matmul(other)`) and blocks: the learner wants the name, and
/// sees them beside it.
fn completion(code: &str, kind: &str, label: &str) -> Completion {
    let text = match code.find(['(', '{', '[', '$']) {
        Some(end) if end > 0 && matches!(kind, "function" | "keyword") => code[..end].trim_end(),
        _ => code,
    };
    let signature = match kind {
        "function" if text != code => code,
        _ => label,
    };
    Completion {
        text: text.to_owned(),
        kind: kind.to_owned(),
        signature: signature.to_owned(),
        doc: String::new(),
    }
}

/// The learner's items lie in no crate that they know of.
fn without_crate(text: &str) -> String {
    text.replace(
        "<pre><code class=\"language-rust\">ctx\n</code></pre>\n",
        "",
    )
    .replace("ctx::", "")
    .trim_start_matches("ctx\n")
    .trim_start()
    .to_owned()
}

/// The plain forms first: tch has `f_add`, `add_` and `add_out` for every `add`.
fn ordered(mut items: Vec<Completion>) -> Vec<Completion> {
    items.sort_by_cached_key(|item| {
        let name = item.text.as_str();
        let rank = if EVERYWHERE.contains(&name) {
            4
        } else if name.starts_with('_') {
            3
        } else if name.starts_with("f_") {
            2
        } else if name.ends_with('_') || name.ends_with("_out") {
            1
        } else {
            0
        };
        (rank, item.kind == "keyword")
    });
    items.dedup();
    items.truncate(MOST);
    items
}

/// The end of the name that `cursor` is in or just behind.
fn end_of_name(code: &str, cursor: usize) -> Option<usize> {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    let end = code[cursor..]
        .find(|character| !part(character))
        .map_or(code.len(), |length| cursor + length);
    code[..end].ends_with(part).then_some(end)
}

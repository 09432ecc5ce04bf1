//! A front end to which a cell's output goes with places of the cell in it: what is printed of a
//! `Location` names the generated file, which no learner has seen.

use std::collections::BTreeMap;
use std::sync::Arc;

use gradbook_protocol::evaluator::{Frontend, InputError, MimeBundle, Output};

use crate::rustc::is_cell_file;
use crate::source::Source;

/// What the names of generated files begin and end with.
const BEGIN: &str = "gradbook-cell-";
const END: &str = ".rs";
/// What is before the numbers of a `Location` that `Debug` writes.
const DEBUGGED: (&str, &str) = ("\", line: ", ", column: ");

/// See the module.
pub(super) struct Placed<'a> {
    pub(super) frontend: &'a mut dyn Frontend,
    /// By the names of their files; that of the running cell among them.
    pub(super) sources: &'a BTreeMap<String, Arc<Source>>,
}

impl Frontend for Placed<'_> {
    fn publish(&mut self, output: Output) {
        self.frontend.publish(match output {
            Output::Stream { name, text } if text.contains(BEGIN) => {
                let text = with_places(&text, self.sources);
                Output::Stream { name, text }
            }
            Output::ExecuteResult(mut content) => {
                in_values(&mut content, self.sources);
                Output::ExecuteResult(content)
            }
            Output::DisplayData {
                mut content,
                display_id,
            } => {
                in_values(&mut content, self.sources);
                Output::DisplayData {
                    content,
                    display_id,
                }
            }
            other => other,
        });
    }

    fn input(&mut self, prompt: &str, password: bool) -> Result<String, InputError> {
        self.frontend.input(prompt, password)
    }
}

fn in_values(content: &mut MimeBundle, sources: &BTreeMap<String, Arc<Source>>) {
    if let Some(serde_json::Value::String(text)) = content.data.get_mut("text/plain")
        && text.contains(BEGIN)
    {
        *text = with_places(text, sources);
    }
}

/// Text in which `gradbook-cell-12.rs:9:1` is `cell [3]:1:1`.
fn with_places(text: &str, sources: &BTreeMap<String, Arc<Source>>) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let (before, from) = rest.split_at(at);
        written.push_str(before);
        let Some(end) = from.find(END).map(|end| end + END.len()) else {
            written.push_str(from);
            return written;
        };
        let (file, mut after) = from.split_at(end);
        // As `Debug` writes a place, or as `Display` does.
        let debugged = after.starts_with(DEBUGGED.0);
        let signs = if debugged { DEBUGGED } else { (":", ":") };
        let (line, behind) = number(signs.0, after);
        let (column, last) = number(signs.1, behind);
        let source = is_cell_file(file).and_then(|file| sources.get(file));
        let origin = source.and_then(|source| source.origin_of(line?, column.unwrap_or(1)));
        match (origin, source.and_then(|source| source.name())) {
            (Some(origin), _) => {
                let (line, in_line) = origin.line_and_column();
                written.push_str(&format!("{}{}{line}", origin.text.name, signs.0));
                after = behind;
                if column.is_some() {
                    written.push_str(&format!("{}{in_line}", signs.1));
                    after = last;
                }
            }
            (None, Some(name)) => written.push_str(name),
            (None, None) => written.push_str(file),
        }
        rest = after;
    }
    written + rest
}

/// `:12` in front of some text, with the sign before the number.
fn number<'a>(sign: &str, text: &'a str) -> (Option<u32>, &'a str) {
    let Some(digits) = text.strip_prefix(sign) else {
        return (None, text);
    };
    let end = digits
        .find(|one: char| !one.is_ascii_digit())
        .unwrap_or(digits.len());
    match digits[..end].parse() {
        Ok(number) => (Some(number), &digits[end..]),
        Err(_) => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Fragment, Text};

    #[test]
    fn places_in_generated_files_become_places_in_cells() {
        let cell = Arc::new(Text {
            id: 1,
            name: "cell [3]".to_owned(),
            code: "f();\n  g();".to_owned(),
        });
        let mut source = Source::default();
        source.ours("//\n");
        source.theirs(&Fragment::new(&cell, 0..cell.code.len()));
        let sources = BTreeMap::from([("gradbook-cell-ab.rs".to_owned(), Arc::new(source))]);
        let shown = |text: &str| with_places(text, &sources);
        assert_eq!(shown("at gradbook-cell-ab.rs:3:3!"), "at cell [3]:2:3!");
        assert_eq!(shown("gradbook-cell-ab.rs:3 x"), "cell [3]:2 x");
        assert_eq!(shown("in gradbook-cell-ab.rs, 3"), "in cell [3], 3");
        assert_eq!(
            shown("L { file: \"gradbook-cell-ab.rs\", line: 3, column: 3 }"),
            "L { file: \"cell [3]\", line: 2, column: 3 }"
        );
        assert_eq!(shown("gradbook-cell-cd.rs:3:3"), "gradbook-cell-cd.rs:3:3");
        assert_eq!(shown("gradbook-cell-"), "gradbook-cell-");
    }
}

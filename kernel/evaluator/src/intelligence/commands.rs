//! Lines of a cell that are no Rust pass through here: `:dep ..` at its top, and `?name`.
//! Knows nothing of what they do.

use gradbook_protocol::evaluator::{Completion, Completions};

/// Commands by name, with what they are for.
const COMMANDS: [(&str, &str); 6] = [
    (":dep", ":dep rand = \"0.9\": use another crate"),
    (":vars", "all variables with their types"),
    (":clear", "forget every variable and item"),
    (":help", "what a cell can do beside Rust"),
    (":type", ":type x: the type of a variable"),
    (":explain", "rustc's explanation of the last error"),
];

/// Whether a line is a command, where the lines above it are commands, comments or empty.
pub fn is_command(line: &str) -> bool {
    let line = line.trim();
    let command = line.strip_prefix(':').is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphabetic()) && !rest.starts_with("::")
    });
    command || line.starts_with('?') || line.starts_with('!')
}

/// How many bytes of a cell come before its Rust.
pub fn length(code: &str) -> usize {
    let mut length = 0;
    let mut commands = 0;
    for line in code.split_inclusive('\n') {
        length += line.len();
        if is_command(line) {
            commands = length;
        } else if !(line.trim().is_empty() || line.trim_start().starts_with("//")) {
            break;
        }
    }
    commands
}

/// The cell with its commands made blank: every byte stays in its place.
pub fn without(code: &str) -> String {
    let length = length(code);
    let blank = code[..length].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
    blank.chain(code[length..].chars()).collect()
}

/// Completions inside the name of a command; `None` anywhere else.
pub fn complete(before: &str) -> Option<Completions> {
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before[start..].trim_start();
    if length(&before[..start]) < before[..start].trim_end().len() || !line.starts_with(':') {
        return None;
    }
    let (start, end) = (before.len() - line.len(), before.len());
    let items = COMMANDS
        .iter()
        .filter(|(name, _)| name.starts_with(line))
        .map(|(name, use_for)| Completion {
            text: (*name).to_owned(),
            kind: "magic".to_owned(),
            signature: (*use_for).to_owned(),
        })
        .collect();
    Some(Completions { start, end, items })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_become_blanks_of_the_same_length() {
        assert_eq!(without(":dep rand\n// c\n?Vec\nlet x = 1;"), "         \n    \n    \nlet x = 1;");
        let dep = ":dep größe\nx";
        assert_eq!(without(dep).len(), dep.len());
        for rust in ["let x = 1;\n:dep late", "x\n?", "// only\n", "::std::f()"] {
            assert_eq!(without(rust), rust);
        }
    }

    #[test]
    fn names_of_commands_are_completed_at_the_top() {
        let texts = |before| {
            complete(before).map(|found| {
                found.items.into_iter().map(|item| item.text).collect::<Vec<_>>()
            })
        };
        assert_eq!(texts(":d"), Some(vec![":dep".to_owned()]));
        assert_eq!(texts(":dep a\n:v"), Some(vec![":vars".to_owned()]));
        assert_eq!(texts("let x = 1;\n:d"), None);
        assert_eq!(texts("d"), None);
    }
}

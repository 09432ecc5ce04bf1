//! Names of commands (`:dep`, `:vars`) are completed here.
//! Knows nothing of what they do; see [`crate::commands`].

use gradbook_protocol::evaluator::{Completion, Completions};

use crate::commands::{HELP, split};

/// Completions inside the name of a command; `None` anywhere else.
pub fn complete(before: &str) -> Option<Completions> {
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let (above, line) = (&before[..start], before[start..].trim_start());
    if !line.starts_with(':') || line.starts_with("::") || !is_without_rust(above) {
        return None;
    }
    let items = HELP
        .lines()
        .filter_map(|help| help.split_once(char::is_whitespace))
        .filter(|(name, _)| name.starts_with(line))
        .map(|(name, what_for)| Completion {
            text: name.to_owned(),
            kind: "magic".to_owned(),
            signature: what_for.trim().to_owned(),
            documentation: String::new(),
        })
        .collect();
    let start = before.len() - line.len();
    Some(Completions {
        start,
        end: before.len(),
        items,
    })
}

/// Where the name begins that a line `?name` asks about.
pub fn page_of(before: &str) -> Option<usize> {
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let (above, line) = (&before[..start], before[start..].trim_start());
    let name = line.strip_prefix('?')?.trim_start_matches('?').trim_start();
    let is_part = |one: char| one.is_alphanumeric() || one == '_' || one == ':';
    (name.chars().all(is_part) && is_without_rust(above)).then(|| before.len() - name.len())
}

fn is_without_rust(above: &str) -> bool {
    let (_, rust) = split(above);
    rust.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::{complete, page_of};

    #[test]
    fn a_name_behind_a_question_mark_is_known_by_its_place() {
        assert_eq!(page_of("?pl"), Some(1));
        assert_eq!(page_of(":vars\n  ?? nn::se"), Some(11));
        for rust in ["f()?.pl", "let x = 1;\n?pl", "?a + b", "pl"] {
            assert_eq!(page_of(rust), None, "{rust}");
        }
    }

    #[test]
    fn names_of_commands_are_completed_at_the_top() {
        let texts = |before| {
            complete(before).map(|found| {
                found
                    .items
                    .into_iter()
                    .map(|item| item.text)
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(texts(":v"), Some(vec![":vars".to_owned()]));
        assert_eq!(texts("// c\n:vars\n:cl"), Some(vec![":clear".to_owned()]));
        assert_eq!(texts(":dep ran"), Some(vec![]));
        for rust in ["let x = 1;\n:v", "v", "::std", ""] {
            assert_eq!(texts(rust), None, "{rust}");
        }
    }
}

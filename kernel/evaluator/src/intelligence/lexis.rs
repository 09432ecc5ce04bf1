//! Unfinished source passes through here: what does it leave open at its end?
//! Knows nothing else of Rust than where brackets are no brackets: in text, characters, comments.

use std::ops::Range;

/// What is open at the end of a piece of source.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Open brackets with their places, outermost first.
    pub open: Vec<(char, usize)>,
    /// A closing bracket that closes nothing, or something else.
    pub mismatch: Option<usize>,
    /// What the end is in the middle of.
    pub inside: Option<Inside>,
}

/// Something without brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// `"..`, also raw.
    Text,
    /// `// ..`, which the line's end closes.
    LineComment,
    /// `/* ..`
    BlockComment,
}

impl Scan {
    /// Whether the next character would be code.
    pub fn ends_in_code(&self) -> bool {
        self.inside.is_none()
    }
}

/// Looks through a piece of source once.
pub fn scan(code: &str) -> Scan {
    let mut scan = Scan::default();
    let mut at = 0;
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let (length, inside) = match first {
            '/' if rest.starts_with("//") => line_comment(rest),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => text(rest, 1),
            '\'' => (character(rest), None),
            _ if is_name(first) => match raw_text(rest) {
                Some(found) => found,
                None => (name_length(rest), None),
            },
            _ => {
                scan.bracket(first, at);
                (first.len_utf8(), None)
            }
        };
        if inside.is_some() {
            scan.inside = inside;
        }
        at += length;
    }
    scan
}

/// The brackets that would close `code`, innermost first.
pub fn closers(code: &str) -> String {
    scan(code)
        .open
        .iter()
        .rev()
        .map(|(bracket, _)| closer(*bracket))
        .collect()
}

/// The name that a byte offset is in or just behind.
pub fn name_around(code: &str, cursor: usize) -> Option<Range<usize>> {
    let (before, behind) = (code.get(..cursor)?, code.get(cursor..)?);
    let start = before.trim_end_matches(is_name).len();
    let end = cursor + name_length(behind);
    let begins_as_name = |name: &str| name.chars().next().is_some_and(|c| !c.is_numeric());
    begins_as_name(&code[start..end]).then_some(start..end)
}

/// Whether a `let` of this piece of source makes a variable of that name.
pub fn makes(code: &str, name: &str) -> bool {
    let mut words = code.split(|character| !is_name(character));
    words.any(|word| word == "let")
        && code.split("let ").skip(1).any(|behind| {
            let pattern = behind.split(['=', ';']).next().unwrap_or_default();
            pattern
                .split(|character| !is_name(character))
                .any(|word| word == name)
        })
}

/// A character of a name. (Rust's own rule differs for a few scripts, which does no harm here.)
pub fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

impl Scan {
    fn bracket(&mut self, character: char, at: usize) {
        match character {
            '(' | '[' | '{' => self.open.push((character, at)),
            ')' | ']' | '}' => match self.open.pop() {
                Some((open, _)) if closer(open) == character => {}
                _ => self.mismatch = self.mismatch.or(Some(at)),
            },
            _ => {}
        }
    }
}

fn closer(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn line_comment(rest: &str) -> (usize, Option<Inside>) {
    match rest.find('\n') {
        Some(end) => (end, None),
        None => (rest.len(), Some(Inside::LineComment)),
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> (usize, Option<Inside>) {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return (at, None);
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    (rest.len(), Some(Inside::BlockComment))
}

/// Text whose content begins at `start`.
fn text(rest: &str, start: usize) -> (usize, Option<Inside>) {
    let mut characters = rest[start..].char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '"' => return (start + at + 1, None),
            _ => {}
        }
    }
    (rest.len(), Some(Inside::Text))
}

/// `r"..`, `br#"..`, `c".."` and the like; `None` for any other name.
fn raw_text(rest: &str) -> Option<(usize, Option<Inside>)> {
    let prefix = &rest[..name_length(rest)];
    let behind = &rest[prefix.len()..];
    match prefix {
        "b" | "c" if behind.starts_with('"') => Some(text(rest, 2)),
        "r" | "br" | "cr" => {
            let hashes = behind.len() - behind.trim_start_matches('#').len();
            let content = behind[hashes..].strip_prefix('"')?;
            let end = format!("\"{}", "#".repeat(hashes));
            Some(match content.find(&end) {
                Some(at) => (rest.len() - content.len() + at + end.len(), None),
                None => (rest.len(), Some(Inside::Text)),
            })
        }
        _ => None,
    }
}

/// A character, or the quote of a lifetime or a label.
fn character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let from = at + escaped.len_utf8();
            let line = rest[from..].lines().next().unwrap_or_default();
            line.find('\'').map_or(from, |end| from + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}

fn name_length(rest: &str) -> usize {
    rest.find(|character| !is_name(character))
        .unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_brackets_are_closed_innermost_first() {
        assert_eq!(closers("for x in y { println!(\"{}\", [x."), "])}");
        assert_eq!(closers("f(a)[b]{c}"), "");
    }

    #[test]
    fn brackets_in_text_characters_and_comments_are_none() {
        for code in [
            r#"let a = "(";"#,
            r#"let a = "\"(";"#,
            r##"let a = r#"("{"#;"##,
            r##"let a = br"(";"##,
            r##"let a = b"(";"##,
            "let a = '(';",
            r"let a = '\'';",
            r"let a = '\u{28}';",
            "// (\n",
            "/* ( /* { */ [ */",
            "fn f<'a>(x: &'a str) {}",
            "'outer: loop {}",
            "let größe = 'ß';",
            "let r#fn = 1;",
        ] {
            assert_eq!(scan(code), Scan::default(), "{code}");
        }
    }

    #[test]
    fn the_end_may_be_inside_something() {
        for (code, inside) in [
            ("f(\"abc(", Inside::Text),
            ("r#\"abc\"", Inside::Text),
            ("b\"\\\"", Inside::Text),
            ("a /* b /* c */", Inside::BlockComment),
            ("a // b", Inside::LineComment),
        ] {
            assert_eq!(scan(code).inside, Some(inside), "{code}");
        }
    }

    #[test]
    fn brackets_that_close_nothing_are_found() {
        assert_eq!(scan("}").mismatch, Some(0));
        assert_eq!(scan("(]").mismatch, Some(1));
        assert_eq!(scan("(a))").mismatch, Some(3));
        assert_eq!(scan("r").mismatch, None);
        assert_eq!(scan("'").mismatch, None);
        assert_eq!(scan(r"'\").mismatch, None);
    }

    #[test]
    fn a_let_makes_the_names_of_its_pattern() {
        for code in [
            "let w = 1;",
            "f();\nlet mut w;",
            "let (a, w) = b;",
            "if let Some(w) = a {}",
        ] {
            assert!(makes(code, "w"), "{code}");
        }
        for code in ["w", "let a = w;", "let wide = 1; w", "outlet w"] {
            assert!(!makes(code, "w"), "{code}");
        }
    }

    #[test]
    fn names_are_found_around_a_place() {
        assert_eq!(name_around("let größe = 1", 6), Some(4..11));
        assert_eq!(name_around("a.b(c)", 3), Some(2..3));
        assert_eq!(name_around("1 + 2", 1), None);
        assert_eq!(name_around("a + ", 4), None);
        assert_eq!(name_around("a", 9), None);
    }
}

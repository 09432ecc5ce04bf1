//! Unfinished source passes through here: which brackets does it leave open?
//! Knows nothing else of Rust than where brackets are no brackets: in text, characters, comments.

/// The brackets that would close `code`, innermost first. rust-analyzer mends unfinished code
/// itself, but not inside a macro call, and `println!("{}", t.` is what learners write.
pub fn closers(code: &str) -> String {
    let mut open = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' | '[' | '{' => {
                open.push(first);
                &rest[1..]
            }
            ')' | ']' | '}' => {
                open.pop();
                &rest[1..]
            }
            '"' => after_text(&rest[1..]),
            '\'' => after_character(&rest[1..]),
            '/' if rest.starts_with("//") => rest.find('\n').map_or("", |end| &rest[end..]),
            '/' if rest.starts_with("/*") => after(&rest[2..], "*/"),
            'r' => after_raw_text(rest),
            _ if first.is_alphanumeric() || first == '_' => after_word(rest),
            _ => &rest[first.len_utf8()..],
        };
    }
    open.iter()
        .rev()
        .map(|bracket| match bracket {
            '(' => ')',
            '[' => ']',
            _ => '}',
        })
        .collect()
}

fn after<'a>(rest: &'a str, end: &str) -> &'a str {
    rest.split_once(end).map_or("", |(_, rest)| rest)
}

fn after_text(rest: &str) -> &str {
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '"' => return &rest[at + 1..],
            _ => {}
        }
    }
    ""
}

/// A character, or a lifetime, which has no end.
fn after_character(rest: &str) -> &str {
    let mut characters = rest.chars();
    match (characters.next(), characters.next()) {
        (Some('\\'), _) => after(&rest[2.min(rest.len())..], "'"),
        (Some(_), Some('\'')) => after(rest, "'"),
        _ => rest,
    }
}

fn after_raw_text(rest: &str) -> &str {
    let hashes = rest[1..].len() - rest[1..].trim_start_matches('#').len();
    match rest[1 + hashes..].strip_prefix('"') {
        Some(text) => after(text, &format!("\"{}", "#".repeat(hashes))),
        None => after_word(rest),
    }
}

fn after_word(rest: &str) -> &str {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    let word = rest
        .find(|character| !part(character))
        .unwrap_or(rest.len());
    let word = match &rest[..word] {
        // The quote or the hash behind these belongs to them.
        "br" | "cr" if rest[word..].starts_with(['"', '#']) => 1,
        _ => word.max(1),
    };
    &rest[word..]
}

#[cfg(test)]
mod tests {
    use super::closers;

    #[test]
    fn open_brackets_are_closed_innermost_first() {
        assert_eq!(closers("for x in y { println!(\"{}\", [x."), "])}");
        assert_eq!(closers("f(a)[b]{c}"), "");
        assert_eq!(closers("}"), "");
    }

    #[test]
    fn brackets_in_text_characters_and_comments_are_none() {
        for code in [
            r#"let a = "(";"#,
            r#"let a = "\"(";"#,
            r##"let a = r#"("{"#;"##,
            r##"let a = br"(";"##,
            "let a = '(';",
            r"let a = '\'';",
            "// (",
            "/* ( */",
            "fn f<'a>(x: &'a str) {}",
            "let größe = 'ß';",
        ] {
            assert_eq!(closers(code), "", "{code}");
        }
    }

    #[test]
    fn unfinished_text_hides_what_follows() {
        assert_eq!(closers("f(\"abc("), ")");
        assert_eq!(closers("f('"), ")");
        assert_eq!(closers(r"f('\"), ")");
        assert_eq!(closers("r"), "");
        assert_eq!(closers("(r#"), ")");
    }
}

//! Characters that come with text copied from a page or a chat: they look like Rust's own, or like nothing.

use std::ops::Range;

/// What rustc says of each of them.
const UNKNOWN: &str = "unknown start of token: ";

/// Marks of quoted texts in writing.
const DOUBLE: &str = "“”„‟«»″〃＂「」『』";
const SINGLE: &str = "‘’‚‛′＇´";

/// What to write for each character; rustc's own list leaves out the signs of mathematics.
const MEANT: [(&str, &str); 20] = [
    // Of no width, and marks of direction.
    (
        "\u{200b}\u{200c}\u{200d}\u{2060}\u{2061}\u{2062}\u{2063}\u{feff}\u{ad}\u{180e}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}",
        "",
    ),
    // Spaces of other widths.
    (
        "\u{a0}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{202f}\u{205f}\u{3000}",
        " ",
    ),
    (DOUBLE, "\""),
    (SINGLE, "'"),
    ("‐‑‒–—―−﹣－", "-"),
    ("×∗＊⋅·", "*"),
    ("÷∕⁄／", "/"),
    ("≤⩽", "<="),
    ("≥⩾", ">="),
    ("≠", "!="),
    ("→⇒", "->"),
    ("←", "="),
    ("…", "..."),
    ("；;", ";"),
    ("，、", ","),
    ("：", ":"),
    ("【〔", "["),
    ("】〕", "]"),
    ("∧", "&&"),
    ("∨", "||"),
];

/// Whether a character marks the beginning or the end of a text in writing.
pub(crate) fn is_mark(character: char) -> bool {
    DOUBLE.contains(character)
}

/// The character that an error of rustc's is about.
pub(crate) fn stray(message: &str) -> Option<char> {
    let escaped = message.strip_prefix(UNKNOWN)?;
    match escaped.strip_prefix("\\u{") {
        Some(number) => {
            let number = number.trim_end_matches(|one: char| !one.is_ascii_hexdigit());
            u32::from_str_radix(number.split('}').next()?, 16)
                .ok()
                .and_then(char::from_u32)
        }
        None => escaped.chars().next(),
    }
}

/// What to write instead of it.
fn meant(character: char) -> Option<String> {
    let own = MEANT.iter().find(|(those, _)| those.contains(character));
    own.map(|(_, meant)| (*meant).to_owned()).or_else(|| {
        // Full-width forms of ASCII, in its order.
        let offset = u32::from(character).checked_sub(0xff01)?;
        let ascii = (offset < 94).then(|| char::from_u32(0x21 + offset))??;
        Some(ascii.to_string())
    })
}

/// Instead of "unknown start of token".
pub(crate) fn title(message: &str) -> Option<String> {
    let character = stray(message)?;
    let code = format!("U+{:04X}", u32::from(character));
    Some(match meant(character).as_deref() {
        Some("") => format!("there is an invisible character here ({code})"),
        Some(" ") => format!("this space ({code}) is not the usual one"),
        Some(meant) => format!("`{character}` ({code}) is not `{meant}`"),
        None => format!("`{character}` ({code}) has no meaning in Rust"),
    })
}

/// Where it came from, and the lines at these places as they are meant, for one line or several.
pub(crate) fn correction(code: &str, places: &[Range<usize>]) -> Option<String> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut places = places.to_vec();
    places.sort_by_key(|place| place.start);
    for place in &places {
        let start = code[..place.start].rfind('\n').map_or(0, |at| at + 1);
        let end = code[place.start..]
            .find('\n')
            .map_or(code.len(), |at| place.start + at);
        if !lines.iter().any(|line| line.start == start) {
            lines.push(start..end);
        }
    }
    let mut changed = false;
    let corrected: Vec<String> = lines
        .iter()
        .map(|line| {
            let text = corrected(&code[line.clone()]);
            changed |= text != code[line.clone()];
            text.trim().to_owned()
        })
        .collect();
    let whence = "such characters come with text that is copied from a page or a chat";
    let whole: Vec<String> = code.lines().map(self::corrected).collect();
    if changed && super::around::parsed(&whole.join("\n")).is_none() {
        return Some(whence.to_owned());
    }
    changed.then(|| match corrected.as_slice() {
        [one] => format!("{whence}; write `{one}`"),
        several => format!("{whence}; write\n{}", several.join("\n")),
    })
}

/// A line with what is meant; texts and comments between ASCII's own marks stay as they are.
fn corrected(line: &str) -> String {
    let mut text = String::new();
    let mut quoted = false;
    // A text that one mark begins and another ends.
    let marks = line.matches('"').count() - line.matches("\\\"").count();
    let unpaired = marks % 2 == 1;
    let mut rest = line.chars();
    while let Some(one) = rest.next() {
        if !quoted && one == '/' && rest.as_str().starts_with('/') {
            text.push(one);
            text.push_str(rest.as_str());
            break;
        }
        let is_mark = one == '"' || unpaired && DOUBLE.contains(one);
        quoted ^= is_mark;
        if is_mark {
            text.push('"');
            continue;
        }
        if !quoted && let Some((inside, behind)) = single(one, rest.as_str()) {
            text.push_str(&inside);
            rest = behind.chars();
            continue;
        }
        match meant(one).filter(|_| !quoted) {
            Some(meant) => text.push_str(&meant),
            None => text.push(one),
        }
        if quoted && one == '\\' {
            text.extend(rest.next());
        }
    }
    text
}

/// A character, or a text, between single marks, and what comes behind it.
fn single(mark: char, rest: &str) -> Option<(String, &str)> {
    if !SINGLE.contains(mark) {
        return None;
    }
    let (inside, behind) = rest.split_once(|one| SINGLE.contains(one) || one == '\'')?;
    let is_character = inside.chars().count() == 1;
    let mark = if is_character { '\'' } else { '"' };
    Some((format!("{mark}{inside}{mark}"), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, meant: &str) {
        assert_eq!(corrected(line), meant);
    }

    #[test]
    fn what_looks_like_rust_becomes_rust() {
        check("println!(“hi”);", "println!(\"hi\");");
        check("let y =\u{200b} （1 ＋ 2）；", "let y = (1 + 2);");
        check("if a ≤ b { c − 1 }", "if a <= b { c - 1 }");
        check("let\u{a0}x\u{3000}= ‘a’;", "let x = 'a';");
    }

    #[test]
    fn texts_are_texts_whatever_their_marks() {
        check("let s = ‘hello’;", "let s = \"hello\";");
        check("let q = \"abc”;", "let q = \"abc\";");
        check("f(「a」, “b”)", "f(\"a\", \"b\")");
    }

    #[test]
    fn what_would_not_be_rust_is_not_offered() {
        let code = "x ？ 1 : 2";
        let at = code.find('？').expect("it is there");
        let told = correction(code, std::slice::from_ref(&(at..at + 3))).expect("a remark");
        assert!(!told.contains("write"), "{told}");
    }

    #[test]
    fn texts_and_comments_stay() {
        for line in ["print!(\"a – b “c” \\\" é\");", "x // a – b"] {
            check(line, line);
        }
    }

    #[test]
    fn each_character_is_called_what_it_is() {
        let title = |message: &str| title(message).expect("a title");
        assert_eq!(
            title(r"unknown start of token: \u{200b}"),
            "there is an invisible character here (U+200B)"
        );
        assert_eq!(
            title(r"unknown start of token: \u{a0}"),
            "this space (U+00A0) is not the usual one"
        );
        assert_eq!(
            title(r"unknown start of token: \u{201c}"),
            "`“` (U+201C) is not `\"`"
        );
        assert_eq!(
            title(r"unknown start of token: \u{20ac}"),
            "`€` (U+20AC) has no meaning in Rust"
        );
        assert_eq!(super::title("mismatched types"), None);
    }

    #[test]
    fn lines_are_given_once_and_only_where_something_changes() {
        let code = "let a = 1;\nlet b = “x”;\nlet c = 2 − 1;";
        let place = |sign: char| {
            let at = code.find(sign).expect("it is there");
            at..at + sign.len_utf8()
        };
        let told = correction(code, &[place('“'), place('”')]).expect("a correction");
        assert!(told.ends_with("; write `let b = \"x\";`"), "{told}");
        let told = correction(code, &[place('“'), place('−')]).expect("a correction");
        assert!(
            told.ends_with("; write\nlet b = \"x\";\nlet c = 2 - 1;"),
            "{told}"
        );
        let euro = "let a = 2€;";
        assert_eq!(correction(euro, std::slice::from_ref(&(9..12))), None);
    }
}

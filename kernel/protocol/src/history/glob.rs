//! A pattern and a text go in, whether they match comes out: `*`, `?` and `[a-z]`, as consoles use.
//! Knows nothing of history.

/// Whether all of `text` matches `pattern`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut seen) = (0, 0);
    // Where the last star stands, and how much of the text it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, seen));
            at += 1;
        } else if let Some(width) = one(&pattern[at..], text[seen]) {
            at += width;
            seen += 1;
        } else if let Some((star_at, taken)) = star {
            star = Some((star_at, taken + 1));
            at = star_at + 1;
            seen = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

/// How many characters of the pattern match this one character, if they do.
fn one(pattern: &[char], character: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['[', set @ ..] => one_of(set, character).or_else(|| (character == '[').then_some(1)),
        [literal, ..] => (*literal == character).then_some(1),
        [] => None,
    }
}

fn one_of(set: &[char], character: char) -> Option<usize> {
    let negated = matches!(set, ['!' | '^', ..]);
    let members = &set[usize::from(negated)..];
    // A `]` right at the start is a member.
    let end = 1 + members.iter().skip(1).position(|member| *member == ']')?;
    let members = &members[..end];
    let mut found = false;
    let mut at = 0;
    while at < members.len() {
        if let [from, '-', to, ..] = members[at..] {
            found |= (from..=to).contains(&character);
            at += 3;
        } else {
            found |= members[at] == character;
            at += 1;
        }
    }
    // The opening bracket, the negation, the members, the closing bracket.
    (found != negated).then_some(1 + usize::from(negated) + end + 1)
}

#[cfg(test)]
mod tests {
    use super::matches;
    use proptest::prelude::*;

    #[test]
    fn stars_marks_and_sets() {
        for (pattern, text) in [
            ("*", ""),
            ("let*", "let x = 1;"),
            ("*x*", "let x = 1;"),
            ("l?t *", "let λ = 1;"),
            ("*a*b*c", "aXbXbXc"),
            ("[a-c]1", "b1"),
            ("[!a-c]1", "d1"),
            ("[]]", "]"),
            ("a[", "a["),
            ("*\n*", "two\nlines"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "x"),
            ("?", ""),
            ("let", "let x"),
            ("[a-c]", "d"),
            ("[!a-c]", "b"),
            ("*a", "ab"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_finds_what_stars_surround(pattern in "[\\[\\]*?!a-c^-]{0,9}", text in "[a-c]{0,9}") {
            let _ = matches(&pattern, &text);
            let around = format!("*{text}*");
            let inside = format!("xx{text}yy");
            prop_assert!(matches(&around, &inside));
        }
    }
}

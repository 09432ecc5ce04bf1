//! Errors of libtorch's that a cell prints or ends in: without the lines of C++ behind them.

use super::in_plain_words;

/// Begins what only a C++ programmer reads, as text and inside a quoted one.
const TRACE: &str = "Exception raised from ";
const QUOTED_TRACE: &str = "\\nException raised from ";
/// Each line of it.
const FRAME: &str = "frame #";
/// What tch puts before libtorch's own words.
const PREFIX: &str = "Internal torch error: ";

/// One stream of what a cell prints, in the pieces in which it comes.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    /// The last line was one of a trace.
    in_trace: bool,
    /// Its end has not come yet.
    in_line: bool,
    /// Inside the quotes of an error, in its trace.
    in_quotes: bool,
    /// What may be the first characters of a trace.
    held: String,
}

impl Printed {
    /// The piece without lines of traces, and with plain words for the line before each.
    pub(crate) fn text(&mut self, piece: String) -> String {
        let piece = std::mem::take(&mut self.held) + &piece;
        let piece = self.without_quoted(piece);
        if !self.in_trace && !piece.contains(TRACE) {
            self.in_line = !(piece.ends_with('\n') || piece.is_empty() && !self.in_line);
            return piece;
        }
        self.without_lines(&piece)
    }

    /// What was held back is no trace: nothing more comes.
    pub(crate) fn rest(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    fn without_lines(&mut self, piece: &str) -> String {
        let mut kept = String::new();
        let mut lines = piece.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let begins = !std::mem::replace(&mut self.in_line, !line.ends_with('\n'));
            if !begins && self.in_trace {
                continue;
            }
            if self.in_trace {
                if self.in_line && FRAME.starts_with(line) {
                    self.in_line = false;
                    line.clone_into(&mut self.held);
                    continue;
                }
                // libtorch ends its text with a newline, and printing adds one.
                let last = line == "\n";
                self.in_trace = line.starts_with(FRAME);
                if self.in_trace || last {
                    continue;
                }
            }
            if begins && line.starts_with(TRACE) {
                self.in_trace = true;
                continue;
            }
            match lines.peek().is_some_and(|next| next.starts_with(TRACE)) {
                true => kept.push_str(&explained(line)),
                false => kept.push_str(line),
            }
        }
        kept
    }

    /// The same for errors as `{:?}` prints them, on one line and in quotes.
    fn without_quoted(&mut self, piece: String) -> String {
        let mut kept = String::new();
        let mut rest = piece.as_str();
        loop {
            if self.in_quotes {
                let Some(end) = end_of_quotes(rest) else {
                    return kept;
                };
                self.in_quotes = false;
                rest = &rest[end..];
            }
            let Some((before, trace)) = rest.split_once(QUOTED_TRACE) else {
                break;
            };
            kept.push_str(before);
            self.in_quotes = true;
            rest = trace;
        }
        let begun = (1..QUOTED_TRACE.len())
            .rev()
            .find(|length| rest.ends_with(&QUOTED_TRACE[..*length]))
            .unwrap_or(0);
        let (whole, begun) = rest.split_at(rest.len() - begun);
        kept.push_str(whole);
        self.held.push_str(begun);
        kept
    }
}

/// The quote that ends a quoted text.
fn end_of_quotes(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.find(|one| {
        let is_end = one == '"' && !escaped;
        escaped = one == '\\' && !escaped;
        is_end
    })
}

/// `loss: Internal torch error: shape ..` with what it means.
fn explained(line: &str) -> String {
    let (before, own) = line.split_once(PREFIX).unwrap_or(("", line));
    let own = own.trim_end();
    match in_plain_words(own) {
        Some(words) => format!("{before}{words} (libtorch: {own})\n"),
        None => format!("{before}libtorch: {own}\n"),
    }
}

/// The text of a value, with a line for each error in it that says what it means.
pub(crate) fn value(text: String) -> String {
    if !text.contains(QUOTED_TRACE) {
        return text;
    }
    let (mut text, own) = unquoted(&text);
    let mut told: Vec<String> = own.iter().filter_map(|line| in_plain_words(line)).collect();
    told.dedup();
    for words in told {
        text.push('\n');
        text.push_str(&words);
    }
    text
}

/// `Torch("shape ..")` without the trace inside the quotes; and libtorch's own line of each.
fn unquoted(text: &str) -> (String, Vec<String>) {
    let (mut kept, mut own) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, trace)) = rest.split_once(QUOTED_TRACE) {
        let line = before
            .rsplit_once("Torch(\"")
            .map_or(before, |(_, line)| line);
        let line = line.strip_prefix(PREFIX).unwrap_or(line);
        own.push(line.replace("\\'", "'").replace("\\\"", "\""));
        kept.push_str(before);
        // A trace that was cut has no end.
        rest = trace.find("\")").map_or("\")", |end| &trace[end..]);
    }
    kept.push_str(rest);
    (kept, own)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "shape '[3]' is invalid for input of size 2";
    const WORDS: &str = "the tensor has 2 elements, but [3] holds 3";

    fn trace(newline: &str) -> String {
        [
            "",
            "Exception raised from f at x.h:9 (most recent call first):",
            "frame #0: a long call (of a library)",
            "frame #1: another one, long too",
            "",
        ]
        .join(newline)
    }

    #[test]
    fn a_printed_error_is_one_line() {
        let printed = |text: String| Printed::default().text(text);
        assert_eq!(
            printed(format!(
                "a\nno: Internal torch error: {OWN}{}\nb\n",
                trace("\n")
            )),
            format!("a\nno: {WORDS} (libtorch: {OWN})\nb\n")
        );
        assert_eq!(printed(format!("odd{}c", trace("\n"))), "libtorch: odd\nc");
        assert_eq!(
            printed(format!("Torch(\"{OWN}{}\")\nb", trace("\\n"))),
            format!("Torch(\"{OWN}\")\nb")
        );
    }

    #[test]
    fn a_trace_may_come_in_several_pieces() {
        let all = format!("{OWN}{}\nframed\nb\n", trace("\n"));
        let begins = |at: usize| all[..at].ends_with('\n');
        for cut in 0..all.len() {
            // What a line is shows once its first words are there.
            let line = all[..cut].rfind('\n').map_or(0, |at| at + 1);
            if !begins(cut) && cut - line < TRACE.len() && all[line..].starts_with(TRACE) {
                continue;
            }
            let mut stream = Printed::default();
            let mut told = stream.text(all[..cut].to_owned());
            told += &stream.text(all[cut..].to_owned());
            told += &stream.rest();
            assert!(!told.contains("frame #"), "{cut}: {told}");
            assert!(told.ends_with("\nframed\nb\n"), "{cut}: {told}");
        }
    }

    #[test]
    fn what_is_no_error_stays() {
        for text in ["frame #0: a\n", "Torch(\"x\")", "a\n\nb", r"a\nExc"] {
            let mut stream = Printed::default();
            assert_eq!(stream.text(text.to_owned()) + &stream.rest(), text);
            assert_eq!(value(text.to_owned()), text);
        }
    }

    #[test]
    fn a_quoted_trace_may_come_in_several_pieces() {
        let all = format!("no: Torch(\"{OWN}{}\")\nb\n", trace("\\n"));
        for cut in 0..all.len() {
            let mut stream = Printed::default();
            let mut told = stream.text(all[..cut].to_owned());
            told += &stream.text(all[cut..].to_owned());
            told += &stream.rest();
            assert_eq!(told, format!("no: Torch(\"{OWN}\")\nb\n"), "{cut}");
        }
    }

    #[test]
    fn a_value_is_told_with_what_its_error_means() {
        let text = format!("Err(Torch(\"{OWN}{}\"))", trace("\\n"));
        assert_eq!(value(text), format!("Err(Torch(\"{OWN}\"))\n{WORDS}"));
        let cut = format!("[Err(Torch(\"{OWN}\\nException raised from f");
        assert_eq!(value(cut), format!("[Err(Torch(\"{OWN}\")\n{WORDS}"));
    }
}

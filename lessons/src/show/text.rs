//! A value's `Debug` text, of which only so much is kept as anyone reads: a list of ten million numbers is
//! counted and never written out.

use std::collections::VecDeque;
use std::fmt::{self, Debug, Write};

use crate::interrupt;

/// Characters kept from the beginning of a long text, and as many from its end.
const KEPT: usize = 5_000;
/// A text longer than this is not looked through to its end.
const COUNTED: usize = 40_000_000;
/// A value may hold another of its kind, and so on for long: how much of the stack its text may take.
const STACK: usize = 2 << 20;
/// How often a stop is looked for, in pieces of text.
const PIECES: usize = 1 << 14;

/// The `Debug` text of a value: all of it up to about 10,000 characters, else its beginning and its end with
/// a line between them that says how much is left out.
///
/// ```
/// use lessons::show::debug_text;
/// assert_eq!(debug_text(&"a"), "\"a\"");
/// let long = debug_text(&vec![7; 1_000_000]);
/// assert!(long.len() < 11_000 && long.contains("2,990,000 characters are left out"));
/// ```
#[must_use]
pub fn debug_text(value: &dyn Debug) -> String {
    let mut kept = Kept::new();
    let written = write!(kept, "{value:?}");
    kept.text(written)
}

/// A text of any length in the room of a short one.
fn shortened(text: &str) -> String {
    let mut kept = Kept::new();
    let written = kept.write_str(text);
    kept.text(written)
}

impl super::MimeBundle {
    /// The same with a plain text of at most about 10,000 characters; what a browser draws stays as it is.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        if let Some(text) = self.0.get_mut("text/plain")
            && text.len() > 2 * KEPT
        {
            *text = shortened(text);
        }
        self
    }
}

/// The first and the last characters of what is written into it.
struct Kept {
    head: String,
    /// How many characters `head` has.
    in_head: usize,
    tail: VecDeque<char>,
    /// All that were written.
    count: usize,
    pieces: usize,
    /// Why it takes no more.
    full: Option<Full>,
    bottom: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Full {
    Long,
    Deep,
}

impl Kept {
    fn new() -> Self {
        Self {
            head: String::new(),
            in_head: 0,
            tail: VecDeque::new(),
            count: 0,
            pieces: 0,
            full: None,
            bottom: stack_pointer(),
        }
    }

    fn text(self, written: fmt::Result) -> String {
        let Self {
            mut head,
            tail,
            count,
            full,
            ..
        } = self;
        let left_out = count - self.in_head - tail.len();
        let how = "`println!(\"{:?}\", ..)` prints all";
        match full {
            Some(Full::Long) => {
                let count = grouped(count);
                head.push_str(&format!("\n... more than {count} characters in all; {how}"));
            }
            Some(Full::Deep) => head.push_str(
                "\n... this value holds another one, and so on, too deep to be written out",
            ),
            None => {
                if left_out > 0 {
                    let (left_out, count) = (grouped(left_out), grouped(count));
                    head.push_str(&format!(
                        "\n... {left_out} characters are left out of {count}; {how} ...\n"
                    ));
                }
                head.extend(tail);
                if written.is_err() {
                    head.push_str("\n... its `Debug` returned an error here");
                }
            }
        }
        head
    }
}

impl Write for Kept {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.pieces += 1;
        if self.pieces.is_multiple_of(PIECES) {
            interrupt::checkpoint();
        }
        if self.bottom.abs_diff(stack_pointer()) > STACK {
            self.full = Some(Full::Deep);
        } else if self.count > COUNTED {
            self.full = Some(Full::Long);
        }
        if self.full.is_some() {
            return Err(fmt::Error);
        }
        let mut rest = piece.chars();
        if self.in_head < KEPT {
            for one in rest.by_ref().take(KEPT - self.in_head) {
                self.head.push(one);
                self.in_head += 1;
                self.count += 1;
            }
        }
        let rest = rest.as_str();
        let more = rest.chars().count();
        self.count += more;
        for one in rest.chars().skip(more.saturating_sub(KEPT)) {
            if self.tail.len() == KEPT {
                self.tail.pop_front();
            }
            self.tail.push_back(one);
        }
        Ok(())
    }
}

/// About where the stack ends now.
#[inline(never)]
fn stack_pointer() -> usize {
    let here = 0u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

/// `1234567` as `1,234,567`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_whole() {
        assert_eq!(debug_text(&vec![1, 2]), "[1, 2]");
        let most = "ä".repeat(2 * KEPT - 2);
        assert_eq!(debug_text(&most), format!("{most:?}"));
    }

    #[test]
    fn a_long_text_keeps_its_ends_and_counts_the_rest() {
        let text = debug_text(&(0..100_000).collect::<Vec<i32>>());
        let whole = format!("{:?}", (0..100_000).collect::<Vec<i32>>());
        let (head, rest) = text.split_once("\n... ").expect("a cut");
        let (words, tail) = rest.split_once(" ...\n").expect("its end");
        assert_eq!(head, &whole[..KEPT]);
        assert_eq!(tail, &whole[whole.len() - KEPT..]);
        let left_out = grouped(whole.len() - 2 * KEPT);
        assert!(words.starts_with(&format!("{left_out} characters are left out of ")));
    }

    #[test]
    fn the_longest_text_is_not_waited_for() {
        struct Endless;
        impl Debug for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let page = "x".repeat(1 << 20);
                loop {
                    f.write_str(&page)?;
                }
            }
        }
        assert!(debug_text(&Endless).contains("more than 4"));
    }

    #[test]
    fn a_deep_value_does_not_take_all_of_the_stack() {
        struct Deep(Option<Box<Deep>>);
        impl Debug for Deep {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple("Deep").field(&self.0).finish()
            }
        }
        let told = std::thread::Builder::new()
            .stack_size(8 << 20)
            .spawn(|| {
                let mut deep = Deep(None);
                for _ in 0..1_000_000 {
                    deep = Deep(Some(Box::new(deep)));
                }
                let told = debug_text(&deep);
                // Dropped one by one: the compiler's own way would take the stack.
                while let Some(next) = deep.0.take() {
                    deep = *next;
                }
                told
            })
            .expect("a thread")
            .join();
        assert!(told.is_ok_and(|told| told.ends_with("too deep to be written out")));
    }

    #[test]
    fn a_debug_that_fails_is_no_panic() {
        struct Failing;
        impl Debug for Failing {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("so far")?;
                Err(fmt::Error)
            }
        }
        assert!(debug_text(&Failing).starts_with("so far\n... its `Debug` returned an error"));
    }
}

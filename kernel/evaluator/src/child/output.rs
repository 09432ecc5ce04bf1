//! The child's bytes, split into text and rich content.
//! Knows nothing of pipes; whoever reads them calls [`Splitter::push`] with what came.
//!
//! Rich content comes as evcxr's convention has it: a line `EVCXR_BEGIN_CONTENT <mime type>`, the
//! content, a line `EVCXR_END_CONTENT`. Anything else is text, however it is cut.

const BEGIN: &[u8] = b"EVCXR_BEGIN_CONTENT ";
const END: &[u8] = b"EVCXR_END_CONTENT";

/// A piece of what a child wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Printed text; bytes that are not UTF-8 are shown as U+FFFD.
    Text(String),
    /// One representation of a value.
    Content {
        /// Its MIME type.
        mime_type: String,
        /// The content.
        content: String,
    },
}

/// Splits one stream.
#[derive(Debug, Default)]
pub struct Splitter {
    pending: Vec<u8>,
    /// An end marker was the last thing: the newline that ends its line is not the learner's.
    after_marker: bool,
}

impl Splitter {
    /// Takes bytes and returns all pieces that are certain by now.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let (first, rest) = bytes.split_at(bytes.len().min(1));
        let bytes = match self.after_marker && first == b"\n" {
            true => rest,
            false => bytes,
        };
        self.after_marker &= first.is_empty();
        self.pending.extend_from_slice(bytes);
        let mut pieces = Vec::new();
        while self.next_block(&mut pieces) {}
        if find(&self.pending, BEGIN).is_none() {
            let certain = self.pending.len() - self.uncertain();
            self.text(certain, &mut pieces);
        }
        pieces
    }

    /// Whether [`Splitter::flush`] would return something.
    pub fn waits(&self) -> bool {
        self.pending.len() > self.half_character() && find(&self.pending, BEGIN).is_none()
    }

    /// Returns a begun marker as text after all, unless content has begun. Half a character stays:
    /// however late its other half comes, it is one character.
    pub fn flush(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if find(&self.pending, BEGIN).is_none() {
            self.text(self.pending.len() - self.half_character(), &mut pieces);
        }
        pieces
    }

    /// The stream or its cell is over: returns all that is left as text.
    pub fn finish(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        self.text(self.pending.len(), &mut pieces);
        pieces
    }

    /// Takes one whole content block, and the text before it, off the front.
    fn next_block(&mut self, pieces: &mut Vec<Piece>) -> bool {
        let Some(begin) = find(&self.pending, BEGIN) else {
            return false;
        };
        self.text(begin, pieces);
        let Some(line) = self.pending.iter().position(|&byte| byte == b'\n') else {
            return false;
        };
        let Some(end) = find(&self.pending[line + 1..], END) else {
            return false;
        };
        let body = &self.pending[line + 1..line + 1 + end];
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        let mime_type = String::from_utf8_lossy(&self.pending[BEGIN.len()..line])
            .trim()
            .to_owned();
        let content = String::from_utf8_lossy(body).into_owned();
        pieces.push(Piece::Content { mime_type, content });
        let mut used = line + 1 + end + END.len();
        match self.pending.get(used) {
            Some(b'\n') => used += 1,
            Some(_) => {}
            None => self.after_marker = true,
        }
        self.pending.drain(..used);
        true
    }

    /// How many bytes at the end may begin a marker, or a character that is not whole.
    fn uncertain(&self) -> usize {
        let pending = &self.pending;
        let marker = (1..BEGIN.len().min(pending.len() + 1))
            .rev()
            .find(|&length| pending.ends_with(&BEGIN[..length]))
            .unwrap_or(0);
        marker.max(self.half_character())
    }

    /// How many bytes at the end begin a character that is not whole.
    fn half_character(&self) -> usize {
        let pending = &self.pending;
        (1..=3.min(pending.len()))
            .find(|&length| pending[pending.len() - length] >= 0xC0)
            .filter(|&length| length < width(pending[pending.len() - length]))
            .unwrap_or(0)
    }

    fn text(&mut self, length: usize, pieces: &mut Vec<Piece>) {
        if length > 0 {
            let text: Vec<u8> = self.pending.drain(..length).collect();
            pieces.push(Piece::Text(String::from_utf8_lossy(&text).into_owned()));
        }
    }
}

/// The bytes of a UTF-8 character that begins with this one; 0 where none does.
fn width(first: u8) -> usize {
    match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 0,
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(chunks: &[&[u8]]) -> Vec<Piece> {
        let mut splitter = Splitter::default();
        let mut pieces: Vec<Piece> = chunks
            .iter()
            .flat_map(|chunk| splitter.push(chunk))
            .collect();
        pieces.extend(splitter.finish());
        joined(pieces)
    }

    /// Neighbouring texts as one.
    fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(&more),
                (_, piece) => joined.push(piece),
            }
        }
        joined
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    fn html(content: &str) -> Piece {
        Piece::Content {
            mime_type: "text/html".to_owned(),
            content: content.to_owned(),
        }
    }

    #[test]
    fn content_stands_between_texts() {
        let all = b"before EVCXR_BEGIN_CONTENT text/html\n<b>x</b>\nEVCXR_END_CONTENT\nafter";
        let expected = vec![text("before "), html("<b>x</b>"), text("after")];
        assert_eq!(split(&[all]), expected);
        let bytes: Vec<&[u8]> = all.chunks(1).collect();
        assert_eq!(split(&bytes), expected);
    }

    #[test]
    fn text_is_not_held_back() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.push(b"loss 0.5\r"), [text("loss 0.5\r")]);
        assert_eq!(splitter.push(b"THE"), [text("TH")]);
        assert!(splitter.waits());
        assert_eq!(splitter.flush(), [text("E")]);
    }

    #[test]
    fn half_a_character_waits_for_its_other_half() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.push(b"a\xCE"), [text("a")]);
        assert!(!splitter.waits());
        assert_eq!(splitter.flush(), []);
        assert_eq!(splitter.push(b"\xBB"), [text("λ")]);
        assert_eq!(splitter.push(b"\xFF"), [text("\u{FFFD}")]);
        assert_eq!(splitter.push(b"\xCE"), []);
        assert_eq!(splitter.finish(), [text("\u{FFFD}")]);
    }

    #[test]
    fn a_block_that_never_ends_is_text() {
        let open = b"EVCXR_BEGIN_CONTENT text/html\n<b>";
        assert_eq!(split(&[open]), [text("EVCXR_BEGIN_CONTENT text/html\n<b>")]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_shown() {
        assert_eq!(split(&[b"a\xFFb"]), [text("a\u{FFFD}b")]);
        assert_eq!(
            split(&["α".as_bytes().split_at(1).0, &"α".as_bytes()[1..]]),
            [text("α")]
        );
    }

    proptest! {
        #[test]
        fn cuts_change_nothing(parts in prop::collection::vec(
            prop_oneof![
                "[a-zE_α🙂\n]{0,12}",
                Just("EVCXR_BEGIN_CONTENT text/html\n<i>é</i>\nEVCXR_END_CONTENT\n".to_owned()),
                Just("EVCXR_BEGIN".to_owned()),
            ], 0..6), cut in 1usize..9) {
            let all = parts.concat();
            let chunks: Vec<&[u8]> = all.as_bytes().chunks(cut).collect();
            prop_assert_eq!(split(&chunks), split(&[all.as_bytes()]));
        }

        #[test]
        fn no_byte_of_text_is_lost(all in "[a-zEVCXR_ \nλ]{0,200}") {
            prop_assume!(!all.contains("EVCXR_BEGIN_CONTENT "));
            let pieces = split(&all.as_bytes().chunks(3).collect::<Vec<_>>());
            let whole: String = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Content { .. } => String::new(),
            }).collect();
            prop_assert_eq!(whole, all);
        }
    }
}

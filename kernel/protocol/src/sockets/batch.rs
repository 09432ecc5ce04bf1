//! Pieces of stdout and stderr go in, fewer and larger pieces come out, in the same order.
//! Knows nothing of sockets or of clocks: it is told the time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::evaluator::StreamName;

/// How long the first piece waits for more. A front end draws no faster.
const PATIENCE: Duration = Duration::from_millis(20);

/// The largest piece of text in one message, in bytes.
const LARGEST: usize = 64 * 1024;

/// Text for one `stream` message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stream {
    /// The header of the request whose cell wrote it.
    pub(crate) parent: Arc<Value>,
    pub(crate) name: StreamName,
    pub(crate) text: String,
}

/// Text that waits to become a message.
#[derive(Default)]
pub(crate) struct Batch {
    waiting: Option<Stream>,
    due: Option<Instant>,
}

impl Batch {
    /// Adds a piece; what comes back is to be published now, in this order.
    pub(crate) fn add(&mut self, piece: Stream, now: Instant) -> Vec<Stream> {
        let mut ready = Vec::new();
        match &mut self.waiting {
            Some(waiting) if waiting.name == piece.name && waiting.parent == piece.parent => {
                waiting.text.push_str(&piece.text);
            }
            _ => {
                ready.extend(self.take());
                self.due = Some(now + PATIENCE);
                self.waiting = Some(piece);
            }
        }
        if let Some(waiting) = &mut self.waiting
            && waiting.text.len() > LARGEST
        {
            ready.extend(waiting.cut());
            self.due = Some(now + PATIENCE);
        }
        ready
    }

    /// What waits, to be published now: before anything else that must come after it.
    pub(crate) fn take(&mut self) -> Option<Stream> {
        self.due = None;
        self.waiting.take()
    }

    /// When what waits is to be taken.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl Stream {
    /// Takes off all full pieces and keeps the rest.
    fn cut(&mut self) -> Vec<Stream> {
        let mut pieces = Vec::new();
        let mut rest = self.text.as_str();
        while rest.len() > LARGEST {
            let (piece, behind) = rest.split_at(rest.floor_char_boundary(LARGEST));
            pieces.push(Stream {
                parent: Arc::clone(&self.parent),
                name: self.name,
                text: piece.to_owned(),
            });
            rest = behind;
        }
        self.text = rest.to_owned();
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn piece(name: StreamName, text: &str) -> Stream {
        Stream {
            parent: Arc::new(json!({"msg_id": "1"})),
            name,
            text: text.to_owned(),
        }
    }

    #[test]
    fn the_first_piece_sets_the_time_and_the_others_do_not_move_it() {
        let (mut batch, start) = (Batch::default(), Instant::now());
        assert!(batch.due().is_none());
        assert!(batch.add(piece(StreamName::Stdout, "a"), start).is_empty());
        let later = start + PATIENCE / 2;
        assert!(batch.add(piece(StreamName::Stdout, "b"), later).is_empty());
        assert_eq!(batch.due(), Some(start + PATIENCE));
        assert_eq!(batch.take(), Some(piece(StreamName::Stdout, "ab")));
        assert!(batch.due().is_none() && batch.take().is_none());
    }

    #[test]
    fn another_stream_or_another_cell_ends_the_piece() {
        let (mut batch, now) = (Batch::default(), Instant::now());
        batch.add(piece(StreamName::Stdout, "out"), now);
        let ready = batch.add(piece(StreamName::Stderr, "err"), now);
        assert_eq!(ready, [piece(StreamName::Stdout, "out")]);
        let other_cell = Stream {
            parent: Arc::new(json!({"msg_id": "2"})),
            ..piece(StreamName::Stderr, "more")
        };
        let ready = batch.add(other_cell, now);
        assert_eq!(ready, [piece(StreamName::Stderr, "err")]);
    }

    proptest! {
        #[test]
        fn no_character_is_lost_or_moved(
            pieces in prop::collection::vec((any::<bool>(), "[aλ𝛼\r\n]{0,9}", 1..12_000usize), 0..8)
        ) {
            let (mut batch, now) = (Batch::default(), Instant::now());
            let mut out = Vec::new();
            let mut expected = [String::new(), String::new()];
            for (is_stderr, text, times) in pieces {
                let name = if is_stderr { StreamName::Stderr } else { StreamName::Stdout };
                let text = text.repeat(times);
                expected[usize::from(is_stderr)].push_str(&text);
                out.extend(batch.add(piece(name, &text), now));
            }
            out.extend(batch.take());
            let mut seen = [String::new(), String::new()];
            for stream in out {
                prop_assert!(stream.text.len() <= LARGEST);
                seen[usize::from(stream.name == StreamName::Stderr)].push_str(&stream.text);
            }
            prop_assert_eq!(seen, expected);
        }
    }
}

//! Pieces of stdout and stderr go in, fewer and larger pieces come out, in the same order.
//! Knows nothing of sockets or of clocks: it is told the time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::evaluator::StreamName;

/// How long the first piece waits for more. A front end draws no faster.
const PATIENCE: Duration = Duration::from_millis(20);

/// A front end draws all that a cell has printed anew with each message: JupyterLab about so many bytes of it
/// in a microsecond. A cell that floods it gets fewer and larger messages, or the page would stand still.
const DRAWN_IN_A_MICROSECOND: u64 = 5;

/// The longest time between two messages, however much was printed.
const LONGEST: Duration = Duration::from_secs(1);

/// The largest piece of text in one message, in bytes.
const LARGEST: usize = 4 << 20;

/// How often stdout and stderr may take turns in one batch. A cell that writes to both in a tight
/// loop would fill the front end with messages of one line; beyond this, its text is put together
/// by stream.
const TURNS: usize = 8;

/// Text for one `stream` message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stream {
    /// The header of the request whose cell wrote it.
    pub(crate) parent: Arc<Value>,
    pub(crate) name: StreamName,
    pub(crate) text: String,
}

/// Text that waits to become messages.
pub(crate) struct Batch {
    /// All of one cell, neighbours of different streams.
    waiting: Vec<Stream>,
    due: Option<Instant>,
    largest: usize,
    /// Whose text was published last.
    parent: Arc<Value>,
    /// How much of that cell's, in bytes, and when.
    published: (u64, Instant),
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            due: None,
            largest: LARGEST,
            parent: Arc::new(Value::Null),
            published: (0, Instant::now()),
        }
    }
}

impl Batch {
    /// Adds a piece; what comes back is to be published now, in this order.
    pub(crate) fn add(&mut self, piece: Stream, now: Instant) -> Vec<Stream> {
        let mut ready = Vec::new();
        if self
            .waiting
            .first()
            .is_some_and(|first| first.parent != piece.parent)
        {
            ready = self.take(now);
        }
        if self.parent != piece.parent {
            self.parent = Arc::clone(&piece.parent);
            self.published = (0, now);
        }
        let due = self.next(now);
        self.due.get_or_insert(due);
        let turns = self.waiting.len();
        let within = if turns < TURNS {
            turns.saturating_sub(1)
        } else {
            0
        };
        let same_stream = |waiting: &&mut Stream| waiting.name == piece.name;
        match self.waiting[within..].iter_mut().rev().find(same_stream) {
            Some(waiting) => waiting.text.push_str(&piece.text),
            None => self.waiting.push(piece),
        }
        let largest = self.largest;
        let too_large = |waiting: &Stream| waiting.text.len() > largest;
        if self.waiting.iter().any(too_large) {
            ready.extend(self.take(now));
            self.waiting.extend(ready.pop());
            self.due = Some(self.next(now));
        }
        ready
    }

    /// When text that comes now is to be taken.
    fn next(&self, now: Instant) -> Instant {
        let (bytes, at) = self.published;
        let drawn = Duration::from_micros(bytes / DRAWN_IN_A_MICROSECOND).min(LONGEST);
        (now + PATIENCE).max(at + drawn)
    }

    /// What waits, to be published now: before anything else that must come after it.
    pub(crate) fn take(&mut self, now: Instant) -> Vec<Stream> {
        self.due = None;
        let largest = self.largest;
        let cut = |stream: Stream| stream.cut(largest);
        let taken: Vec<Stream> = self.waiting.drain(..).flat_map(cut).collect();
        let bytes: usize = taken.iter().map(|stream| stream.text.len()).sum();
        if bytes > 0 {
            self.published = (self.published.0 + bytes as u64, now);
        }
        taken
    }

    /// When what waits is to be taken.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl Stream {
    /// Pieces that are small enough, in order.
    fn cut(self, largest: usize) -> Vec<Stream> {
        if self.text.len() <= largest {
            return vec![self];
        }
        let mut pieces = Vec::new();
        let mut rest = self.text.as_str();
        while !rest.is_empty() {
            let (text, behind) = rest.split_at(rest.floor_char_boundary(largest));
            pieces.push(Stream {
                parent: Arc::clone(&self.parent),
                name: self.name,
                text: text.to_owned(),
            });
            rest = behind;
        }
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
        assert_eq!(batch.take(later), [piece(StreamName::Stdout, "ab")]);
        assert!(batch.due().is_none() && batch.take(later).is_empty());
    }

    #[test]
    fn a_flood_comes_in_fewer_messages_and_the_line_after_a_rest_at_once() {
        let (mut batch, mut now) = (Batch::default(), Instant::now());
        let megabyte = "x".repeat(1_000_000);
        let mut messages = 0;
        // Ten megabytes, one every 10 ms.
        for _ in 0..10 {
            messages += batch.add(piece(StreamName::Stdout, &megabyte), now).len();
            now += Duration::from_millis(10);
            if batch.due().is_some_and(|due| due <= now) {
                messages += batch.take(now).len();
            }
        }
        messages += batch.take(now).len();
        assert!(messages <= 4, "{messages} messages");
        batch.add(piece(StreamName::Stdout, "next"), now);
        assert_eq!(batch.due(), Some(now + LONGEST));
        batch.take(now);
        now += LONGEST * 2;
        batch.add(piece(StreamName::Stdout, "line"), now);
        assert_eq!(batch.due(), Some(now + PATIENCE));
    }

    #[test]
    fn the_streams_take_turns_and_another_cell_ends_the_batch() {
        let (mut batch, now) = (Batch::default(), Instant::now());
        let turns = [
            piece(StreamName::Stdout, "out"),
            piece(StreamName::Stderr, "err"),
            piece(StreamName::Stdout, "out again"),
        ];
        for turn in &turns {
            assert!(batch.add(turn.clone(), now).is_empty());
        }
        let other_cell = Stream {
            parent: Arc::new(json!({"msg_id": "2"})),
            ..piece(StreamName::Stderr, "more")
        };
        assert_eq!(batch.add(other_cell.clone(), now), turns);
        assert_eq!(batch.take(now), [other_cell]);
    }

    #[test]
    fn a_thousand_turns_are_a_few_messages() {
        let (mut batch, now) = (Batch::default(), Instant::now());
        for _ in 0..1000 {
            assert!(batch.add(piece(StreamName::Stdout, "a"), now).is_empty());
            assert!(batch.add(piece(StreamName::Stderr, "b"), now).is_empty());
        }
        let taken = batch.take(now);
        assert_eq!(taken.len(), TURNS);
        assert_eq!(
            taken.iter().map(|stream| stream.text.len()).sum::<usize>(),
            2000
        );
    }

    proptest! {
        #[test]
        fn no_character_is_lost_or_moved(
            pieces in prop::collection::vec((any::<bool>(), "[aλ𝛼\r\n]{0,9}", 1..12_000usize), 0..8)
        ) {
            let largest = 64 << 10;
            let mut batch = Batch { largest, ..Batch::default() };
            let now = Instant::now();
            let mut out = Vec::new();
            let mut expected = [String::new(), String::new()];
            for (is_stderr, text, times) in pieces {
                let name = if is_stderr { StreamName::Stderr } else { StreamName::Stdout };
                let text = text.repeat(times);
                expected[usize::from(is_stderr)].push_str(&text);
                out.extend(batch.add(piece(name, &text), now));
            }
            out.extend(batch.take(now));
            let mut seen = [String::new(), String::new()];
            for stream in out {
                prop_assert!(stream.text.len() <= largest);
                seen[usize::from(stream.name == StreamName::Stderr)].push_str(&stream.text);
            }
            prop_assert_eq!(seen, expected);
        }
    }
}

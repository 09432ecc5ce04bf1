//! Byte-pair encoding, small enough to read: the pair that occurs most becomes a token, again and again.
//! Knows nothing of networks; real vocabularies are made the same way, from more text.

use crate::table::Table;

/// A vocabulary of byte pairs; from [`bpe`].
///
/// ```
/// use lessons::prelude::*;
/// let tokens = bpe("aaaa", 1);
/// assert_eq!((tokens.len(), tokens.encode("aaa")), (257, vec![256, 97]), "aa became token 256");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bpe {
    /// Pair number i became token 256 + i.
    merges: Vec<(u32, u32)>,
}

/// Learns up to `merges` merges from `text` (Sennrich et al. 2015, on bytes as in GPT-2). Of pairs that
/// occur equally often the smaller numbers win; merging ends where no pair occurs twice.
///
/// ```
/// use lessons::prelude::*;
/// let tokens = bpe("aaabdaaabac", 3);
/// assert_eq!(tokens.encode("aaabdaaabac").len(), 5);
/// assert_eq!(tokens.decode(&tokens.encode("abba ä")), "abba ä");
/// ```
pub fn bpe(text: &str, merges: usize) -> Bpe {
    let mut tokens = bytes(text);
    let mut learned = Vec::new();
    while learned.len() < merges {
        crate::interrupt::checkpoint();
        let Some(pair) = most_frequent(&tokens) else {
            break;
        };
        tokens = merged(&tokens, pair, 256 + learned.len() as u32);
        learned.push(pair);
    }
    Bpe { merges: learned }
}

fn bytes(text: &str) -> Vec<u32> {
    text.bytes().map(u32::from).collect()
}

fn most_frequent(tokens: &[u32]) -> Option<(u32, u32)> {
    let mut counts = std::collections::HashMap::new();
    for pair in tokens.windows(2) {
        *counts.entry((pair[0], pair[1])).or_insert(0usize) += 1;
    }
    let twice = counts.into_iter().filter(|(_, count)| *count > 1);
    twice
        .max_by_key(|&(pair, count)| (count, std::cmp::Reverse(pair)))
        .map(|(pair, _)| pair)
}

fn merged(tokens: &[u32], (first, second): (u32, u32), new: u32) -> Vec<u32> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at] == first && tokens.get(at + 1) == Some(&second) {
            out.push(new);
            at += 2;
        } else {
            out.push(tokens[at]);
            at += 1;
        }
    }
    out
}

impl Bpe {
    /// How many tokens there are: 256 bytes and one for each merge.
    pub fn len(&self) -> usize {
        256 + self.merges.len()
    }

    /// Never: the bytes are always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The tokens of a text: its bytes, merged in the order in which the merges were learned.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(bpe("abab", 1).encode("abc"), [256, 99]);
    /// ```
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let steps = self.merges.iter().zip(256..);
        steps.fold(bytes(text), |tokens, (&pair, new)| {
            merged(&tokens, pair, new)
        })
    }

    /// The text of these tokens; bytes that are no text become a question mark in a diamond.
    ///
    /// # Panics
    /// Where a number is no token.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(bpe("abab", 1).decode(&[256, 99, 256]), "abcab");
    /// ```
    #[track_caller]
    pub fn decode(&self, tokens: &[u32]) -> String {
        let mut bytes = Vec::new();
        for &token in tokens {
            assert!(
                (token as usize) < self.len(),
                "decode: {token} is no token: they go from 0 to {}",
                self.len() - 1
            );
            self.spell(token, &mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn spell(&self, token: u32, bytes: &mut Vec<u8>) {
        match token
            .checked_sub(256)
            .and_then(|at| self.merges.get(at as usize))
        {
            Some(&(first, second)) => {
                self.spell(first, bytes);
                self.spell(second, bytes);
            }
            None => bytes.extend(u8::try_from(token)),
        }
    }

    /// The merges in their order, as a table.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert!(bpe("abab", 1).merges().text().contains("\"ab\""));
    /// ```
    pub fn merges(&self) -> Table {
        let mut table = Table::new("Merges")
            .columns(&["token", "from", "text"])
            .numeric(&[0]);
        let word = |token: u32| format!("{:?}", self.decode(&[token]));
        for (&(first, second), new) in self.merges.iter().zip(256u32..) {
            let from = format!("{} + {}", word(first), word(second));
            table = table.row(&[&new.to_string(), &from, &word(new)]);
        }
        table
    }
}

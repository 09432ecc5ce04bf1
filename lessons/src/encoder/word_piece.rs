//! WordPiece (Schuster and Nakajima 2012), the tokenizer of BERT: words in small letters, each cut into
//! the longest pieces that the vocabulary knows. Knows nothing of networks.

use std::collections::HashMap;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// Longer words are not cut but unknown, as in BERT.
const LONGEST: usize = 100;

/// A vocabulary of pieces; `##` begins those that go on with a word.
///
/// ```no_run
/// use lessons::prelude::*;
/// let pieces = sentence_encoder().tokenizer;
/// assert_eq!(pieces.len(), 30_522);
/// assert_eq!(pieces.piece(101), "[CLS]");
/// ```
#[derive(Debug)]
pub struct WordPiece {
    pieces: Vec<String>,
    numbers: HashMap<String, i64>,
    rules: Rules,
}

/// BERT's classes of characters.
#[derive(Debug)]
struct Rules {
    control: Regex,
    chinese: Regex,
    mark: Regex,
    word: Regex,
}

impl Rules {
    fn new() -> Result<Self, regex::Error> {
        Ok(Self {
            control: Regex::new(r"[[\p{C}\x{FFFD}]--[\t\n\r\p{Cn}]]")?,
            chinese: Regex::new(concat!(
                r"[\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{20000}-\x{2A6DF}\x{2A700}-\x{2B73F}",
                r"\x{2B740}-\x{2B81F}\x{2B920}-\x{2CEAF}\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}]"
            ))?,
            mark: Regex::new(r"\p{Mn}")?,
            word: Regex::new(r"[\p{P}!-/:-@\[-`{-~]|[^\s\p{P}!-/:-@\[-`{-~]+")?,
        })
    }
}

impl WordPiece {
    /// A vocabulary with one piece per line, the first line piece 0.
    pub(super) fn new(lines: &str) -> Result<Self, String> {
        let pieces: Vec<String> = lines.lines().map(str::to_owned).collect();
        let numbers: HashMap<String, i64> = pieces.iter().cloned().zip(0..).collect();
        for special in ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] {
            if !numbers.contains_key(special) {
                return Err(format!("the vocabulary has no piece {special}"));
            }
        }
        let rules = Rules::new().map_err(|error| error.to_string())?;
        Ok(Self {
            pieces,
            numbers,
            rules,
        })
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The pieces of a text as the network gets them: `[CLS]`, the pieces, `[SEP]`.
    ///
    /// ```no_run
    /// use lessons::prelude::*;
    /// let pieces = sentence_encoder().tokenizer;
    /// assert_eq!(pieces.tokens("Embeddings"), ["[CLS]", "em", "##bed", "##ding", "##s", "[SEP]"]);
    /// ```
    pub fn tokens(&self, text: &str) -> Vec<String> {
        let numbers = self.encode(text);
        let piece = |number: &i64| self.piece(*number).to_owned();
        numbers.iter().map(piece).collect()
    }

    /// The numbers of [`WordPiece::tokens`].
    ///
    /// ```no_run
    /// use lessons::prelude::*;
    /// let pieces = sentence_encoder().tokenizer;
    /// assert_eq!(pieces.encode("the").first(), Some(&101), "[CLS] comes first");
    /// ```
    pub fn encode(&self, text: &str) -> Vec<i64> {
        let text = self.normal(text);
        let words = self.rules.word.find_iter(&text);
        let inner = words.flat_map(|word| self.cut(word.as_str()));
        std::iter::once(self.number("[CLS]"))
            .chain(inner)
            .chain([self.number("[SEP]")])
            .collect()
    }

    /// The piece with this number; empty where there is none.
    ///
    /// ```no_run
    /// use lessons::prelude::*;
    /// assert_eq!(sentence_encoder().tokenizer.piece(102), "[SEP]");
    /// ```
    pub fn piece(&self, number: i64) -> &str {
        let at = usize::try_from(number).ok();
        at.and_then(|at| self.pieces.get(at))
            .map_or("", String::as_str)
    }

    /// Small letters without accents; control characters go, Chinese characters are words by themselves.
    fn normal(&self, text: &str) -> String {
        let text = self.rules.control.replace_all(text, "");
        let text = self.rules.chinese.replace_all(&text, " $0 ");
        let apart: String = text.nfd().collect();
        // Letter by letter: a sigma at a word's end is like any other, which str::to_lowercase denies.
        let bare = self.rules.mark.replace_all(&apart, "");
        bare.chars().flat_map(char::to_lowercase).collect()
    }

    /// From the left, always the longest piece that is known; a word that cannot be cut is unknown.
    fn cut(&self, word: &str) -> Vec<i64> {
        let unknown = || vec![self.number("[UNK]")];
        if word.chars().count() > LONGEST {
            return unknown();
        }
        let ends: Vec<usize> = word
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8())
            .collect();
        let (mut found, mut start) = (Vec::new(), 0);
        while start < word.len() {
            let go_on = if start > 0 { "##" } else { "" };
            let longest = ends.iter().rev().take_while(|end| **end > start);
            let known = longest.filter_map(|&end| {
                let piece = format!("{go_on}{}", &word[start..end]);
                Some((*self.numbers.get(&piece)?, end))
            });
            let Some((number, end)) = known.into_iter().next() else {
                return unknown();
            };
            found.push(number);
            start = end;
        }
        found
    }

    pub(super) fn number(&self, piece: &str) -> i64 {
        self.numbers.get(piece).copied().unwrap_or(0)
    }
}

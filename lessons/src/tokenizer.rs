//! Real tokenizers, as GPT-2 and GPT-4 read: 50,257 and 100,277 tokens, made from far more text than a
//! lesson has. Knows nothing of networks; [`crate::transformer::bpe`] shows how such tokens come about.

use maud::html;
use tiktoken_rs::CoreBPE;

use crate::figure::{SERIES, tint};
use crate::show::{MimeBundle, Show};

/// A byte-pair tokenizer with a real vocabulary; from [`tokenizer`].
///
/// ```
/// use lessons::prelude::*;
/// let gpt2 = tokenizer("gpt2");
/// assert_eq!((gpt2.name(), gpt2.len(), gpt2.end_of_text()), ("gpt2", 50_257, 50_256));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Tokenizer {
    name: &'static str,
    size: u32,
    end: u32,
    core: fn() -> &'static CoreBPE,
}

/// Vocabularies with their size and the token that ends a text.
const KNOWN: [Tokenizer; 2] = [
    Tokenizer {
        name: "gpt2",
        size: 50_257,
        end: 50_256,
        core: tiktoken_rs::r50k_base_singleton,
    },
    Tokenizer {
        name: "cl100k",
        size: 100_277,
        end: 100_257,
        core: tiktoken_rs::cl100k_base_singleton,
    },
];

/// The tokenizer of GPT-2 (`"gpt2"`, Radford et al. 2019) or of GPT-3.5 and GPT-4 (`"cl100k"`).
///
/// # Panics
/// Where there is none of this name.
///
/// ```
/// use lessons::prelude::*;
/// let gpt2 = tokenizer("gpt2");
/// assert_eq!(gpt2.encode("Hello, how are you?"), [15496, 11, 703, 389, 345, 30]);
/// assert_eq!(gpt2.decode(&[15496, 11]), "Hello,");
/// println!("{}", gpt2.pieces("Hello, how are you?").show().plain());
/// ```
#[track_caller]
pub fn tokenizer(name: &str) -> Tokenizer {
    match KNOWN.iter().find(|known| known.name == name) {
        Some(known) => *known,
        None => {
            let names = KNOWN.map(|known| format!("{:?}", known.name)).join(" and ");
            panic!("there is no tokenizer {name:?}: the names are {names}")
        }
    }
}

impl Tokenizer {
    /// Its name.
    pub fn name(&self) -> &str {
        self.name
    }

    /// One more than the largest token: the size of a network's last layer. The largest ones are
    /// special, and between them and the others a few numbers can be without a token.
    #[allow(
        clippy::len_without_is_empty,
        reason = "a real vocabulary is never empty"
    )]
    pub fn len(&self) -> usize {
        self.size as usize
    }

    /// The token that stands between texts; no text contains it.
    pub fn end_of_text(&self) -> u32 {
        self.end
    }

    /// The tokens of a text. What looks like a special token, such as `<|endoftext|>`, is plain text here.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(tokenizer("gpt2").encode("Hello,"), [15496, 11]);
    /// ```
    pub fn encode(&self, text: &str) -> Vec<u32> {
        (self.core)().encode_ordinary(text)
    }

    /// The text of these tokens; bytes that are no text become a question mark in a diamond.
    ///
    /// # Panics
    /// Where a number is no token.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(tokenizer("gpt2").decode(&[15496, 11, 703]), "Hello, how");
    /// ```
    #[track_caller]
    pub fn decode(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens.iter().flat_map(|&one| self.bytes(one)).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The tokens of a text with the piece of text that each stands for.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let cut = tokenizer("gpt2").pieces("Hello, how");
    /// assert_eq!(cut.pieces.iter().map(|(token, _)| *token).collect::<Vec<_>>(), [15496, 11, 703]);
    /// ```
    pub fn pieces(&self, text: &str) -> Pieces {
        let tokens = self.encode(text).into_iter();
        Pieces {
            name: self.name,
            characters: text.chars().count(),
            pieces: tokens.map(|one| (one, written(&self.bytes(one)))).collect(),
        }
    }

    #[track_caller]
    fn bytes(&self, token: u32) -> Vec<u8> {
        match (self.core)().decode_bytes(&[token]) {
            Ok(bytes) => bytes,
            Err(_) => panic!(
                "decode: {token} is no token of {}: they go from 0 to {}",
                self.name,
                self.size - 1
            ),
        }
    }
}

/// A token can end in the middle of a character: then its bytes are written as numbers.
fn written(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| format!("<{byte:02X}>")).collect(),
    }
}

/// A text in tokens; from [`Tokenizer::pieces`].
///
/// ```
/// use lessons::prelude::*;
/// let cut = tokenizer("gpt2").pieces("Hello,");
/// assert_eq!(cut.pieces, [(15496, "Hello".to_owned()), (11, ",".to_owned())]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    name: &'static str,
    characters: usize,
    /// Each token and its text; `<F0>` stands for a byte that is part of a character.
    pub pieces: Vec<(u32, String)>,
}

impl Pieces {
    fn caption(&self) -> String {
        let (tokens, characters) = (self.pieces.len(), self.characters);
        format!("{}: {tokens} tokens, {characters} characters", self.name)
    }
}

impl Show for Pieces {
    /// As text, a line with the pieces between bars and one with their numbers; as HTML, chips.
    fn show(&self) -> MimeBundle {
        let joined = |part: &dyn Fn(&(u32, String)) -> String| {
            let parts: Vec<String> = self.pieces.iter().map(part).collect();
            parts.join("|")
        };
        let text = format!(
            "{}\n{}\n{}",
            self.caption(),
            joined(&|piece| piece.1.replace('\n', "\\n")),
            joined(&|piece| piece.0.to_string()),
        );
        let chip = |at: usize| {
            let color = SERIES[at % SERIES.len()];
            let ground = tint(color);
            format!(
                "display:inline-block;margin:0 2px 4px 0;padding:1px 4px;border-radius:4px;\
                 text-align:center;color:#111;background:#{:02x}{:02x}{:02x}",
                ground.0, ground.1, ground.2
            )
        };
        let markup = html! {
            p { (self.caption()) }
            div style="font-family:monospace;line-height:1.3" {
                @for (at, (token, piece)) in self.pieces.iter().enumerate() {
                    span style=(chip(at)) {
                        span style="white-space:pre" { (visible(piece)) }
                        br;
                        small { (token) }
                    }
                }
            }
        };
        MimeBundle::text(text).with("text/html", markup.into_string())
    }
}

/// A space at the front belongs to the token, and must be seen.
fn visible(piece: &str) -> String {
    piece
        .replace(' ', "\u{b7}")
        .replace('\n', "\u{21b5}")
        .replace('\t', "\u{21e5}")
}

//! The smallest tokenizer: every character that occurs is a token. And what a model must beat.
//! Knows nothing of networks.

use tch::{Device, Kind, Tensor};

/// The characters of a text, each with a number; from [`characters`].
///
/// ```
/// use lessons::prelude::*;
/// let letters = characters("hello");
/// assert_eq!(letters.len(), 4, "e, h, l, o");
/// assert_eq!(letters.decode(&letters.encode("hole")), "hole");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characters(Vec<char>);

/// Every character of `text`, in their order, as the tokens 0, 1, 2, ...
///
/// ```
/// use lessons::prelude::*;
/// let tokens = characters("abba");
/// assert_eq!(tokens.len(), 2);
/// assert_eq!(tokens.encode("ba"), tensor([1, 0]));
/// assert_eq!(tokens.decode(&tensor([0, 1, 1])), "abb");
/// ```
pub fn characters(text: &str) -> Characters {
    let mut known: Vec<char> = text.chars().collect();
    known.sort_unstable();
    known.dedup();
    Characters(known)
}

impl Characters {
    /// How many there are: the size of the vocabulary.
    pub fn len(&self) -> i64 {
        self.0.len() as i64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Numbers of the characters, `[characters]` of kind Int64.
    ///
    /// # Shapes
    /// `[characters]`, kind Int64
    ///
    /// # Panics
    /// Where a character is not known.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(characters("abc").encode("cab"), tensor([2, 0, 1]));
    /// ```
    #[track_caller]
    pub fn encode(&self, text: &str) -> Tensor {
        let number = |letter: char| match self.0.binary_search(&letter) {
            Ok(at) => at as i64,
            Err(_) => panic!(
                "encode: {letter:?} is no token: the {} known ones are {:?}",
                self.0.len(),
                self.0.iter().collect::<String>()
            ),
        };
        Tensor::from_slice(&text.chars().map(number).collect::<Vec<_>>())
    }

    /// The text of these tokens.
    ///
    /// # Shapes
    /// any shape of whole numbers, read as one row
    ///
    /// # Panics
    /// Where a number is no token.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(characters("abc").decode(&tensor([[2, 0], [1, 1]])), "cabb");
    /// ```
    #[track_caller]
    pub fn decode(&self, tokens: &Tensor) -> String {
        let numbers = Vec::<i64>::try_from(
            tokens
                .to_kind(Kind::Int64)
                .to_device(Device::Cpu)
                .reshape([-1]),
        )
        .unwrap_or_default();
        let letter =
            |number: &i64| match usize::try_from(*number).ok().and_then(|at| self.0.get(at)) {
                Some(letter) => *letter,
                None => panic!(
                    "decode: {number} is no token: they go from 0 to {}",
                    self.0.len() - 1
                ),
            };
        numbers.iter().map(letter).collect()
    }
}

/// `count` pieces of `context` tokens from random places, and the same pieces one token later: what
/// came, and what comes next.
///
/// # Shapes
/// tokens `[n]`; both results are `[count, context]`, kind Int64
///
/// # Panics
/// Where the text is not longer than the context, or a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let (x, y) = windows(&Tensor::arange(100, (Kind::Int64, Device::Cpu)), 8, 4);
/// assert_eq!((x.size(), y), (vec![4, 8], x + 1));
/// ```
#[track_caller]
pub fn windows(tokens: &Tensor, context: i64, count: i64) -> (Tensor, Tensor) {
    let length = if tokens.dim() == 1 {
        tokens.size()[0]
    } else {
        0
    };
    assert!(
        length > context && context >= 1 && count >= 1,
        "windows: {length} tokens hold no piece of {context} and the one after it (tokens are [n], context and count at least 1)"
    );
    let starts = Tensor::randint(length - context, [count, 1], (Kind::Int64, Device::Cpu));
    let places = (starts + Tensor::arange(context, (Kind::Int64, Device::Cpu)).unsqueeze(0))
        .to_device(tokens.device());
    let at = |places: &Tensor| {
        tokens
            .index_select(0, &places.reshape([-1]))
            .reshape([count, context])
    };
    (at(&places), at(&(&places + 1)))
}

/// A table of more pairs than this squared would fill the memory.
const LARGEST_TABLE: i64 = 5000;

/// The loss, in nats per token, of guessing each token of `test` from the one before, by counts in
/// `train` (each pair counted once more than it occurs, so that none is impossible).
///
/// # Shapes
/// both `[n]` of kind Int64, from 0 to vocabulary - 1
///
/// # Panics
/// Where there are fewer than two tokens, one has no number, or the vocabulary is above 5,000.
///
/// ```
/// use lessons::prelude::*;
/// let tokens = characters("ab");
/// let text = tokens.encode(&"ab".repeat(500));
/// assert!(bigram_loss(&text, &text, 2) < 0.01, "b follows a, a follows b");
/// ```
#[track_caller]
pub fn bigram_loss(train: &Tensor, test: &Tensor, vocabulary: i64) -> f64 {
    for (name, tokens) in [("train", train), ("test", test)] {
        let fit = tokens.dim() == 1 && tokens.numel() >= 2;
        assert!(
            fit,
            "bigram_loss: {name} is {:?}: it must be [n] with at least two tokens",
            tokens.size()
        );
        let (low, high) = (tokens.min().int64_value(&[]), tokens.max().int64_value(&[]));
        assert!(
            low >= 0 && high < vocabulary,
            "bigram_loss: {name} holds tokens {low} to {high}: they must be 0 to {}",
            vocabulary - 1
        );
    }
    assert!(
        vocabulary <= LARGEST_TABLE,
        "bigram_loss: a vocabulary of {vocabulary} needs a table of {vocabulary} x {vocabulary} counts: at most {LARGEST_TABLE} \
         tokens can be counted in pairs (characters, or a small bpe)"
    );
    let pairs = |tokens: &Tensor| {
        let length = tokens.size()[0];
        tokens.narrow(0, 0, length - 1) * vocabulary + tokens.narrow(0, 1, length - 1)
    };
    let none: Option<Tensor> = None;
    let counts = pairs(train)
        .bincount(none, vocabulary * vocabulary)
        .reshape([vocabulary, vocabulary]);
    let counts = counts.to_kind(Kind::Double) + 1.0;
    let chances = &counts / counts.sum_dim_intlist(1, true, Kind::Double);
    -chances
        .log()
        .reshape([-1])
        .index_select(0, &pairs(test))
        .mean(Kind::Double)
        .double_value(&[])
}

//! A real sentence encoder, all-MiniLM-L6-v2: 22.7 million weights that others trained, and what each
//! head looks at. Knows nothing of notebooks; set-up fetches the weights, nothing is downloaded here.

mod block;
mod files;
mod looks;
mod word_piece;

use std::collections::HashMap;

use tch::{Device, Kind, Tensor};

use self::block::{Block, EPSILON, PARTS};
use crate::layer::{ForwardError, ForwardProblem, Layer};
use crate::refusal::{check, shape_of};
use crate::tensors::no_grad;
use crate::trace::Watcher;

pub use self::files::{EncoderError, VARIABLE};
pub use self::looks::Looks;
pub use self::word_piece::WordPiece;

const LAYERS: usize = 6;
const HEADS: i64 = 12;
const SIZE: i64 = 384;
/// Texts were cut at this length in training.
const MOST: usize = 256;
/// Sentences at a time: many sentences do not need much memory.
const BATCH: usize = 32;

/// A trained encoder with its tokenizer; from [`sentence_encoder`].
///
/// ```no_run
/// use lessons::prelude::*;
/// let encoder = sentence_encoder();
/// assert_eq!(encoder.tokenizer.tokens("A cat"), ["[CLS]", "a", "cat", "[SEP]"]);
/// ```
#[derive(Debug)]
pub struct SentenceEncoder {
    /// Cuts texts into tokens.
    pub tokenizer: WordPiece,
    embeddings: Embeddings,
    blocks: Vec<Block>,
}

/// The encoder all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020): six layers of twelve
/// heads, 384 numbers for each token, 22.7 million parameters.
///
/// The weights lie on the CPU and do not require gradients.
///
/// # Panics
/// Where the weights are not on this machine; [`try_sentence_encoder`] returns the error instead.
///
/// ```no_run
/// use lessons::prelude::*;
/// let encoder = sentence_encoder();
/// let found = encoder.encode(&["A cat sat on the mat.", "A kitten rests.", "Shares fell."]);
/// assert_eq!(found.size(), [3, 384]);
/// assert!(cosine_similarity(&found.get(0), &found.get(1)) > cosine_similarity(&found.get(0), &found.get(2)));
/// ```
#[track_caller]
pub fn sentence_encoder() -> SentenceEncoder {
    match try_sentence_encoder() {
        Ok(encoder) => encoder,
        Err(error) => panic!("{error}"),
    }
}

/// As [`sentence_encoder`].
///
/// # Errors
/// Where the weights are not on this machine or damaged; the message says which command fetches them.
///
/// ```no_run
/// use lessons::prelude::*;
/// use lessons::encoder::try_sentence_encoder;
/// match try_sentence_encoder() {
///     Ok(encoder) => println!("{}", encoder.parameter_count()),
///     Err(error) => println!("{error}"), // says which command fetches the weights
/// }
/// ```
pub fn try_sentence_encoder() -> Result<SentenceEncoder, EncoderError> {
    let folder = files::folder()?;
    let damaged = |file: &str, reason: String| EncoderError::Damaged {
        path: folder.join(file),
        reason,
    };
    let vocabulary = std::fs::read_to_string(folder.join("vocab.txt"))
        .map_err(|error| damaged("vocab.txt", error.to_string()))?;
    let tokenizer = WordPiece::new(&vocabulary).map_err(|why| damaged("vocab.txt", why))?;
    let read = Tensor::read_safetensors(folder.join("model.safetensors"))
        .map_err(|error| damaged("model.safetensors", error.to_string()))?;
    let mut known: HashMap<String, Tensor> = read.into_iter().collect();
    let mut take = |prefix: &str, name: &str| {
        let whole = format!("{prefix}{name}");
        match known.remove(&whole) {
            Some(value) => Ok((name.to_owned(), value)),
            None => {
                let reason = format!("it has no {whole}");
                Err(damaged("model.safetensors", reason))
            }
        }
    };
    let parts = EMBEDDINGS.map(|name| take("embeddings.", name));
    let embeddings = Embeddings(parts.into_iter().collect::<Result<_, _>>()?);
    let mut blocks = Vec::new();
    for layer in 0..LAYERS {
        let prefix = format!("encoder.layer.{layer}.");
        let parts = PARTS.map(|name| take(&prefix, name));
        let weights = parts.into_iter().collect::<Result<_, _>>()?;
        blocks.push(Block::new(weights, HEADS));
    }
    Ok(SentenceEncoder {
        tokenizer,
        embeddings,
        blocks,
    })
}

impl SentenceEncoder {
    /// A vector of length 1 for each sentence: the mean of its tokens' last hidden states. The cosine of
    /// two sentences is the product of their vectors.
    ///
    /// # Shapes
    /// `[sentences, 384]`
    ///
    /// # Panics
    /// Where there is no sentence, or one has more than 256 tokens; [`SentenceEncoder::try_encode`]
    /// returns the error instead.
    ///
    /// ```no_run
    /// use lessons::prelude::*;
    /// let vectors = sentence_encoder().encode(&["A cat sat.", "A kitten rests."]);
    /// assert_eq!(vectors.size(), [2, 384]);
    /// ```
    #[track_caller]
    pub fn encode(&self, sentences: &[&str]) -> Tensor {
        match self.try_encode(sentences) {
            Ok(vectors) => vectors,
            Err(error) => panic!("encode: {error}"),
        }
    }

    /// As [`SentenceEncoder::encode`].
    ///
    /// # Errors
    /// Where there is no sentence, or one has more than 256 tokens.
    ///
    /// ```no_run
    /// use lessons::prelude::*;
    /// use lessons::encoder::EncoderError;
    /// assert!(matches!(sentence_encoder().try_encode(&[]), Err(EncoderError::Empty)));
    /// ```
    pub fn try_encode(&self, sentences: &[&str]) -> Result<Tensor, EncoderError> {
        let tokens: Vec<Vec<i64>> = sentences
            .iter()
            .map(|text| self.numbers(text))
            .collect::<Result<_, _>>()?;
        if tokens.is_empty() {
            return Err(EncoderError::Empty);
        }
        let parts = tokens.chunks(BATCH).map(|batch| {
            crate::interrupt::checkpoint();
            no_grad(|| self.pooled(batch))
        });
        Ok(Tensor::cat(&parts.collect::<Vec<_>>(), 0))
    }

    /// What each token is after each layer: first the embeddings, then the six layers.
    ///
    /// # Shapes
    /// `[7, tokens, 384]`, with `[CLS]` and `[SEP]` as first and last token
    ///
    /// # Panics
    /// Where the text has more than 256 tokens.
    ///
    /// ```no_run
    /// use lessons::prelude::*;
    /// let states = sentence_encoder().hidden_states("The cat sat.");
    /// assert_eq!(states.size(), [7, 6, 384]);
    /// ```
    #[track_caller]
    pub fn hidden_states(&self, text: &str) -> Tensor {
        self.seen(text).1
    }

    /// Who looks at whom in every head of every layer.
    ///
    /// # Panics
    /// Where the text has more than 256 tokens.
    ///
    /// ```no_run
    /// use lessons::prelude::*;
    /// let looks = sentence_encoder().attention("The cat sat.");
    /// assert_eq!(looks.tokens, ["[CLS]", "the", "cat", "sat", ".", "[SEP]"]);
    /// assert_eq!(looks.weights.size(), [6, 12, 6, 6]);
    /// println!("{}", looks.row("sat").text());
    /// ```
    #[track_caller]
    pub fn attention(&self, text: &str) -> Looks {
        let (numbers, _, weights) = self.seen(text);
        let piece = |number: &i64| self.tokenizer.piece(*number).to_owned();
        Looks {
            tokens: numbers.iter().map(piece).collect(),
            weights,
        }
    }

    #[track_caller]
    fn seen(&self, text: &str) -> (Vec<i64>, Tensor, Tensor) {
        let numbers = match self.numbers(text) {
            Ok(numbers) => numbers,
            Err(error) => panic!("{error}"),
        };
        let input = Tensor::from_slice(&numbers)
            .unsqueeze(0)
            .to_device(self.device());
        let (states, weights) = no_grad(|| self.run(&input, None));
        let first = |all: Vec<Tensor>| {
            let alone: Vec<Tensor> = all.iter().map(|value| value.get(0)).collect();
            Tensor::stack(&alone, 0).to_device(Device::Cpu)
        };
        (numbers, first(states), first(weights))
    }

    fn numbers(&self, text: &str) -> Result<Vec<i64>, EncoderError> {
        let numbers = self.tokenizer.encode(text);
        if numbers.len() > MOST {
            return Err(EncoderError::Long {
                start: text.chars().take(30).collect(),
                tokens: numbers.len(),
                most: MOST,
            });
        }
        Ok(numbers)
    }

    /// Sentences of different lengths side by side: the shorter ones are padded, and nobody sees that.
    fn pooled(&self, batch: &[Vec<i64>]) -> Tensor {
        let longest = batch.iter().map(Vec::len).max().unwrap_or(0);
        let padding = self.tokenizer.number("[PAD]");
        let mut flat = Vec::with_capacity(batch.len() * longest);
        for row in batch {
            flat.extend(row);
            flat.extend(std::iter::repeat_n(padding, longest - row.len()));
        }
        let tokens = Tensor::from_slice(&flat).reshape([-1, longest as i64]);
        let tokens = tokens.to_device(self.device());
        let unseen = tokens.eq(padding); // [batch, positions]
        let unseen_keys = unseen.unsqueeze(1).unsqueeze(1);
        let (mut states, _) = self.run(&tokens, Some(&unseen_keys));
        let last = states.pop().unwrap_or_else(|| tokens.shallow_clone());
        let share = unseen.logical_not().to_kind(Kind::Float).unsqueeze(-1);
        let sums = (last * &share).sum_dim_intlist(1, false, Kind::Float);
        let means = sums / share.sum_dim_intlist(1, false, Kind::Float);
        let lengths = means.norm_scalaropt_dim(2.0, [1], true).clamp_min(1e-12);
        (means / lengths).to_device(Device::Cpu)
    }

    /// All hidden states `[batch, positions, 384]` and all weights `[batch, heads, positions, positions]`.
    fn run(&self, tokens: &Tensor, unseen: Option<&Tensor>) -> (Vec<Tensor>, Vec<Tensor>) {
        let mut states = vec![self.embeddings.forward(tokens)];
        let mut looks = Vec::new();
        for block in &self.blocks {
            let x = &states[states.len() - 1];
            match block.attend(x, unseen) {
                Ok((output, weights)) => {
                    states.push(output);
                    looks.push(weights);
                }
                Err(error) => panic!("{}", ForwardError::libtorch(block, x, &error)),
            }
        }
        (states, looks)
    }

    fn device(&self) -> Device {
        self.embeddings.0[0].1.device()
    }
}

impl Layer for SentenceEncoder {
    fn describe(&self) -> String {
        format!("all-MiniLM-L6-v2: {LAYERS} layers of {HEADS} heads, {SIZE} numbers for each token")
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let first = self.embeddings.try_forward(input)?;
        self.blocks
            .iter()
            .try_fold(first, |x, block| block.try_forward(&x))
    }

    fn try_forward_watched(
        &self,
        input: &Tensor,
        watcher: &mut Watcher,
    ) -> Result<Tensor, ForwardError> {
        let mut x = watcher.step("embeddings", &self.embeddings, input)?;
        for (at, block) in self.blocks.iter().enumerate() {
            x = watcher.step(&format!("layer{at}"), block, &x)?;
        }
        Ok(x)
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let named = |prefix: String, layer: &dyn Layer| {
            let parameters = layer.named_parameters().into_iter();
            let whole = parameters.map(move |(name, value)| (format!("{prefix}.{name}"), value));
            whole.collect::<Vec<_>>()
        };
        let mut all = named("embeddings".to_owned(), &self.embeddings);
        for (at, block) in self.blocks.iter().enumerate() {
            all.extend(named(format!("layer{at}"), block));
        }
        all
    }
}

/// Names of the first layer's parameters.
const EMBEDDINGS: [&str; 5] = [
    "word_embeddings.weight",
    "position_embeddings.weight",
    "token_type_embeddings.weight",
    "LayerNorm.weight",
    "LayerNorm.bias",
];

/// Token and position, each a row of a table, added and normed; BERT adds a row for the first of two texts.
#[derive(Debug)]
struct Embeddings(Vec<(String, Tensor)>);

impl Layer for Embeddings {
    fn describe(&self) -> String {
        format!("Embedding of tokens and positions, {SIZE}")
    }

    fn try_forward(&self, tokens: &Tensor) -> Result<Tensor, ForwardError> {
        let shape = shape_of(tokens);
        let fit = matches!(shape.as_slice(), [_, positions] if (1..=512).contains(positions));
        check(self, tokens, None, fit, |_| {
            "it must be [batch, positions] with at most 512 positions".to_owned()
        })?;
        if tokens.kind() != Kind::Int64 {
            let (kind, expected) = (tokens.kind(), Kind::Int64);
            let problem = ForwardProblem::Tokens { kind, expected };
            return Err(ForwardError::new(self, problem));
        }
        let known = self.0[0].1.size().first().copied().unwrap_or(0);
        if tokens.numel() > 0 {
            let (lowest, highest) = (tokens.min().int64_value(&[]), tokens.max().int64_value(&[]));
            let fit = lowest >= 0 && highest < known;
            check(self, tokens, None, fit, |_| {
                format!(
                    "its tokens go from {lowest} to {highest}: they must be 0 to {}, as encoder.tokenizer gives them",
                    known - 1
                )
            })?;
        }
        let [words, positions, kinds, weight, bias] = [0, 1, 2, 3, 4].map(|at| &self.0[at].1);
        let sum = || {
            let words = Tensor::f_embedding(words, tokens, -1, false, false)?;
            let sum = words + positions.narrow(0, 0, shape[1]) + kinds.get(0);
            sum.f_layer_norm([SIZE], Some(weight), Some(bias), EPSILON, true)
        };
        sum().map_err(|error| ForwardError::libtorch(self, tokens, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let named = self.0.iter();
        named
            .map(|(name, value)| (name.clone(), value.shallow_clone()))
            .collect()
    }
}

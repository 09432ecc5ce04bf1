//! Transformers from their parts: one that writes text (characters, positions, blocks, sampling), readers of
//! text and of images, a mixture of experts.
//! Knows nothing of files; every part is a layer or a function that a lesson can take apart.

mod bpe;
mod characters;
mod classifier;
mod experts;
mod images;
mod positions;
mod sampling;

use tch::Tensor;

use crate::activation::gelu;
use crate::attention::multi_head_attention;
use crate::embedding::embedding;
use crate::init::Init;
use crate::linear::linear;
use crate::loss::cross_entropy_loss;
use crate::norm::layer_norm;
use crate::residual::residual;
use crate::sequential::Sequential;

pub use self::bpe::{Bpe, bpe};
pub use self::characters::{Characters, bigram_loss, characters, windows};
pub use self::classifier::{MeanOfPositions, mean_of_positions, transformer_classifier};
pub use self::experts::{MixtureOfExperts, Routing, mixture_of_experts};
pub use self::images::{Patches, patches, vision_transformer};
pub use self::positions::{Positions, learned_positions, rotary, sinusoidal};
pub use self::sampling::{Sampling, generate, next_token};

/// Spread of the first embeddings, as in GPT-2.
const SPREAD: f64 = 0.02;

/// A small GPT: token embedding, learned positions, `blocks` transformer blocks, a last norm, and a
/// linear layer to one logit per token of the vocabulary.
///
/// Layers are named `tokens`, `positions`, `block0`, ..., `norm`, `head`.
///
/// # Shapes
/// `[batch, positions]` of kind Int64, at most `context` positions, gives `[batch, positions, vocabulary]`
///
/// # Panics
/// Where a number is below 1 or the heads do not divide the size.
///
/// ```
/// use lessons::prelude::*;
/// let net = gpt(60, 32, 48, 4, 2);
/// assert_eq!(net.forward(&tensor([[1, 2, 3]])).size(), [1, 3, 60]);
/// ```
#[track_caller]
pub fn gpt(vocabulary: i64, context: i64, size: i64, heads: i64, blocks: usize) -> Sequential {
    let tokens = embedding(vocabulary, size);
    Init::Normal(SPREAD).fill(&tokens.weight);
    let mut net = Sequential::new()
        .named("tokens", tokens)
        .named("positions", learned_positions(context, size));
    for block in 0..blocks {
        net = net.named(
            &format!("block{block}"),
            transformer_block(size, heads, true),
        );
    }
    net.named("norm", layer_norm(size))
        .named("head", linear(size, vocabulary))
}

/// One block: attention, then a small network for each position by itself, each added to its input
/// and each behind a norm: `x + attention(norm(x))`, then `x + mlp(norm(x))`.
///
/// # Shapes
/// `[batch, positions, size]`, unchanged
///
/// # Panics
/// As [`crate::attention::multi_head_attention`].
///
/// ```
/// use lessons::prelude::*;
/// let block = transformer_block(8, 2, true);
/// // attention 4 * 8 * 8 + 4 * 8, network 2 * 4 * 8 * 8 + 5 * 8, norms 4 * 8
/// assert_eq!(block.parameter_count(), 288 + 552 + 32);
/// ```
#[must_use]
#[track_caller]
pub fn transformer_block(size: i64, heads: i64, causal: bool) -> Sequential {
    let attention = multi_head_attention(size, heads);
    let attention = if causal {
        attention.causal()
    } else {
        attention
    };
    let network = Sequential::new()
        .named("norm", layer_norm(size))
        .named("wide", linear(size, 4 * size))
        .named("gelu", gelu())
        .named("narrow", linear(4 * size, size));
    Sequential::new()
        .named(
            "look",
            residual(
                Sequential::new()
                    .named("norm", layer_norm(size))
                    .named("attention", attention),
            ),
        )
        .named("think", residual(network))
}

/// Cross-entropy of the next token at every position, in nats.
///
/// # Shapes
/// logits `[batch, positions, vocabulary]`, targets `[batch, positions]` of kind Int64; the result is `[]`
///
/// # Panics
/// Where the shapes do not fit.
///
/// ```
/// use lessons::prelude::*;
/// let loss = next_token_loss(&randn(&[2, 3, 5]).zeros_like(), &tensor([[0, 1, 2], [3, 4, 0]]));
/// assert!((loss.item() - 5f64.ln()).abs() < 1e-6, "all five alike");
/// ```
#[track_caller]
pub fn next_token_loss(logits: &Tensor, targets: &Tensor) -> Tensor {
    let (l, t) = (logits.size(), targets.size());
    assert!(
        l.len() == 3 && t == l[..2],
        "next_token_loss: logits are {l:?}, targets {t:?}: they must be [batch, positions, vocabulary] and [batch, positions]"
    );
    cross_entropy_loss(&logits.reshape([-1, l[2]]), &targets.reshape([-1]))
}

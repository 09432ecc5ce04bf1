//! A transformer that reads instead of writing: every token sees every other, and one answer comes out.
//! Knows nothing of what the classes mean.

use tch::{Kind, Tensor};

use super::{SPREAD, learned_positions, transformer_block};
use crate::embedding::embedding;
use crate::init::Init;
use crate::layer::{ForwardError, Layer};
use crate::linear::linear;
use crate::norm::layer_norm;
use crate::refusal::{check, shape_of};
use crate::sequential::Sequential;

/// A small encoder with a classifier on it: token embedding, learned positions, `blocks` blocks without
/// a causal mask, a last norm, the mean over all positions, and a logit for each class.
///
/// Layers are named `tokens`, `positions`, `block0`, ..., `norm`, `mean`, `head`.
///
/// # Shapes
/// `[batch, positions]` of kind Int64, at most `context` positions, gives `[batch, classes]`
///
/// # Panics
/// Where a number is below 1 or the heads do not divide the size.
///
/// ```
/// use lessons::prelude::*;
/// let net = transformer_classifier(60, 32, 48, 4, 2, 3);
/// assert_eq!(net.forward(&tensor([[1, 2, 3]])).size(), [1, 3]);
/// ```
#[track_caller]
pub fn transformer_classifier(
    vocabulary: i64,
    context: i64,
    size: i64,
    heads: i64,
    blocks: usize,
    classes: i64,
) -> Sequential {
    let tokens = embedding(vocabulary, size);
    Init::Normal(SPREAD).fill(&tokens.weight);
    let net = Sequential::new().named("tokens", tokens);
    reader(net, context, size, heads, blocks, classes)
}

/// What follows the first layer of every reader: positions, blocks, norm, mean, head.
#[track_caller]
pub(super) fn reader(
    net: Sequential,
    positions: i64,
    size: i64,
    heads: i64,
    blocks: usize,
    classes: i64,
) -> Sequential {
    let mut net = net.named("positions", learned_positions(positions, size));
    for block in 0..blocks {
        net = net.named(
            &format!("block{block}"),
            transformer_block(size, heads, false),
        );
    }
    net.named("norm", layer_norm(size))
        .named("mean", mean_of_positions())
        .named("head", linear(size, classes))
}

/// See [`mean_of_positions`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().named("mean", mean_of_positions());
/// assert_eq!(net.forward(&randn(&[4, 7, 16])).size(), [4, 16]);
/// ```
#[derive(Debug)]
pub struct MeanOfPositions;

/// One vector for a whole text: the mean over its positions.
///
/// # Shapes
/// `[batch, positions, size]` gives `[batch, size]`
///
/// ```
/// use lessons::prelude::*;
/// let x = tensor([[[1.0, 2.0], [3.0, 6.0]]]);
/// assert_eq!(mean_of_positions().forward(&x), tensor([[2.0, 4.0]]));
/// ```
pub fn mean_of_positions() -> MeanOfPositions {
    MeanOfPositions
}

impl Layer for MeanOfPositions {
    fn describe(&self) -> String {
        "Mean of all positions".to_owned()
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let fit = matches!(shape_of(input).as_slice(), [_, positions, _] if *positions > 0);
        check(self, input, None, fit, |_| {
            "it must be [batch, positions, size]".to_owned()
        })?;
        input
            .f_mean_dim(1, false, None::<Kind>)
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }
}

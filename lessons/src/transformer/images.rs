//! A transformer that looks at images: cut into patches, an image is a row of tokens.
//! Knows nothing of convolutions, and nothing of which patches are neighbours but what it learns.

use tch::Tensor;

use super::classifier::reader;
use crate::layer::{ForwardError, Layer};
use crate::linear::linear;
use crate::refusal::{check, shape_of};
use crate::sequential::Sequential;

/// See [`patches`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(patches(4)).add(linear(16, 32));
/// assert_eq!(net.forward(&digits().x.narrow(0, 0, 5)).size(), [5, 4, 32]);
/// ```
#[derive(Debug)]
pub struct Patches {
    side: i64,
}

/// Cuts images into squares of `side` pixels, row by row; each becomes one token.
///
/// # Shapes
/// `[batch, channels, height, width]` gives `[batch, height/side * width/side, channels * side * side]`;
/// the side must divide height and width.
///
/// # Panics
/// Where the side is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let image = tensor([[[[1, 2, 3, 4], [5, 6, 7, 8]]]]);
/// assert_eq!(patches(2).forward(&image), tensor([[[1, 2, 5, 6], [3, 4, 7, 8]]]));
/// ```
#[track_caller]
pub fn patches(side: i64) -> Patches {
    assert!(
        side >= 1,
        "patches({side}): a patch has at least 1 pixel on each side"
    );
    Patches { side }
}

impl Layer for Patches {
    fn describe(&self) -> String {
        format!("Patches of {0} x {0}", self.side)
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let (shape, side) = (shape_of(input), self.side);
        let fit =
            matches!(shape.as_slice(), [_, _, h, w] if h % side == 0 && w % side == 0 && h * w > 0);
        check(self, input, None, fit, |_| {
            format!(
                "it must be [batch, channels, height, width] with height and width divisible by {side}"
            )
        })?;
        let (batch, channels, down, across) =
            (shape[0], shape[1], shape[2] / side, shape[3] / side);
        let cut = || {
            input
                .f_reshape([batch, channels, down, side, across, side])?
                .f_permute([0, 2, 4, 1, 3, 5])? // [batch, down, across, channels, side, side]
                .f_reshape([batch, down * across, channels * side * side])
        };
        cut().map_err(|error| ForwardError::libtorch(self, input, &error))
    }
}

/// A small vision transformer (Dosovitskiy et al. 2020) for square images of one channel: patches, a
/// linear layer that makes a token of each, learned positions, `blocks` blocks, the mean, a logit per class.
///
/// The original takes the answer from a token of its own; the mean does as well and needs none.
///
/// Layers are named `patches`, `embed`, `positions`, `block0`, ..., `norm`, `mean`, `head`.
///
/// # Shapes
/// `[batch, 1, side, side]` gives `[batch, classes]`
///
/// # Panics
/// Where a number is below 1, the patch does not divide the side, or the heads do not divide the size.
///
/// ```
/// use lessons::prelude::*;
/// let net = vision_transformer(8, 2, 32, 4, 2, 10);
/// assert_eq!(net.forward(&digits().x.narrow(0, 0, 5)).size(), [5, 10]);
/// ```
#[track_caller]
pub fn vision_transformer(
    side: i64,
    patch: i64,
    size: i64,
    heads: i64,
    blocks: usize,
    classes: i64,
) -> Sequential {
    assert!(
        side >= 1 && patch >= 1 && side % patch == 0,
        "vision_transformer: patches of {patch} do not divide a side of {side}"
    );
    let net = Sequential::new()
        .named("patches", patches(patch))
        .named("embed", linear(patch * patch, size));
    let positions = (side / patch) * (side / patch);
    reader(net, positions, size, heads, blocks, classes)
}

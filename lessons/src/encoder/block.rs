//! One block of BERT: attention, then a small network, each added to its input and normed **after** that
//! (GPT norms before). Knows nothing of tokens.

use tch::{Kind, Tensor};

use crate::layer::{ForwardError, Layer};
use crate::refusal::{check, shape_of};

/// As BERT has it; a hundred-thousandth of PyTorch's usual one.
pub(super) const EPSILON: f64 = 1e-12;

/// A block with its weights, named as in the file.
#[derive(Debug)]
pub(super) struct Block {
    weights: Vec<(String, Tensor)>,
    heads: i64,
}

/// Names of a block's parameters, in the order of the computation.
pub(super) const PARTS: [&str; 16] = [
    "attention.self.query.weight",
    "attention.self.query.bias",
    "attention.self.key.weight",
    "attention.self.key.bias",
    "attention.self.value.weight",
    "attention.self.value.bias",
    "attention.output.dense.weight",
    "attention.output.dense.bias",
    "attention.output.LayerNorm.weight",
    "attention.output.LayerNorm.bias",
    "intermediate.dense.weight",
    "intermediate.dense.bias",
    "output.dense.weight",
    "output.dense.bias",
    "output.LayerNorm.weight",
    "output.LayerNorm.bias",
];

impl Block {
    /// Weights in the order of [`PARTS`].
    pub(super) fn new(weights: Vec<(String, Tensor)>, heads: i64) -> Self {
        Self { weights, heads }
    }

    /// The output `[batch, positions, size]` and who looked at whom, `[batch, heads, positions, positions]`;
    /// `unseen` is true where a key is padding, `[batch, 1, 1, positions]`.
    pub(super) fn attend(
        &self,
        x: &Tensor,
        unseen: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor), tch::TchError> {
        let (batch, positions, size) = x.size3()?;
        let split = |part: usize| -> Result<Tensor, tch::TchError> {
            let joined = self.linear(part, x)?;
            Ok(joined
                .f_reshape([batch, positions, self.heads, size / self.heads])?
                .transpose(1, 2)) // [batch, heads, positions, size / heads]
        };
        let (q, k, v) = (split(0)?, split(2)?, split(4)?);
        let mut scores = q.f_matmul(&k.transpose(-2, -1))? / ((size / self.heads) as f64).sqrt();
        if let Some(unseen) = unseen {
            scores = scores.f_masked_fill(unseen, f64::NEG_INFINITY)?;
        }
        let looks = scores.f_softmax(-1, None::<Kind>)?;
        let found = looks.f_matmul(&v)?.transpose(1, 2);
        let found = found.f_reshape([batch, positions, size])?;
        let seen = self.norm(8, &(x + self.linear(6, &found)?))?;
        let thought = self.linear(12, &self.linear(10, &seen)?.f_gelu("none")?)?;
        Ok((self.norm(14, &(seen + thought))?, looks))
    }

    fn linear(&self, part: usize, x: &Tensor) -> Result<Tensor, tch::TchError> {
        x.f_linear(&self.weights[part].1, Some(&self.weights[part + 1].1))
    }

    fn norm(&self, part: usize, x: &Tensor) -> Result<Tensor, tch::TchError> {
        let (weight, bias) = (&self.weights[part].1, &self.weights[part + 1].1);
        x.f_layer_norm(weight.size(), Some(weight), Some(bias), EPSILON, true)
    }

    fn size(&self) -> i64 {
        self.weights[15].1.numel() as i64
    }
}

impl Layer for Block {
    fn describe(&self) -> String {
        format!("Encoder block {}, {} heads", self.size(), self.heads)
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let (shape, size) = (shape_of(input), self.size());
        let fit = matches!(shape.as_slice(), [_, _, last] if *last == size);
        check(self, input, Some(&self.weights[0].1), fit, |_| {
            format!("it must be [batch, positions, {size}]")
        })?;
        let seen = self.attend(input, None);
        seen.map(|(output, _)| output)
            .map_err(|error| ForwardError::libtorch(self, input, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let named = self.weights.iter();
        named
            .map(|(name, value)| (name.clone(), value.shallow_clone()))
            .collect()
    }
}

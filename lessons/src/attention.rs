//! Attention, written out: each position asks all others, and takes a weighted mean of their values.
//! Knows nothing of words or of the layers around it.

use tch::{Device, Kind, Tensor};

use crate::init::Init;
use crate::layer::{ForwardError, Layer};
use crate::linear::{Linear, linear};
use crate::refusal::{check, shape_of};

/// `softmax(Q K^T / sqrt(d) + mask) V` (Vaswani et al. 2017): what each query takes from the values,
/// and the weights with which it takes it.
///
/// With `causal`, a position sees itself and those before it, nothing after.
///
/// # Shapes
/// `q [..., queries, d]`, `k [..., keys, d]`, `v [..., keys, e]`; the output is `[..., queries, e]`,
/// the weights are `[..., queries, keys]`, and each of their rows sums to 1.
///
/// # Panics
/// Where the shapes do not fit; the message names all three.
///
/// ```
/// use lessons::prelude::*;
/// let x = randn(&[4, 8]);
/// let (y, weights) = scaled_dot_product_attention(&x, &x, &x, true);
/// assert_eq!((y.size(), weights.size()), (vec![4, 8], vec![4, 4]));
/// assert_eq!(weights.i((0, 1)).item(), 0.0, "the first position sees nothing after it");
/// ```
#[track_caller]
pub fn scaled_dot_product_attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    causal: bool,
) -> (Tensor, Tensor) {
    if let Some(problem) = unfit(q, k, v, causal) {
        panic!("scaled_dot_product_attention: {problem}");
    }
    attend(q, k, v, causal)
}

fn unfit(q: &Tensor, k: &Tensor, v: &Tensor, causal: bool) -> Option<String> {
    if !(q.defined() && k.defined() && v.defined()) {
        return Some("queries, keys or values are undefined".to_owned());
    }
    if q.device() != k.device() || k.device() != v.device() {
        return Some(format!(
            "queries are on {:?}, keys on {:?}, values on {:?}: move them to one device with .to_device(..)",
            q.device(),
            k.device(),
            v.device()
        ));
    }
    let (qs, ks, vs) = (q.size(), k.size(), v.size());
    let came = format!("queries are {qs:?}, keys {ks:?}, values {vs:?}");
    let dims = qs.len();
    if dims < 2
        || ks.len() != dims
        || vs.len() != dims
        || qs[..dims - 2] != ks[..dims - 2]
        || ks[..dims - 2] != vs[..dims - 2]
    {
        return Some(format!(
            "{came}: each needs [..., positions, size] with the same sizes in front"
        ));
    }
    if qs[dims - 1] != ks[dims - 1] {
        let (left, right) = (qs[dims - 1], ks[dims - 1]);
        return Some(format!(
            "{came}: queries have size {left} and keys {right}: the last sizes must be equal"
        ));
    }
    if ks[dims - 2] != vs[dims - 2] {
        return Some(format!("{came}: there must be as many keys as values"));
    }
    if causal && qs[dims - 2] != ks[dims - 2] {
        return Some(format!(
            "{came}: with a causal mask there must be as many queries as keys"
        ));
    }
    (q.kind() != k.kind() || k.kind() != v.kind()).then(|| {
        format!(
            "queries are {:?}, keys {:?}, values {:?}: the kinds must be equal",
            q.kind(),
            k.kind(),
            v.kind()
        )
    })
}

fn attend(q: &Tensor, k: &Tensor, v: &Tensor, causal: bool) -> (Tensor, Tensor) {
    let size = q.size().last().copied().unwrap_or(1) as f64;
    let mut scores = q.matmul(&k.transpose(-2, -1)) / size.sqrt(); // [..., queries, keys]
    if causal {
        let positions = scores.size().last().copied().unwrap_or(0);
        let future = Tensor::ones([positions, positions], (Kind::Bool, scores.device())).triu(1);
        scores = scores.masked_fill(&future, f64::NEG_INFINITY);
    }
    let weights = scores.softmax(-1, None);
    (weights.matmul(v), weights)
}

/// See [`multi_head_attention`].
///
/// ```
/// use lessons::prelude::*;
/// let layer = multi_head_attention(8, 2);
/// assert_eq!(layer.in_proj_weight.size(), [24, 8]);
/// assert_eq!(layer.parameter_count(), 24 * 8 + 24 + 8 * 8 + 8);
/// ```
#[derive(Debug)]
pub struct MultiHeadAttention {
    /// Queries, keys and values in one matrix, `[3 size, size]`.
    pub in_proj_weight: Tensor,
    /// `[3 size]`
    pub in_proj_bias: Tensor,
    /// Mixes what the heads found, `[size, size]`.
    pub out_proj: Linear,
    heads: i64,
    causal: bool,
}

/// Self-attention by `heads` heads, each on its own `size / heads` numbers; what they find is
/// joined and mixed by a last linear layer. Heads do not vote.
///
/// Weights are drawn and named as in PyTorch's `nn.MultiheadAttention` (`in_proj_weight`,
/// `in_proj_bias`, `out_proj.weight`, `out_proj.bias`).
///
/// # Shapes
/// `[batch, positions, size]`, unchanged
///
/// # Panics
/// Where a number is below 1, or the heads do not divide the size.
///
/// ```
/// use lessons::prelude::*;
/// let layer = multi_head_attention(8, 2).causal();
/// let (output, weights) = layer.attend(&randn(&[1, 5, 8]));
/// assert_eq!((output.size(), weights.size()), (vec![1, 5, 8], vec![1, 2, 5, 5]));
/// ```
#[track_caller]
pub fn multi_head_attention(size: i64, heads: i64) -> MultiHeadAttention {
    assert!(
        size >= 1 && heads >= 1 && size % heads == 0,
        "multi_head_attention({size}, {heads}): both must be at least 1, and the heads must divide the size"
    );
    // PyTorch draws the output layer first.
    let out_proj = linear(size, size);
    Init::Constant(0.0).fill(&out_proj.bias);
    let float = (Kind::Float, Device::Cpu);
    let in_proj_weight = Tensor::empty([3 * size, size], float);
    Init::XavierUniform.fill(&in_proj_weight);
    MultiHeadAttention {
        in_proj_weight: in_proj_weight.set_requires_grad(true),
        in_proj_bias: Tensor::zeros([3 * size], float).set_requires_grad(true),
        out_proj,
        heads,
        causal: false,
    }
}

impl MultiHeadAttention {
    /// No position sees those after it, as in a model that writes text.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (_, weights) = multi_head_attention(8, 2).causal().attend(&randn(&[1, 3, 8]));
    /// assert_eq!(weights.i((0, 0, 0, 1)).item(), 0.0, "position 0 does not see position 1");
    /// ```
    #[must_use]
    pub fn causal(mut self) -> Self {
        self.causal = true;
        self
    }

    /// The output, and who looked at whom: `[batch, heads, positions, positions]`.
    ///
    /// # Shapes
    /// input `[batch, positions, size]`; the output is the same, the weights are
    /// `[batch, heads, positions, positions]`, and each of their rows sums to 1
    ///
    /// # Panics
    /// Where the input does not fit, with the sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = multi_head_attention(8, 2);
    /// let (output, weights) = layer.attend(&randn(&[3, 5, 8]));
    /// assert_eq!((output.size(), weights.size()), (vec![3, 5, 8], vec![3, 2, 5, 5]));
    /// let sums = weights.sum_dim_intlist(-1, false, Kind::Float);
    /// assert!((sums - 1.0).abs().max().item() < 1e-5, "each position shares out all of its attention");
    /// ```
    #[track_caller]
    pub fn attend(&self, input: &Tensor) -> (Tensor, Tensor) {
        match self.try_attend(input) {
            Ok(seen) => seen,
            Err(error) => panic!("{error}"),
        }
    }

    /// As [`MultiHeadAttention::attend`].
    ///
    /// # Errors
    /// Where the input does not fit.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let refused = multi_head_attention(8, 2).try_attend(&randn(&[5, 8]));
    /// assert!(refused.is_err_and(|error| error.to_string().contains("[batch, positions, 8]")));
    /// ```
    pub fn try_attend(&self, input: &Tensor) -> Result<(Tensor, Tensor), ForwardError> {
        let size = self.size();
        let shape = shape_of(input);
        let fit = matches!(shape.as_slice(), [_, _, last] if *last == size);
        check(self, input, Some(&self.in_proj_weight), fit, |_| {
            format!("it must be [batch, positions, {size}]")
        })?;
        let (batch, positions) = (shape[0], shape[1]);
        let projected = input.linear(&self.in_proj_weight, Some(&self.in_proj_bias)); // [b, p, 3 size]
        let split = |at: i64| {
            projected
                .narrow(2, at * size, size)
                .reshape([batch, positions, self.heads, size / self.heads])
                .transpose(1, 2) // [b, heads, p, size / heads]
        };
        let (found, weights) = attend(&split(0), &split(1), &split(2), self.causal);
        let joined = found.transpose(1, 2).reshape([batch, positions, size]);
        Ok((Layer::try_forward(&self.out_proj, &joined)?, weights))
    }

    /// The output alone.
    ///
    /// # Shapes
    /// `[batch, positions, size]`, unchanged
    ///
    /// # Panics
    /// As [`MultiHeadAttention::attend`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (layer, x) = (multi_head_attention(8, 2), randn(&[1, 5, 8]));
    /// assert_eq!(layer.forward(&x), layer.attend(&x).0);
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }

    fn size(&self) -> i64 {
        self.in_proj_weight.size().last().copied().unwrap_or(0)
    }
}

impl Layer for MultiHeadAttention {
    fn describe(&self) -> String {
        let causal = if self.causal { ", causal" } else { "" };
        format!(
            "MultiHeadAttention {}, {} heads{causal}",
            self.size(),
            self.heads
        )
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        Ok(self.try_attend(input)?.0)
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let named = [
            ("in_proj_weight", &self.in_proj_weight),
            ("in_proj_bias", &self.in_proj_bias),
            ("out_proj.weight", &self.out_proj.weight),
            ("out_proj.bias", &self.out_proj.bias),
        ];
        named
            .map(|(name, value)| (name.to_owned(), value.shallow_clone()))
            .into()
    }
}

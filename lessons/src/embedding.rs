//! Embedding: each number of a vocabulary has a row of a table, and the row is what is learned.
//! Knows nothing of words; a tokenizer makes numbers of them.

use tch::{Device, Kind, Tensor};

use crate::layer::{ForwardError, ForwardProblem, Layer};
use crate::refusal::{check, shape_of};

/// See [`embedding`].
///
/// ```
/// use lessons::prelude::*;
/// let table = embedding(10, 4);
/// assert_eq!((table.weight.size(), table.parameter_count()), (vec![10, 4], 40));
/// ```
#[derive(Debug)]
pub struct Embedding {
    /// One row per token, `[tokens, size]`.
    pub weight: Tensor,
}

/// A table of `tokens` rows, each a vector of `size` numbers: `y = weight[token]`.
///
/// The table is drawn from `N(0, 1)`, as PyTorch's `nn.Embedding` does.
///
/// # Shapes
/// weight `[tokens, size]`; forward `[...]` of kind `Int64`, each from 0 to tokens - 1, gives
/// `[..., size]`.
///
/// # Panics
/// Where a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let table = embedding(10, 4);
/// assert_eq!(table.forward(&tensor([[1, 2, 3], [4, 5, 6]])).size(), [2, 3, 4]);
/// ```
#[track_caller]
pub fn embedding(tokens: i64, size: i64) -> Embedding {
    assert!(
        tokens >= 1 && size >= 1,
        "embedding({tokens}, {size}): both numbers must be at least 1"
    );
    let weight = Tensor::randn([tokens, size], (Kind::Float, Device::Cpu));
    Embedding {
        weight: weight.set_requires_grad(true),
    }
}

impl Embedding {
    /// Looks up a row for each token.
    ///
    /// # Shapes
    /// `[...]` of kind `Int64`, to `[..., size]`
    ///
    /// # Panics
    /// Where a token is no whole number or has no row.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let table = embedding(10, 4);
    /// assert_eq!(table.forward(&tensor([7, 2])).get(0), table.weight.get(7));
    /// ```
    #[track_caller]
    pub fn forward(&self, tokens: &Tensor) -> Tensor {
        Layer::forward(self, tokens)
    }

    fn rows(&self) -> i64 {
        self.weight.size().first().copied().unwrap_or(0)
    }

    /// libtorch's own message for a missing row does not say which token it was.
    fn missing(&self, tokens: &Tensor) -> Option<i64> {
        if tokens.numel() == 0 {
            return None;
        }
        let (low, high) = (tokens.min().int64_value(&[]), tokens.max().int64_value(&[]));
        [low, high]
            .into_iter()
            .find(|token| !(0..self.rows()).contains(token))
    }
}

impl Layer for Embedding {
    fn describe(&self) -> String {
        match self.weight.size().as_slice() {
            [tokens, size] => format!("Embedding {tokens} x {size}"),
            other => format!("Embedding with weight {other:?}"),
        }
    }

    fn try_forward(&self, tokens: &Tensor) -> Result<Tensor, ForwardError> {
        check(self, tokens, None, true, |_| String::new())?;
        let shape = shape_of(tokens);
        if !matches!(tokens.kind(), Kind::Int64 | Kind::Int) {
            let (kind, expected) = (tokens.kind(), Kind::Int64);
            return Err(ForwardError::new(
                self,
                ForwardProblem::Tokens { kind, expected },
            ));
        }
        if tokens.device() != self.weight.device() {
            let (device, expected) = (tokens.device(), self.weight.device());
            return Err(ForwardError::new(
                self,
                ForwardProblem::Device { device, expected },
            ));
        }
        if let Some(token) = self.missing(tokens) {
            let last = self.rows() - 1;
            let wanted = format!("token {token} has no row: tokens go from 0 to {last}");
            return Err(ForwardError::new(
                self,
                ForwardProblem::Shape { shape, wanted },
            ));
        }
        Tensor::f_embedding(&self.weight, tokens, -1, false, false)
            .map_err(|error| ForwardError::libtorch(self, tokens, &error))
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        vec![("weight".to_owned(), self.weight.shallow_clone())]
    }
}

//! From logits to the next token: the most likely one, or one drawn by chance, more or less boldly.
//! Knows nothing of characters; it works on numbers of tokens.

use tch::{Kind, Tensor};

use crate::interrupt::checkpoint;
use crate::layer::Layer;
use crate::tensors::no_grad;

/// How the next token is chosen; from [`Sampling::greedy`] or [`Sampling::temperature`].
///
/// ```
/// use lessons::prelude::*;
/// let bold = Sampling::temperature(0.7).top_k(40).top_p(0.9);
/// assert_eq!(next_token(&tensor([0.0, 9.0]), bold), 1, "with p 0.9 only the likeliest is left");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    temperature: f64,
    top_k: Option<i64>,
    top_p: Option<f64>,
}

impl Sampling {
    /// Always the most likely token: the same text every time.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let chances = Sampling::greedy().chances(&tensor([0.1, 3.0, -1.0]));
    /// assert_eq!(chances, tensor([0.0, 1.0, 0.0]));
    /// ```
    pub fn greedy() -> Self {
        Self {
            temperature: 0.0,
            top_k: None,
            top_p: None,
        }
    }

    /// Draws from `softmax(logits / temperature)`: below 1 bolder in what is likely, above 1 wilder.
    ///
    /// # Panics
    /// Where the temperature is not above 0.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let logits = tensor([1.0, 2.0]);
    /// let likeliest = |temperature| Sampling::temperature(temperature).chances(&logits).max().item();
    /// assert!(likeliest(0.5) > likeliest(1.0) && likeliest(1.0) > likeliest(2.0));
    /// ```
    #[track_caller]
    pub fn temperature(temperature: f64) -> Self {
        assert!(
            temperature > 0.0 && temperature.is_finite(),
            "temperature({temperature}): it must be above 0 (Sampling::greedy() is the limit at 0)"
        );
        Self {
            temperature,
            top_k: None,
            top_p: None,
        }
    }

    /// Draws only from the `k` most likely tokens.
    ///
    /// # Panics
    /// Where k is below 1.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let chances = Sampling::temperature(1.0).top_k(2).chances(&tensor([3.0, 1.0, 3.0, 2.0]));
    /// assert_eq!(chances, tensor([0.5, 0.0, 0.5, 0.0]));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn top_k(mut self, k: i64) -> Self {
        assert!(k >= 1, "top_k({k}): at least 1 token must be left");
        self.top_k = Some(k);
        self
    }

    /// Draws only from the most likely tokens that together have the chance `p` (Holtzman et al. 2019).
    ///
    /// # Panics
    /// Where p is not above 0 and at most 1.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let logits = tensor([0.5, 0.3, 0.2]).log();
    /// let chances = Sampling::temperature(1.0).top_p(0.7).chances(&logits); // 0.5 + 0.3 reach 0.7
    /// assert!((chances.i(0).item() - 0.625).abs() < 1e-6 && chances.i(2).item() == 0.0);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn top_p(mut self, p: f64) -> Self {
        assert!(
            p > 0.0 && p <= 1.0,
            "top_p({p}): it must be above 0 and at most 1"
        );
        self.top_p = Some(p);
        self
    }

    /// The chance of each token.
    ///
    /// # Shapes
    /// logits `[vocabulary]`; the result is the same, kind Double, with sum 1
    ///
    /// # Panics
    /// Where the logits are not `[vocabulary]`, hold NaN or +inf, or are all -inf.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let logits = tensor([0.0, 1.0, 2.0, 3.0]);
    /// let chances = Sampling::temperature(1.0).top_k(2).chances(&logits);
    /// assert_eq!((chances.i(0).item(), chances.i(1).item()), (0.0, 0.0));
    /// ```
    #[track_caller]
    pub fn chances(&self, logits: &Tensor) -> Tensor {
        let shape = logits.size();
        assert!(
            matches!(shape.as_slice(), [size] if *size > 0),
            "chances: logits are {shape:?}: they must be [vocabulary]"
        );
        let logits = logits.detach().to_kind(Kind::Double);
        assert!(
            !bool::try_from(logits.isnan().any()).unwrap_or(true),
            "chances: a logit is NaN: did training diverge?"
        );
        let highest = logits.max().double_value(&[]);
        assert!(
            highest != f64::INFINITY,
            "chances: a logit is inf: no softmax can weigh it; did training diverge?"
        );
        assert!(
            highest != f64::NEG_INFINITY,
            "chances: all logits are -inf: a mask left no token to choose"
        );
        if self.temperature == 0.0 {
            let best = logits.argmax(0, false).int64_value(&[]);
            let chances = logits.zeros_like();
            let _ = chances.get(best).fill_(1.0);
            return chances;
        }
        let mut logits = logits / self.temperature;
        if let Some(k) = self.top_k {
            // By their places, not their values: of equal logits no more than k may stay.
            let (_, kept) = logits.topk(k.min(shape[0]), 0, true, true);
            let out = logits.ones_like().scatter_value(0, &kept, 0.0);
            logits = logits.masked_fill(&out.to_kind(Kind::Bool), f64::NEG_INFINITY);
        }
        let mut chances = logits.softmax(0, Kind::Double);
        if let Some(p) = self.top_p {
            let (sorted, order) = chances.sort(0, true);
            // The first token is kept always: what stands before it has no chance yet.
            let beyond = (sorted.cumsum(0, Kind::Double) - &sorted).ge(p);
            let kept = sorted.masked_fill(&beyond, 0.0);
            chances = chances.zeros_like().scatter(0, &order, &kept);
            chances = &chances / chances.sum(Kind::Double);
        }
        chances
    }
}

/// Chooses the next token from the logits of one position.
///
/// # Shapes
/// logits `[vocabulary]`
///
/// # Panics
/// As [`Sampling::chances`].
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(next_token(&tensor([0.1, 3.0, -1.0]), Sampling::greedy()), 1);
/// ```
#[track_caller]
pub fn next_token(logits: &Tensor, sampling: Sampling) -> i64 {
    sampling
        .chances(logits)
        .multinomial(1, true)
        .int64_value(&[0])
}

/// Writes `count` more tokens after `start`, one by one; the network sees the last `context`.
///
/// # Shapes
/// start `[n]` of kind Int64 with at least one token; the result is `[n + count]`
///
/// # Panics
/// Where the start is empty, or does not fit the network.
///
/// ```
/// use lessons::prelude::*;
/// let net = gpt(10, 8, 16, 2, 1);
/// let text = generate(&net, &tensor([1, 2]), 5, 8, Sampling::greedy());
/// assert_eq!(text.size(), [7]);
/// ```
#[track_caller]
pub fn generate(
    net: &dyn Layer,
    start: &Tensor,
    count: usize,
    context: i64,
    sampling: Sampling,
) -> Tensor {
    let shape = start.size();
    assert!(
        matches!(shape.as_slice(), [size] if *size > 0),
        "generate: the start is {shape:?}: it must be [n] with at least one token"
    );
    assert!(
        context >= 1,
        "generate: a context of {context} sees nothing: it must be at least 1"
    );
    let mut tokens = start.shallow_clone();
    for _ in 0..count {
        checkpoint();
        let length = tokens.size()[0];
        let seen = length.min(context);
        let logits = no_grad(|| net.forward(&tokens.narrow(0, length - seen, seen).unsqueeze(0)));
        let next = next_token(&logits.get(0).get(seen - 1), sampling);
        let next = Tensor::from_slice(&[next]).to_device(tokens.device());
        tokens = Tensor::cat(&[tokens, next], 0);
    }
    tokens
}

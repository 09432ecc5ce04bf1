//! A mixture of experts: many small networks, of which a router picks a few for each token.
//! Knows nothing of what the tokens are; what an expert is good for is learned, not assigned.

use std::sync::atomic::{AtomicU64, Ordering};

use tch::{Kind, Tensor};

use crate::activation::gelu;
use crate::layer::{ForwardError, Layer};
use crate::linear::{Linear, linear};
use crate::number;
use crate::refusal::{check, shape_of};
use crate::sequential::Sequential;
use crate::table::Table;

/// See [`mixture_of_experts`].
///
/// ```
/// use lessons::prelude::*;
/// let layer = mixture_of_experts(4, 8, 3, 1);
/// assert_eq!(layer.router.weight.size(), [3, 4]);
/// ```
#[derive(Debug)]
pub struct MixtureOfExperts {
    /// One logit for each expert.
    pub router: Linear,
    experts: Vec<Sequential>,
    top_k: i64,
    /// How many tokens each expert has had.
    used: Vec<AtomicU64>,
}

/// Where a router sends tokens; from [`MixtureOfExperts::route`].
///
/// ```
/// use lessons::prelude::*;
/// let routing = mixture_of_experts(4, 8, 3, 2).route(&randn(&[6, 4]));
/// assert_eq!((routing.experts.size(), routing.probabilities.size()), (vec![6, 2], vec![6, 3]));
/// ```
#[derive(Debug)]
pub struct Routing {
    /// The experts of each token, the best first, `[tokens, top_k]` of kind Int64.
    pub experts: Tensor,
    /// Their weights, `[tokens, top_k]`, each row with sum 1.
    pub weights: Tensor,
    /// The router's probabilities of all experts, `[tokens, experts]`.
    pub probabilities: Tensor,
}

/// A layer of `experts` networks (`size -> hidden -> size` with GELU). For each token the router's `top_k`
/// largest logits choose, and the softmax of just these weighs (Shazeer et al. 2017; Jiang et al. 2024):
/// `y = sum over the chosen e of softmax(router(x))_e expert_e(x)`.
///
/// All experts must be in memory, but a token costs only the work of `top_k` of them: the layer has
/// [`Layer::parameter_count`] parameters in all and [`MixtureOfExperts::active_parameters`] at work per token.
///
/// # Shapes
/// `[..., size]`, unchanged
///
/// # Panics
/// Where a number is below 1, or `top_k` is more than there are experts.
///
/// ```
/// use lessons::prelude::*;
/// let layer = mixture_of_experts(16, 32, 8, 2);
/// assert_eq!(layer.forward(&randn(&[4, 5, 16])).size(), [4, 5, 16]);
/// assert_eq!(layer.usage().iter().sum::<u64>(), 4 * 5 * 2);
/// assert!(layer.active_parameters() < layer.parameter_count() / 3);
/// ```
#[track_caller]
pub fn mixture_of_experts(size: i64, hidden: i64, experts: usize, top_k: i64) -> MixtureOfExperts {
    assert!(
        size >= 1 && hidden >= 1 && top_k >= 1 && top_k as usize <= experts,
        "mixture_of_experts({size}, {hidden}, {experts}, {top_k}): all must be at least 1, and top_k at most the number of experts"
    );
    let router = linear(size, experts as i64);
    let expert = |_| {
        Sequential::new()
            .add(linear(size, hidden))
            .add(gelu())
            .add(linear(hidden, size))
    };
    MixtureOfExperts {
        router,
        experts: (0..experts).map(expert).collect(),
        top_k,
        used: (0..experts).map(|_| AtomicU64::new(0)).collect(),
    }
}

impl MixtureOfExperts {
    /// Computes the output, and counts who did it.
    ///
    /// # Shapes
    /// `[..., size]`, unchanged
    ///
    /// # Panics
    /// Where the input does not fit.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = mixture_of_experts(4, 8, 3, 1);
    /// assert_eq!(layer.forward(&randn(&[6, 4])).size(), [6, 4]);
    /// assert_eq!(layer.usage().iter().sum::<u64>(), 6, "one expert for each token");
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }

    /// Where the router sends the tokens of `[..., size]`.
    ///
    /// # Shapes
    /// input `[..., size]`, read as `[tokens, size]`; experts and weights `[tokens, top_k]`,
    /// probabilities `[tokens, experts]`
    ///
    /// # Panics
    /// Where the input does not fit.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let routing = mixture_of_experts(4, 8, 3, 2).route(&randn(&[2, 5, 4]));
    /// assert_eq!(routing.experts.size(), [10, 2]);
    /// let sums = routing.weights.sum_dim_intlist(1, false, Kind::Float);
    /// assert!((sums - 1.0).abs().max().item() < 1e-5);
    /// ```
    #[track_caller]
    pub fn route(&self, input: &Tensor) -> Routing {
        if let Err(error) = self.check(input) {
            panic!("{error}");
        }
        self.choose(input)
    }

    fn choose(&self, input: &Tensor) -> Routing {
        let logits = self.router.forward(&input.reshape([-1, self.size()]));
        let (best, experts) = logits.topk(self.top_k, -1, true, true);
        Routing {
            experts,
            weights: best.softmax(-1, None::<Kind>),
            probabilities: logits.softmax(-1, None::<Kind>),
        }
    }

    /// How many tokens each expert has had since the layer was made or [`MixtureOfExperts::forget_usage`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = mixture_of_experts(4, 8, 3, 2);
    /// layer.forward(&randn(&[5, 4]));
    /// assert_eq!((layer.usage().len(), layer.usage().iter().sum::<u64>()), (3, 10));
    /// ```
    pub fn usage(&self) -> Vec<u64> {
        let used = self.used.iter();
        used.map(|count| count.load(Ordering::Relaxed)).collect()
    }

    /// Begins to count anew.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = mixture_of_experts(4, 8, 3, 2);
    /// layer.forward(&randn(&[5, 4]));
    /// layer.forget_usage();
    /// assert_eq!(layer.usage(), [0, 0, 0]);
    /// ```
    pub fn forget_usage(&self) {
        self.used
            .iter()
            .for_each(|count| count.store(0, Ordering::Relaxed));
    }

    /// How often each expert was used, and how many parameters are at work, as a table.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = mixture_of_experts(4, 8, 3, 2);
    /// layer.forward(&randn(&[5, 4]));
    /// assert!(layer.usage_table().text().contains("2 of 3 experts work for each token"));
    /// ```
    pub fn usage_table(&self) -> Table {
        let usage = self.usage();
        let all: u64 = usage.iter().sum();
        let mut table = Table::new("Use of the experts")
            .columns(&["expert", "tokens", "share"])
            .numeric(&[0, 1, 2]);
        for (expert, count) in usage.iter().enumerate() {
            let share = 100.0 * *count as f64 / all.max(1) as f64;
            let tokens = number::thousands(*count as usize);
            table = table.row(&[&expert.to_string(), &tokens, &format!("{share:.1} %")]);
        }
        table.note(&format!(
            "{} of {} experts work for each token: {} of {} parameters.",
            self.top_k,
            self.experts.len(),
            number::thousands(self.active_parameters()),
            number::thousands(self.parameter_count())
        ))
    }

    /// How many parameters are at work for one token: the router's and those of `top_k` experts.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = mixture_of_experts(4, 8, 3, 1);
    /// // router 4 * 3 + 3, one expert 4 * 8 + 8 + 8 * 4 + 4
    /// assert_eq!((layer.active_parameters(), layer.parameter_count()), (15 + 76, 15 + 3 * 76));
    /// ```
    pub fn active_parameters(&self) -> usize {
        let one = self.experts.first().map_or(0, Layer::parameter_count);
        self.router.parameter_count() + one * self.top_k as usize
    }

    /// A loss that is 1 where the experts are used equally and grows to their number where one does all:
    /// `experts * sum over e of (share of tokens of e) * (mean probability of e)` (Fedus et al. 2021).
    /// Add a hundredth of it to the loss, or a few experts take all and the others learn nothing.
    ///
    /// # Shapes
    /// input `[..., size]`; the result is `[]`
    ///
    /// # Panics
    /// Where the input does not fit.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = mixture_of_experts(4, 8, 3, 1);
    /// Init::Constant(0.0).fill(&layer.router.weight);
    /// let _ = layer.router.bias.detach().copy_(&tensor([50.0, 0.0, 0.0]));
    /// let loss = layer.balance_loss(&randn(&[20, 4])).item();
    /// assert!((loss - 3.0).abs() < 1e-4, "one of three experts does all");
    /// ```
    #[track_caller]
    pub fn balance_loss(&self, input: &Tensor) -> Tensor {
        let routing = self.route(input);
        let experts = self.experts.len() as i64;
        let chosen = routing.experts.one_hot(experts).to_kind(Kind::Float); // [tokens, top_k, experts]
        let shares = chosen.mean_dim([0i64, 1].as_slice(), false, Kind::Float);
        let means = routing.probabilities.mean_dim(0, false, Kind::Float);
        (shares * means).sum(Kind::Float) * experts as f64
    }

    fn check(&self, input: &Tensor) -> Result<(), ForwardError> {
        let (shape, size) = (shape_of(input), self.size());
        let fit = shape.last() == Some(&size) && input.numel() > 0;
        check(self, input, Some(&self.router.weight), fit, |_| {
            format!("it must be [..., {size}] with at least one token")
        })
    }

    fn size(&self) -> i64 {
        self.router.weight.size().last().copied().unwrap_or(0)
    }

    /// Each expert sees its own tokens only; that is where the work is saved.
    fn mix(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let flat = input.reshape([-1, self.size()]);
        let routing = self.choose(&flat);
        let mut output = flat.zeros_like();
        for (expert, network) in self.experts.iter().enumerate() {
            let places = routing.experts.eq(expert as i64).nonzero(); // [its tokens, 2]
            let (tokens, ranks) = (places.select(1, 0), places.select(1, 1));
            let count = tokens.size().first().copied().unwrap_or(0);
            if count == 0 {
                continue;
            }
            self.used[expert].fetch_add(count as u64, Ordering::Relaxed);
            let made = network
                .try_forward(&flat.index_select(0, &tokens))
                .map_err(|error| error.inside(&format!("experts{expert}")))?;
            let weight = routing
                .weights
                .index(&[Some(&tokens), Some(&ranks)])
                .unsqueeze(1);
            output = output.index_add(0, &tokens, &(made * weight));
        }
        Ok(output.reshape(input.size()))
    }
}

impl Layer for MixtureOfExperts {
    fn describe(&self) -> String {
        format!(
            "Mixture of {} experts, {} per token, {} of {} parameters active",
            self.experts.len(),
            self.top_k,
            number::thousands(self.active_parameters()),
            number::thousands(self.parameter_count())
        )
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        self.check(input)?;
        self.mix(input)
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let whole = |prefix: String, parameters: Vec<(String, Tensor)>| {
            let named = parameters.into_iter();
            named.map(move |(name, value)| (format!("{prefix}.{name}"), value))
        };
        let mut all: Vec<_> = whole("router".to_owned(), self.router.named_parameters()).collect();
        for (at, expert) in self.experts.iter().enumerate() {
            all.extend(whole(format!("experts{at}"), expert.named_parameters()));
        }
        all
    }
}

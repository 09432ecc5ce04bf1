//! Optimisers for anything with parameters: what turns gradients into steps.
//! Knows nothing of losses: whoever trains calls `zero_grad`, `backward` and `step`.

mod rules;
mod state;

use tch::nn::{self, OptimizerConfig, VarStore};
use tch::{Device, Tensor};

use self::rules::{Memory, Rule};
pub use self::state::StateError;
use crate::backward::go_back;
use crate::layer::Layer;
use crate::sequential::register;
use crate::tensors::no_grad;

/// What the training loop asks of an optimiser: those of this module, tch's own, or one of yours.
///
/// ```
/// use lessons::prelude::*;
/// struct SignDescent(Vec<Tensor>, f64);
/// impl Optimize for SignDescent {
///     fn zero_grad(&mut self) {
///         self.0.iter_mut().for_each(Tensor::zero_grad);
///     }
///     fn step(&mut self) {
///         no_grad(|| self.0.iter_mut().for_each(|w| *w -= w.grad().sign() * self.1));
///     }
///     fn set_lr(&mut self, learning_rate: f64) {
///         self.1 = learning_rate;
///     }
///     fn clip_grad_norm(&mut self, _norm: f64) {}
/// }
/// let mut net = linear(3, 1);
/// let mut descent = SignDescent(vec![net.weight.shallow_clone()], 0.01);
/// trainer(mse_loss).fit(&mut net, &mut descent, &randn(&[64, 3]), &randn(&[64, 1]), 2);
/// ```
pub trait Optimize {
    /// Forgets all gradients.
    fn zero_grad(&mut self);
    /// Moves every parameter by its gradient.
    fn step(&mut self);
    /// Sets the learning rate.
    fn set_lr(&mut self, learning_rate: f64);
    /// Shortens the gradient of all parameters together to `norm`, where it is longer.
    fn clip_grad_norm(&mut self, norm: f64);
}

/// An optimiser whose formulas can be read and whose memory can be saved; from [`sgd`],
/// [`sgd_momentum`], [`adam`] or [`adamw`].
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let mut optimizer = sgd(&net, 0.1);
/// optimizer.backward_step(&mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])));
/// assert_eq!((optimizer.steps(), optimizer.learning_rate()), (1, 0.1));
/// ```
#[derive(Debug)]
pub struct Optimizer {
    rule: Rule,
    learning_rate: f64,
    /// Steps taken so far; each weight's memory counts its own.
    steps: i64,
    parameters: Vec<(String, Tensor)>,
    memories: Vec<Memory>,
    /// tch's plainest optimiser on the same parameters: it clears and clips gradients.
    gradients: nn::Optimizer,
}

/// Plain gradient descent: `w <- w - learning_rate * gradient`.
///
/// # Panics
/// Where the layer has no parameters or the learning rate is negative or no number.
///
/// ```
/// use lessons::prelude::*;
/// let (layer, x, y) = (linear(3, 1), randn(&[8, 3]), randn(&[8, 1]));
/// let mut optimizer = sgd(&layer, 0.01);
/// let before = mse_loss(&layer.forward(&x), &y);
/// optimizer.zero_grad();
/// before.backward();
/// optimizer.step();
/// assert!(mse_loss(&layer.forward(&x), &y).item() < before.item());
/// ```
#[track_caller]
pub fn sgd(layer: &dyn Layer, learning_rate: f64) -> Optimizer {
    build("sgd", layer, learning_rate, Rule::Descent)
}

/// Gradient descent with a memory: `v <- momentum * v + gradient`, `w <- w - learning_rate * v`.
///
/// # Panics
/// As [`sgd`], or where the momentum is negative or no number.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(1, 1);
/// let (x, y) = (tensor([[1.0], [2.0]]), tensor([[3.0], [5.0]]));
/// let mut optimizer = sgd_momentum(&net, 0.05, 0.9);
/// for _ in 0..300 {
///     optimizer.backward_step(&mse_loss(&net.forward(&x), &y));
/// }
/// assert!((net.weight.item() - 2.0).abs() < 0.01);
/// ```
#[track_caller]
pub fn sgd_momentum(layer: &dyn Layer, learning_rate: f64, momentum: f64) -> Optimizer {
    assert!(
        momentum >= 0.0 && momentum.is_finite(),
        "sgd_momentum: the momentum is {momentum}: it must be a finite number, 0 or more (usually 0.9)"
    );
    build(
        "sgd_momentum",
        layer,
        learning_rate,
        Rule::Momentum { momentum },
    )
}

/// Adam (Kingma and Ba 2014): a step size of its own for every parameter, from running means of
/// the gradient and of its square; beta 0.9 and 0.999, epsilon 1e-8, as in PyTorch.
///
/// # Panics
/// As [`sgd`].
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(1, 1);
/// let mut optimizer = adam(&net, 0.1);
/// let before = net.weight.item();
/// optimizer.backward_step(&(net.forward(&tensor([[1.0]])) * 7.0).sum(Kind::Float));
/// assert!((before - net.weight.item() - 0.1).abs() < 1e-4, "the first step is the rate, whatever the gradient");
/// ```
#[track_caller]
pub fn adam(layer: &dyn Layer, learning_rate: f64) -> Optimizer {
    build("adam", layer, learning_rate, Rule::Adam { decay: 0.0 })
}

/// Adam whose weight decay (0.01) acts on the weights directly (Loshchilov and Hutter 2017).
///
/// # Panics
/// As [`sgd`].
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(1, 1);
/// Init::Constant(1.0).fill(&net.weight);
/// let mut optimizer = adamw(&net, 0.1);
/// optimizer.backward_step(&(net.forward(&tensor([[1.0]])) * 0.0).sum(Kind::Float));
/// assert!((net.weight.item() - 0.999).abs() < 1e-6, "no gradient: the decay alone, 0.1 * 0.01");
/// ```
#[track_caller]
pub fn adamw(layer: &dyn Layer, learning_rate: f64) -> Optimizer {
    build("adamw", layer, learning_rate, Rule::Adam { decay: 0.01 })
}

#[track_caller]
fn check_rate(name: &str, learning_rate: f64) {
    assert!(
        learning_rate >= 0.0 && learning_rate.is_finite(),
        "{name}: the learning rate is {learning_rate}: it must be a finite number, 0 or more"
    );
}

/// Refuses a norm to which no gradient can be shortened.
#[track_caller]
pub(crate) fn check_norm(name: &str, norm: f64) {
    assert!(
        norm > 0.0 && !norm.is_nan(),
        "{name}({norm}): a gradient cannot be shortened to that: the norm must be above 0 (often 1.0)"
    );
}

#[track_caller]
fn build(name: &str, layer: &dyn Layer, learning_rate: f64, rule: Rule) -> Optimizer {
    check_rate(name, learning_rate);
    let mut parameters: Vec<(String, Tensor)> = Vec::new();
    for (name, parameter) in layer.named_parameters() {
        // A weight that two layers share is one thing to learn.
        let known = |(_, other): &(String, Tensor)| other.data_ptr() == parameter.data_ptr();
        if parameter.requires_grad() && !parameters.iter().any(known) {
            parameters.push((name, parameter));
        }
    }
    assert!(
        !parameters.is_empty(),
        "{name}: {} has no parameter with requires_grad: there is nothing to learn",
        layer.describe()
    );
    // The store is only how tch is told of the parameters.
    let store = VarStore::new(Device::Cpu);
    register(&store, &parameters);
    let gradients = match nn::Sgd::default().build(&store, learning_rate) {
        Ok(gradients) => gradients,
        Err(error) => panic!("{name}: libtorch cannot build this optimiser: {error}"),
    };
    let memories = parameters.iter().map(|_| Memory::default()).collect();
    Optimizer {
        rule,
        learning_rate,
        steps: 0,
        parameters,
        memories,
        gradients,
    }
}

impl Optimizer {
    /// Forgets all gradients.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(1, 1);
    /// let mut optimizer = sgd(&net, 0.1);
    /// net.weight.square().sum(Kind::Float).backward();
    /// optimizer.zero_grad();
    /// assert!(!net.weight.grad().defined() || net.weight.grad().item() == 0.0);
    /// ```
    pub fn zero_grad(&mut self) {
        self.gradients.zero_grad();
    }

    /// Moves every parameter that has a gradient.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(1, 1);
    /// let mut optimizer = sgd(&net, 0.5);
    /// Init::Constant(3.0).fill(&net.weight);
    /// net.weight.square().sum(Kind::Float).backward(); // gradient 2 w = 6
    /// optimizer.step();
    /// assert_eq!(net.weight.item(), 0.0, "3 - 0.5 * 6");
    /// ```
    pub fn step(&mut self) {
        self.steps += 1;
        let (rule, rate) = (self.rule, self.learning_rate);
        no_grad(|| {
            for ((_, weight), memory) in self.parameters.iter_mut().zip(&mut self.memories) {
                let gradient = weight.grad();
                if gradient.defined() {
                    rule.step(weight, &gradient, memory, rate);
                }
            }
        });
    }

    /// `zero_grad`, `loss.backward()` and `step` in one.
    ///
    /// # Shapes
    /// the loss is one number
    ///
    /// # Panics
    /// Where backward cannot run, with the message of [`crate::backward::BackwardError`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(1, 1);
    /// Init::Constant(1.0).fill(&net.weight);
    /// let mut optimizer = sgd(&net, 0.25);
    /// for _ in 0..2 {
    ///     optimizer.backward_step(&net.weight.square().sum(Kind::Float));
    /// }
    /// assert_eq!(net.weight.item(), 0.25, "each step halves it: gradients do not add up");
    /// ```
    #[track_caller]
    pub fn backward_step(&mut self, loss: &Tensor) {
        self.go_back(loss);
        self.step();
    }

    /// As [`Optimizer::backward_step`], with the gradient shortened to `norm` before the step.
    ///
    /// # Panics
    /// As [`Optimizer::backward_step`], or where the norm is not above 0.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(1, 1);
    /// Init::Constant(100.0).fill(&net.weight);
    /// sgd(&net, 1.0).backward_step_clip_norm(&net.weight.square().sum(Kind::Float), 1.0);
    /// assert!((net.weight.item() - 99.0).abs() < 1e-3, "the gradient was 200, the step is 1");
    /// ```
    #[track_caller]
    pub fn backward_step_clip_norm(&mut self, loss: &Tensor, norm: f64) {
        check_norm("backward_step_clip_norm", norm);
        self.go_back(loss);
        self.clip_grad_norm(norm);
        self.step();
    }

    #[track_caller]
    fn go_back(&mut self, loss: &Tensor) {
        self.zero_grad();
        if let Err(error) = go_back(loss) {
            panic!("{error}");
        }
    }

    /// Sets the learning rate.
    ///
    /// # Panics
    /// Where it is negative or no number.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(1, 1);
    /// let mut optimizer = sgd(&net, 0.1);
    /// optimizer.set_lr(0.01);
    /// assert_eq!(optimizer.learning_rate(), 0.01);
    /// ```
    #[track_caller]
    pub fn set_lr(&mut self, learning_rate: f64) {
        check_rate("set_lr", learning_rate);
        self.learning_rate = learning_rate;
    }

    /// The learning rate.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// How many steps it has taken.
    pub fn steps(&self) -> i64 {
        self.steps
    }

    /// Shortens the gradient of all parameters together to `norm`, where it is longer. Before any
    /// backward there is none, and nothing happens.
    ///
    /// # Panics
    /// Where the norm is not above 0.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(1, 1);
    /// Init::Constant(100.0).fill(&net.weight);
    /// let mut optimizer = sgd(&net, 0.1);
    /// net.weight.square().sum(Kind::Float).backward();
    /// optimizer.clip_grad_norm(1.0);
    /// assert!((net.weight.grad().item() - 1.0).abs() < 1e-4);
    /// ```
    #[track_caller]
    pub fn clip_grad_norm(&mut self, norm: f64) {
        check_norm("clip_grad_norm", norm);
        let mut parameters = self.parameters.iter();
        if !parameters.any(|(_, weight)| weight.grad().defined()) {
            return;
        }
        self.gradients.clip_grad_norm(norm);
    }

    /// The parameters that it moves.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(3, 2);
    /// let sizes: Vec<_> = adam(&net, 0.1).trainable_variables().iter().map(Tensor::size).collect();
    /// assert_eq!(sizes, [vec![2, 3], vec![2]]);
    /// ```
    pub fn trainable_variables(&self) -> Vec<Tensor> {
        let parameters = self.parameters.iter();
        parameters.map(|(_, value)| value.shallow_clone()).collect()
    }
}

macro_rules! optimize {
    ($($kind:ty),*) => {$(
        impl Optimize for $kind {
            fn zero_grad(&mut self) {
                <$kind>::zero_grad(self);
            }
            fn step(&mut self) {
                <$kind>::step(self);
            }
            fn set_lr(&mut self, learning_rate: f64) {
                <$kind>::set_lr(self, learning_rate);
            }
            fn clip_grad_norm(&mut self, norm: f64) {
                <$kind>::clip_grad_norm(self, norm);
            }
        }
    )*};
}

optimize!(Optimizer, nn::Optimizer);

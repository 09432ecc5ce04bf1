//! Optimisers for anything with parameters: what turns gradients into steps.
//! Knows nothing of losses: whoever trains calls `zero_grad`, `backward` and `step`.

mod rules;
mod state;

use tch::nn::{self, OptimizerConfig, VarStore};
use tch::{Device, Tensor};

use self::rules::{Memory, Rule};
pub use self::state::StateError;
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
#[derive(Debug)]
pub struct Optimizer {
    rule: Rule,
    learning_rate: f64,
    /// Steps taken so far: Adam's means begin at 0, and how far that matters depends on it.
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
/// As [`sgd`].
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
fn build(name: &str, layer: &dyn Layer, learning_rate: f64, rule: Rule) -> Optimizer {
    assert!(
        learning_rate >= 0.0 && learning_rate.is_finite(),
        "{name}: the learning rate is {learning_rate}: it must be a finite number, 0 or more"
    );
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
    pub fn zero_grad(&mut self) {
        self.gradients.zero_grad();
    }

    /// Moves every parameter that has a gradient.
    pub fn step(&mut self) {
        self.steps += 1;
        let (rule, rate, steps) = (self.rule, self.learning_rate, self.steps);
        no_grad(|| {
            for ((_, weight), memory) in self.parameters.iter_mut().zip(&mut self.memories) {
                let gradient = weight.grad();
                if gradient.defined() {
                    rule.step(weight, &gradient, memory, rate, steps);
                }
            }
        });
    }

    /// `zero_grad`, `loss.backward()` and `step` in one.
    pub fn backward_step(&mut self, loss: &Tensor) {
        self.zero_grad();
        loss.backward();
        self.step();
    }

    /// As [`Optimizer::backward_step`], with the gradient shortened to `norm` before the step.
    pub fn backward_step_clip_norm(&mut self, loss: &Tensor, norm: f64) {
        self.zero_grad();
        loss.backward();
        self.clip_grad_norm(norm);
        self.step();
    }

    /// Sets the learning rate.
    pub fn set_lr(&mut self, learning_rate: f64) {
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

    /// Shortens the gradient of all parameters together to `norm`, where it is longer.
    pub fn clip_grad_norm(&mut self, norm: f64) {
        self.gradients.clip_grad_norm(norm);
    }

    /// The parameters that it moves.
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

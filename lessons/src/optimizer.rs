//! Optimisers for anything with parameters; they are tch's own, built in one line.
//! Knows nothing of losses: whoever trains calls `zero_grad`, `backward` and `step`.

use tch::Device;
use tch::nn::{self, Optimizer, OptimizerConfig, VarStore};

use crate::layer::Layer;
use crate::sequential::register;

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
    build("sgd", layer, learning_rate, nn::Sgd::default())
}

/// Gradient descent with a memory: `v <- momentum * v + gradient`, `w <- w - learning_rate * v`.
///
/// # Panics
/// As [`sgd`].
#[track_caller]
pub fn sgd_momentum(layer: &dyn Layer, learning_rate: f64, momentum: f64) -> Optimizer {
    build(
        "sgd_momentum",
        layer,
        learning_rate,
        nn::sgd(momentum, 0.0, 0.0, false),
    )
}

/// Adam (Kingma and Ba 2014): a step size of its own for every parameter, from running means of
/// the gradient and of its square; beta 0.9 and 0.999, epsilon 1e-8, as in PyTorch.
///
/// # Panics
/// As [`sgd`].
#[track_caller]
pub fn adam(layer: &dyn Layer, learning_rate: f64) -> Optimizer {
    build("adam", layer, learning_rate, nn::Adam::default())
}

/// Adam whose weight decay (0.01) acts on the weights directly (Loshchilov and Hutter 2017).
///
/// # Panics
/// As [`sgd`].
#[track_caller]
pub fn adamw(layer: &dyn Layer, learning_rate: f64) -> Optimizer {
    build("adamw", layer, learning_rate, nn::AdamW::default())
}

#[track_caller]
fn build(
    name: &str,
    layer: &dyn Layer,
    learning_rate: f64,
    config: impl OptimizerConfig,
) -> Optimizer {
    assert!(
        learning_rate >= 0.0 && learning_rate.is_finite(),
        "{name}: the learning rate is {learning_rate}: it must be a finite number, 0 or more"
    );
    // The optimiser keeps handles on the parameters; the store is only how tch is told of them.
    let store = VarStore::new(Device::Cpu);
    register(&store, &layer.named_parameters());
    assert!(
        !store.trainable_variables().is_empty(),
        "{name}: {} has no parameter with requires_grad: there is nothing to learn",
        layer.describe()
    );
    match config.build(&store, learning_rate) {
        Ok(optimizer) => optimizer,
        Err(error) => panic!("{name}: libtorch cannot build this optimiser: {error}"),
    }
}

//! Networks that several tests build, and what they ask of any.

use lessons::prelude::*;

/// The names of all parameters, in the network's order.
pub fn names(net: &dyn Layer) -> Vec<String> {
    let parameters = net.named_parameters().into_iter();
    parameters.map(|(name, _)| name).collect()
}

/// The course's stack of layers of 64 units.
pub fn deep(activation: Activation, layers: usize, recipe: Init) -> Sequential {
    let mut net = Sequential::new();
    for at in 0..layers {
        net = net
            .add(linear(if at == 0 { 10 } else { 64 }, 64))
            .add(activation);
    }
    net = net.add(linear(64, 1));
    if recipe != Init::PyTorch {
        for (name, mut parameter) in net.named_parameters() {
            if name.ends_with("weight") {
                recipe.fill(&parameter);
            } else {
                let _ = no_grad(|| parameter.zero_());
            }
        }
    }
    net
}

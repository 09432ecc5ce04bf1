//! How weights begin: the recipes of `torch.nn.init`, with the same draws from the same seed.
//! Knows nothing of layers; a weight is a tensor `[fan_out, fan_in, ...]`.

use tch::Tensor;

use crate::tensors::no_grad;

/// A recipe for first weights. Each names the spread that it draws from.
///
/// ```
/// use lessons::prelude::*;
/// let weight = Tensor::zeros([64, 24], (Kind::Float, Device::Cpu));
/// Init::HeUniform.fill(&weight);
/// assert!(weight.abs().max().item() <= (6.0f64 / 24.0).sqrt());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// `U(-b, b)`, b = 1 / sqrt(fan_in): what `nn.Linear` does by itself.
    PyTorch,
    /// `U(-b, b)`, b = sqrt(6 / fan_in): keeps the variance through ReLU (He et al. 2015).
    HeUniform,
    /// `N(0, s)`, s = sqrt(2 / fan_in): keeps the variance through ReLU (He et al. 2015).
    HeNormal,
    /// `U(-b, b)`, b = sqrt(6 / (fan_in + fan_out)): for tanh (Glorot and Bengio 2010).
    XavierUniform,
    /// `N(0, s)`, s = sqrt(2 / (fan_in + fan_out)): for tanh (Glorot and Bengio 2010).
    XavierNormal,
    /// `N(0, s)` with the given s.
    Normal(f64),
    /// Every weight the same number.
    Constant(f64),
}

impl Init {
    /// Draws new values into `weight`, in place and unseen by gradients.
    ///
    /// # Shapes
    /// `[fan_out, fan_in, ...]`; sizes after the second multiply both fans, as for convolutions.
    /// A weight with fewer than two sizes counts its elements as fan_in and as fan_out.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let layer = linear(64, 64);
    /// Init::HeNormal.fill(&layer.weight);
    /// assert!((layer.weight.std(true).item() - (2.0f64 / 64.0).sqrt()).abs() < 0.01);
    /// ```
    pub fn fill(self, weight: &Tensor) {
        let (fan_in, fan_out) = fans(&weight.size());
        let mut weight = weight.shallow_clone();
        no_grad(|| {
            let _ = match self {
                // PyTorch writes it as Kaiming's bound with a = sqrt(5); the rounding is the same.
                Init::PyTorch => uniform(&mut weight, bound((1.0f64 / 3.0).sqrt(), fan_in)),
                Init::HeUniform => uniform(&mut weight, bound(2.0f64.sqrt(), fan_in)),
                Init::HeNormal => weight.normal_(0.0, 2.0f64.sqrt() / fan_in.sqrt()),
                Init::XavierUniform => {
                    let spread = (2.0 / (fan_in + fan_out)).sqrt();
                    uniform(&mut weight, 3.0f64.sqrt() * spread)
                }
                Init::XavierNormal => weight.normal_(0.0, (2.0 / (fan_in + fan_out)).sqrt()),
                Init::Normal(spread) => weight.normal_(0.0, spread),
                Init::Constant(value) => weight.fill_(value),
            };
        });
    }
}

/// `sqrt(3) * gain / sqrt(fan_in)`: a uniform draw within it has standard deviation gain / sqrt(fan_in).
fn bound(gain: f64, fan_in: f64) -> f64 {
    3.0f64.sqrt() * (gain / fan_in.sqrt())
}

pub(crate) fn uniform(weight: &mut Tensor, bound: f64) -> Tensor {
    weight.uniform_(-bound, bound)
}

fn fans(shape: &[i64]) -> (f64, f64) {
    match shape {
        [fan_out, fan_in, rest @ ..] => {
            let window: i64 = rest.iter().product();
            ((fan_in * window) as f64, (fan_out * window) as f64)
        }
        _ => {
            let numbers: i64 = shape.iter().product();
            (numbers as f64, numbers as f64)
        }
    }
}

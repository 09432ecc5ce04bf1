//! The update formulas, as the papers write them and PyTorch computes them.
//! Knows nothing of networks: one weight, its gradient, and what the optimiser remembers of it.

use tch::Tensor;

/// How fast Adam's running means forget, and what keeps it from dividing by 0.
const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// How a gradient becomes a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule {
    Descent,
    Momentum { momentum: f64 },
    Adam { decay: f64 },
}

/// What an optimiser remembers of one weight, each of the weight's shape.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Momentum's velocity, or Adam's running mean of the gradient.
    pub(super) first: Option<Tensor>,
    /// Adam's running mean of the squared gradient.
    pub(super) second: Option<Tensor>,
    /// Steps in which this weight had a gradient: Adam's means begin at 0, and how far that matters
    /// depends on it.
    pub(super) steps: i64,
}

impl Rule {
    /// Moves `weight`, and counts the step.
    pub(super) fn step(
        self,
        weight: &mut Tensor,
        gradient: &Tensor,
        memory: &mut Memory,
        rate: f64,
    ) {
        memory.steps += 1;
        match self {
            Rule::Descent => {
                // w <- w - rate g
                *weight -= gradient * rate;
            }
            Rule::Momentum { momentum } => {
                // v <- momentum v + g,  w <- w - rate v
                let v = memory.first.get_or_insert_with(|| weight.zeros_like());
                *v *= momentum;
                *v += gradient;
                *weight -= &*v * rate;
            }
            Rule::Adam { decay } => {
                if decay > 0.0 {
                    // w <- w - rate decay w
                    *weight *= 1.0 - rate * decay;
                }
                // m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2
                let m = memory.first.get_or_insert_with(|| weight.zeros_like());
                let v = memory.second.get_or_insert_with(|| weight.zeros_like());
                let _ = m.lerp_(gradient, 1.0 - BETA_1);
                let _ = v.lerp_(&(gradient * gradient), 1.0 - BETA_2);
                if rate == 0.0 {
                    return; // No step, and what follows divides by the rate.
                }
                // Both means begin at 0; divided by these, they are means of what came so far.
                let (whole_m, whole_v) = (
                    1.0 - BETA_1.powi(memory.steps as i32),
                    1.0 - BETA_2.powi(memory.steps as i32),
                );
                // w <- w - rate (m / whole_m) / (sqrt(v / whole_v) + epsilon). Everything that is
                // one number for all goes into the divisor, so that three operations are enough.
                let scale = -whole_m / rate;
                let mut divisor = v.sqrt();
                divisor *= scale / whole_v.sqrt();
                divisor += scale * EPSILON;
                let _ = weight.addcdiv_(m, &divisor);
            }
        }
    }

    /// Whether a weight's own count of steps matters.
    pub(super) fn counts(self) -> bool {
        matches!(self, Rule::Adam { .. })
    }

    /// What the memories are called in a file, as PyTorch's `state_dict` calls them.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Rule::Descent => &[],
            Rule::Momentum { .. } => &["momentum_buffer"],
            Rule::Adam { .. } => &["exp_avg", "exp_avg_sq"],
        }
    }
}

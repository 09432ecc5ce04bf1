//! One step of an expression: what it computes, and its local slopes, which the chain rule multiplies.
//! Knows nothing of the graph around it.

/// How a number was computed from others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Given,
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    Power(f64),
    Exp,
    Ln,
    Tanh,
    Sigmoid,
    Relu,
}

impl Step {
    pub(super) fn name(self) -> String {
        match self {
            Step::Given => "given".to_owned(),
            Step::Add => "+".to_owned(),
            Step::Sub | Step::Neg => "-".to_owned(),
            Step::Mul => "*".to_owned(),
            Step::Div => "/".to_owned(),
            Step::Power(exponent) => format!("^{exponent}"),
            Step::Exp => "exp".to_owned(),
            Step::Ln => "ln".to_owned(),
            Step::Tanh => "tanh".to_owned(),
            Step::Sigmoid => "sigmoid".to_owned(),
            Step::Relu => "relu".to_owned(),
        }
    }

    pub(super) fn compute(self, from: &[f64]) -> f64 {
        match (self, from) {
            (Step::Add, [a, b]) => a + b,
            (Step::Sub, [a, b]) => a - b,
            (Step::Mul, [a, b]) => a * b,
            (Step::Div, [a, b]) => a / b,
            (Step::Neg, [a]) => -a,
            (Step::Power(n), [a]) => a.powf(n),
            (Step::Exp, [a]) => a.exp(),
            (Step::Ln, [a]) => a.ln(),
            (Step::Tanh, [a]) => a.tanh(),
            (Step::Sigmoid, [a]) => 1.0 / (1.0 + (-a).exp()),
            (Step::Relu, [a]) if a.is_nan() => *a, // max would hide it
            (Step::Relu, [a]) => a.max(0.0),
            _ => f64::NAN,
        }
    }

    /// d result / d each input: the local slopes that the chain rule multiplies.
    pub(super) fn slopes(self, from: &[f64], result: f64) -> Vec<f64> {
        match (self, from) {
            (Step::Add, _) => vec![1.0, 1.0],
            (Step::Sub, _) => vec![1.0, -1.0],
            (Step::Mul, [a, b]) => vec![*b, *a],
            (Step::Div, [a, b]) => vec![1.0 / b, -a / (b * b)],
            (Step::Neg, _) => vec![-1.0],
            (Step::Power(n), [a]) => vec![n * a.powf(n - 1.0)],
            (Step::Exp, _) => vec![result],
            (Step::Ln, [a]) => vec![1.0 / a],
            (Step::Tanh, _) => vec![1.0 - result * result],
            (Step::Sigmoid, _) => vec![result * (1.0 - result)],
            // At NaN as libtorch: what is not below 0 passes.
            (Step::Relu, [a]) => vec![f64::from(u8::from(*a > 0.0 || a.is_nan()))],
            _ => Vec::new(),
        }
    }
}

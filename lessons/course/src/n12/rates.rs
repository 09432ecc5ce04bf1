//! A linear model on the learner's own data, trained with their rate: the runs of two exercises.
//! Knows nothing of verdicts.

use lessons::prelude::*;

use crate::draw::Draw;

/// A run whose best rate is known.
pub(super) struct Run {
    /// The rate above which it diverges, about.
    pub limit: f64,
    x: Tensor,
    y: Tensor,
}

/// Steps of a run.
pub(super) const STEPS: usize = 200;

pub(super) fn run(draw: &mut Draw) -> Run {
    let scale = draw.rounded(1.5, 6.0, 1);
    let x = draw.tensor(&[80, 3]) * scale;
    let y = draw.tensor(&[80, 3]).i((.., ..1)) * 0.1
        + x.matmul(&tensor([[0.5], [0.3], [-0.4]])) / scale;
    let hessian = x.tr().matmul(&x) * (2.0 / 80.0);
    let largest = hessian.linalg_eigvalsh("L").max().double_value(&[]);
    Run {
        limit: 2.0 / largest,
        x,
        y,
    }
}

impl Run {
    /// The loss before, and after all steps.
    pub fn train(&self, rate: f64) -> (f64, f64) {
        let mut w = Tensor::zeros([3, 1], (Kind::Float, Device::Cpu));
        let loss = |w: &Tensor| mse_loss(&self.x.matmul(w), &self.y).double_value(&[]);
        let first = loss(&w);
        for _ in 0..STEPS {
            let error = self.x.matmul(&w) - &self.y;
            w = &w - self.x.tr().matmul(&error) * (2.0 * rate / 80.0);
        }
        (first, loss(&w))
    }

    /// The lowest loss that there is.
    pub fn lowest(&self) -> f64 {
        self.train(0.5 * self.limit).1
    }
}

/// A rate with one digit that is not 0.
pub(super) fn one_digit(rate: f64) -> f64 {
    let power = 10f64.powf(rate.log10().floor());
    let text = format!("{:.8}", (rate / power).round() * power);
    text.parse().unwrap_or(rate)
}

//! A linear model on the learner's own data, trained with their rate: the runs of two exercises.
//! Knows nothing of which rate was the broken one.

use lessons::prelude::*;

use crate::attempt::{Attempt, Unsolved, not_yet};
use crate::draw::Draw;
use crate::exercise::Question;

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

/// A learner's rate, and what came of it.
pub(super) struct Trial {
    pub run: Run,
    pub rate: f64,
    /// The loss before, and after all steps.
    pub losses: (f64, f64),
    /// Both, in words.
    pub said: String,
}

/// Trains with the rate that was answered.
pub(super) fn trial(attempt: &mut Attempt, answer: Option<f64>) -> Result<Trial, Unsolved> {
    let rate = attempt.number(answer)?;
    let run = run(&mut attempt.question);
    if rate <= 0.0 {
        return not_yet(format!(
            "A rate of {rate} does not walk downhill: it must be above 0."
        ));
    }
    let losses @ (first, last) = run.train(rate);
    Ok(Trial {
        run,
        rate,
        losses,
        said: format!("With {rate} the loss goes from {first:.3} to {last:.3e}."),
    })
}

impl Trial {
    /// The loss grew, or is no number any more.
    pub fn explodes(&self) -> bool {
        let (first, last) = self.losses;
        !last.is_finite() || last > first
    }

    /// The loss is not yet near its lowest.
    pub fn lags(&self) -> bool {
        self.losses.1 > 1.05 * self.run.lowest()
    }
}

/// What both cards want.
pub(super) fn wanted(question: Question) -> Question {
    question
        .wanted("a number: the learning rate")
        .tolerance("the last loss must be within 5 % of the lowest that there is")
}

/// A rate with one digit that is not 0.
pub(super) fn one_digit(rate: f64) -> f64 {
    let power = 10f64.powf(rate.log10().floor());
    let text = format!("{:.8}", (rate / power).round() * power);
    text.parse().unwrap_or(rate)
}

//! Whether gradients reach every layer: norms per parameter, with a verdict and its threshold.
//! Knows nothing of how the gradients came to be; call it between `backward` and `zero_grad`.

use std::fmt;

use crate::gradients::{NoGradient, gradient_of, norm};
use crate::layer::Layer;
use crate::names::unknown;
use crate::number;
use crate::plots::{LinePlot, line_plot};
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// Below this share of the network's largest gradient norm, a parameter's gradient has vanished.
pub const VANISHING_SHARE: f64 = 1e-3;
/// Below this share of the network's largest gradient norm, it is weak: half-way to vanishing in
/// powers of ten.
pub const WEAK_SHARE: f64 = 0.03;
/// Above this ratio of gradient to parameter norm a weight's gradient explodes: at a learning rate
/// of 0.01 one plain step would move the weight farther than its own size. Biases are not judged by
/// it, because they may be as small as they like.
pub const EXPLODING_RATIO: f64 = 100.0;

/// What [`gradient_flow`] found.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 4)).add(tanh()).add(linear(4, 1));
/// mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
/// let names: Vec<_> = gradient_flow(&net).rows.into_iter().map(|row| row.name).collect();
/// assert_eq!(names, ["0.weight", "0.bias", "2.weight", "2.bias"]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GradientFlow {
    /// One row per parameter, in the network's order.
    pub rows: Vec<FlowRow>,
}

/// One parameter's part in the flow.
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(1, 1);
/// Init::Constant(2.0).fill(&net.weight);
/// net.weight.square().sum(Kind::Float).backward();
/// let flow = gradient_flow(&net);
/// assert_eq!((flow.row("weight").grad_norm, flow.row("weight").param_norm), (4.0, 2.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRow {
    /// The parameter's name.
    pub name: String,
    /// `sqrt(sum g^2)`; NaN where there is no gradient.
    pub grad_norm: f64,
    /// `sqrt(sum w^2)`
    pub param_norm: f64,
    /// `grad_norm / (param_norm + 1e-8)`
    pub ratio: f64,
    /// What that means.
    pub verdict: Verdict,
}

/// How a parameter's gradient does.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::flow::Verdict;
/// let net = Sequential::new().add(linear(3, 4)).add(linear(4, 1));
/// Init::Constant(0.0).fill(&net.parameter("1.weight")); // nothing goes back through it
/// mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
/// assert_eq!(gradient_flow(&net).row("0.weight").verdict, Verdict::Zero);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// None of the below.
    Healthy,
    /// Under [`WEAK_SHARE`] of the largest.
    Weak,
    /// Under [`VANISHING_SHARE`] of the largest.
    Vanishing,
    /// Exactly zero: the parameter does not learn.
    Zero,
    /// Ratio over [`EXPLODING_RATIO`].
    Exploding,
    /// inf or NaN.
    NotFinite,
    /// There is none.
    Missing(NoGradient),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Healthy => f.write_str("healthy"),
            Verdict::Weak => f.write_str("weak"),
            Verdict::Vanishing => f.write_str("vanishing"),
            Verdict::Zero => f.write_str("zero: does not learn"),
            Verdict::Exploding => f.write_str("exploding"),
            Verdict::NotFinite => f.write_str("not finite"),
            Verdict::Missing(reason) => reason.fmt(f),
        }
    }
}

/// Gradient norm, parameter norm, their ratio and a verdict for every parameter of `layer`.
///
/// A gradient is judged against the largest one in the same network, because what is small
/// depends on the loss: see [`VANISHING_SHARE`], [`WEAK_SHARE`] and [`EXPLODING_RATIO`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(10, 64)).add(sigmoid()).add(linear(64, 1));
/// mse_loss(&net.forward(&randn(&[32, 10])), &randn(&[32, 1])).backward();
/// let flow = gradient_flow(&net);
/// assert_eq!(flow.row("2.bias").name, "2.bias");
/// println!("{}", flow.show().plain());
/// ```
pub fn gradient_flow(layer: &dyn Layer) -> GradientFlow {
    let measured: Vec<_> = layer
        .named_parameters()
        .into_iter()
        .map(|(name, parameter)| {
            let param_norm = if parameter.defined() {
                norm(&parameter)
            } else {
                f64::NAN
            };
            let is_weight = parameter.defined() && parameter.dim() > 1;
            let gradient = gradient_of(&parameter).map(|gradient| norm(&gradient));
            (name, param_norm, is_weight, gradient)
        })
        .collect();
    let finite = measured
        .iter()
        .filter_map(|(.., grad)| grad.ok())
        .filter(|n| n.is_finite());
    let largest = finite.fold(0.0, f64::max);
    let rows = measured
        .into_iter()
        .map(|(name, param_norm, is_weight, gradient)| {
            let grad_norm = gradient.unwrap_or(f64::NAN);
            let ratio = grad_norm / (param_norm + 1e-8);
            let verdict = match gradient {
                Ok(norm) => judge(norm, is_weight.then_some(param_norm), largest),
                Err(reason) => Verdict::Missing(reason),
            };
            FlowRow {
                name,
                grad_norm,
                param_norm,
                ratio,
                verdict,
            }
        });
    GradientFlow {
        rows: rows.collect(),
    }
}

fn judge(grad_norm: f64, weight_norm: Option<f64>, largest: f64) -> Verdict {
    // A weight at zero has no size of its own to compare with.
    let size = weight_norm.filter(|&norm| norm > 1e-6);
    if !grad_norm.is_finite() {
        Verdict::NotFinite
    } else if grad_norm == 0.0 {
        Verdict::Zero
    } else if size.is_some_and(|size| grad_norm / size > EXPLODING_RATIO) {
        Verdict::Exploding
    } else if grad_norm < VANISHING_SHARE * largest {
        Verdict::Vanishing
    } else if grad_norm < WEAK_SHARE * largest {
        Verdict::Weak
    } else {
        Verdict::Healthy
    }
}

impl GradientFlow {
    /// The row of the named parameter.
    ///
    /// # Panics
    /// Where there is none; the message lists those there are.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(3, 4)).add(tanh()).add(linear(4, 1));
    /// mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
    /// let flow = gradient_flow(&net);
    /// let row = flow.row("2.weight");
    /// assert!((row.ratio - row.grad_norm / (row.param_norm + 1e-8)).abs() < 1e-12);
    /// assert_eq!(row.grad_norm, gradients(&net).norm("2.weight"));
    /// ```
    #[track_caller]
    pub fn row(&self, name: &str) -> &FlowRow {
        match self.rows.iter().find(|row| row.name == name) {
            Some(row) => row,
            None => {
                let known: Vec<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
                panic!("{}", unknown("row", "parameter", name, &known))
            }
        }
    }
}

impl GradientFlow {
    /// Gradient norm and parameter norm of each parameter, input side first, on a logarithmic axis.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(3, 4)).add(tanh()).add(linear(4, 1));
    /// mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
    /// assert!(gradient_flow(&net).plot().plot().svg().contains("2.weight"));
    /// ```
    pub fn plot(&self) -> LinePlot {
        let at: Vec<f64> = (0..self.rows.len()).map(|at| at as f64).collect();
        let norms = |of: fn(&FlowRow) -> f64| self.rows.iter().map(of).collect::<Vec<f64>>();
        let grad = norms(|row| row.grad_norm);
        let names: Vec<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
        let plot = line_plot("Gradient flow")
            .axes("parameter, input side first", "norm")
            .log_y()
            .line("gradient norm", &at, &grad)
            .dashed("parameter norm", &at, &norms(|row| row.param_norm))
            .x_names(&names);
        self.rows.iter().fold(plot, |plot, row| {
            plot.note(&format!("{}: {}.", row.name, row.verdict))
        })
    }
}

impl Show for GradientFlow {
    fn show(&self) -> MimeBundle {
        let mut table = Table::new("Gradient flow, input side first")
            .columns(&["parameter", "grad norm", "param norm", "ratio", "verdict"])
            .numeric(&[1, 2, 3]);
        for row in &self.rows {
            let written = |value: f64| match row.verdict {
                Verdict::Missing(_) => String::new(),
                _ => number::significant(value),
            };
            let (grad, ratio) = (written(row.grad_norm), written(row.ratio));
            let param = number::significant(row.param_norm);
            table = table.row(&[&row.name, &grad, &param, &ratio, &row.verdict.to_string()]);
        }
        let missing = |row: &FlowRow| row.verdict == Verdict::Missing(NoGradient::NotComputed);
        if !self.rows.is_empty() && self.rows.iter().all(missing) {
            table = table.note("No gradients yet: call loss.backward() first.");
        }
        let thresholds = format!(
            "vanishing: under {VANISHING_SHARE} of the largest grad norm; weak: under {WEAK_SHARE} of it; \
             exploding: a weight's ratio over {EXPLODING_RATIO}."
        );
        table.note(&thresholds).show()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_at_their_thresholds() {
        let weight = |grad| judge(grad, Some(1.0), 1.0);
        assert_eq!(weight(1.0), Verdict::Healthy);
        assert_eq!(weight(0.03), Verdict::Healthy);
        assert_eq!(weight(0.029), Verdict::Weak);
        assert_eq!(weight(0.001), Verdict::Weak);
        assert_eq!(weight(0.00099), Verdict::Vanishing);
        assert_eq!(weight(0.0), Verdict::Zero);
        assert_eq!(weight(101.0), Verdict::Exploding);
        assert_eq!(
            judge(101.0, None, 1.0),
            Verdict::Healthy,
            "a bias has no size to exceed"
        );
        assert_eq!(judge(1.0, Some(0.0), 1.0), Verdict::Healthy);
        assert_eq!(weight(f64::INFINITY), Verdict::NotFinite);
        assert_eq!(weight(f64::NAN), Verdict::NotFinite);
    }
}

//! Gradient norms over time: one line per weight, a point for every recorded step.
//! Knows nothing of training; call it between `backward` and `zero_grad`.

use crate::flow::gradient_flow;
use crate::layer::Layer;
use crate::names::unknown;
use crate::plots::{LinePlot, line_plot};
use crate::show::{MimeBundle, Show};

/// See [`FlowHistory::record`].
///
/// ```
/// use lessons::prelude::*;
/// let net = linear(3, 1);
/// let mut flow = FlowHistory::new();
/// mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])).backward();
/// flow.record(&net);
/// assert_eq!(flow.norms("weight"), [gradients(&net).norm("weight")]);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FlowHistory {
    lines: Vec<(String, Vec<f64>)>,
}

impl FlowHistory {
    /// A history without steps.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the gradient norm of every weight (biases are left out) as the next step.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(3, 8)).add(tanh()).add(linear(8, 1));
    /// let mut flow = FlowHistory::new();
    /// for _ in 0..3 {
    ///     mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])).backward();
    ///     flow.record(&net);
    /// }
    /// assert_eq!(flow.norms("2.weight").len(), 3);
    /// ```
    pub fn record(&mut self, layer: &dyn Layer) {
        let weights = layer
            .named_parameters()
            .into_iter()
            .filter(|(_, value)| value.defined() && value.dim() > 1);
        let names: Vec<String> = weights.map(|(name, _)| name).collect();
        for row in gradient_flow(layer)
            .rows
            .into_iter()
            .filter(|row| names.contains(&row.name))
        {
            match self.lines.iter_mut().find(|(name, _)| *name == row.name) {
                Some((_, norms)) => norms.push(row.grad_norm),
                None => self.lines.push((row.name, vec![row.grad_norm])),
            }
        }
    }

    /// The norms of one weight, step by step.
    ///
    /// # Panics
    /// Where no such weight was recorded; the message names the nearest one and those there are.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(3, 1));
    /// mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])).backward();
    /// let mut flow = FlowHistory::new();
    /// flow.record(&net);
    /// assert_eq!(flow.norms("0.weight").len(), 1);
    /// ```
    #[track_caller]
    pub fn norms(&self, name: &str) -> &[f64] {
        match self.lines.iter().find(|(known, _)| known == name) {
            Some((_, norms)) => norms,
            None => {
                let known: Vec<&str> = self.lines.iter().map(|(name, _)| name.as_str()).collect();
                panic!("{}", unknown("norms", "recorded weight", name, &known))
            }
        }
    }

    /// The norms as lines, on a logarithmic axis.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(3, 1);
    /// let mut flow = FlowHistory::new();
    /// for _ in 0..3 {
    ///     mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])).backward();
    ///     flow.record(&net);
    /// }
    /// assert!(flow.plot().plot().svg().contains("Gradient flow over time"));
    /// ```
    pub fn plot(&self) -> LinePlot {
        let plot = line_plot("Gradient flow over time")
            .axes("step", "gradient norm")
            .whole_x()
            .log_y();
        self.lines.iter().fold(plot, |plot, (name, norms)| {
            let steps: Vec<f64> = (1..=norms.len()).map(|step| step as f64).collect();
            plot.line(name, &steps, norms)
        })
    }
}

impl Show for FlowHistory {
    fn show(&self) -> MimeBundle {
        self.plot().show()
    }
}

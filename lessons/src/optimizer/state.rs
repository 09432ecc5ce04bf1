//! What an optimiser remembers, by name: to be kept with the weights, so that a run goes on as if it
//! had never stopped. Knows nothing of files.

use tch::{Device, Kind, Tensor};

use super::Optimizer;
use super::rules::Memory;
use crate::tensors::no_grad;

const STEPS: &str = "step";
const RATE: &str = "learning_rate";

/// A state that belongs to another optimiser or another network.
///
/// ```
/// use lessons::prelude::*;
/// let error = sgd(&linear(3, 1), 0.1).try_restore_state(&[]).unwrap_err();
/// assert!(error.differences.contains("it has no step"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the optimiser's state does not fit: {differences} (build the optimiser for the same network and by the same function as the one that was saved)"
)]
pub struct StateError {
    /// Names that are missing, unknown, or of another shape.
    pub differences: String,
}

impl Optimizer {
    /// Copies of all it remembers: `step` (Int64), `learning_rate` (Double), and for each parameter
    /// what the rule keeps, named as in PyTorch: `0.weight.momentum_buffer`, or `0.weight.exp_avg`
    /// and `0.weight.exp_avg_sq`, with `0.weight.step` (Int64), the steps in which it had a gradient.
    ///
    /// # Shapes
    /// `[]` for each `step` and the rate; each other as its parameter.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(3, 1);
    /// let mut optimizer = adam(&net, 0.1);
    /// optimizer.backward_step(&mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])));
    /// let state = optimizer.state();
    /// assert!(state.iter().any(|(name, m)| name == "weight.exp_avg" && m.size() == [1, 3]));
    /// ```
    pub fn state(&self) -> Vec<(String, Tensor)> {
        let mut state = vec![
            (STEPS.to_owned(), Tensor::from(self.steps)),
            (RATE.to_owned(), Tensor::from(self.learning_rate)),
        ];
        for ((name, _), memory) in self.parameters.iter().zip(&self.memories) {
            let kept = [&memory.first, &memory.second];
            for (what, value) in self.rule.names().iter().zip(kept) {
                if let Some(value) = value {
                    state.push((format!("{name}.{what}"), value.copy()));
                }
            }
            if self.rule.counts() && memory.first.is_some() {
                state.push((format!("{name}.{STEPS}"), Tensor::from(memory.steps)));
            }
        }
        state
    }

    /// Takes over what [`Optimizer::state`] of another run gave.
    ///
    /// # Errors
    /// Where a name or shape differs; then nothing was changed.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(3, 1);
    /// let mut optimizer = sgd_momentum(&net, 0.1, 0.9);
    /// optimizer.backward_step(&mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])));
    /// let mut goes_on = sgd_momentum(&net, 0.5, 0.9);
    /// assert!(goes_on.try_restore_state(&optimizer.state()).is_ok());
    /// assert_eq!((goes_on.steps(), goes_on.learning_rate()), (1, 0.1));
    /// ```
    pub fn try_restore_state(&mut self, state: &[(String, Tensor)]) -> Result<(), StateError> {
        let find = |name: &str| state.iter().find(|(known, _)| known == name);
        let mut differences = Vec::new();
        let mut expected = vec![STEPS.to_owned(), RATE.to_owned()];
        for name in &expected {
            match find(name) {
                Some((_, value)) if value.numel() == 1 => {}
                Some((_, value)) => {
                    differences.push(format!("{name} is {:?}, not one number", value.size()))
                }
                None => differences.push(format!("it has no {name}")),
            }
        }
        let mut memories = Vec::new();
        for (name, parameter) in &self.parameters {
            let mut memory = Memory::default();
            let mut found = 0;
            let places = [&mut memory.first, &mut memory.second];
            for (what, place) in self.rule.names().iter().zip(places) {
                let name = format!("{name}.{what}");
                match find(&name) {
                    Some((_, value)) if value.size() == parameter.size() => {
                        let value = no_grad(|| {
                            value
                                .to_device(parameter.device())
                                .to_kind(parameter.kind())
                        });
                        *place = Some(value.copy());
                        found += 1;
                    }
                    Some((_, value)) => differences.push(format!(
                        "{name} is {:?} there and {:?} here",
                        value.size(),
                        parameter.size()
                    )),
                    None => {}
                }
                expected.push(name);
            }
            // A parameter that no gradient ever reached has no memory; half a memory is a mistake.
            if found != 0 && found != self.rule.names().len() {
                differences.push(format!("of {name} it has only a part"));
            }
            if self.rule.counts() {
                let own = format!("{name}.{STEPS}");
                memory.steps = match find(&own) {
                    Some((_, value)) if value.numel() == 1 => whole(value),
                    Some((_, value)) => {
                        differences.push(format!("{own} is {:?}, not one number", value.size()));
                        0
                    }
                    // Older files have one count for all.
                    None if found != 0 => find(STEPS).map_or(0, |(_, value)| match value.numel() {
                        1 => whole(value),
                        _ => 0,
                    }),
                    None => 0,
                };
                expected.push(own);
            }
            memories.push(memory);
        }
        let unknown = state.iter().filter(|(name, _)| !expected.contains(name));
        differences.extend(unknown.map(|(name, _)| format!("nothing here is called {name}")));
        if !differences.is_empty() {
            return Err(StateError {
                differences: differences.join("; "),
            });
        }
        let number = |name: &str| find(name).map(|(_, value)| value.to_device(Device::Cpu));
        if let (Some(steps), Some(rate)) = (number(STEPS), number(RATE)) {
            self.steps = whole(&steps);
            self.learning_rate = rate.to_kind(Kind::Double).double_value(&[]);
        }
        self.memories = memories;
        Ok(())
    }
}

fn whole(number: &Tensor) -> i64 {
    number
        .to_device(Device::Cpu)
        .to_kind(Kind::Int64)
        .reshape([-1])
        .int64_value(&[0])
}

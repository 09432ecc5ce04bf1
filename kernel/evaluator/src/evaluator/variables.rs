//! The session's variables as a panel lists them: with values, where they may be looked at.
//! Knows nothing of panels.

use gradbook_control::{Described, TensorFacts};
use gradbook_protocol::evaluator::Variable;

use super::RustEvaluator;
use crate::commands::short;

impl RustEvaluator {
    /// All variables by name; `look` asks the child for their values.
    pub(super) fn list(&mut self, look: bool) -> Vec<Variable> {
        let described = match look {
            true => self.runner.describe(),
            false => Vec::new(),
        };
        let variables = self.session.variables.iter();
        variables
            .map(|(name, variable)| {
                let described = described.iter().find(|one| one.name == *name);
                listed(name, short(&variable.type_text), described)
            })
            .collect()
    }
}

fn listed(name: &str, type_name: String, described: Option<&Described>) -> Variable {
    let tensor = described.and_then(|one| one.tensor.as_ref());
    let value = match tensor {
        Some(TensorFacts { shape, kind, .. }) => Some(format!("{shape:?} {kind}")),
        None => described.and_then(|one| one.value.clone()),
    };
    Variable {
        name: name.to_owned(),
        type_name,
        value: value.unwrap_or_default(),
        facts: tensor.map(facts).unwrap_or_default(),
    }
}

fn facts(tensor: &TensorFacts) -> Vec<(String, String)> {
    let norm = tensor.gradient_norm;
    let facts = [
        ("shape", format!("{:?}", tensor.shape)),
        ("kind", tensor.kind.clone()),
        ("device", tensor.device.clone()),
        ("requires_grad", tensor.requires_grad.to_string()),
        ("size", format!("{} bytes", tensor.bytes)),
        (
            "grad norm",
            norm.map_or("no gradient".to_owned(), |norm| format!("{norm:.4}")),
        ),
    ];
    facts.map(|(fact, value)| (fact.to_owned(), value)).into()
}

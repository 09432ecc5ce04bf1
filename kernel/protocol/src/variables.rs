//! The evaluator's variables go in after each cell, the list that a panel shows comes out, at any time.
//! Knows nothing of how values are looked at.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::evaluator::Variable;

/// What is known of the variables of one kernel, as the Debug Adapter Protocol has it.
#[derive(Default)]
pub(crate) struct Variables {
    /// A panel shows them: values are worth looking at.
    watched: AtomicBool,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    variables: Vec<Variable>,
    /// A panel names what it unfolds by a number: one more than the place of the variable's name
    /// here. It asks but once for the facts behind a number, so new facts get a new number.
    numbered: Vec<String>,
}

impl Variables {
    pub(crate) fn watch(&self, watched: bool) {
        self.watched.store(watched, Ordering::Release);
    }

    pub(crate) fn watched(&self) -> bool {
        self.watched.load(Ordering::Acquire)
    }

    /// Takes over what the evaluator says now.
    pub(crate) fn set(&self, variables: Vec<Variable>) {
        let mut known = self.lock();
        for Variable { name, facts, .. } in &variables {
            let are_new = known.find(name).is_none_or(|known| known.facts != *facts);
            if are_new && !facts.is_empty() {
                known.numbered.push(name.clone());
            }
        }
        known.variables = variables;
    }

    /// All variables, those with facts to unfold.
    pub(crate) fn list(&self) -> Vec<Value> {
        let known = self.lock();
        let variables = known.variables.iter();
        variables
            .map(|variable| {
                let number = match variable.facts[..] {
                    [] => 0,
                    _ => known.number(&variable.name),
                };
                entry(
                    &variable.name,
                    &described(variable),
                    &variable.value,
                    number,
                )
            })
            .collect()
    }

    /// The facts of the variable with this number; none where it is gone.
    pub(crate) fn unfold(&self, number: u64) -> Vec<Value> {
        let known = self.lock();
        let at = usize::try_from(number)
            .ok()
            .and_then(|at| at.checked_sub(1));
        let Some(name) = at.and_then(|at| known.numbered.get(at)) else {
            return Vec::new();
        };
        let facts = known.find(name).map_or(&[][..], |found| &found.facts);
        facts
            .iter()
            .map(|(fact, value)| entry(fact, value, value, 0))
            .collect()
    }

    /// All that is known of one variable, as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let known = self.lock();
        let Variable {
            name,
            type_name,
            value,
            facts,
        } = known.find(name)?;
        let mut text = format!("{name}: {type_name} {value}").trim_end().to_owned();
        for (fact, value) in facts {
            text.push_str(&format!("\n    {fact}: {value}"));
        }
        Some(text)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn find(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|known| known.name == name)
    }

    fn number(&self, name: &str) -> usize {
        let place = self.numbered.iter().rposition(|known| known == name);
        place.map_or(0, |place| place + 1)
    }
}

/// JupyterLab's tree shows the type alone, so what fits into a line stands behind it.
fn described(variable: &Variable) -> String {
    let Variable {
        type_name, value, ..
    } = variable;
    let between = match (value.is_empty(), variable.facts.is_empty()) {
        (true, _) => "",
        (false, true) => " = ",
        (false, false) => " ",
    };
    format!("{type_name}{between}{value}")
}

fn entry(name: &str, type_name: &str, value: &str, number: usize) -> Value {
    json!({
        "name": name,
        "type": type_name,
        "value": value,
        "evaluateName": name,
        "variablesReference": number,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, facts: &[(&str, &str)]) -> Variable {
        let owned = |(fact, value): &(&str, &str)| ((*fact).to_owned(), (*value).to_owned());
        Variable {
            name: name.to_owned(),
            type_name: "T".to_owned(),
            value: "v".to_owned(),
            facts: facts.iter().map(owned).collect(),
        }
    }

    #[test]
    fn a_number_means_one_variable_and_new_facts_a_new_number() {
        let variables = Variables::default();
        variables.set(vec![variable("a", &[]), variable("b", &[("shape", "[2]")])]);
        let numbers = |variables: &Variables| -> Vec<u64> {
            let list = variables.list();
            let number = |entry: &Value| entry["variablesReference"].as_u64().unwrap();
            list.iter().map(number).collect()
        };
        assert_eq!(numbers(&variables), [0, 1]);
        assert_eq!(variables.unfold(1)[0]["value"], "[2]");
        assert_eq!(variables.text("b").unwrap(), "b: T v\n    shape: [2]");

        variables.set(vec![variable("b", &[("shape", "[2]")])]);
        assert_eq!(numbers(&variables), [1]);
        variables.set(vec![variable("b", &[("shape", "[4]")])]);
        assert_eq!(numbers(&variables), [2]);
        assert_eq!(variables.unfold(1), variables.unfold(2));
        assert_eq!(variables.unfold(2)[0]["value"], "[4]");

        variables.set(vec![variable("c", &[("shape", "[3]")])]);
        assert_eq!(numbers(&variables), [3]);
        assert_eq!(variables.unfold(3)[0]["value"], "[3]");
        for gone in [0, 1, 2, 4, u64::MAX] {
            assert_eq!(variables.unfold(gone), [] as [Value; 0]);
        }
        assert_eq!(variables.text("b"), None);
    }
}

//! The variables between two cells: name to value, whatever its type.
//! Knows nothing of how a cell names or compiles them.

use std::any::Any;
use std::collections::HashMap;

use gradbook_control::Described;
use tch::Tensor;

/// All variables that no running cell has taken.
#[derive(Default)]
pub(crate) struct Store(HashMap<String, Box<dyn Any>>);

impl Store {
    /// Removes and returns a variable.
    pub(crate) fn take(&mut self, name: &str) -> Option<Box<dyn Any>> {
        self.0.remove(name)
    }

    /// Puts a variable in place of any of the same name.
    pub(crate) fn put(&mut self, name: &str, value: Box<dyn Any>) {
        self.0.insert(name.to_owned(), value);
    }

    /// Drops a variable.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// What can be said of each variable at run time.
    pub(crate) fn describe(&self) -> Vec<Described> {
        let mut all: Vec<Described> = self
            .0
            .iter()
            .map(|(name, value)| Described {
                name: name.clone(),
                tensor: value.downcast_ref().map(describe_tensor),
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

/// `[3, 4] Float cpu requires_grad 48 B, grad norm 0.5`
fn describe_tensor(tensor: &Tensor) -> String {
    if !tensor.defined() {
        return "undefined".to_owned();
    }
    let bytes = tensor.numel() * tensor.kind().elt_size_in_bytes();
    let mut text = format!(
        "{:?} {:?} {:?}",
        tensor.size(),
        tensor.kind(),
        tensor.device()
    );
    if tensor.requires_grad() {
        text.push_str(" requires_grad");
    }
    text.push_str(&format!(", {bytes} bytes"));
    let gradient = tensor.grad();
    if gradient.defined() {
        let norm = gradient.f_norm().and_then(|norm| f64::try_from(&norm));
        if let Ok(norm) = norm {
            text.push_str(&format!(", grad norm {norm:.4}"));
        }
    }
    text
}

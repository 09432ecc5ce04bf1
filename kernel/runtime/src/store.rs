//! The variables between two cells: name to value, whatever its type.
//! Knows nothing of how a cell names or compiles them.

use std::any::Any;
use std::collections::HashMap;

use gradbook_control::Described;

use crate::describe::describe;

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

    /// What can be said of each variable at run time.
    pub(crate) fn describe(&self) -> Vec<Described> {
        let mut all: Vec<Described> = self
            .0
            .iter()
            .map(|(name, value)| describe(name, &**value))
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

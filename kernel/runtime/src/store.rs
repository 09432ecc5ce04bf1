//! The variables between two cells: name to value, whatever its type.
//! Knows nothing of how a cell names or compiles them.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};

use gradbook_control::Described;
use tch::Tensor;

use crate::describe::describe;

/// All variables that no running cell has taken.
#[derive(Default)]
pub(crate) struct Store {
    kept: HashMap<String, Box<dyn Any>>,
    /// What the running cell has taken and not put back; with a copy where that costs nothing.
    taken: BTreeMap<String, Option<Box<dyn Any>>>,
}

// SAFETY: one thread at a time runs cells, and only it touches the values. Another takes its place only once
// the one before has stopped for good, see `crate::halt`.
unsafe impl Send for Store {}

impl Store {
    /// Removes and returns a variable.
    pub(crate) fn take(&mut self, name: &str) -> Option<Box<dyn Any>> {
        let value = self.kept.remove(name)?;
        self.taken.insert(name.to_owned(), copy(&*value));
        Some(value)
    }

    /// Puts a variable in place of any of the same name, which it returns: dropping it runs code of the
    /// learner's.
    #[must_use]
    pub(crate) fn put(&mut self, name: &str, value: Box<dyn Any>) -> Option<Box<dyn Any>> {
        self.taken.remove(name);
        self.kept.insert(name.to_owned(), value)
    }

    /// A cell has ended: what it has not put back is gone.
    pub(crate) fn settle(&mut self) {
        self.taken.clear();
    }

    /// Whether a cell that never goes on would take along what cannot be had again.
    pub(crate) fn is_owed(&self) -> bool {
        self.taken.values().any(Option::is_none)
    }

    /// The running cell never goes on: what it had taken is as it was before, as far as there are copies.
    /// Returns the names of those.
    pub(crate) fn restore(&mut self) -> Vec<String> {
        let mut restored = Vec::new();
        for (name, copy) in std::mem::take(&mut self.taken) {
            if let Some(copy) = copy {
                self.kept.insert(name.clone(), copy);
                restored.push(name);
            }
        }
        restored
    }

    /// What can be said of each variable at run time.
    pub(crate) fn describe(&self) -> Vec<Described> {
        let mut all: Vec<Described> = self
            .kept
            .iter()
            .map(|(name, value)| describe(name, &**value))
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

/// So many bytes are copied in no time.
const LARGEST_COPY: usize = 1 << 16;

/// A second value with the same content, if it can be had in no time: of a tensor it is another handle to the
/// same numbers.
fn copy(value: &dyn Any) -> Option<Box<dyn Any>> {
    macro_rules! copied {
        ($($known:ty),*) => {
            $(if let Some(value) = value.downcast_ref::<$known>() {
                return Some(Box::new(*value));
            }
            if let Some(values) = value.downcast_ref::<Vec<$known>>() {
                let few = std::mem::size_of_val(&values[..]) <= LARGEST_COPY;
                return few.then(|| Box::new(values.clone()) as Box<dyn Any>);
            })*
        };
    }
    if let Some(text) = value.downcast_ref::<String>() {
        return (text.len() <= LARGEST_COPY).then(|| Box::new(text.clone()) as Box<dyn Any>);
    }
    if let Some(tensor) = value.downcast_ref::<Tensor>() {
        return Some(Box::new(tensor.shallow_clone()));
    }
    copied!(
        bool, char, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
    );
    copied!(f32, f64, &'static str);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_for_ever_comes_back_where_there_is_a_copy() {
        let mut store = Store::default();
        for name in ["a", "b", "c"] {
            assert!(store.put(name, Box::new(7)).is_none());
        }
        let _ = store.put("text", Box::new("words".to_owned()));
        let _ = store.put("unknown", Box::new(std::rc::Rc::new(1)));
        let _ = store.put("large", Box::new(vec![0.0; LARGEST_COPY]));
        for name in ["a", "b", "text", "unknown", "large"] {
            assert!(store.take(name).is_some());
        }
        assert!(store.is_owed());
        let _ = store.put("b", Box::new(8));
        assert_eq!(store.restore(), ["a", "text"]);
        assert!(!store.is_owed());
        let names: Vec<String> = store.describe().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["a", "b", "c", "text"]);
    }

    #[test]
    fn what_a_cell_has_used_up_does_not_come_back_later() {
        let mut store = Store::default();
        let _ = store.put("a", Box::new(7));
        assert!(store.take("a").is_some());
        store.settle();
        assert!(store.restore().is_empty());
    }
}

//! What outlives a cell: items, variables with the names of their types, and why others did not last.
//! Knows nothing of rustc or of the child.

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::{Fragment, Item, Kind, Parsed};

/// A variable in the child's store.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its type, as a cell can write it.
    pub type_text: String,
    /// It was declared `mut`.
    pub mutable: bool,
    /// Its name in the `let` that made it.
    pub place: Fragment,
}

/// Why a name that a cell introduced cannot be used in later cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gone {
    /// Closures have no type that a later cell could write.
    Closure,
    /// It borrows from a variable, and borrows end with their cell.
    Borrow,
    /// A cell moved it away.
    Moved {
        /// Which cell.
        cell: String,
    },
    /// Its type has no name.
    Unnameable {
        /// What rustc calls it.
        type_text: String,
    },
    /// The type it used was defined anew.
    Redefined {
        /// That type.
        type_name: String,
        /// The cell that did it.
        cell: String,
    },
    /// The child ended.
    Lost {
        /// The cell in which it did.
        cell: String,
    },
    /// A cell that had taken it was stopped in the middle of a call that cannot be interrupted.
    Left {
        /// Which cell.
        cell: String,
    },
    /// The cell that was to define it failed first.
    NeverMade {
        /// Which cell.
        cell: String,
    },
}

/// The state between cells.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// `#![..]` attributes.
    pub attributes: Vec<Fragment>,
    /// `:dep` lines, as a manifest has them.
    pub dependencies: Vec<String>,
    /// In the order of their definition.
    pub items: Vec<Item>,
    /// By name.
    pub variables: BTreeMap<String, Variable>,
    /// By name.
    pub gone: BTreeMap<String, Gone>,
    /// Statics that live in the child: name to symbol.
    pub statics: BTreeMap<String, String>,
}

impl Session {
    /// The items that stay beside a new cell's: all that it does not define anew.
    pub fn kept_beside<'a>(&'a self, parsed: &'a Parsed) -> impl Iterator<Item = &'a Item> {
        self.items
            .iter()
            .filter(|old| !new_items(parsed).any(|new| new.replaces(old)))
    }

    /// Whether any variable is a tensor, of which more can be said than its type.
    pub fn has_tensors(&self) -> bool {
        let is_tensor = |variable: &Variable| variable.type_text.ends_with("Tensor");
        self.variables.values().any(is_tensor)
    }

    /// The variables whose type changes its meaning with the new cell's items, with that type.
    pub fn outdated_by(&self, parsed: &Parsed, cell: &str) -> BTreeMap<String, Gone> {
        let changed = self.changed_types(parsed);
        let mut outdated = BTreeMap::new();
        if changed.is_empty() {
            return outdated;
        }
        for (name, variable) in &self.variables {
            let used = words(&variable.type_text);
            let hit = changed
                .iter()
                .find(|changed| used.contains(changed.as_str()));
            // `dyn Any` may hold a value of the old type, which the new one must not read.
            let any = used.contains("Any").then_some(&changed[0]);
            if let Some(type_name) = hit.or(any) {
                let (type_name, cell) = (type_name.clone(), cell.to_owned());
                outdated.insert(name.clone(), Gone::Redefined { type_name, cell });
            }
        }
        outdated
    }

    /// Keeps a new cell's items.
    pub fn keep_items(&mut self, parsed: &Parsed) {
        for new in new_items(parsed) {
            self.items.retain(|old| !new.replaces(old));
            self.items.push(new.clone());
        }
        for attribute in &parsed.attributes {
            if !self
                .attributes
                .iter()
                .any(|old| old.code() == attribute.code())
            {
                self.attributes.push(attribute.clone());
            }
        }
    }

    /// Types defined anew with another text, and types built from those.
    fn changed_types(&self, parsed: &Parsed) -> Vec<String> {
        let mut changed = Vec::new();
        for new in new_items(parsed).filter(|item| item.kind == Kind::Type) {
            let differs = |old: &&Item| {
                old.kind == Kind::Type
                    && new.replaces(old)
                    && old.fragment.code() != new.fragment.code()
            };
            if self.items.iter().find(differs).is_some() {
                changed.push(new.display_name().to_owned());
            }
        }
        let mut reached = 0;
        while reached < changed.len() {
            let name = changed[reached].clone();
            for item in self
                .kept_beside(parsed)
                .filter(|item| item.kind == Kind::Type)
            {
                let own = item.display_name().to_owned();
                if item.identifiers.contains(&name) && !changed.contains(&own) {
                    changed.push(own);
                }
            }
            reached += 1;
        }
        changed
    }
}

/// The parts of a cell's items by which they are kept.
pub fn new_items(parsed: &Parsed) -> impl Iterator<Item = &Item> {
    parsed.items.iter().flat_map(|(_, parts)| parts)
}

/// All identifiers in a piece of source, inside strings and comments too: format strings name
/// variables.
pub fn words(text: &str) -> BTreeSet<&str> {
    split(text).collect()
}

/// How often a word stands in a piece of source.
pub fn mentions(text: &str, word: &str) -> usize {
    split(text).filter(|other| *other == word).count()
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '_'))
        .filter(|word| !word.is_empty())
}

//! What outlives a cell: items, variables with the names of their types, and why others did not last.

use std::collections::{BTreeMap, BTreeSet};

use crate::identity::World;
use crate::parse::{Fragment, Item, Parsed, words};
use crate::types::dependencies;

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
    /// Something that ended with its cell borrowed it to the last.
    Lent {
        /// Which cell.
        cell: String,
    },
    /// Its cell set it on some paths only.
    Unset {
        /// Which cell.
        cell: String,
    },
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
    /// A cell defined a function or constant of its name.
    Replaced {
        /// Which cell.
        cell: String,
    },
    /// Something that its type depends on was redefined.
    Redefined {
        /// What was.
        type_name: String,
        /// The cell that did it.
        cell: String,
    },
    /// The child ended.
    Lost {
        /// The cell in which it did.
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
    /// Items that no longer fit what other cells define now.
    pub set_aside: Vec<SetAside>,
    /// By name.
    pub variables: BTreeMap<String, Variable>,
    /// By name.
    pub gone: BTreeMap<String, Gone>,
    /// Statics that live in the child, with their symbols.
    pub statics: BTreeMap<StaticKey, String>,
    /// The first meaning of each type's name in this child; only that one is written at the top of
    /// a cell's crate, so that a type with another meaning is another type.
    pub origins: BTreeMap<String, String>,
}

/// An item that does not compile any more.
#[derive(Debug, Clone)]
pub struct SetAside {
    /// The item.
    pub item: Item,
    /// The cell after which it did not fit.
    pub cell: String,
    /// rustc's reason.
    pub why: String,
}

/// What a cell makes of a kept item.
#[derive(Debug, Clone)]
pub struct Change {
    /// The item as it was.
    pub item: Item,
    /// What becomes of it.
    pub becomes: Becomes,
}

/// See [`Change`].
#[derive(Debug, Clone)]
pub enum Becomes {
    /// It is set aside, for this reason of rustc's.
    Aside(String),
    /// The cell defines the same in other words.
    Replaced,
    /// It fits in this form.
    Item(Box<Item>),
}

/// The text in which a static is defined, and where.
pub type StaticKey = (u64, usize);

/// What a cell's definitions do to what there was.
#[derive(Debug, Default)]
pub struct Outdated {
    /// Variables whose types mean something else now.
    pub variables: BTreeMap<String, Gone>,
    /// Statics likewise, with their names and the definition that changed.
    pub statics: Vec<(StaticKey, String, String)>,
}

impl Session {
    /// The items that stay beside a new cell's, and those set aside that may fit again.
    pub fn kept_beside<'a>(&'a self, parsed: &Parsed) -> Vec<&'a Item> {
        let stays = |old: &&Item| !new_items(parsed).any(|new| new.replaces(old));
        let defined: BTreeSet<&String> = new_items(parsed)
            .flat_map(|item| {
                let provided = item.meaning.iter().flat_map(|meaning| &meaning.provides);
                item.called.iter().flatten().chain(provided)
            })
            .collect();
        let may_fit = |old: &&Item| {
            let used = words(old.fragment.code());
            words(&old.before)
                .union(&used)
                .any(|word| defined.contains(word))
        };
        let aside = self.set_aside.iter().map(|aside| &aside.item);
        let items = self.items.iter().filter(stays);
        items.chain(aside.filter(stays).filter(may_fit)).collect()
    }

    /// The macros of earlier cells that stand for items.
    pub fn item_macros(&self) -> BTreeSet<String> {
        self.items
            .iter()
            .flat_map(|item| &item.item_macro)
            .cloned()
            .collect()
    }

    /// Whether any variable is a tensor, of which more can be said than its type.
    pub fn has_tensors(&self) -> bool {
        let is_tensor = |variable: &Variable| variable.type_text.ends_with("Tensor");
        self.variables.values().any(is_tensor)
    }

    /// What changes its meaning with the new cell's items.
    pub fn outdated_by(&self, parsed: &Parsed, cell: &str) -> Outdated {
        let mut outdated = Outdated::default();
        for name in self.variables.keys() {
            let mut names = new_items(parsed).flat_map(|item| &item.names);
            if names.any(|one| one.is_value(name)) {
                let cell = cell.to_owned();
                outdated
                    .variables
                    .insert(name.clone(), Gone::Replaced { cell });
            }
        }
        if new_items(parsed).all(|item| item.meaning.is_none()) {
            return outdated;
        }
        let before = World::new(&self.items);
        let after = World::new(
            self.kept_beside(parsed)
                .into_iter()
                .chain(new_items(parsed)),
        );
        let changed = |used: &BTreeSet<String>| {
            (before.of_words(used) != after.of_words(used))
                .then(|| self.changed_name(&before, &after, used, parsed))
        };
        for (name, variable) in &self.variables {
            if let Some(type_name) = changed(&dependencies(&variable.type_text)) {
                let cell = cell.to_owned();
                let gone = Gone::Redefined { type_name, cell };
                outdated.variables.insert(name.clone(), gone);
            }
        }
        for item in self.kept_beside(parsed) {
            for one in &item.statics {
                let key = (item.fragment.text.id, one.range.start);
                if self.statics.contains_key(&key)
                    && let Some(type_name) = changed(&one.type_words)
                {
                    outdated.statics.push((key, one.name.clone(), type_name));
                }
            }
        }
        outdated
    }

    /// Statics that are made again by the next cell that uses them.
    pub fn forget_statics(&mut self, outdated: &Outdated) {
        for (key, _, _) in &outdated.statics {
            self.statics.remove(key);
        }
    }

    /// Which of the cell's definitions changed the meaning of a type.
    fn changed_name(
        &self,
        before: &World<'_>,
        after: &World<'_>,
        used: &BTreeSet<String>,
        parsed: &Parsed,
    ) -> String {
        let reached = [before.reached_by(used), after.reached_by(used)].concat();
        let is_new = |item: &&Item| {
            let same = |old: &&Item| old.meaning == item.meaning;
            let known = self.items.iter().find(same).is_some();
            new_items(parsed).any(|new| new.replaces(item) || new == *item) && !known
        };
        let changed = reached
            .iter()
            .copied()
            .find(is_new)
            .or(reached.first().copied());
        changed.map_or_else(String::new, |item| item.display_name().to_owned())
    }

    /// Keeps a new cell's items beside those that still fit.
    pub fn keep_items(&mut self, parsed: &Parsed, cell: &str, changes: &[Change]) {
        let fits = |item: &Item| !new_items(parsed).any(|new| new.replaces(item));
        self.items.retain(fits);
        self.set_aside.retain(|aside| fits(&aside.item));
        for change in changes {
            let old = self.items.iter().position(|item| *item == change.item);
            let aside = self
                .set_aside
                .iter()
                .position(|one| one.item == change.item);
            match (&change.becomes, old, aside) {
                (Becomes::Aside(why), Some(at), _) => {
                    let item = self.items.remove(at);
                    let (cell, why) = (cell.to_owned(), why.clone());
                    self.set_aside.push(SetAside { item, cell, why });
                }
                (Becomes::Replaced, Some(at), _) => drop(self.items.remove(at)),
                (Becomes::Replaced, _, Some(at)) => drop(self.set_aside.remove(at)),
                (Becomes::Item(item), Some(at), _) => self.items[at] = (**item).clone(),
                (Becomes::Item(item), _, Some(at)) => {
                    self.set_aside.remove(at);
                    self.items.push((**item).clone());
                }
                _ => {}
            }
        }
        self.items.extend(new_items(parsed).cloned());
        for attribute in &parsed.attributes {
            let known = |old: &Fragment| old.code() == attribute.code();
            if !self.attributes.iter().any(known) {
                self.attributes.push(attribute.clone());
            }
        }
        let world = World::new(&self.items);
        let mut origins = self.origins.clone();
        for item in &self.items {
            if let (Some(meaning), Some(identity)) = (&item.meaning, world.of_item(item))
                && meaning.is_type
            {
                let name = item.display_name().to_owned();
                origins.entry(name).or_insert(identity);
            }
        }
        self.origins = origins;
    }
}

/// The parts of a cell's items by which they are kept.
pub fn new_items(parsed: &Parsed) -> impl Iterator<Item = &Item> {
    parsed.items.iter().flat_map(|(_, parts)| parts)
}

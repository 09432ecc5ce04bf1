//! What outlives a cell: items, variables with the names of their types, and why others did not last.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::identity::{Identity, World};
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

/// The crates around a cell.
#[derive(Debug, Clone, Default)]
pub struct Crates {
    /// Stands at the top of every cell.
    pub preamble: String,
    /// Stands before a cell's statements.
    pub entering: String,
    /// Those that only the library's own crates use: a learner cannot follow advice that names one.
    pub hidden: Arc<BTreeSet<String>>,
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
    /// What the crates of `:dep` mean for every cell.
    pub crates: Crates,
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
    /// The meanings that each type's name has had in this child. The first is written at the top of a cell's
    /// crate, each other one in a module of its own, so that a type with another meaning is another type.
    pub origins: BTreeMap<String, Vec<Origin>>,
}

/// One meaning of a name.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The hash in the module's name; the first meaning has none.
    pub module: Option<String>,
    /// What it follows from.
    pub identity: Identity,
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
        let kept = self.kept_beside(parsed);
        let after = World::new(kept.iter().copied().chain(new_items(parsed)));
        let changed = |used: &BTreeSet<String>| {
            let (then, now) = (before.of_words(used), after.of_words(used));
            (!then.continues_as(&now)).then(|| self.changed_name(&before, &after, used, parsed))
        };
        let hidden = self.hidden_change(parsed);
        for (name, variable) in &self.variables {
            let used = dependencies(&variable.type_text);
            let may_hide = || {
                let texts = before.reached_by(&used).into_iter();
                let mut texts = texts.filter_map(|item| Some(&item.meaning.as_ref()?.text));
                hides(&variable.type_text) || texts.any(|text| hides(text))
            };
            let hidden = hidden.as_ref().filter(|_| may_hide());
            if let Some(type_name) = changed(&used).or(hidden.cloned()) {
                let cell = cell.to_owned();
                let gone = Gone::Redefined { type_name, cell };
                outdated.variables.insert(name.clone(), gone);
            }
        }
        for item in kept {
            for one in &item.statics {
                let key = (item.fragment.text.id, one.range.start);
                if self.statics.contains_key(&key)
                    && let Some(type_name) = changed(&one.type_words)
                        .or(hidden.clone().filter(|_| one.type_words.contains("dyn")))
                {
                    outdated.statics.push((key, one.name.clone(), type_name));
                }
            }
        }
        outdated
    }

    /// A type that a macro writes under a name that had another meaning: rustc cannot tell the two apart
    /// where a value hides its type.
    fn hidden_change(&self, parsed: &Parsed) -> Option<String> {
        let calls = |item: &&Item| item.meaning.as_ref().is_some_and(|meaning| meaning.is_call);
        let had_a_meaning = |new: &Item, name: &String| {
            let other = |old: &Item| old.names != new.names;
            let mut kept = self.items.iter().filter(calls).filter(|old| other(old));
            let provides = |old: &Item| old.meaning.iter().any(|one| one.provides.contains(name));
            self.origins.contains_key(name) || kept.any(provides)
        };
        let call = new_items(parsed).filter(calls).find(|new| {
            let mut provided = new.meaning.iter().flat_map(|meaning| &meaning.provides);
            provided.any(|name| had_a_meaning(new, name))
        });
        let macros = new_items(parsed).filter(|new| {
            let old = self.items.iter().find(|old| new.replaces(old));
            old.is_some_and(|old| old.meaning != new.meaning)
        });
        let changed = macros.filter(|new| new.item_macro.is_some());
        let mut both = call.into_iter().chain(changed);
        both.next().map(|item| item.display_name().to_owned())
    }

    /// Statics that are made again by the next cell that uses them.
    pub fn forget_statics(&mut self, outdated: &Outdated) {
        for (key, _, _) in &outdated.statics {
            self.statics.remove(key);
        }
    }

    /// Takes note of what the names of types mean now.
    fn keep_meanings(&mut self) {
        let world = World::new(&self.items);
        let is_type = |item: &&Item| item.meaning.as_ref().is_some_and(|meaning| meaning.is_type);
        for item in self.items.iter().filter(is_type) {
            let Some(identity) = world.of_item(item) else {
                continue;
            };
            let known = self
                .origins
                .entry(item.display_name().to_owned())
                .or_default();
            let same = |one: &&mut Origin| one.identity.continues_as(&identity);
            match known.iter_mut().find(same) {
                Some(one) => one.identity = identity,
                None => {
                    let module = (!known.is_empty()).then(|| identity.hash());
                    known.push(Origin { module, identity });
                }
            }
        }
    }

    /// The hash in the name of the module that an item with this meaning is written in.
    pub fn module_of(&self, name: &str, identity: &Identity) -> Option<String> {
        let known = self.origins.get(name)?;
        match known.iter().find(|one| one.identity.continues_as(identity)) {
            Some(one) => one.module.clone(),
            None => Some(identity.hash()),
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
        self.keep_meanings();
    }
}

/// Whether a type may hold values of types that its text does not name.
fn hides(text: &str) -> bool {
    text.contains("dyn ") || text.contains("Error")
}

/// The parts of a cell's items by which they are kept.
pub fn new_items(parsed: &Parsed) -> impl Iterator<Item = &Item> {
    parsed.items.iter().flat_map(|(_, parts)| parts)
}

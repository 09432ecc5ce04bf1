//! The definitions in force: which of them compile, and what each means.

use std::collections::{BTreeMap, BTreeSet};

use crate::cell::{Item, Need};

#[derive(Debug, Clone, Default)]
pub struct Definitions {
    items: BTreeMap<String, Item>,
}

impl Definitions {
    /// The newest definition of a name is in force.
    pub fn define(&mut self, item: &Item) {
        self.items.insert(item.key.clone(), item.clone());
    }

    /// `Owner.Gadget` is a second type that `Owner` defines.
    pub fn get(&self, key: &str) -> Option<&Item> {
        let offers = |item: &&Item| item.offers.iter().any(|offer| offer == key);
        let owner = || {
            key.split_once('.')
                .and_then(|(owner, _)| self.items.get(owner))
        };
        self.items.get(key).or_else(|| owner().filter(offers))
    }

    pub fn all(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// An item that compiles.
    pub fn working(&self, key: &str) -> Option<&Item> {
        self.get(key).filter(|item| self.compiles(item))
    }

    /// Whether an item compiles beside those in force.
    pub fn compiles(&self, item: &Item) -> bool {
        let there = item.uses().into_iter().all(|name| {
            let used = self.get(&name);
            used.is_some_and(|used| self.compiles(used))
        });
        there && item.needs.iter().all(|need| self.offered(need))
    }

    pub fn offered(&self, (key, offer): &Need) -> bool {
        let item = self.items.get(key);
        item.is_some_and(|item| offer.is_empty() || item.offers.contains(offer))
    }

    /// Equal as long as an item means the same.
    pub fn meaning(&self, key: &str) -> String {
        let Some(item) = self.get(key) else {
            return "-".to_owned();
        };
        let mut parts = vec![item.text.clone()];
        for name in item.uses() {
            if item.of_trait.as_ref() != Some(&name) {
                parts.push(self.meaning(&name));
            }
        }
        for implementation in self.implementations(key) {
            parts.push(self.meaning(&implementation.key));
        }
        let hash = blake3::hash(parts.join("\u{1}").as_bytes()).to_hex();
        hash[..8].to_owned()
    }

    /// What implements a trait and compiles.
    pub fn implementations(&self, key: &str) -> Vec<&Item> {
        let all = self.items.values();
        all.filter(|item| item.of_trait.as_deref() == Some(key) && self.compiles(item))
            .collect()
    }

    /// All items that some items depend on, and these.
    pub fn beneath(&self, mut left: Vec<String>) -> BTreeSet<String> {
        let mut beneath = BTreeSet::new();
        while let Some(key) = left.pop() {
            if let Some(item) = self.get(&key)
                && beneath.insert(key)
            {
                left.extend(item.uses());
            }
        }
        beneath
    }
}

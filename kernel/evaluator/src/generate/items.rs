//! The items of a cell's crate: kept ones first, then the cell's own.
//!
//! A name's first meaning is written at the top of the crate. A type that means something else now,
//! because it or anything that it is made of was edited, is written in a module named by its meaning: it is
//! then another type for rustc, and no value of the old one can be taken for one of the new.

use std::collections::BTreeSet;

use super::{Plan, key};
use crate::identity::World;
use crate::parse::{Edit, Fragment, Item, Name, words};
use crate::reach::reached;
use crate::session::new_items;
use crate::source::Source;
use crate::types::MODULE;

impl Plan<'_> {
    pub(super) fn items(&self, source: &mut Source) {
        let world = World::new(self.kept.iter().copied().chain(new_items(self.parsed)));
        let kept = self.written_kept();
        // `macro_rules!` must be before its first use.
        let (macros, others): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|(_, item)| is_macro(item));
        let new = || self.parsed.items.iter();
        let new_is_macro = |parts: &[Item]| parts.iter().any(is_macro);
        for (index, item) in macros {
            source.kept(index, |source| self.kept_item(source, &world, index, item));
        }
        for (whole, parts) in new().filter(|(_, parts)| new_is_macro(parts)) {
            self.new_item(source, &world, whole, parts);
        }
        for (index, item) in others {
            source.kept(index, |source| self.kept_item(source, &world, index, item));
        }
        for (whole, parts) in new().filter(|(_, parts)| !new_is_macro(parts)) {
            self.new_item(source, &world, whole, parts);
        }
    }

    /// The kept items that this attempt has, with their places in the list.
    pub(super) fn written_kept(&self) -> Vec<(usize, &Item)> {
        let there = |(index, _): &(usize, &Item)| !self.attempt.left_out.contains_key(index);
        let kept = self.kept.iter().copied().enumerate().filter(there);
        match self.attempt.all_items {
            true => kept.collect(),
            false => reached(kept, self.words()),
        }
    }

    /// One item as it goes into the crate in this attempt.
    pub(crate) fn as_written(&self, index: usize) -> Item {
        let item = self.kept[index];
        let gone = |name: &String| self.attempt.underived.contains(&(index, name.clone()));
        let (dropped, derives): (Vec<_>, Vec<_>) = item
            .derives
            .iter()
            .cloned()
            .partition(|(name, _)| gone(name));
        let blanks = dropped
            .into_iter()
            .map(|(_, range)| Edit::replace(range, ""));
        Item {
            fragment: item.fragment.edited(blanks),
            derives,
            ..item.clone()
        }
    }

    fn kept_item(&self, source: &mut Source, world: &World<'_>, index: usize, item: &Item) {
        let written = self.as_written(index);
        let fragment = self.with_statics(&written.fragment, [item]);
        source.ours(&item.before);
        self.in_its_module(source, world, item, &fragment, Source::theirs);
        source.ours(&item.after);
        source.ours("\n");
    }

    fn new_item(&self, source: &mut Source, world: &World<'_>, whole: &Fragment, parts: &[Item]) {
        let fragment = self.with_statics(whole, parts);
        match parts {
            [item] => self.in_its_module(source, world, item, &fragment, |source, fragment| {
                self.theirs(source, fragment);
            }),
            _ => self.theirs(source, &fragment),
        }
        source.ours("\n");
    }

    /// Statics that live in an earlier cell's library are imported from there, others exported.
    fn with_statics<'a>(
        &self,
        fragment: &Fragment,
        parts: impl IntoIterator<Item = &'a Item>,
    ) -> Fragment {
        let statics = parts
            .into_iter()
            .flat_map(|item| item.statics.iter().map(|one| (key(item, one), one)));
        let edits = statics.map(|(key, one)| match self.session.statics.get(&key) {
            Some(symbol) => one.imported(symbol),
            None => one.exported(&one.symbol(self.text.id)),
        });
        fragment.edited(edits)
    }

    fn in_its_module(
        &self,
        source: &mut Source,
        world: &World<'_>,
        item: &Item,
        fragment: &Fragment,
        write: impl FnOnce(&mut Source, &Fragment),
    ) {
        let Some(module) = self.module(world, item) else {
            write(source, fragment);
            return;
        };
        let visible = item
            .private
            .iter()
            .map(|&at| Edit::insert(at, "pub(crate) "));
        source.ours(&format!("mod {module} {{ use super::*; "));
        write(source, &fragment.edited(visible));
        let name = item.display_name();
        source.ours(&format!(" }} pub(crate) use {module}::{name};"));
    }

    /// The module of an item whose name meant something else before.
    fn module(&self, world: &World<'_>, item: &Item) -> Option<String> {
        if !item.meaning.as_ref()?.is_type {
            return None;
        }
        let identity = world.of_item(item)?;
        let origin = self.session.origins.get(item.display_name())?;
        (*origin != identity).then(|| format!("{MODULE}{identity}"))
    }

    /// What the cell writes, and what its variables are.
    fn words(&self) -> BTreeSet<String> {
        let mut known = words(&self.text.code);
        for (_, variable) in self.taken() {
            known.extend(words(&variable.type_text));
        }
        known
    }
}

fn is_macro(item: &Item) -> bool {
    matches!(item.names.first(), Some(Name::Macro(_)))
}

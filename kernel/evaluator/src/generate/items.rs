//! The items at the top of a cell's crate: those that were kept, then the cell's own.
//! Knows nothing of statements or variables.

use std::collections::BTreeSet;

use super::{Plan, Reach};
use crate::parse::{Item, Kind, Name, Parsed, Text};
use crate::reach::reached;
use crate::session::{new_items, words};
use crate::source::Source;

impl Plan<'_> {
    pub(super) fn items(&self, source: &mut Source) {
        // `macro_rules!` must stand before its first use.
        let is_macro = |item: &Item| matches!(item.names.first(), Some(Name::Macro(_)));
        let kept = self.session.kept_beside(self.parsed);
        let kept: Vec<&Item> = match self.reach {
            Reach::All => kept.collect(),
            Reach::Named => reached(kept, self.words()),
        };
        let (kept_macros, kept_others): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|item| is_macro(item));
        let new_is_macro = |parts: &[Item]| parts.iter().any(is_macro);
        kept_macros
            .iter()
            .for_each(|item| self.kept_item(source, item));
        for (whole, _) in self
            .parsed
            .items
            .iter()
            .filter(|(_, parts)| new_is_macro(parts))
        {
            source.theirs(whole);
            source.ours("\n");
        }
        kept_others
            .iter()
            .for_each(|item| self.kept_item(source, item));
        for (whole, parts) in self
            .parsed
            .items
            .iter()
            .filter(|(_, parts)| !new_is_macro(parts))
        {
            if let Some(Item {
                kind: Kind::Static { name, .. },
                ..
            }) = parts.first()
            {
                let symbol = symbol(name, self.text);
                source.ours(&format!("#[unsafe(export_name = \"{symbol}\")] "));
            }
            source.theirs(whole);
            source.ours("\n");
        }
    }

    fn kept_item(&self, source: &mut Source, item: &Item) {
        if let Kind::Static {
            name,
            mutable,
            type_text,
        } = &item.kind
            && let Some(symbol) = self.session.statics.get(name)
        {
            // It lives in the library of the cell that defined it.
            let keyword = if *mutable {
                "unsafe static mut"
            } else {
                "safe static"
            };
            source.ours(&format!(
                "unsafe extern \"C\" {{ #[link_name = \"{symbol}\"] {keyword} {name}: {type_text}; }}\n"
            ));
            return;
        }
        source.ours(&item.before);
        source.theirs(&item.fragment);
        source.ours(&item.after);
        source.ours("\n");
    }

    /// What the cell writes, and what its variables are.
    fn words(&self) -> BTreeSet<&str> {
        let mut known = words(&self.text.code);
        for (_, variable) in self.taken() {
            known.extend(words(&variable.type_text));
        }
        known
    }
}

/// The symbol under which a cell exports a static.
fn symbol(name: &str, text: &Text) -> String {
    format!("gradbook_static_{}_{name}", text.id)
}

/// The statics that a cell defines, with their symbols.
pub fn new_statics<'a>(
    parsed: &'a Parsed,
    text: &'a Text,
) -> impl Iterator<Item = (String, String)> {
    new_items(parsed).filter_map(move |item| match &item.kind {
        Kind::Static { name, .. } => Some((name.clone(), symbol(name, text))),
        _ => None,
    })
}

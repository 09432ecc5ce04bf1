//! Which kept items a cell can use: with the others left out, a late cell of a long notebook costs no
//! more than an early one.
//! It goes by words, and keeps an item too many rather than one too few.

use std::collections::BTreeSet;

use crate::parse::{Item, words};

/// The items that these words lead to, in their order: by name, or through other items.
pub fn reached<'a>(
    items: impl Iterator<Item = (usize, &'a Item)>,
    mut known: BTreeSet<String>,
) -> Vec<(usize, &'a Item)> {
    let mut all: Vec<((usize, &Item), bool)> = items.map(|item| (item, false)).collect();
    loop {
        let mut more = false;
        for ((_, item), taken) in all.iter_mut().filter(|(_, taken)| !taken) {
            let used = item
                .called
                .as_ref()
                .is_none_or(|called| called.iter().any(|word| known.contains(word)));
            if used {
                *taken = true;
                more = true;
                known.extend(words(&item.before));
                known.extend(words(item.fragment.code()));
            }
        }
        if !more {
            break;
        }
    }
    let taken = all.into_iter().filter(|(_, taken)| *taken);
    taken.map(|(item, _)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Text, parse};
    use std::sync::Arc;

    /// The names of the items of one cell that another cell reaches.
    fn names(items: &str, cell: &str) -> Vec<String> {
        let text = Arc::new(Text {
            id: 1,
            name: "cell [1]".to_owned(),
            code: items.to_owned(),
        });
        let parsed = parse(&text).expect("items");
        let items: Vec<Item> = parsed
            .items
            .into_iter()
            .flat_map(|(_, parts)| parts)
            .collect();
        reached(items.iter().enumerate(), words(cell))
            .iter()
            .map(|(_, item)| item.fragment.code().chars().take(12).collect())
            .collect()
    }

    #[test]
    fn what_is_named_comes_with_what_it_names() {
        let items = "struct A; struct B(A); fn make() -> B { B(A) } fn other() {}";
        assert_eq!(
            names(items, "make()"),
            ["struct A;", "struct B(A);", "fn make() ->"]
        );
        assert!(names(items, "1 + 1").is_empty());
    }

    #[test]
    fn a_method_of_a_trait_is_called_without_its_name() {
        let items = "trait Twice { fn twice(&self) -> f64; } impl Twice for f64 { fn twice(&self) -> f64 { 2.0 * self } }";
        assert_eq!(names(items, "2.0.twice()").len(), 2);
        assert!(names(items, "2.0.once()").is_empty());
    }

    #[test]
    fn implementations_come_with_their_type() {
        let items = "struct A; impl std::fmt::Display for A {} impl A { fn go(&self) {} } impl Drop for A {}";
        assert_eq!(names(items, "A").len(), 4);
    }

    #[test]
    fn a_use_stays_and_leads_on() {
        let items = "mod inner { pub fn f() {} } use inner::*;";
        assert_eq!(names(items, "f()").len(), 2);
    }

    #[test]
    fn names_inside_format_strings_count() {
        let items = "const RATE: f64 = 0.1; fn say() { println!(\"{RATE}\"); }";
        assert_eq!(names(items, "say()").len(), 2);
    }
}

//! Which names come first: those that the course uses most; forms that nobody looks for come last.

use crate::usage::{Place, Usage};
use crate::wire::Completion;
use std::collections::BTreeSet;

/// A completion with what rust-analyzer knows of its worth.
#[derive(Debug)]
pub struct Found {
    /// The completion.
    pub completion: Completion,
    /// An operator's method, or deprecated.
    pub demoted: bool,
    /// A variable of the cell or of an earlier one.
    pub local: bool,
}

/// Methods that every value has: last among its own.
const EVERYWHERE: [&str; 6] = [
    "into",
    "try_into",
    "borrow",
    "borrow_mut",
    "type_id",
    "clone_into",
];

/// The best first, each once, and no more than `most`.
pub fn ordered(found: Vec<Found>, place: &Place, usage: &Usage, most: usize) -> Vec<Completion> {
    let forms = Forms::among(found.iter().map(|one| one.completion.text.as_str()));
    let mut ranked: Vec<((u8, bool, bool, std::cmp::Reverse<(u32, u32)>), Completion)> = found
        .into_iter()
        .map(|one| {
            let item = one.completion;
            let rank = rank(&item, &forms).max(u8::from(one.demoted) * 2);
            let own = one.local || item.kind == "field";
            // Behind a type, a method of its values is rarely meant.
            let of_a_value = matches!(place, Place::Path(_))
                && (item.signature.contains("self,") || item.signature.contains("self)"));
            let uses = usage.of_name(place, &item.text);
            let key = (rank, !own, of_a_value, std::cmp::Reverse(uses));
            (key, item)
        })
        .collect();
    // Stable: what is used equally often stays in rust-analyzer's order.
    ranked.sort_by_key(|(key, _)| *key);
    let mut told = BTreeSet::new();
    let mut items: Vec<Completion> = ranked.into_iter().map(|(_, item)| item).collect();
    items.retain(|item| told.insert(item.text.clone()));
    items.truncate(most);
    items
}

/// The forms that a type has of its own names: tch has `f_matmul`, which does not panic, and `relu_`, which
/// changes its tensor.
#[derive(Debug, Default)]
pub struct Forms {
    fallible: bool,
    in_place: bool,
}

impl Forms {
    /// Those that most names of such a form are the form of a name that is there, too.
    pub fn among<'a>(names: impl Iterator<Item = &'a str>) -> Forms {
        let names: BTreeSet<&str> = names.collect();
        let usual = |plain: fn(&str) -> Option<&str>| {
            let plain: Vec<&str> = names.iter().filter_map(|name| plain(name)).collect();
            let twins = plain.iter().filter(|plain| names.contains(*plain)).count();
            twins > 0 && 2 * twins >= plain.len()
        };
        Forms {
            fallible: usual(|name| name.strip_prefix("f_")),
            in_place: usual(|name| name.strip_suffix('_')),
        }
    }
}

/// How far behind the names that learners look for: 0 for those.
pub fn rank(item: &Completion, forms: &Forms) -> u8 {
    let name = item.text.as_str();
    if name.starts_with('_') || name.trim_start_matches("f_").starts_with("internal_") {
        6
    } else if item.signature.starts_with("unsafe ") || is_raw(name) {
        5
    } else if EVERYWHERE.contains(&name) {
        4
    } else if forms.fallible && name.starts_with("f_") {
        3
    } else if name.ends_with("_out") {
        2
    } else {
        u8::from(item.kind == "keyword" || forms.in_place && name.ends_with('_'))
    }
}

/// Whether a name is about pointers.
fn is_raw(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    let has = |word: &str| words.contains(&word);
    has("ptr") || has("ptrs") || has("raw") || has("leak") || has("unchecked") || has("uninit")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, signature: &str) -> Found {
        Found {
            completion: Completion {
                text: name.to_owned(),
                kind: "method".to_owned(),
                signature: signature.to_owned(),
                doc: String::new(),
            },
            demoted: false,
            local: false,
        }
    }

    fn order(names: &[&str], place: &Place, usage: &Usage) -> Vec<String> {
        let all = names.iter().map(|name| found(name, "fn(&self)")).collect();
        ordered(all, place, usage, 100)
            .into_iter()
            .map(|item| item.text)
            .collect()
    }

    #[test]
    fn what_is_used_most_comes_first_and_odd_forms_last() {
        let mut usage = Usage::default();
        usage.count(
            "t.matmul(&u).matmul(&v).sum(); t.as_ptr(); t.as_ptr(); t.f_sum()",
            1,
        );
        let names = [
            "internal_sum",
            "as_ptr",
            "f_sum",
            "sum_out",
            "sum_",
            "dim",
            "sum",
            "into",
            "matmul",
        ];
        assert_eq!(
            order(&names, &Place::Member, &usage),
            [
                "matmul",
                "sum",
                "dim",
                "sum_",
                "sum_out",
                "f_sum",
                "into",
                "as_ptr",
                "internal_sum"
            ]
        );
    }

    #[test]
    fn a_name_that_is_no_form_of_another_keeps_its_place() {
        let usage = Usage::default();
        assert_eq!(
            order(&["type_", "f_score"], &Place::Member, &usage),
            ["type_", "f_score"]
        );
    }

    #[test]
    fn behind_a_type_come_its_functions() {
        let usage = Usage::default();
        let all = vec![
            found("len", "fn(&self) -> usize"),
            found("with_capacity", "fn(usize) -> Self"),
        ];
        let place = Place::Path("Vec".to_owned());
        assert_eq!(ordered(all, &place, &usage, 1)[0].text, "with_capacity");
    }
}

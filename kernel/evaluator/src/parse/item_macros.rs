//! Macros that stand for items (`point!(Pt);` that defines a struct): what they define must outlive
//! the cell, so a call of one is kept as an item and not run as a statement.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::fragment::Fragment;
use super::items::{Item, Name};
use super::meaning::Meaning;
use super::words::identifiers;

/// Macros of well-known crates that stand for statics of their own, made again in every cell.
const PER_CELL: [&str; 2] = ["thread_local", "lazy_static"];
/// Macros of well-known crates that stand for types.
const OF_CRATES: [&str; 1] = ["bitflags"];
/// What an item begins with.
const BEGINS: [&str; 14] = [
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "macro_rules",
    "mod",
    "pub",
    "static",
    "struct",
    "trait",
    "type",
    "use",
];

/// A call of a macro as an item; `None` if it is a statement.
pub(super) fn item(node: &syn::Macro, whole: &Fragment, known: &BTreeSet<String>) -> Option<Item> {
    let name = node.path.segments.last()?.ident.to_string();
    if PER_CELL.contains(&&*name) {
        return Some(Item {
            per_cell: true,
            ..Item::whole(statics(&node.tokens), whole)
        });
    }
    if !known.contains(&name) && !OF_CRATES.contains(&&*name) {
        return None;
    }
    let text = format!("{name}!{{{}}}", node.tokens);
    let mut words = identifiers(node.tokens.clone());
    let provides = words.clone();
    words.insert(name);
    let meaning = Meaning {
        text: text.clone(),
        words,
        provides,
        ..Meaning::default()
    };
    Some(Item {
        meaning: Some(meaning),
        ..Item::whole(vec![Name::Whole(text)], whole)
    })
}

/// The names of the statics in a `thread_local! { .. }`.
fn statics(tokens: &TokenStream) -> Vec<Name> {
    let mut names = Vec::new();
    let mut after_static = false;
    for token in tokens.clone() {
        let TokenTree::Ident(ident) = token else {
            continue;
        };
        if after_static && ident != "ref" && ident != "mut" {
            names.push(Name::Value(ident.to_string()));
            after_static = false;
        }
        after_static |= ident == "static";
    }
    names
}

/// The name of a `macro_rules!` whose calls are items.
pub(super) fn defined(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Macro(node) if writes_items(&node.mac.tokens) => {
            node.ident.as_ref().map(ToString::to_string)
        }
        _ => None,
    }
}

/// Whether all that a `macro_rules!` writes begins as an item does.
pub(super) fn writes_items(rules: &TokenStream) -> bool {
    let mut tokens = rules.clone().into_iter().peekable();
    let mut any = false;
    while let Some(token) = tokens.next() {
        let arrow = matches!(&token, TokenTree::Punct(equals) if equals.as_char() == '=')
            && matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '>');
        if !arrow {
            continue;
        }
        tokens.next();
        if let Some(TokenTree::Group(written)) = tokens.next() {
            match begins_an_item(written.stream()) {
                Some(true) => any = true,
                Some(false) => return false,
                None => {}
            }
        }
    }
    any
}

/// `None` if it begins with a call of a macro, which may write anything.
fn begins_an_item(tokens: TokenStream) -> Option<bool> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                tokens.next();
            }
            TokenTree::Punct(mark) if mark.as_char() == '$' => match tokens.next() {
                // `$( .. )*`: what is repeated may be attributes only.
                Some(TokenTree::Group(group)) => {
                    while matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if "*+?,;".contains(mark.as_char()))
                    {
                        tokens.next();
                    }
                    let only_attributes = group.stream().into_iter().all(|one| {
                        matches!(&one, TokenTree::Punct(_))
                            || matches!(&one, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
                    });
                    if !only_attributes {
                        return begins_an_item(group.stream());
                    }
                }
                // `$vis struct`: what comes next decides.
                Some(TokenTree::Ident(_)) => {}
                _ => return Some(false),
            },
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                return match tokens.peek() {
                    Some(TokenTree::Punct(mark))
                        if mark.as_char() == '!' && word != "macro_rules" =>
                    {
                        None
                    }
                    // `const { .. }`, `async { .. }`, `unsafe { .. }` are expressions.
                    Some(TokenTree::Group(_)) => Some(false),
                    _ if word == "unsafe" => continue,
                    _ => Some(BEGINS.contains(&&*word)),
                };
            }
            _ => return Some(false),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(rules: &str) -> bool {
        writes_items(&rules.parse().expect("tokens"))
    }

    #[test]
    fn macros_that_write_items() {
        for rules in [
            "($n:ident) => { struct $n; }",
            "($($n:ident),*) => { $( #[derive(Debug)] pub struct $n; )* };",
            "($(#[$m:meta])* $v:vis $n:ident) => { $(#[$m])* $v struct $n; }",
            "(a) => { impl T for u8 {} }; ($n:ident) => { fn $n() {} }",
            "(@one $t:ty) => { unsafe impl S for $t {} }; ($($t:ty),*) => { all!($(@one $t)*); }",
        ] {
            assert!(is(rules), "{rules}");
        }
    }

    #[test]
    fn macros_that_write_expressions_or_statements() {
        for rules in [
            "($x:expr) => { $x + 1 }",
            "() => { let a = 1; }",
            "() => { unsafe { f() } }",
            "() => { const { 1 } }",
            "($x:expr) => { println!(\"{}\", $x) }",
            "(a) => { struct A; }; (b) => { 1 }",
        ] {
            assert!(!is(rules), "{rules}");
        }
    }
}

//! Identifiers in source text, in the form in which rustc compares them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// All identifiers in a piece of source, inside strings and comments too: format strings name
/// variables.
pub fn words(text: &str) -> BTreeSet<String> {
    text.split(|one: char| !(unicode_ident::is_xid_continue(one) || one == '_'))
        .filter(|word| !word.is_empty())
        .map(|word| canonical(word).into_owned())
        .collect()
}

/// An identifier as rustc compares it: without `r#`, and with `é` as one character.
pub fn canonical(identifier: &str) -> Cow<'_, str> {
    let bare = identifier.strip_prefix("r#").unwrap_or(identifier);
    match is_nfc(bare) {
        true => Cow::Borrowed(bare),
        false => Cow::Owned(bare.nfc().collect()),
    }
}

/// All identifiers of some tokens, and the words in their strings.
pub(crate) fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    collect(tokens, &mut all);
    all
}

/// The identifiers that begin a path: of `std::sync::Mutex<P>` it is `std` and `P` that another
/// definition can change. Modules that `transparent` names are passed over.
pub(crate) fn heads(tokens: TokenStream, transparent: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    collect_heads(tokens, transparent, &mut all);
    all
}

fn collect_heads(
    tokens: TokenStream,
    transparent: &dyn Fn(&str) -> bool,
    into: &mut BTreeSet<String>,
) {
    // Whether what comes next continues a path that began elsewhere.
    let (mut colons, mut inside_path, mut passing) = (0, false, false);
    for token in tokens {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ':' => {
                colons += 1;
                continue;
            }
            TokenTree::Ident(ident) => {
                let text = ident.to_string();
                let continues = colons == 2 && inside_path && !passing;
                let passes =
                    matches!(&*text, "self" | "crate" | "super" | "Self") || transparent(&text);
                if !continues && !passes {
                    into.insert(canonical(&text).into_owned());
                }
                (inside_path, passing) = (true, passes && !continues);
            }
            TokenTree::Group(group) => {
                collect_heads(group.stream(), transparent, into);
                inside_path = false;
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.contains('{') {
                    into.extend(words(&text));
                }
                inside_path = false;
            }
            TokenTree::Punct(_) => inside_path = false,
        }
        colons = 0;
    }
}

fn collect(tokens: TokenStream, into: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                into.insert(canonical(&ident.to_string()).into_owned());
            }
            TokenTree::Group(group) => collect(group.stream(), into),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.contains('{') {
                    into.extend(words(&text));
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(text: &str) -> Vec<String> {
        words(text).into_iter().collect()
    }

    #[test]
    fn raw_identifiers_are_the_same_as_plain_ones() {
        assert_eq!(sorted("r#type + r#loop"), ["loop", "r", "type"]);
        assert_eq!(canonical("r#type"), "type");
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        assert_eq!(sorted("caf\u{e9}"), sorted("cafe\u{301}"));
    }

    #[test]
    fn only_the_beginning_of_a_path_can_change_its_meaning() {
        let of = |code: &str| -> Vec<String> {
            let tokens = code.parse().expect("tokens");
            heads(tokens, &|name| name == "inner").into_iter().collect()
        };
        assert_eq!(of("std::sync::Mutex<Vec<P>>"), ["P", "Vec", "std"]);
        assert_eq!(
            of("[u8; <X as Tr>::N + m::K]"),
            ["N", "Tr", "X", "as", "m", "u8"]
        );
        assert_eq!(
            of("self::P, inner::Q, T::Out, x: Y"),
            ["P", "Q", "T", "Y", "x"]
        );
    }

    #[test]
    fn words_in_format_strings_count() {
        let tokens = "println!(\"{rate} of {}\", total)".parse().expect("tokens");
        let found = identifiers(tokens);
        assert!(found.contains("rate") && found.contains("total"));
    }
}

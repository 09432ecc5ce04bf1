//! By which words a cell comes to use an item that an earlier cell defined.

use std::collections::BTreeSet;

use quote::ToTokens;

use super::items::Name;
use super::words::{canonical, identifiers};

/// By which words a cell comes to use an item: its names, and for traits also their methods, which are
/// called on types that say nothing of them.
pub(super) fn called(item: &syn::Item, names: &[Name]) -> Option<BTreeSet<String>> {
    let member = |item: &syn::TraitItem| match item {
        syn::TraitItem::Fn(node) => Some(node.sig.ident.to_string()),
        syn::TraitItem::Const(node) => Some(node.ident.to_string()),
        _ => None,
    };
    let of_impl = |item: &syn::ImplItem| match item {
        syn::ImplItem::Fn(node) => Some(node.sig.ident.to_string()),
        syn::ImplItem::Const(node) => Some(node.ident.to_string()),
        _ => None,
    };
    let mut words: BTreeSet<String> = names
        .iter()
        .map(|name| canonical(name.text()).into_owned())
        .collect();
    match item {
        syn::Item::Trait(node) => words.extend(node.items.iter().filter_map(member)),
        syn::Item::Impl(node) => {
            words = identifiers(node.self_ty.to_token_stream());
            if let Some((path, _)) = &node.trait_ {
                words.extend(identifiers(path.to_token_stream()));
            }
            words.extend(node.items.iter().filter_map(of_impl));
        }
        syn::Item::Macro(node) if node.ident.is_none() => return None,
        syn::Item::Fn(_)
        | syn::Item::Static(_)
        | syn::Item::Struct(_)
        | syn::Item::Enum(_)
        | syn::Item::Union(_)
        | syn::Item::Type(_)
        | syn::Item::Mod(_)
        | syn::Item::Macro(_) => {}
        syn::Item::Const(node) if node.ident != "_" => {}
        _ => return None,
    }
    Some(words)
}

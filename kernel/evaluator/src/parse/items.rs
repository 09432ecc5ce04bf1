//! The items of a cell (`fn`, `struct`, `impl`, `use`, ...): by what name each is kept and replaced.

use std::collections::BTreeSet;
use std::sync::Arc;

use quote::ToTokens;
use syn::spanned::Spanned;

use super::called::called;
use super::fragment::{Fragment, Text};
use super::item_macros;
use super::meaning::{self, Meaning};
use super::statics::{self, Static};
use super::visibility;
use super::words::canonical;

/// One item that outlives its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is called: two items with a name in common, or the same `impl`, replace each other.
    pub names: Vec<Name>,
    /// Text of ours before the fragment: the header of an `impl` that is kept method by method.
    pub before: String,
    /// The learner's text.
    pub fragment: Fragment,
    /// Text of ours after it.
    pub after: String,
    /// A cell that writes any of these words may use it; `None` if it may use it without a word.
    pub called: Option<BTreeSet<String>>,
    /// What types may depend on.
    pub meaning: Option<Meaning>,
    /// The statics in it.
    pub statics: Vec<Static>,
    /// Where `pub(crate)` goes when it moves into a module of ours.
    pub private: Vec<usize>,
    /// The traits that it derives, each with the bytes to leave out when it no longer does.
    pub derives: Vec<(String, std::ops::Range<usize>)>,
    /// A `macro_rules!` of this name whose calls are items.
    pub item_macro: Option<String>,
    /// `thread_local!` and its like: made again in every cell.
    pub per_cell: bool,
}

/// A name in one of Rust's namespaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// Structs, enums, unions, traits, aliases, modules, crates.
    Type(String),
    /// Functions, constants, statics, constructors.
    Value(String),
    /// `macro_rules!`.
    Macro(String),
    /// What a `use` brings in: of any namespace.
    Used(String),
    /// The header of an `impl`, the path of a glob.
    Whole(String),
}

impl Item {
    /// An item that is kept as the learner wrote it.
    pub(super) fn whole(names: Vec<Name>, fragment: &Fragment) -> Self {
        Self {
            names,
            before: String::new(),
            fragment: fragment.clone(),
            after: String::new(),
            called: None,
            meaning: None,
            statics: Vec::new(),
            private: Vec::new(),
            derives: Vec::new(),
            item_macro: None,
            per_cell: false,
        }
    }

    /// Whether this one takes the place of `older`.
    pub fn replaces(&self, older: &Item) -> bool {
        self.names
            .iter()
            .any(|new| older.names.iter().any(|old| new.clashes(old)))
    }

    /// The name to use in messages.
    pub fn display_name(&self) -> &str {
        self.names.first().map_or("_", Name::text)
    }
}

impl Name {
    fn clashes(&self, old: &Name) -> bool {
        match (self, old) {
            (Name::Whole(new), Name::Whole(old)) => new == old,
            (Name::Whole(_), _) | (_, Name::Whole(_)) => false,
            (Name::Used(new), _) => canonical(new) == canonical(old.text()),
            (_, Name::Used(old)) => canonical(self.text()) == canonical(old),
            (Name::Type(new), Name::Type(old))
            | (Name::Value(new), Name::Value(old))
            | (Name::Macro(new), Name::Macro(old)) => canonical(new) == canonical(old),
            _ => false,
        }
    }

    /// Whether it is what an expression of this name means.
    pub fn is_value(&self, name: &str) -> bool {
        matches!(self, Name::Value(own) if canonical(own) == canonical(name))
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Name::Type(name)
            | Name::Value(name)
            | Name::Macro(name)
            | Name::Used(name)
            | Name::Whole(name) => name,
        }
    }
}

/// The parts of one parsed item: an inherent `impl` falls into its methods and a `use` into its
/// leaves, so that each can be replaced on its own.
pub(crate) fn split(item: &syn::Item, whole: &Fragment) -> Vec<Item> {
    match item {
        syn::Item::Impl(node) if node.trait_.is_none() => return methods(node, whole),
        syn::Item::Use(node) => return leaves(node, whole),
        _ => {}
    }
    let names = names(item);
    vec![Item {
        called: called(item, &names),
        meaning: meaning::of_item(item),
        statics: statics::of_item(item),
        private: visibility::places(item),
        derives: visibility::derives(item),
        item_macro: item_macros::defined(item),
        ..Item::whole(names, whole)
    }]
}

fn names(item: &syn::Item) -> Vec<Name> {
    let type_name = |ident: &syn::Ident| vec![Name::Type(ident.to_string())];
    let value_name = |ident: &syn::Ident| vec![Name::Value(ident.to_string())];
    match item {
        syn::Item::Fn(node) => value_name(&node.sig.ident),
        syn::Item::Const(node) if node.ident == "_" => Vec::new(),
        syn::Item::Const(node) => value_name(&node.ident),
        syn::Item::Static(node) => value_name(&node.ident),
        syn::Item::Struct(node) => {
            let mut names = type_name(&node.ident);
            if !matches!(node.fields, syn::Fields::Named(_)) {
                names.extend(value_name(&node.ident));
            }
            names
        }
        syn::Item::Enum(node) => type_name(&node.ident),
        syn::Item::Union(node) => type_name(&node.ident),
        syn::Item::Trait(node) => type_name(&node.ident),
        syn::Item::Type(node) => type_name(&node.ident),
        syn::Item::TraitAlias(node) => type_name(&node.ident),
        syn::Item::Mod(node) => type_name(&node.ident),
        syn::Item::ExternCrate(node) => {
            let name = node.rename.as_ref().map_or(&node.ident, |(_, name)| name);
            vec![Name::Used(name.to_string())]
        }
        syn::Item::Macro(syn::ItemMacro {
            ident: Some(name), ..
        }) => vec![Name::Macro(name.to_string())],
        syn::Item::Impl(node) => vec![Name::Whole(header(node))],
        other => vec![Name::Whole(other.to_token_stream().to_string())],
    }
}

/// An inherent `impl`, one part per method or constant, each in a copy of the header.
fn methods(node: &syn::ItemImpl, whole: &Fragment) -> Vec<Item> {
    let header = header(node);
    let part = |member: &syn::ImplItem| {
        let name = match member {
            syn::ImplItem::Fn(method) => method.sig.ident.to_string(),
            syn::ImplItem::Const(constant) => constant.ident.to_string(),
            other => other.to_token_stream().to_string(),
        };
        Item {
            before: format!("{header} {{ "),
            after: " }".to_owned(),
            called: Some(super::words::identifiers(node.self_ty.to_token_stream())),
            meaning: meaning::of_member(node, member),
            statics: statics::of_member(member),
            ..Item::whole(
                vec![Name::Whole(format!("{header}::{name}"))],
                &whole.part(member.span().byte_range()),
            )
        }
    };
    node.items.iter().map(part).collect()
}

/// What is before the braces of an `impl`.
pub(super) fn header(node: &syn::ItemImpl) -> String {
    let mut bare = node.clone();
    bare.attrs.clear();
    bare.items.clear();
    let text = bare.to_token_stream().to_string();
    text.trim_end_matches(['{', '}', ' ']).to_owned()
}

/// `use a::{b, c as d, e::*};` as three uses.
fn leaves(node: &syn::ItemUse, whole: &Fragment) -> Vec<Item> {
    let mut found = Vec::new();
    let root = if node.leading_colon.is_some() {
        "::"
    } else {
        ""
    };
    walk(&node.tree, root.to_owned(), &mut found);
    let leaf = |(path, name): (String, Option<String>)| {
        let code = format!("use {path};");
        let text = Arc::new(Text {
            id: whole.text.id,
            name: whole.text.name.clone(),
            code,
        });
        let range = 0..text.code.len();
        let meaning = meaning::of_use(&path, name.as_deref());
        let names = vec![name.map_or_else(|| Name::Whole(path.clone()), Name::Used)];
        Item {
            meaning,
            ..Item::whole(names, &Fragment::new(&text, range))
        }
    };
    found.into_iter().map(leaf).collect()
}

/// Collects `(path, bound name)`; a glob or `as _` binds none.
fn walk(tree: &syn::UseTree, path: String, found: &mut Vec<(String, Option<String>)>) {
    match tree {
        syn::UseTree::Path(node) => walk(&node.tree, format!("{path}{}::", node.ident), found),
        syn::UseTree::Name(node) if node.ident == "self" => {
            let path = path.trim_end_matches("::").to_owned();
            let name = path.rsplit("::").next().map(str::to_owned);
            found.push((path, name));
        }
        syn::UseTree::Name(node) => {
            found.push((
                format!("{path}{}", node.ident),
                Some(node.ident.to_string()),
            ));
        }
        syn::UseTree::Rename(node) => {
            let path = match node.ident == "self" {
                true => path.trim_end_matches("::").to_owned(),
                false => format!("{path}{}", node.ident),
            };
            let name = node.rename.to_string();
            let bound = (name != "_").then(|| name.clone());
            found.push((format!("{path} as {name}"), bound));
        }
        syn::UseTree::Glob(_) => found.push((format!("{path}*"), None)),
        syn::UseTree::Group(node) => {
            node.items
                .iter()
                .for_each(|tree| walk(tree, path.clone(), found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(code: &str) -> Vec<Item> {
        let text = Arc::new(Text {
            id: 1,
            name: "cell [1]".to_owned(),
            code: code.to_owned(),
        });
        let item: syn::Item = syn::parse_str(code).expect("an item");
        split(&item, &Fragment::new(&text, 0..code.len()))
    }

    #[test]
    fn a_use_falls_into_leaves() {
        let texts: Vec<String> = parts("use std::{fmt::{self, Debug as D}, collections::*, f64};")
            .iter()
            .map(|part| part.fragment.code().to_owned())
            .collect();
        let expected = [
            "use std::fmt;",
            "use std::fmt::Debug as D;",
            "use std::collections::*;",
            "use std::f64;",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn methods_replace_each_other_by_name_only() {
        let first = parts("impl Foo { fn a(&self) {} fn b(&self) {} }");
        let second = parts("impl Foo { fn b(&self) { loop {} } }");
        assert_eq!(first.len(), 2);
        assert!(!second[0].replaces(&first[0]));
        assert!(second[0].replaces(&first[1]));
    }

    #[test]
    fn namespaces_are_kept_apart() {
        let structure = parts("struct a { x: u8 }");
        let function = parts("fn a() {}");
        let used = parts("use b::a;");
        assert!(!function[0].replaces(&structure[0]));
        assert!(used[0].replaces(&function[0]) && used[0].replaces(&structure[0]));
        assert!(parts("struct a(u8);")[0].replaces(&function[0]));
    }
}

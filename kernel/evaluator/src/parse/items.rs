//! The items of a cell (`fn`, `struct`, `impl`, `use`, ...): by what name each is kept and replaced.
//! Knows nothing of which ones are kept; see [`crate::session`].

use std::collections::BTreeSet;
use std::sync::Arc;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

use super::called::called;
use super::fragment::{Fragment, Text};

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
    /// Every identifier in it.
    pub identifiers: BTreeSet<String>,
    /// A cell that writes any of these words may use it; `None` where it may use it without a word.
    pub called: Option<BTreeSet<String>>,
    /// What must be known of it beyond its names.
    pub kind: Kind,
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

/// What must be known of an item beyond its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Defines a type or a trait: redefining it drops variables.
    Type,
    /// Lives in the library of the cell that defined it: later cells link to it.
    Static {
        /// Its name.
        name: String,
        /// `mut` or nothing.
        mutable: bool,
        /// Its type.
        type_text: String,
    },
    /// `thread_local!` and its like: made anew in every cell.
    PerCell,
    /// Anything else.
    Other,
}

impl Item {
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
            (Name::Used(new), _) => new == old.text(),
            (_, Name::Used(old)) => self.text() == old,
            _ => self == old,
        }
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
/// leaves, so that each can be replaced by itself.
pub(crate) fn split(item: &syn::Item, whole: &Fragment) -> Vec<Item> {
    let keep = |names: Vec<Name>, kind: Kind| {
        vec![Item {
            called: called(item, &names),
            names,
            before: String::new(),
            fragment: whole.clone(),
            after: String::new(),
            identifiers: identifiers(item.to_token_stream()),
            kind,
        }]
    };
    let type_name = |ident: &syn::Ident| Name::Type(ident.to_string());
    let value_name = |ident: &syn::Ident| Name::Value(ident.to_string());
    match item {
        syn::Item::Fn(node) => keep(vec![value_name(&node.sig.ident)], Kind::Other),
        syn::Item::Const(node) if node.ident == "_" => keep(Vec::new(), Kind::Other),
        syn::Item::Const(node) => keep(vec![value_name(&node.ident)], Kind::Other),
        syn::Item::Static(node) => {
            let kind = Kind::Static {
                name: node.ident.to_string(),
                mutable: matches!(node.mutability, syn::StaticMutability::Mut(_)),
                type_text: node.ty.to_token_stream().to_string(),
            };
            keep(vec![value_name(&node.ident)], kind)
        }
        syn::Item::Struct(node) => {
            let mut names = vec![type_name(&node.ident)];
            if !matches!(node.fields, syn::Fields::Named(_)) {
                names.push(value_name(&node.ident));
            }
            keep(names, Kind::Type)
        }
        syn::Item::Enum(node) => keep(vec![type_name(&node.ident)], Kind::Type),
        syn::Item::Union(node) => keep(vec![type_name(&node.ident)], Kind::Type),
        syn::Item::Trait(node) => keep(vec![type_name(&node.ident)], Kind::Type),
        syn::Item::Type(node) => keep(vec![type_name(&node.ident)], Kind::Type),
        syn::Item::TraitAlias(node) => keep(vec![type_name(&node.ident)], Kind::Type),
        syn::Item::Mod(node) => keep(vec![type_name(&node.ident)], Kind::Type),
        syn::Item::ExternCrate(node) => {
            let name = node.rename.as_ref().map_or(&node.ident, |(_, name)| name);
            keep(vec![Name::Used(name.to_string())], Kind::Other)
        }
        syn::Item::Macro(node) => match &node.ident {
            Some(name) => keep(vec![Name::Macro(name.to_string())], Kind::Other),
            None => keep(
                vec![Name::Whole(node.to_token_stream().to_string())],
                Kind::PerCell,
            ),
        },
        syn::Item::Impl(node) => match node.trait_ {
            Some(_) => keep(vec![Name::Whole(header(node))], Kind::Other),
            None => methods(node, whole),
        },
        syn::Item::Use(node) => leaves(node, whole),
        other => keep(
            vec![Name::Whole(other.to_token_stream().to_string())],
            Kind::Other,
        ),
    }
}

/// `thread_local! { .. }` and its like, where a statement could stand too.
pub(crate) fn per_cell(statement: &syn::StmtMacro, whole: &Fragment) -> Option<Item> {
    let name = statement.mac.path.segments.last()?.ident.to_string();
    if name != "thread_local" && name != "lazy_static" {
        return None;
    }
    let mut names = Vec::new();
    let mut after_static = false;
    for token in statement.mac.tokens.clone() {
        let TokenTree::Ident(ident) = token else {
            continue;
        };
        if after_static && ident != "ref" && ident != "mut" {
            names.push(Name::Value(ident.to_string()));
            after_static = false;
        }
        after_static |= ident == "static";
    }
    Some(Item {
        called: None,
        names,
        before: String::new(),
        fragment: whole.clone(),
        after: String::new(),
        identifiers: identifiers(statement.to_token_stream()),
        kind: Kind::PerCell,
    })
}

/// All identifiers of some source, those inside macros included.
pub(crate) fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
    fn collect(tokens: TokenStream, into: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    into.insert(ident.to_string());
                }
                TokenTree::Group(group) => collect(group.stream(), into),
                _ => {}
            }
        }
    }
    let mut all = BTreeSet::new();
    collect(tokens, &mut all);
    all
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
        let mut all = identifiers(member.to_token_stream());
        all.extend(identifiers(node.self_ty.to_token_stream()));
        all.extend(identifiers(node.generics.to_token_stream()));
        Item {
            called: Some(identifiers(node.self_ty.to_token_stream())),
            names: vec![Name::Whole(format!("{header}::{name}"))],
            before: format!("{header} {{ "),
            fragment: whole.part(member.span().byte_range()),
            after: " }".to_owned(),
            identifiers: all,
            kind: Kind::Other,
        }
    };
    node.items.iter().map(part).collect()
}

fn header(node: &syn::ItemImpl) -> String {
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
        Item {
            called: None,
            names: vec![name.map_or_else(|| Name::Whole(path.clone()), Name::Used)],
            before: String::new(),
            identifiers: identifiers(node.to_token_stream()),
            fragment: Fragment::new(&text, range),
            after: String::new(),
            kind: Kind::Other,
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

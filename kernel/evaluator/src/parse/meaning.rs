//! What an item says about types: everything from which the layout or the meaning of a type can
//! follow, and nothing else. Editing the body of a method leaves it as it is, editing a constant that
//! a field's length is made of does not.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

use super::words::{self, canonical, identifiers};

/// The part of an item on which types may depend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Its tokens: equal texts mean the same if all they name means the same.
    pub text: String,
    /// What it names.
    pub words: BTreeSet<String>,
    /// The names by which others depend on it.
    pub provides: BTreeSet<String>,
    /// An `impl` belongs to whatever names one of these types.
    pub of_types: BTreeSet<String>,
    /// A glob provides what the module or enum of this name has inside.
    pub glob: Option<String>,
    /// The names inside a module or an enum.
    pub inside: BTreeSet<String>,
    /// Files that it is made of besides its text.
    pub files: Vec<PathBuf>,
    /// It defines a type or a trait: two meanings of it must be two types for rustc.
    pub is_type: bool,
}

/// Crates of which the prelude brings all that a notebook names.
const LIBRARY: [&str; 3] = ["course::", "lessons::", "tch::"];

/// Attributes that change neither the layout nor the meaning of what they are put on.
const INERT: [&str; 11] = [
    "allow",
    "cold",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "inline",
    "must_use",
    "track_caller",
    "warn",
];

/// What an item says about types; `None` if no type can depend on it.
pub(super) fn of_item(item: &syn::Item) -> Option<Meaning> {
    let meaning = of_tokens(item)?;
    Some(Meaning {
        files: super::places::files(item),
        ..meaning
    })
}

fn of_tokens(item: &syn::Item) -> Option<Meaning> {
    let mut bare = item.clone();
    Bare.visit_item_mut(&mut bare);
    let text = bare.to_token_stream();
    let named = |ident: &syn::Ident| Some(plain(&text, [ident]));
    let a_type = |ident: &syn::Ident, words: BTreeSet<String>, inside: BTreeSet<String>| {
        Some(Meaning {
            words,
            inside,
            is_type: true,
            ..plain(&text, [ident])
        })
    };
    match &bare {
        syn::Item::Struct(node) => {
            let mut words = dependencies(node.generics.to_token_stream());
            words.extend(field_words(&node.fields));
            words.extend(attribute_words(&node.attrs));
            a_type(&node.ident, words, BTreeSet::new())
        }
        syn::Item::Union(node) => {
            let mut words = dependencies(node.generics.to_token_stream());
            for field in &node.fields.named {
                words.extend(dependencies(field.ty.to_token_stream()));
            }
            a_type(&node.ident, words, BTreeSet::new())
        }
        syn::Item::Enum(node) => {
            let mut words = dependencies(node.generics.to_token_stream());
            words.extend(attribute_words(&node.attrs));
            for variant in &node.variants {
                words.extend(field_words(&variant.fields));
                if let Some((_, value)) = &variant.discriminant {
                    words.extend(dependencies(value.to_token_stream()));
                }
            }
            let inside = node.variants.iter().map(|variant| name(&variant.ident));
            a_type(&node.ident, words, inside.collect())
        }
        syn::Item::Trait(node) => {
            let mut meaning = plain(&text, [&node.ident]);
            meaning.is_type = true;
            for member in &node.items {
                match member {
                    syn::TraitItem::Type(node) => meaning.provides.insert(name(&node.ident)),
                    syn::TraitItem::Const(node) => meaning.provides.insert(name(&node.ident)),
                    _ => continue,
                };
            }
            Some(meaning)
        }
        syn::Item::Type(node) => named(&node.ident),
        syn::Item::TraitAlias(node) => named(&node.ident),
        syn::Item::Const(node) => named(&node.ident),
        syn::Item::Static(node) => named(&node.ident),
        syn::Item::Fn(node) => {
            // A type inside a function is another type when the function changes.
            let is_type = has_types(&node.block);
            (node.sig.constness.is_some() || is_type).then(|| Meaning {
                is_type,
                ..plain(&text, [&node.sig.ident])
            })
        }
        syn::Item::Mod(node) => {
            let items = node.content.iter().flat_map(|(_, items)| items);
            let inside = items.filter_map(item_name).collect();
            a_type(&node.ident, dependencies(text.clone()), inside)
        }
        syn::Item::Macro(node) => Some(match &node.ident {
            Some(ident) => plain(&text, [ident]),
            // It may define whatever it is given.
            None => Meaning {
                provides: identifiers(node.mac.tokens.clone()),
                ..plain(&text, [])
            },
        }),
        syn::Item::Impl(node) => of_impl(node),
        _ => None,
    }
}

/// What a `use` of one path says.
///
/// `use tch::Tensor;` says what the prelude says already.
pub(super) fn of_use(path: &str, bound: Option<&str>) -> Option<Meaning> {
    let from_the_library = LIBRARY
        .iter()
        .any(|root| path.trim_start_matches("::").starts_with(root));
    if from_the_library && !path.contains(" as ") {
        return None;
    }
    let words = path.parse().map(dependencies).unwrap_or_default();
    let glob = path
        .strip_suffix("::*")
        .map(|rest| rest.rsplit("::").next().unwrap_or(rest).to_owned());
    Some(Meaning {
        text: format!("use {path};"),
        words,
        provides: bound
            .map(|name| canonical(name).into_owned())
            .into_iter()
            .collect(),
        glob,
        ..Meaning::default()
    })
}

/// What a method or constant of an inherent `impl` says.
pub(super) fn of_member(node: &syn::ItemImpl, member: &syn::ImplItem) -> Option<Meaning> {
    let ident = match member {
        syn::ImplItem::Const(node) => &node.ident,
        syn::ImplItem::Fn(node) if node.sig.constness.is_some() => &node.sig.ident,
        syn::ImplItem::Type(node) => &node.ident,
        _ => return None,
    };
    let mut bare = member.clone();
    Bare.visit_impl_item_mut(&mut bare);
    let mut meaning = plain(&bare.to_token_stream(), [ident]);
    meaning.text.insert_str(0, &super::items::header(node));
    meaning
        .words
        .extend(dependencies(node.generics.to_token_stream()));
    meaning.of_types = dependencies(node.self_ty.to_token_stream());
    Some(meaning)
}

/// Associated types, constants and `const fn`s; an `impl` of functions alone says nothing.
fn of_impl(node: &syn::ItemImpl) -> Option<Meaning> {
    let mut provides = BTreeSet::new();
    let mut text = TokenStream::new();
    for member in &node.items {
        match member {
            syn::ImplItem::Type(node) => provides.insert(name(&node.ident)),
            syn::ImplItem::Const(node) => provides.insert(name(&node.ident)),
            syn::ImplItem::Macro(_) | syn::ImplItem::Verbatim(_) => true,
            _ => continue,
        };
        text.extend(member.to_token_stream());
    }
    if text.is_empty() {
        return None;
    }
    if let Some((path, _)) = &node.trait_ {
        provides.extend(path.segments.last().map(|last| name(&last.ident)));
    }
    let mut words = dependencies(text.clone());
    words.extend(dependencies(node.self_ty.to_token_stream()));
    words.extend(dependencies(node.generics.to_token_stream()));
    Some(Meaning {
        text: format!("{} {text}", super::items::header(node)),
        words,
        provides,
        of_types: identifiers(node.self_ty.to_token_stream()),
        ..Meaning::default()
    })
}

/// The names through which some tokens depend on other definitions.
fn dependencies(tokens: TokenStream) -> BTreeSet<String> {
    words::heads(tokens, &|_| false)
}

fn plain<'a>(text: &TokenStream, names: impl IntoIterator<Item = &'a syn::Ident>) -> Meaning {
    Meaning {
        text: text.to_string(),
        words: dependencies(text.clone()),
        provides: names.into_iter().map(name).collect(),
        ..Meaning::default()
    }
}

fn name(ident: &syn::Ident) -> String {
    canonical(&ident.to_string()).into_owned()
}

/// The words of fields' types: the names of fields mean nothing elsewhere.
fn field_words(fields: &syn::Fields) -> BTreeSet<String> {
    let types = fields.iter().map(|field| field.ty.to_token_stream());
    types.flat_map(dependencies).collect()
}

fn attribute_words(attributes: &[syn::Attribute]) -> BTreeSet<String> {
    let all = attributes.iter().map(ToTokens::to_token_stream);
    all.flat_map(dependencies).collect()
}

/// The name of an item inside a module.
fn item_name(item: &syn::Item) -> Option<String> {
    Some(name(match item {
        syn::Item::Const(node) => &node.ident,
        syn::Item::Enum(node) => &node.ident,
        syn::Item::Fn(node) => &node.sig.ident,
        syn::Item::Mod(node) => &node.ident,
        syn::Item::Static(node) => &node.ident,
        syn::Item::Struct(node) => &node.ident,
        syn::Item::Trait(node) => &node.ident,
        syn::Item::Type(node) => &node.ident,
        syn::Item::Union(node) => &node.ident,
        _ => return None,
    }))
}

fn has_types(block: &syn::Block) -> bool {
    struct Types(bool);
    impl<'ast> syn::visit::Visit<'ast> for Types {
        fn visit_item(&mut self, node: &'ast syn::Item) {
            use syn::Item::{Enum, Struct, Trait, Union};
            self.0 |= matches!(node, Enum(_) | Struct(_) | Trait(_) | Union(_));
            syn::visit::visit_item(self, node);
        }
    }
    let mut types = Types(false);
    syn::visit::Visit::visit_block(&mut types, block);
    types.0
}

/// Takes off what says nothing about types: inert attributes, and the bodies of functions that do
/// not run at compile time.
struct Bare;

impl VisitMut for Bare {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !INERT.iter().any(|inert| attribute.path().is_ident(inert)));
    }

    fn visit_item_fn_mut(&mut self, node: &mut syn::ItemFn) {
        if node.sig.constness.is_none() && !has_types(&node.block) {
            node.block.stmts.clear();
        }
        visit_mut::visit_item_fn_mut(self, node);
    }

    fn visit_impl_item_fn_mut(&mut self, node: &mut syn::ImplItemFn) {
        if node.sig.constness.is_none() {
            node.block.stmts.clear();
        }
        visit_mut::visit_impl_item_fn_mut(self, node);
    }

    fn visit_trait_item_fn_mut(&mut self, node: &mut syn::TraitItemFn) {
        if node.sig.constness.is_none()
            && let Some(body) = &mut node.default
        {
            body.stmts.clear();
        }
        visit_mut::visit_trait_item_fn_mut(self, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Option<Meaning> {
        of_item(&syn::parse_str(code).expect("an item"))
    }

    #[test]
    fn derives_comments_and_bodies_say_nothing() {
        let same = [
            (
                "struct P { x: f64 }",
                "/// A point.\n#[derive(Debug)] struct P { x:  f64 }",
            ),
            (
                "trait T { fn f(&self) { 1; } }",
                "trait T { #[inline] fn f(&self) { 2; } }",
            ),
            (
                "mod m { fn f() { 1; } struct P; }",
                "mod m { fn f() { 2; } struct P; }",
            ),
        ];
        for (one, other) in same {
            assert_eq!(of(one), of(other), "{one}");
        }
        assert_eq!(of("fn f() -> u8 { 1 }"), None);
        assert_eq!(of("impl Drop for P { fn drop(&mut self) {} }"), None);
    }

    #[test]
    fn whatever_a_layout_follows_from_says_something() {
        let different = [
            ("struct P { x: f64 }", "struct P { x: f32 }"),
            ("#[repr(C)] struct P { x: u8 }", "struct P { x: u8 }"),
            ("const N: usize = 1;", "const N: usize = 2;"),
            ("const fn n() -> usize { 1 }", "const fn n() -> usize { 2 }"),
            (
                "impl T for P { type A = u8; }",
                "impl T for P { type A = u16; }",
            ),
            ("fn f() { struct L(u8); }", "fn f() { struct L(u16); }"),
        ];
        for (one, other) in different {
            assert_ne!(of(one), of(other), "{one}");
        }
    }

    #[test]
    fn names_of_fields_and_variants_are_no_dependencies() {
        let words = |code| of(code).expect("a type").words;
        assert!(words("struct P { size: f64 }").iter().eq(["f64"]));
        assert!(words("enum E { A(B), C = 1 }").iter().eq(["B"]));
        assert!(words("struct P { w: [f64; size()] }").contains("size"));
    }

    #[test]
    fn a_glob_provides_what_is_inside() {
        let glob = of_use("shapes::*", None).expect("a meaning");
        assert_eq!(glob.glob.as_deref(), Some("shapes"));
        let module = of("mod shapes { pub struct Round; fn f() {} }").expect("a module");
        assert!(module.inside.contains("Round"));
    }
}

//! The names of types, as rustc's lint gives them, made into names that a later cell can write.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

use crate::diagnostic::Diagnostic;
use crate::parse::{heads, words};
use crate::source::{Site, Source};

/// What the names of our modules begin with, which tell two meanings of one name apart.
pub const MODULE: &str = "meaning_";

/// The types of a cell's new variables, from its diagnostics: name to rustc's text.
pub fn answers(
    source: &Source,
    file: &str,
    diagnostics: &[Diagnostic],
) -> BTreeMap<String, String> {
    let mut types = BTreeMap::new();
    for diagnostic in diagnostics
        .iter()
        .filter(|one| one.code() == "forgetting_references")
    {
        for span in &diagnostic.spans {
            let Some(label) = &span.label else { continue };
            let range = span.byte_start..span.byte_end;
            if let (Some(name), Some(Site::TypeOf(variable))) = (
                in_label(label),
                span.range_in(file).and_then(|_| source.site_at(&range)),
            ) {
                types.insert(variable.clone(), name.to_owned());
            }
        }
    }
    types
}

/// A type's text as a cell can write it, all its borrows `'static`; `None` where it has no name.
pub fn writable(text: &str) -> Option<String> {
    let mut parsed: syn::Type = syn::parse_str(text).ok()?;
    let mut naming = Naming {
        bound: 0,
        nameless: false,
    };
    naming.visit_type_mut(&mut parsed);
    (!naming.nameless).then(|| parsed.to_token_stream().to_string())
}

/// The pointer that a function's own type turns into: `fn(i32) -> i32 {square}` to `fn(i32) -> i32`.
pub fn function_pointer(text: &str) -> Option<String> {
    let (pointer, function) = text.strip_suffix('}')?.split_once(" {")?;
    let is_function = ["fn(", "unsafe fn(", "extern ", "unsafe extern ", "for<"]
        .iter()
        .any(|start| pointer.starts_with(start));
    let nameable = writable(pointer).is_some() && !function.contains("{closure");
    (is_function && nameable).then(|| pointer.to_owned())
}

/// The names in a type's text that a cell's definitions can give another meaning.
pub fn dependencies(type_text: &str) -> BTreeSet<String> {
    let ours = |name: &str| name.starts_with(MODULE);
    let tokens = type_text.parse().map(|tokens| heads(tokens, &ours));
    tokens.unwrap_or_else(|_| words(type_text))
}

/// Some text of rustc's without the modules that tell two meanings of a name apart.
pub fn without_modules(text: &str) -> String {
    let mut parts = text.split(MODULE);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| {
        let rest = part.split_once("::").map_or(part, |(_, rest)| rest);
        so_far + rest.trim_start()
    })
}

/// A type's text without the spaces that its tokens are printed with.
pub fn tight(mut text: String) -> String {
    for (spaced, tight) in [
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" ;", ";"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

/// Whether a type without a name is that of a closure.
pub fn is_closure(text: &str) -> bool {
    text.starts_with("{closure@") || text.starts_with("{closure#")
}

/// A type's text with closures as `{closure}`, without the files they stand in.
pub fn readable(text: &str) -> String {
    let mut parts = text.split("{closure@");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| {
        so_far + "{closure}" + part.split_once('}').map_or("", |(_, after)| after)
    })
}

/// ``argument has type `&Vec<f64>` `` to `Vec<f64>`: the lint is asked about a reference.
fn in_label(label: &str) -> Option<&str> {
    label
        .strip_prefix("argument has type `&")?
        .strip_suffix('`')
}

struct Naming {
    /// Depth of `fn(..)` and `Fn(..)`, where a missing lifetime is not `'static`.
    bound: usize,
    nameless: bool,
}

impl VisitMut for Naming {
    fn visit_type_reference_mut(&mut self, node: &mut syn::TypeReference) {
        if self.bound == 0 && node.lifetime.is_none() {
            node.lifetime = Some(lasting());
        }
        visit_mut::visit_type_reference_mut(self, node);
    }

    fn visit_lifetime_mut(&mut self, node: &mut syn::Lifetime) {
        if self.bound == 0 && node.ident == "_" {
            *node = lasting();
        }
    }

    fn visit_type_impl_trait_mut(&mut self, _: &mut syn::TypeImplTrait) {
        self.nameless = true;
    }

    fn visit_type_infer_mut(&mut self, _: &mut syn::TypeInfer) {
        self.nameless = true;
    }

    fn visit_type_fn_ptr_mut(&mut self, node: &mut syn::TypeFnPtr) {
        self.bound += 1;
        visit_mut::visit_type_fn_ptr_mut(self, node);
        self.bound -= 1;
    }

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        node: &mut syn::ParenthesizedGenericArguments,
    ) {
        self.bound += 1;
        visit_mut::visit_parenthesized_generic_arguments_mut(self, node);
        self.bound -= 1;
    }
}

fn lasting() -> syn::Lifetime {
    syn::Lifetime::new("'static", proc_macro2::Span::call_site())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<String> {
        writable(text).map(|name| name.replace(' ', ""))
    }

    #[test]
    fn borrows_become_static_where_they_can() {
        assert_eq!(name("&str").as_deref(), Some("&'staticstr"));
        assert_eq!(
            name("std::slice::Iter<'_, i32>").as_deref(),
            Some("std::slice::Iter<'static,i32>")
        );
        assert_eq!(
            name("fn(&str) -> usize").as_deref(),
            Some("fn(&str)->usize")
        );
        let boxed = "std::boxed::Box<dyn std::ops::Fn(&str) -> bool>";
        assert_eq!(name(boxed), Some(boxed.replace(' ', "")));
    }

    #[test]
    fn functions_turn_into_pointers() {
        let pointer = |text| function_pointer(text);
        assert_eq!(
            pointer("fn(i32) -> i32 {square}").as_deref(),
            Some("fn(i32) -> i32")
        );
        assert_eq!(
            pointer("for<'a> fn(&'a str) -> &'a str {str::trim}").as_deref(),
            Some("for<'a> fn(&'a str) -> &'a str")
        );
        assert_eq!(pointer("std::vec::Vec<fn(i32) -> i32 {square}>"), None);
        assert_eq!(pointer("fn(i32) -> i32"), None);
    }

    #[test]
    fn closures_are_shown_without_their_place() {
        let text = "std::iter::Map<std::ops::Range<i32>, {closure@cell.rs:1:2: 1:5}>";
        assert_eq!(
            readable(text),
            "std::iter::Map<std::ops::Range<i32>, {closure}>"
        );
        assert!(!is_closure(text) && is_closure("{closure@cell.rs:1:2: 1:5}"));
    }

    #[test]
    fn types_without_a_name_are_told() {
        assert_eq!(writable("{closure@gradbook-cell-1.rs:3:5: 3:8}"), None);
        assert_eq!(writable("impl Iterator<Item = i32>"), None);
        assert_eq!(writable("fn(i32) -> i32 {square}"), None);
        assert_eq!(writable("std::vec::Vec<impl Sized>"), None);
    }
}

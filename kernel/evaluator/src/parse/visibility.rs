//! Places in an item where its privacy or its derives are written: an item that moves into a module of
//! ours must stay visible, and an `impl` by hand takes the place of a derived one.

use std::ops::Range;

use syn::spanned::Spanned;

/// Where `pub(crate)` makes an item, and what is in it, visible in the whole cell.
pub(super) fn places(item: &syn::Item) -> Vec<usize> {
    let mut places = Vec::new();
    let mut here = |visibility: &syn::Visibility, rest: proc_macro2::Span| {
        if matches!(visibility, syn::Visibility::Inherited) {
            places.push(rest.byte_range().start);
        }
    };
    match item {
        syn::Item::Struct(node) => {
            here(&node.vis, node.struct_token.span);
            for field in &node.fields {
                here(&field.vis, field_start(field));
            }
        }
        syn::Item::Union(node) => {
            here(&node.vis, node.union_token.span);
            for field in &node.fields.named {
                here(&field.vis, field_start(field));
            }
        }
        syn::Item::Enum(node) => here(&node.vis, node.enum_token.span),
        syn::Item::Trait(node) => {
            let first = node.unsafety.map(|token| token.span);
            here(&node.vis, first.unwrap_or(node.trait_token.span));
        }
        syn::Item::Mod(node) => {
            let first = node.unsafety.map(|token| token.span);
            here(&node.vis, first.unwrap_or(node.mod_token.span));
        }
        syn::Item::Fn(node) => here(&node.vis, node.sig.span()),
        _ => {}
    }
    places
}

fn field_start(field: &syn::Field) -> proc_macro2::Span {
    match &field.ident {
        Some(name) => name.span(),
        None => field.ty.span(),
    }
}

/// The traits in an item's derives, each with its bytes and the comma behind it.
pub(super) fn derives(item: &syn::Item) -> Vec<(String, Range<usize>)> {
    let attributes = match item {
        syn::Item::Struct(node) => &node.attrs,
        syn::Item::Enum(node) => &node.attrs,
        syn::Item::Union(node) => &node.attrs,
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|one| one.path().is_ident("derive"))
    {
        type Paths = syn::punctuated::Punctuated<syn::Path, syn::Token![,]>;
        let Ok(paths) = attribute.parse_args_with(Paths::parse_terminated) else {
            continue;
        };
        for pair in paths.pairs() {
            let path = pair.value();
            let mut range = path.span().byte_range();
            if let Some(comma) = pair.punct() {
                range.end = comma.span.byte_range().end;
            }
            if let Some(last) = path.segments.last() {
                found.push((last.ident.to_string(), range));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(code: &str) -> String {
        let item: syn::Item = syn::parse_str(code).expect("an item");
        let mut text = code.to_owned();
        for at in places(&item).into_iter().rev() {
            text.insert_str(at, "pub(crate) ");
        }
        text
    }

    #[test]
    fn an_item_and_its_fields_become_visible() {
        assert_eq!(
            visible("/// A\n#[derive(Debug)] struct P<T> { x: T, pub y: u8 }"),
            "/// A\n#[derive(Debug)] pub(crate) struct P<T> { pub(crate) x: T, pub y: u8 }"
        );
        assert_eq!(
            visible("pub struct Q(u8, Vec<f64>);"),
            "pub struct Q(pub(crate) u8, pub(crate) Vec<f64>);"
        );
        assert_eq!(visible("unsafe trait T {}"), "pub(crate) unsafe trait T {}");
        assert_eq!(visible("const fn f() {}"), "pub(crate) const fn f() {}");
    }

    #[test]
    fn derives_are_found_with_their_commas() {
        let code = "#[derive(Debug, std::clone::Clone)] #[derive(Copy)] struct P;";
        let item: syn::Item = syn::parse_str(code).expect("an item");
        let found: Vec<(String, &str)> = derives(&item)
            .into_iter()
            .map(|(name, range)| (name, &code[range]))
            .collect();
        let expected = [
            ("Debug".to_owned(), "Debug,"),
            ("Clone".to_owned(), "std::clone::Clone"),
            ("Copy".to_owned(), "Copy"),
        ];
        assert_eq!(found, expected);
    }
}

//! The statics inside an item, at any depth: the cell that defines one exports it, later cells import
//! it, so that a function's counter goes on counting.

use std::collections::BTreeSet;
use std::ops::Range;

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::fragment::Edit;
use super::words::heads;

/// One `static` of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Static {
    /// Its name.
    pub name: String,
    /// Where it is in its cell.
    pub range: Range<usize>,
    /// What its type depends on.
    pub type_words: BTreeSet<String>,
    visibility: String,
    mutable: bool,
    type_text: String,
}

impl Static {
    /// The symbol under which the cell with this number exports it.
    pub fn symbol(&self, cell: u64) -> String {
        format!("gradbook_static_{cell}_{}_{}", self.name, self.range.start)
    }

    /// Exports it from the cell that defines it.
    pub fn exported(&self, symbol: &str) -> Edit {
        let export = format!("#[allow(unsafe_code)] #[unsafe(export_name = \"{symbol}\")] ");
        Edit::insert(self.range.start, export)
    }

    /// The declaration that takes its place in later cells.
    pub fn imported(&self, symbol: &str) -> Edit {
        let Self {
            name,
            visibility,
            type_text,
            ..
        } = self;
        let keyword = match self.mutable {
            true => "unsafe static mut",
            false => "safe static",
        };
        let declared = format!(
            "#[allow(unsafe_code)] unsafe extern \"C\" {{ #[link_name = \"{symbol}\"] \
             {visibility} {keyword} {name}: {type_text}; }}"
        );
        Edit::replace(self.range.clone(), declared)
    }
}

/// All statics of an item, outermost first.
pub(super) fn of_item(item: &syn::Item) -> Vec<Static> {
    let mut found = Found(Vec::new());
    found.visit_item(item);
    found.0
}

/// All statics in a method or constant.
pub(super) fn of_member(member: &syn::ImplItem) -> Vec<Static> {
    let mut found = Found(Vec::new());
    found.visit_impl_item(member);
    found.0
}

struct Found(Vec<Static>);

impl<'ast> Visit<'ast> for Found {
    fn visit_item_static(&mut self, node: &'ast syn::ItemStatic) {
        self.0.push(Static {
            name: node.ident.to_string(),
            range: node.span().byte_range(),
            type_words: heads(node.ty.to_token_stream(), &|_| false),
            visibility: node.vis.to_token_stream().to_string(),
            mutable: matches!(node.mutability, syn::StaticMutability::Mut(_)),
            type_text: node.ty.to_token_stream().to_string(),
        });
        visit::visit_item_static(self, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statics_are_found_at_any_depth() {
        let code =
            "mod m { pub static A: u8 = 1; pub fn f() { static mut B: Vec<P> = Vec::new(); } }";
        let item: syn::Item = syn::parse_str(code).expect("an item");
        let found = of_item(&item);
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        assert!(found[1].type_words.contains("P"));
        let import = found[0].imported("s").text;
        assert!(import.contains("pub safe static A: u8;"), "{import}");
        let import = found[1].imported("s").text;
        assert!(
            import.contains("unsafe static mut B: Vec < P >;"),
            "{import}"
        );
    }
}

//! The variables that a cell's own `let`s make.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use super::types::{of_value, pasteable};

/// The names that a cell's `let`s make.
pub(super) fn made(cell: &[syn::Stmt]) -> BTreeSet<String> {
    let mut made = Made::default();
    cell.iter().for_each(|statement| made.visit_stmt(statement));
    made.0.into_iter().map(|(name, _)| name).collect()
}

/// Each `let` of a plain name, with its type where the source says it.
#[derive(Default)]
pub(super) struct Made(pub(super) Vec<(String, Option<String>)>);

impl<'ast> Visit<'ast> for Made {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let (pattern, given) = match &local.pat {
            syn::Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            other => (other, None),
        };
        if let syn::Pat::Ident(name) = pattern {
            let value = local.init.as_ref().map(|init| &*init.expr);
            let type_text = match given {
                Some(given) => Some(pasteable(&quote::quote!(#given).to_string())),
                None => value.and_then(of_value),
            };
            self.0.push((name.ident.to_string(), type_text));
        }
        visit::visit_local(self, local);
    }
}

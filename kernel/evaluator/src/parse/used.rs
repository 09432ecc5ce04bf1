//! The variables that a statement may use: names in expressions, all words inside macros.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use super::words::{canonical, identifiers};

/// Names that some code reads, borrows, moves or assigns; a few too many where it defines its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// Used in any way.
    pub names: BTreeSet<String>,
    /// Given a new value by a plain `name = ..`.
    pub assigned: BTreeSet<String>,
}

impl Used {
    /// What a statement uses; of a `let`, what its pattern binds does not count.
    pub(super) fn of(statement: &syn::Stmt) -> Self {
        let mut used = Self::default();
        used.visit_stmt(statement);
        used
    }
}

impl<'ast> Visit<'ast> for Used {
    fn visit_expr_path(&mut self, node: &'ast syn::ExprPath) {
        if let (None, Some(ident)) = (&node.qself, node.path.get_ident()) {
            self.names
                .insert(canonical(&ident.to_string()).into_owned());
        }
        visit::visit_expr_path(self, node);
    }

    fn visit_expr_assign(&mut self, node: &'ast syn::ExprAssign) {
        if let syn::Expr::Path(path) = &*node.left
            && let Some(ident) = path.path.get_ident()
        {
            self.assigned
                .insert(canonical(&ident.to_string()).into_owned());
        }
        visit::visit_expr_assign(self, node);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        self.names.extend(identifiers(node.tokens.clone()));
    }

    fn visit_expr(&mut self, node: &'ast syn::Expr) {
        if let syn::Expr::Verbatim(tokens) = node {
            self.names.extend(identifiers(tokens.clone()));
        }
        visit::visit_expr(self, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Vec<String> {
        let statement: syn::Stmt = syn::parse_str(code).expect("a statement");
        Used::of(&statement).names.into_iter().collect()
    }

    #[test]
    fn methods_and_fields_are_no_variables() {
        assert_eq!(of("let iter = a.iter();"), ["a"]);
        assert_eq!(of("let n = net.sum.len() + sum::total(k);"), ["k", "net"]);
        assert_eq!(of("let p = P { x, y: z };"), ["x", "z"]);
    }

    #[test]
    fn every_word_in_a_macro_may_be_one() {
        assert_eq!(of("println!(\"{rate:?}\", a.b());"), ["a", "b", "rate"]);
    }

    #[test]
    fn plain_assignments_are_told_from_others() {
        let statement = syn::parse_str("if c { v = w; } else { u += 1; s.x = 2; }");
        let used = Used::of(&statement.expect("a statement"));
        assert!(used.assigned.iter().eq(["v"]));
        assert!(used.names.contains("u") && used.names.contains("v"));
    }
}

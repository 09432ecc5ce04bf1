//! `return;` in a cell ends the cell. The statements become the body of a closure that returns a
//! `Result`, so the word is written as that closure has it.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::fragment::Edit;

/// How the closure of a stage is left early.
const RETURN: &str = "return Err(::gradbook_runtime::Thrown::returned())";

/// The edits for each bare `return` that leaves the cell itself.
pub(super) fn edits(statement: &syn::Stmt) -> Vec<Edit> {
    let mut found = Returns(Vec::new());
    if !matches!(statement, syn::Stmt::Item(_)) {
        found.visit_stmt(statement);
    }
    found.0
}

struct Returns(Vec<Edit>);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, node: &'ast syn::ExprReturn) {
        if node.expr.is_none() {
            self.0.push(Edit::replace(node.span().byte_range(), RETURN));
        }
        visit::visit_expr_return(self, node);
    }

    // A `return` in one of these leaves that, not the cell.
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(code: &str) -> usize {
        edits(&syn::parse_str(code).expect("a statement")).len()
    }

    #[test]
    fn only_those_that_leave_the_cell() {
        assert_eq!(count("if x { return; }"), 1);
        assert_eq!(count("match x { 1 => return, _ => {} }"), 1);
        assert_eq!(count("let f = || { return; };"), 0);
        assert_eq!(count("fn f() { return; }"), 0);
    }
}

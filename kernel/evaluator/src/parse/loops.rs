//! Where a cell can be stopped: right after the opening brace of every loop body, and of every closure with
//! braces, because an iterator may call it for ever.

use syn::visit::{self, Visit};

use super::fragment::Edit;
use crate::source::CHECKPOINT;

/// The checkpoints of a statement; none inside code that runs at compile time.
pub(crate) fn edits(statement: &syn::Stmt) -> Vec<Edit> {
    let places = checkpoints(statement);
    places
        .into_iter()
        .map(|at| Edit::insert(at, CHECKPOINT))
        .collect()
}

/// Offsets of all such bodies in a statement, ascending.
fn checkpoints(statement: &syn::Stmt) -> Vec<usize> {
    let mut bodies = Bodies::default();
    bodies.visit_stmt(statement);
    bodies.0.sort_unstable();
    bodies.0
}

#[derive(Default)]
struct Bodies(Vec<usize>);

impl Bodies {
    fn add(&mut self, body: &syn::Block) {
        self.0.push(body.brace_token.span.open().byte_range().end);
    }
}

impl<'ast> Visit<'ast> for Bodies {
    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.add(&node.body);
        visit::visit_expr_loop(self, node);
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.add(&node.body);
        visit::visit_expr_while(self, node);
    }

    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.add(&node.body);
        visit::visit_expr_for_loop(self, node);
    }

    fn visit_expr_closure(&mut self, node: &'ast syn::ExprClosure) {
        if let syn::Expr::Block(body) = &*node.body {
            self.add(&body.block);
        }
        visit::visit_expr_closure(self, node);
    }

    // A checkpoint cannot run in a constant context.

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        if node.sig.constness.is_none() {
            visit::visit_item_fn(self, node);
        }
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        if node.sig.constness.is_none() {
            visit::visit_impl_item_fn(self, node);
        }
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if node.sig.constness.is_none() {
            visit::visit_trait_item_fn(self, node);
        }
    }

    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_generic_argument(&mut self, _: &'ast syn::GenericArgument) {}
    fn visit_variant(&mut self, _: &'ast syn::Variant) {}

    fn visit_expr_repeat(&mut self, node: &'ast syn::ExprRepeat) {
        self.visit_expr(&node.expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(code: &str) -> String {
        let statement: syn::Stmt = syn::parse_str(code).expect("a statement");
        let mut marked = code.to_owned();
        for at in checkpoints(&statement).into_iter().rev() {
            marked.insert(at, '#');
        }
        marked
    }

    #[test]
    fn every_loop_body_begins_with_one() {
        let code = "for i in 0..3 { while i > 2 { loop { f(|| for _ in 0..1 {}) } } }";
        let with = "for i in 0..3 {# while i > 2 {# loop {# f(|| for _ in 0..1 {#}) } } }";
        assert_eq!(marked(code), with);
    }

    #[test]
    fn closures_with_braces_begin_with_one() {
        let code = "(0..).for_each(|i| { f(|x| x + i); move || -> u8 { 3 }; });";
        let with = "(0..).for_each(|i| {# f(|x| x + i); move || -> u8 {# 3 }; });";
        assert_eq!(marked(code), with);
    }

    #[test]
    fn constants_have_none() {
        for code in [
            "const fn f() -> u8 { loop {} }",
            "const N: usize = { let mut i = 0; while i < 3 { i += 1 } i };",
            "let a = [0; { let mut i = 0; while i < 3 { i += 1 } i }];",
            "let a: [u8; { loop { break 3 } }] = b;",
        ] {
            assert_eq!(marked(code), code);
        }
    }

    #[test]
    fn offsets_are_bytes_behind_greek_letters() {
        assert_eq!(
            marked("{ let α = \"λλ\"; loop {} }"),
            "{ let α = \"λλ\"; loop {#} }"
        );
    }
}

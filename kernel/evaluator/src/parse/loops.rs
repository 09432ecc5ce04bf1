//! Where a cell can be stopped: at the beginning of every loop body, of every closure, because an iterator may
//! call it for ever, and of every function that calls something, because that may be itself.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::fragment::Edit;
use crate::source::CHECKPOINT;

/// What is inserted so that the code can be stopped there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inserted {
    /// A checkpoint at the beginning of what may run many times.
    Loop,
    /// A checkpoint at the beginning of a function, which may call itself.
    Entry,
    /// An opening brace and a checkpoint, before the body of a closure that has no braces.
    Open,
    /// The brace that closes it.
    Close,
    /// The same for a body that would end too early at the beginning of a statement, as `if a { b } else { c } + 1`
    /// would.
    OpenInBrackets,
    /// Closes it.
    CloseInBrackets,
}

impl Inserted {
    fn text(self) -> String {
        match self {
            Self::Loop | Self::Entry => CHECKPOINT.to_owned(),
            Self::Open => format!("{{{CHECKPOINT}"),
            Self::OpenInBrackets => format!("{{{CHECKPOINT}("),
            Self::Close => "}".to_owned(),
            Self::CloseInBrackets => ")}".to_owned(),
        }
    }
}

/// The checkpoints of a statement, and whether any of it may run many times.
pub(super) fn edits(statement: &syn::Stmt) -> (Vec<Edit>, bool) {
    let places = checkpoints(statement);
    let repeats = places
        .iter()
        .any(|(_, inserted)| *inserted == Inserted::Loop);
    let edit = |(at, inserted): (usize, Inserted)| Edit::insert(at, inserted.text());
    (places.into_iter().map(edit).collect(), repeats)
}

/// What is inserted into a statement and where, ascending; nothing in code that runs at compile time.
fn checkpoints(statement: &syn::Stmt) -> Vec<(usize, Inserted)> {
    let mut bodies = Bodies::default();
    bodies.visit_stmt(statement);
    // Stable: of two closures that end at the same place, the inner one ends first.
    bodies.0.sort_by_key(|(at, _)| *at);
    bodies.0
}

#[derive(Default)]
struct Bodies(Vec<(usize, Inserted)>);

impl Bodies {
    /// Behind the opening brace and what must come first there.
    fn add(&mut self, body: &syn::Block, attributes: &[syn::Attribute], what: Inserted) {
        let is_inner =
            |attribute: &&syn::Attribute| matches!(attribute.style, syn::AttrStyle::Inner(_));
        let inner = attributes
            .iter()
            .filter(is_inner)
            .map(|attribute| attribute.span().byte_range().end);
        let brace = body.brace_token.span.open().byte_range().end;
        self.0.push((inner.max().unwrap_or(brace), what));
    }

    /// A function; false if nothing in it can be stopped.
    fn function(
        &mut self,
        signature: &syn::Signature,
        attributes: &[syn::Attribute],
        body: Option<&syn::Block>,
    ) -> bool {
        // A constant function may run at compile time, and out of one with C's conventions nothing unwinds.
        let rust = |abi: &syn::Abi| abi.name.as_ref().is_some_and(|name| name.value() == "Rust");
        if signature.constness.is_some() || !signature.abi.as_ref().is_none_or(rust) {
            return false;
        }
        // Dropping may be part of tidying up after a stop.
        if let Some(body) =
            body.filter(|body| signature.ident != "drop" && calls(body.to_token_stream()))
        {
            self.add(body, attributes, Inserted::Entry);
        }
        true
    }
}

impl<'ast> Visit<'ast> for Bodies {
    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.add(&node.body, &node.attrs, Inserted::Loop);
        visit::visit_expr_loop(self, node);
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.add(&node.body, &node.attrs, Inserted::Loop);
        visit::visit_expr_while(self, node);
    }

    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.add(&node.body, &node.attrs, Inserted::Loop);
        visit::visit_expr_for_loop(self, node);
    }

    fn visit_expr_closure(&mut self, node: &'ast syn::ExprClosure) {
        let close = match &*node.body {
            syn::Expr::Block(body) => {
                self.add(&body.block, &body.attrs, Inserted::Loop);
                None
            }
            syn::Expr::Verbatim(_) => None,
            body => {
                let range = body.span().byte_range();
                let (open, close) = match ends_early(body) {
                    true => (Inserted::OpenInBrackets, Inserted::CloseInBrackets),
                    false => (Inserted::Open, Inserted::Close),
                };
                self.0.push((range.start, open));
                Some((range.end, close))
            }
        };
        visit::visit_expr_closure(self, node);
        self.0.extend(close);
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        if self.function(&node.sig, &node.attrs, Some(&node.block)) {
            visit::visit_item_fn(self, node);
        }
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        if self.function(&node.sig, &node.attrs, Some(&node.block)) {
            visit::visit_impl_item_fn(self, node);
        }
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if self.function(&node.sig, &node.attrs, node.default.as_ref()) {
            visit::visit_trait_item_fn(self, node);
        }
    }

    // A checkpoint cannot run in a constant context.

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

/// Whether an expression would end before its end if a statement began with it.
fn ends_early(expression: &syn::Expr) -> bool {
    use syn::Expr;
    let inner = match expression {
        Expr::Macro(node) => return matches!(node.mac.delimiter, syn::MacroDelimiter::Brace(_)),
        Expr::Binary(node) => &node.left,
        Expr::Assign(node) => &node.left,
        Expr::MethodCall(node) => &node.receiver,
        Expr::Field(node) => &node.base,
        Expr::Index(node) => &node.expr,
        Expr::Call(node) => &node.func,
        Expr::Try(node) => &node.expr,
        Expr::Await(node) => &node.base,
        Expr::Cast(node) => &node.expr,
        Expr::Range(node) => match &node.start {
            Some(start) => start,
            None => return false,
        },
        _ => return false,
    };
    let is_block = matches!(
        **inner,
        Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::Loop(_)
            | Expr::While(_)
            | Expr::ForLoop(_)
            | Expr::Const(_)
            | Expr::TryBlock(_)
    );
    is_block || ends_early(inner)
}

/// Whether a body calls a function or a method, which may be its own: by words, as it may do so in a macro.
fn calls(tokens: TokenStream) -> bool {
    let mut callee = false;
    let mut defines = false;
    for token in tokens {
        let is_call = match &token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                // `Some(..)`, `Point(..)` only make a value; `if (..)` and `fn inner(..)` are no calls.
                callee = !defines
                    && !name.starts_with(char::is_uppercase)
                    && syn::parse_str::<syn::Ident>(&name).is_ok();
                defines = name == "fn";
                false
            }
            TokenTree::Group(group) => {
                let called = callee && group.delimiter() == Delimiter::Parenthesis;
                callee = false;
                called || calls(group.stream())
            }
            // The end of `f::<T>`.
            TokenTree::Punct(sign) => {
                callee = sign.as_char() == '>';
                false
            }
            TokenTree::Literal(_) => {
                callee = false;
                false
            }
        };
        if is_call {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(code: &str) -> String {
        let statement: syn::Stmt = syn::parse_str(code).expect("a statement");
        let mut marked = code.to_owned();
        for (at, inserted) in checkpoints(&statement).into_iter().rev() {
            let mark = match inserted {
                Inserted::Loop | Inserted::Entry => "#",
                Inserted::Open => "{#",
                Inserted::Close => "}",
                Inserted::OpenInBrackets => "{#(",
                Inserted::CloseInBrackets => ")}",
            };
            marked.insert_str(at, mark);
        }
        marked
    }

    #[test]
    fn every_loop_body_begins_with_one() {
        let code = "for i in 0..3 { while i > 2 { loop { f(|| for _ in 0..1 {}) } } }";
        let with = "for i in 0..3 {# while i > 2 {# loop {# f(|| {#for _ in 0..1 {#}}) } } }";
        assert_eq!(marked(code), with);
    }

    #[test]
    fn closures_with_braces_begin_with_one() {
        let code = "(0..).for_each(|i| { f(|x| x + i); move || -> u8 { 3 }; });";
        let with = "(0..).for_each(|i| {# f(|x| {#x + i}); move || -> u8 {# 3 }; });";
        assert_eq!(marked(code), with);
    }

    #[test]
    fn closures_without_braces_get_them() {
        for (code, with) in [
            ("f(|x| |y| x + y);", "f(|x| {#|y| {#x + y}});"),
            (
                "f(|x| if x { 1 } else { 2 });",
                "f(|x| {#if x { 1 } else { 2 }});",
            ),
            (
                "f(|x| if x { 1 } else { 2 } + 1);",
                "f(|x| {#(if x { 1 } else { 2 } + 1)});",
            ),
            (
                "f(|x| match x { _ => y }[0].z() as u8);",
                "f(|x| {#(match x { _ => y }[0].z() as u8)});",
            ),
            ("f(|x| vec! { x });", "f(|x| {#(vec! { x })});"),
            (
                "f(move || vec![0; 3], |_| ());",
                "f(move || {#vec![0; 3]}, |_| {#()});",
            ),
            ("let f = |λ| &λ.0;", "let f = |λ| {#&λ.0};"),
        ] {
            assert_eq!(marked(code), with);
        }
    }

    #[test]
    fn functions_that_call_something_begin_with_one() {
        for (code, with) in [
            ("fn f(n: u8) { f(n) }", "fn f(n: u8) {# f(n) }"),
            (
                "fn f(n: u8) -> Option<u8> { Some(n + 1) }",
                "fn f(n: u8) -> Option<u8> { Some(n + 1) }",
            ),
            (
                "fn f(n: u8) { println!(\"{}\", f::<u8>(n)) }",
                "fn f(n: u8) {# println!(\"{}\", f::<u8>(n)) }",
            ),
            (
                "fn f(n: u8) { if (n > 1) { print!(\"f(n)\") } fn g(n: u8) {} }",
                "fn f(n: u8) { if (n > 1) { print!(\"f(n)\") } fn g(n: u8) {} }",
            ),
            (
                "fn f() { #![allow(unused)] g(); }",
                "fn f() { #![allow(unused)]# g(); }",
            ),
            (
                "impl A { fn f(&self) { self.g() } fn h() { 3; } }",
                "impl A { fn f(&self) {# self.g() } fn h() { 3; } }",
            ),
            (
                "trait A { fn f(&self); fn g(&self) { self.f() } }",
                "trait A { fn f(&self); fn g(&self) {# self.f() } }",
            ),
            (
                "impl Drop for A { fn drop(&mut self) { f(); loop {} } }",
                "impl Drop for A { fn drop(&mut self) { f(); loop {#} } }",
            ),
        ] {
            assert_eq!(marked(code), with);
        }
    }

    #[test]
    fn constants_have_none() {
        for code in [
            "const fn f() -> u8 { loop {} }",
            "extern \"C\" fn f() -> u8 { g(|x| x); loop {} }",
            "static F: fn(u8) -> u8 = |x| x;",
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

//! A cell's source, split into what is kept (items), what runs (statements) and what they bind.
//! Knows nothing of the session or of the generated code.

mod bindings;
mod called;
mod fragment;
mod items;
mod loops;

use std::sync::Arc;

use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

pub use fragment::{Fragment, Inserted, Text};
pub use items::{Item, Kind, Name};

/// A cell that parses.
#[derive(Debug, Default)]
pub struct Parsed {
    /// `#![..]` at its top.
    pub attributes: Vec<Fragment>,
    /// Its items as they stand in the cell, each with the parts by which it is kept.
    pub items: Vec<(Fragment, Vec<Item>)>,
    /// Everything else, in order.
    pub statements: Vec<Statement>,
    /// It waits for a future outside any `async` block of its own.
    pub awaits: bool,
}

/// One statement of a cell.
#[derive(Debug)]
pub enum Statement {
    /// `let`
    Let {
        /// All of it.
        fragment: Fragment,
        /// The variables it introduces.
        bindings: Vec<Binding>,
        /// It has a value at once.
        initialised: bool,
    },
    /// Any other statement.
    Other(Fragment),
    /// The last expression, without a semicolon: the cell's value.
    Value(Fragment),
}

/// A variable that a `let` introduces.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Its name.
    pub name: String,
    /// `mut`.
    pub mutable: bool,
    /// Where the pattern names it.
    pub place: Fragment,
    /// Its value is written as a closure: such a type has no name.
    pub closure: bool,
}

/// Splits a cell.
///
/// # Errors
/// Where syn cannot parse it; rustc then says why, in its own words.
pub fn parse(text: &Arc<Text>) -> syn::Result<Parsed> {
    let cell = |input: ParseStream<'_>| {
        let attributes = input.call(syn::Attribute::parse_inner)?;
        let statements = input.call(syn::Block::parse_within)?;
        Ok((attributes, statements))
    };
    let (attributes, statements) = cell.parse_str(&text.code)?;
    let mut parsed = Parsed::default();
    for attribute in attributes {
        parsed
            .attributes
            .push(Fragment::new(text, attribute.span().byte_range()));
    }
    let last = statements.len().saturating_sub(1);
    for (index, statement) in statements.into_iter().enumerate() {
        add(&mut parsed, text, &statement, index == last);
    }
    Ok(parsed)
}

fn add(parsed: &mut Parsed, text: &Arc<Text>, statement: &syn::Stmt, last: bool) {
    // A lone `;`.
    if matches!(statement, syn::Stmt::Expr(syn::Expr::Verbatim(nothing), _) if nothing.is_empty()) {
        return;
    }
    let range = statement.span().byte_range();
    let checkpoints = loops::checkpoints(statement);
    let fragment = Fragment {
        text: text.clone(),
        range,
        checkpoints,
    };
    if !matches!(statement, syn::Stmt::Item(_)) {
        parsed.awaits |= Awaits::of(statement);
    }
    let statement = match statement {
        syn::Stmt::Item(item) => {
            let parts = items::split(item, &fragment);
            parsed.items.push((fragment, parts));
            return;
        }
        syn::Stmt::Macro(node) => match items::per_cell(node, &fragment) {
            Some(item) => {
                parsed.items.push((fragment, vec![item]));
                return;
            }
            None if last && node.semi_token.is_none() => Statement::Value(fragment),
            None => Statement::Other(fragment),
        },
        syn::Stmt::Local(local) => {
            // With a type beside it, it may become a function pointer, which has a name.
            let typed = matches!(local.pat, syn::Pat::Type(_));
            let closure = !typed && matches!(&local.init, Some(init) if is_closure(&init.expr));
            let bind = |name: bindings::Name| Binding {
                place: Fragment::new(text, name.range),
                name: name.name,
                mutable: name.mutable,
                closure,
            };
            let bindings = bindings::names(&local.pat).into_iter().map(bind).collect();
            Statement::Let {
                fragment,
                bindings,
                initialised: local.init.is_some(),
            }
        }
        syn::Stmt::Expr(_, None) if last => Statement::Value(fragment),
        syn::Stmt::Expr(..) => Statement::Other(fragment),
    };
    parsed.statements.push(statement);
}

fn is_closure(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Closure(_) => true,
        syn::Expr::Paren(inner) => is_closure(&inner.expr),
        _ => false,
    }
}

/// Looks for `.await` outside `async` blocks, closures and functions.
#[derive(Default)]
struct Awaits(bool);

impl Awaits {
    fn of(statement: &syn::Stmt) -> bool {
        let mut looking = Awaits::default();
        syn::visit::visit_stmt(&mut looking, statement);
        looking.0
    }
}

impl<'ast> syn::visit::Visit<'ast> for Awaits {
    fn visit_expr_await(&mut self, _: &'ast syn::ExprAwait) {
        self.0 = true;
    }
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(code: &str) -> Parsed {
        let text = Arc::new(Text {
            id: 1,
            name: "cell [1]".to_owned(),
            code: code.to_owned(),
        });
        parse(&text).expect("a cell that parses")
    }

    #[test]
    fn items_and_statements_are_told_apart() {
        let parsed = cell("use a::b;\nlet x = 1;\nfn f() {}\n;\nx + 1");
        let items: Vec<&str> = parsed.items.iter().map(|(whole, _)| whole.code()).collect();
        assert_eq!(items, ["use a::b;", "fn f() {}"]);
        assert!(
            matches!(&parsed.statements[0], Statement::Let { bindings, .. } if bindings[0].name == "x")
        );
        assert!(
            matches!(&parsed.statements[1], Statement::Value(value) if value.code() == "x + 1")
        );
    }

    #[test]
    fn a_macro_at_the_end_is_a_value_and_one_with_a_semicolon_is_not() {
        assert!(matches!(cell("vec![1]").statements[0], Statement::Value(_)));
        assert!(matches!(
            cell("vec![1];").statements[0],
            Statement::Other(_)
        ));
        assert!(matches!(cell("vec!{1}").statements[0], Statement::Value(_)));
    }

    #[test]
    fn attributes_and_doc_comments_belong_to_their_item() {
        let parsed = cell("#![allow(unused)]\n/// Says hello.\n#[inline] fn f() {}");
        assert_eq!(parsed.attributes[0].code(), "#![allow(unused)]");
        assert_eq!(
            parsed.items[0].0.code(),
            "/// Says hello.\n#[inline] fn f() {}"
        );
    }

    #[test]
    fn awaiting_is_seen_outside_async_blocks_only() {
        assert!(cell("let x = f().await;").awaits);
        assert!(!cell("let x = async { f().await };").awaits);
    }
}

//! A cell's source, split into what is kept (items), what runs (statements) and what they bind.

mod bindings;
mod called;
mod fragment;
mod item_macros;
mod items;
mod literals;
mod loops;
mod meaning;
mod places;
mod returns;
mod statics;
mod stdin;
mod used;
mod visibility;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;

pub use fragment::{Edit, Fragment, Text};
pub use items::{Item, Name};
pub use meaning::Meaning;
pub use statics::Static;
pub use stdin::reads_stdin;
pub use used::Used;
pub(crate) use words::heads;
pub use words::{canonical, words};

/// A cell that parses.
#[derive(Debug, Default)]
pub struct Parsed {
    /// `#![..]` at its top.
    pub attributes: Vec<Fragment>,
    /// Its items as they stand in the cell, each with the parts by which it is kept.
    pub items: Vec<(Fragment, Vec<Item>)>,
    /// Everything else, in order.
    pub statements: Vec<Statement>,
    /// What gives number literals a type.
    pub literals: Vec<Edit>,
    /// It waits for a future outside any `async` block of its own.
    pub awaits: bool,
    /// It is a whole program, of which `main` is to run.
    pub main: Option<Main>,
}

/// What a program's `main` returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Main {
    /// Nothing.
    Plain,
    /// A `Result`, mostly.
    Returns,
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
        /// What its value uses.
        used: Used,
    },
    /// Any other statement.
    Other(Fragment, Used),
    /// The last expression, without a semicolon: the cell's value.
    Value(Fragment, Used),
}

impl Statement {
    /// What it uses.
    pub fn used(&self) -> &Used {
        match self {
            Self::Let { used, .. } | Self::Other(_, used) | Self::Value(_, used) => used,
        }
    }

    /// All of it.
    pub fn fragment(&self) -> &Fragment {
        match self {
            Self::Let { fragment, .. } | Self::Other(fragment, _) | Self::Value(fragment, _) => {
                fragment
            }
        }
    }

    /// The variables it introduces.
    pub fn bindings(&self) -> &[Binding] {
        match self {
            Self::Let { bindings, .. } => bindings,
            Self::Other(..) | Self::Value(..) => &[],
        }
    }
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
/// If syn cannot parse it; rustc then says why, in its own words.
pub fn parse(text: &Arc<Text>) -> syn::Result<Parsed> {
    parse_after(text, &BTreeSet::new())
}

/// Splits a cell in which calls of the macros in `item_macros` are items.
///
/// # Errors
/// If syn cannot parse it; rustc then says why, in its own words.
pub fn parse_after(text: &Arc<Text>, item_macros: &BTreeSet<String>) -> syn::Result<Parsed> {
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
    let mut item_macros = item_macros.clone();
    for statement in &statements {
        if let syn::Stmt::Item(syn::Item::Macro(node)) = statement
            && let Some(name) = &node.ident
        {
            match item_macros::writes_items(&node.mac.tokens) {
                true => item_macros.insert(name.to_string()),
                false => item_macros.remove(&name.to_string()),
            };
        }
    }
    let last = statements.len().saturating_sub(1);
    for (index, statement) in statements.into_iter().enumerate() {
        add(&mut parsed, text, &statement, index == last, &item_macros);
    }
    parsed.run_main();
    Ok(parsed)
}

impl Parsed {
    /// A pasted program is run: its `main`, if nothing else in the cell runs.
    fn run_main(&mut self) {
        let is_main =
            |part: &&Item| matches!(part.names.first(), Some(Name::Value(name)) if name == "main");
        let parts = self.items.iter().flat_map(|(_, parts)| parts);
        let Some(main) = parts.clone().find(is_main) else {
            return;
        };
        let code = main.fragment.code();
        if let Ok(node) = syn::parse_str::<syn::ItemFn>(code)
            && self.statements.is_empty()
            && node.sig.inputs.is_empty()
            && node.sig.asyncness.is_none()
        {
            self.main = Some(match node.sig.output {
                syn::ReturnType::Default => Main::Plain,
                syn::ReturnType::Type(..) => Main::Returns,
            });
        }
    }
}

fn add(
    parsed: &mut Parsed,
    text: &Arc<Text>,
    statement: &syn::Stmt,
    last: bool,
    item_macros: &BTreeSet<String>,
) {
    // A lone `;`.
    if matches!(statement, syn::Stmt::Expr(syn::Expr::Verbatim(nothing), _) if nothing.is_empty()) {
        return;
    }
    if last && is_ok_of_nothing(statement) {
        return;
    }
    let range = statement.span().byte_range();
    let mut edits = places::edits(statement, text);
    edits.extend(returns::edits(statement));
    let (checkpoints, repeats) = loops::edits(statement);
    edits.extend(checkpoints);
    let fragment = Fragment {
        repeats,
        ..Fragment::new(text, range).edited(edits)
    };
    let used = Used::of(statement);
    parsed.literals.extend(literals::edits(statement));
    if !matches!(statement, syn::Stmt::Item(_)) {
        parsed.awaits |= Awaits::of(statement);
    }
    let called = match statement {
        syn::Stmt::Macro(node) => Some(&node.mac),
        syn::Stmt::Expr(syn::Expr::Macro(node), _) => Some(&node.mac),
        _ => None,
    };
    if let Some(item) = called.and_then(|call| item_macros::item(call, &fragment, item_macros)) {
        parsed.items.push((fragment, vec![item]));
        return;
    }
    let statement = match statement {
        syn::Stmt::Item(item) => {
            let parts = items::split(item, &fragment);
            parsed.items.push((fragment, parts));
            return;
        }
        syn::Stmt::Macro(node) if last && node.semi_token.is_none() => {
            Statement::Value(fragment, used)
        }
        syn::Stmt::Macro(_) => Statement::Other(fragment, used),
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
                used,
            }
        }
        // `#[cfg(unix)] { .. }` is a statement: an expression has no attributes.
        syn::Stmt::Expr(value, None) if last && !has_attributes(value) => {
            Statement::Value(fragment, used)
        }
        syn::Stmt::Expr(..) => Statement::Other(fragment, used),
    };
    parsed.statements.push(statement);
}

/// `Ok(())` at the end of a pasted function: nothing says what its error would be.
fn is_ok_of_nothing(statement: &syn::Stmt) -> bool {
    let syn::Stmt::Expr(syn::Expr::Call(call), None) = statement else {
        return false;
    };
    let is_ok = matches!(&*call.func, syn::Expr::Path(path) if path.path.is_ident("Ok"));
    let nothing =
        |one: &syn::Expr| matches!(one, syn::Expr::Tuple(tuple) if tuple.elems.is_empty());
    is_ok && call.args.len() == 1 && call.args.iter().all(nothing)
}

fn has_attributes(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Block(node) => !node.attrs.is_empty(),
        syn::Expr::If(node) => !node.attrs.is_empty(),
        syn::Expr::Match(node) => !node.attrs.is_empty(),
        syn::Expr::Unsafe(node) => !node.attrs.is_empty(),
        syn::Expr::Loop(node) => !node.attrs.is_empty(),
        syn::Expr::While(node) => !node.attrs.is_empty(),
        syn::Expr::ForLoop(node) => !node.attrs.is_empty(),
        _ => false,
    }
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
    /// What a macro is given are words only: `println!("{}", f().await)`. Some wait without saying so.
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let waits = |name: &syn::Ident| WAITING.iter().any(|other| name == other);
        let name = called.path.segments.last().map(|last| &last.ident);
        self.0 |= name.is_some_and(waits) || words(&called.tokens.to_string()).contains("await");
    }
}

/// Macros of tokio and futures that only stand where `.await` may.
const WAITING: [&str; 3] = ["join", "select", "try_join"];

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
            matches!(&parsed.statements[1], Statement::Value(value, _) if value.code() == "x + 1")
        );
    }

    #[test]
    fn a_macro_at_the_end_is_a_value_and_one_with_a_semicolon_is_not() {
        assert!(matches!(
            cell("vec![1]").statements[0],
            Statement::Value(..)
        ));
        assert!(matches!(
            cell("vec![1];").statements[0],
            Statement::Other(..)
        ));
        assert!(matches!(
            cell("vec!{1}").statements[0],
            Statement::Value(..)
        ));
    }

    #[test]
    fn ok_at_the_end_is_no_value() {
        assert_eq!(cell("f()?; Ok(())").statements.len(), 1);
        assert!(matches!(cell("Ok(1)").statements[0], Statement::Value(..)));
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
        assert!(cell("println!(\"{}\", f().await)").awaits);
        assert!(cell("tokio::join!(f(), g())").awaits);
        assert!(!cell("println!(\"{}\", x)").awaits);
    }
}

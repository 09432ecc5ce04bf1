//! How a function's body uses a name: what kind of parameter it would have to be.

use syn::visit::{self, Visit};

/// The use that asks for most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// Only looked at: `&`.
    Read,
    /// Given away, or a number: itself.
    Moved,
    /// A part of it is changed: `&mut`.
    Changed,
    /// It is assigned to: `&mut`, and `*` where it is used.
    ChangedWhole,
}

impl Use {
    /// What stands before the type.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Read => "&",
            Self::Moved => "",
            Self::Changed | Self::ChangedWhole => "&mut ",
        }
    }
}

/// Types that are copied: a reference to one only makes arithmetic harder.
const COPIED: [&str; 17] = [
    "f64", "f32", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
    "usize", "bool", "char", "Kind",
];

/// Methods of std's types that change what they are called on.
const CHANGING: [&str; 24] = [
    "push",
    "push_str",
    "pop",
    "insert",
    "remove",
    "clear",
    "extend",
    "append",
    "truncate",
    "retain",
    "sort",
    "sort_by",
    "sort_by_key",
    "sort_unstable",
    "reverse",
    "swap",
    "dedup",
    "drain",
    "entry",
    "get_mut",
    "iter_mut",
    "push_back",
    "push_front",
    "next",
];

/// How `body` uses `name`, a variable of this type.
pub(super) fn use_of(body: &syn::Block, name: &str, type_text: &str) -> Use {
    let copied = COPIED.contains(&type_text) || type_text.starts_with('&');
    let least = if copied { Use::Moved } else { Use::Read };
    let mut looking = Looking { name, most: least };
    looking.visit_block(body);
    if let Some(syn::Stmt::Expr(value, None)) = body.stmts.last() {
        looking.given_away(value);
    }
    looking.most
}

struct Looking<'a> {
    name: &'a str,
    most: Use,
}

impl Looking<'_> {
    fn is_it(&self, expression: &syn::Expr) -> bool {
        match expression {
            syn::Expr::Path(path) => path.path.is_ident(self.name),
            syn::Expr::Paren(inner) => self.is_it(&inner.expr),
            _ => false,
        }
    }

    fn found(&mut self, found: Use) {
        self.most = self.most.max(found);
    }

    fn given_away(&mut self, expression: &syn::Expr) {
        if self.is_it(expression) {
            self.found(Use::Moved);
        }
    }

    /// Of a call: one that is lent may be lent on.
    fn argument(&mut self, argument: &syn::Expr) {
        match argument {
            syn::Expr::Reference(lent) if lent.mutability.is_none() && self.is_it(&lent.expr) => {}
            other => {
                self.given_away(other);
                self.visit_expr(other);
            }
        }
    }

    fn assigned(&mut self, place: &syn::Expr) {
        if self.is_it(place) {
            self.found(Use::ChangedWhole);
            return;
        }
        let inner = match place {
            syn::Expr::Index(index) => &index.expr,
            syn::Expr::Field(field) => &field.base,
            syn::Expr::Paren(inner) => &inner.expr,
            _ => return,
        };
        let mut part = Looking {
            name: self.name,
            most: Use::Read,
        };
        part.assigned(inner);
        if part.most > Use::Moved {
            self.found(Use::Changed);
        }
    }
}

impl<'ast> Visit<'ast> for Looking<'_> {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.assigned(&assign.left);
        self.given_away(&assign.right);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        use syn::BinOp::*;
        if matches!(
            binary.op,
            AddAssign(_)
                | SubAssign(_)
                | MulAssign(_)
                | DivAssign(_)
                | RemAssign(_)
                | BitXorAssign(_)
                | BitAndAssign(_)
                | BitOrAssign(_)
                | ShlAssign(_)
                | ShrAssign(_)
        ) {
            self.assigned(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        if reference.mutability.is_some() {
            // `&mut name` of a `&mut T`: reborrowing wants the star.
            self.assigned(&reference.expr);
        } else {
            // A reference to a reference is no operand, and nothing that a loop goes through.
            self.given_away(&reference.expr);
        }
        visit::visit_expr_reference(self, reference);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        if self.is_it(&call.receiver) {
            if CHANGING.contains(&method.as_str()) || method.ends_with('_') {
                self.found(Use::Changed);
            } else if method.starts_with("into_") || method.starts_with("unwrap") {
                self.found(Use::Moved);
            }
        }
        self.visit_expr(&call.receiver);
        call.args
            .iter()
            .for_each(|argument| self.argument(argument));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.visit_expr(&call.func);
        call.args
            .iter()
            .for_each(|argument| self.argument(argument));
    }

    fn visit_expr_for_loop(&mut self, each: &'ast syn::ExprForLoop) {
        self.given_away(&each.expr);
        visit::visit_expr_for_loop(self, each);
    }

    fn visit_expr_return(&mut self, returned: &'ast syn::ExprReturn) {
        if let Some(value) = &returned.expr {
            self.given_away(value);
        }
        visit::visit_expr_return(self, returned);
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        self.given_away(&field.expr);
        visit::visit_field_value(self, field);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.given_away(&init.expr);
        }
        visit::visit_local(self, local);
    }

    // Another function's names are its own.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_demanding_use_counts() {
        for (body, type_text, expected) in [
            ("{ x * 2.0 }", "f64", Use::Moved),
            ("{ x += 1.0; }", "f64", Use::ChangedWhole),
            ("{ x.len() }", "Vec<f64>", Use::Read),
            ("{ x }", "Vec<f64>", Use::Moved),
            ("{ for a in x {} }", "Vec<f64>", Use::Moved),
            ("{ for a in &x {} }", "Vec<f64>", Use::Moved),
            ("{ &x * 2.0 }", "Tensor", Use::Moved),
            ("{ f(x) }", "Vec<f64>", Use::Moved),
            ("{ f(&x) + a.b(&x) }", "Vec<f64>", Use::Read),
            ("{ x.push(1.0); x.len() }", "Vec<f64>", Use::Changed),
            ("{ x[0] += 1.0; }", "Vec<f64>", Use::Changed),
            ("{ x.field = 1.0; }", "Point", Use::Changed),
            ("{ a * x }", "Tensor", Use::Read),
            ("{ x.len() }", "&str", Use::Moved),
        ] {
            let body: syn::Block = syn::parse_str(body).expect("a block");
            assert_eq!(use_of(&body, "x", type_text), expected, "{body:?}");
        }
    }
}

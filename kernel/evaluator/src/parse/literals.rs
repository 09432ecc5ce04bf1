//! Number literals on the left of an operator (`2.0 * &tensor`): rustc takes their type from the
//! implementations it knows, and a library brings further ones. They can be written with their type.

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::fragment::Edit;

/// The edits that give such literals a type.
pub(super) fn edits(statement: &syn::Stmt) -> Vec<Edit> {
    let mut found = Literals(Vec::new());
    found.visit_stmt(statement);
    found.0
}

struct Literals(Vec<Edit>);

impl Literals {
    fn operand(&mut self, operand: &syn::Expr) {
        let literal = match operand {
            syn::Expr::Lit(literal) => literal,
            syn::Expr::Paren(inner) => return self.operand(&inner.expr),
            syn::Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Neg(_)) => {
                return self.operand(&inner.expr);
            }
            _ => return,
        };
        let suffix = match &literal.lit {
            syn::Lit::Float(number) if number.suffix().is_empty() => "f64",
            syn::Lit::Int(number) if number.suffix().is_empty() => "i64",
            _ => return,
        };
        self.0
            .push(Edit::insert(literal.span().byte_range().end, suffix));
    }
}

impl<'ast> Visit<'ast> for Literals {
    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        use syn::BinOp::{Add, Div, Mul, Rem, Sub};
        if matches!(node.op, Add(_) | Div(_) | Mul(_) | Rem(_) | Sub(_)) {
            self.operand(&node.left);
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        if let Ok(arguments) = arguments(node.tokens.clone()) {
            arguments
                .iter()
                .for_each(|argument| self.visit_expr(argument));
        }
    }
}

fn arguments(tokens: TokenStream) -> syn::Result<Punctuated<syn::Expr, syn::Token![,]>> {
    syn::parse::Parser::parse2(Punctuated::parse_terminated, tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(code: &str) -> String {
        let mut text = code.to_owned();
        let mut edits = edits(&syn::parse_str(code).expect("a statement"));
        edits.sort_by_key(|edit| edit.range.start);
        for edit in edits.into_iter().rev() {
            text.insert_str(edit.range.start, &edit.text);
        }
        text
    }

    #[test]
    fn literals_on_the_left_get_a_type() {
        assert_eq!(
            typed("let y = 1.0 / (1.0 + (-&a).exp());"),
            "let y = 1.0f64 / (1.0f64 + (-&a).exp());"
        );
        assert_eq!(typed("f(-2 * &x, 3 - x);"), "f(-2i64 * &x, 3i64 - x);");
        assert_eq!(
            typed("println!(\"{}\", 2.0 * &a);"),
            "println!(\"{}\", 2.0f64 * &a);"
        );
    }

    #[test]
    fn other_literals_stay() {
        for code in ["let y = a * 2.0;", "f(1.0, 2f32 * x);", "let r = 0..10;"] {
            assert_eq!(typed(code), code);
        }
    }
}

//! The variables that a `let` pattern introduces.

use std::ops::Range;

use syn::visit::{self, Visit};

/// One variable of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) mutable: bool,
    pub(crate) range: Range<usize>,
}

/// All variables of a pattern, in order.
pub(crate) fn names(pattern: &syn::Pat) -> Vec<Name> {
    let mut found = Names(Vec::new());
    found.visit_pat(pattern);
    found.0
}

struct Names(Vec<Name>);

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, node: &'ast syn::PatIdent) {
        let name = node.ident.to_string();
        // `None` and other constructors parse as variables; Rust's naming tells them apart. `X`, `W1`
        // and `Δx` are what formulas call variables.
        let constant = node.by_ref.is_none()
            && node.mutability.is_none()
            && node.subpat.is_none()
            && name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.contains(|one: char| one.is_ascii_lowercase());
        // Either side of an or-pattern binds the same names.
        let seen = self.0.iter().any(|other| other.name == name);
        if !constant && !seen {
            let mutable = node.mutability.is_some();
            self.0.push(Name {
                name,
                mutable,
                range: node.ident.span().byte_range(),
            });
        }
        visit::visit_pat_ident(self, node);
    }

    // No variables of this scope in there.
    fn visit_expr(&mut self, _: &'ast syn::Expr) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Vec<String> {
        let syn::Stmt::Local(local) = syn::parse_str(code).expect("a let") else {
            panic!("not a let: {code}");
        };
        let with_mut = |name: Name| match name.mutable {
            true => format!("mut {}", name.name),
            false => name.name,
        };
        names(&local.pat).into_iter().map(with_mut).collect()
    }

    #[test]
    fn patterns_of_every_kind() {
        assert_eq!(of("let x = 1;"), ["x"]);
        assert_eq!(of("let (mut a, b, ..) = t;"), ["mut a", "b"]);
        assert_eq!(
            of("let Point { x, y: [p, q], .. } = point;"),
            ["x", "p", "q"]
        );
        assert_eq!(of("let Some(n @ 1..=3) = o else { panic!() };"), ["n"]);
        assert_eq!(of("let (Ok(v) | Err(v)) = r;"), ["v"]);
        assert_eq!(of("let None = o else { panic!() };"), Vec::<String>::new());
        assert_eq!(of("let _ = f();"), Vec::<String>::new());
        assert_eq!(of("let f: fn(i32) -> i32 = g;"), ["f"]);
    }
}

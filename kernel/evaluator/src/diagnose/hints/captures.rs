//! `impl Trait` as a function's result: since the edition of 2024 it borrows from every argument unless the
//! function says otherwise, and programs that were written before do not say it.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::diagnostic::Diagnostic;

/// What rustc says where a borrow lasts too long.
const BORROWS: [&str; 9] = [
    "E0499", "E0502", "E0505", "E0506", "E0515", "E0521", "E0597", "E0713", "E0716",
];

/// The header that lets go of the arguments, where one of the pieces of source that an error points to calls a
/// function whose result may hold them for no reason. `sources` are the cell and the items of earlier cells.
pub(crate) fn hint(error: &Diagnostic, places: &[String], sources: &[&str]) -> Option<String> {
    let is_borrow = BORROWS.contains(&error.code())
        || error
            .message
            .starts_with("lifetime may not live long enough");
    // rustc's own suggestion, which it has for some of these.
    let said = |child: &Diagnostic| child.message.contains("use<");
    if !is_borrow || error.children.iter().any(said) {
        return None;
    }
    let mut capturing = Capturing::default();
    for source in sources {
        capturing.source = (*source).to_owned();
        if let Ok(block) = syn::parse_str::<syn::Block>(&format!("{{{source}\n}}")) {
            capturing.visit_block(&block);
        }
    }
    let called = capturing.found.iter().rev().find(|(name, _)| {
        let call = format!("{name}(");
        places.iter().any(|place| calls(place, &call))
    });
    let (name, header) = called?;
    Some(format!(
        "what `{name}` returns counts as borrowing from its arguments, as it does for every `impl` result since \
         Rust 2024. If it keeps none of them, write `{header}`"
    ))
}

fn calls(place: &str, call: &str) -> bool {
    place
        .match_indices(call)
        .any(|(at, _)| !place[..at].ends_with(|one: char| one.is_alphanumeric() || one == '_'))
}

/// Functions that return `impl ..` and may hold their arguments, with a header by which they do not.
#[derive(Default)]
struct Capturing {
    source: String,
    found: Vec<(String, String)>,
}

impl Capturing {
    fn function(&mut self, visibility: &syn::Visibility, signature: &syn::Signature) {
        let syn::ReturnType::Type(_, returned) = &signature.output else {
            return;
        };
        let syn::Type::ImplTrait(returned) = &**returned else {
            return;
        };
        let parameters = signature
            .generics
            .params
            .iter()
            .filter_map(|one| match one {
                syn::GenericParam::Type(one) => Some(one.ident.to_string()),
                syn::GenericParam::Const(one) => Some(one.ident.to_string()),
                syn::GenericParam::Lifetime(_) => None,
            });
        let parameters: Vec<String> = parameters.collect();
        let mut nameless = Nameless(false);
        signature
            .inputs
            .iter()
            .for_each(|input| nameless.visit_fn_arg(input));
        let borrows = |bound: &syn::TypeParamBound| !matches!(bound, syn::TypeParamBound::Trait(_));
        // One that says what it holds says it on purpose; one with `impl` arguments cannot.
        if nameless.0
            || returned
                .bounds
                .iter()
                .any(|bound| borrows(bound) && !is_static(bound))
        {
            return;
        }
        let start = match visibility {
            syn::Visibility::Inherited => signature.span().byte_range().start,
            given => given.span().byte_range().start,
        };
        let end = returned.span().byte_range().end;
        // The brace before the source.
        let code = self.source.get(start - 1..end - 1).unwrap_or_default();
        let header = code.split_whitespace().collect::<Vec<_>>().join(" ");
        let header = format!("{header} + use<{}>", parameters.join(", "));
        self.found.push((signature.ident.to_string(), header));
    }
}

fn is_static(bound: &syn::TypeParamBound) -> bool {
    matches!(bound, syn::TypeParamBound::Lifetime(name) if name.ident == "static")
}

impl<'ast> Visit<'ast> for Capturing {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.vis, &item.sig);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        // The parameters of the implementation would have to be listed, too.
        if item.sig.receiver().is_none() {
            self.function(&item.vis, &item.sig);
        }
        visit::visit_impl_item_fn(self, item);
    }
}

/// Looks for `impl` among the arguments.
struct Nameless(bool);

impl<'ast> Visit<'ast> for Nameless {
    fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
        self.0 = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str, place: &str) -> Option<String> {
        let error = Diagnostic {
            message: "borrowed data escapes outside of function".to_owned(),
            code: Some(crate::diagnostic::Code {
                code: "E0521".to_owned(),
                explanation: None,
            }),
            level: "error".to_owned(),
            spans: Vec::new(),
            children: Vec::new(),
        };
        hint(&error, &[place.to_owned()], &[source])
    }

    #[test]
    fn the_header_lists_what_it_must() {
        let told = said(
            "fn net(p: &Path) -> impl Module { lin(p) }",
            "Box::new(net(p))",
        )
        .expect("a hint");
        assert!(
            told.ends_with("`fn net(p: &Path) -> impl Module + use<>`"),
            "{told}"
        );
        let told = said(
            "/// Doc.\npub fn f<'a, T: Copy, const N: usize>(\n  p: &'a T,\n) -> impl Fn() {}",
            "f(&x)",
        );
        let header =
            "`pub fn f<'a, T: Copy, const N: usize>( p: &'a T, ) -> impl Fn() + use<T, N>`";
        assert!(told.expect("a hint").ends_with(header));
    }

    #[test]
    fn functions_that_are_not_called_or_say_what_they_hold_are_left_alone() {
        let net = "fn net(p: &Path) -> impl Module { lin(p) }";
        assert_eq!(said(net, "subnet(p)"), None);
        assert_eq!(
            said(
                "fn net(p: &Path) -> impl Module + use<'_> { lin(p) }",
                "net(p)"
            ),
            None
        );
        assert_eq!(
            said("fn net(p: &impl Any) -> impl Module { lin(p) }", "net(p)"),
            None
        );
        assert_eq!(
            said("fn net(p: &Path) -> Linear { lin(p) }", "net(p)"),
            None
        );
    }
}

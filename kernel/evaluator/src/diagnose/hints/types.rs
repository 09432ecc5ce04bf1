//! Types as a learner would write them in a cell.

use crate::types::tight;

/// Where rustc says a type comes from, and the name under which every cell has it.
const IN_SCOPE: [(&str, &str); 16] = [
    ("std::vec::Vec", "Vec"),
    ("std::string::String", "String"),
    ("std::option::Option", "Option"),
    ("std::result::Result", "Result"),
    ("std::boxed::Box", "Box"),
    ("alloc::vec::Vec", "Vec"),
    ("alloc::string::String", "String"),
    ("alloc::boxed::Box", "Box"),
    ("core::option::Option", "Option"),
    ("core::result::Result", "Result"),
    ("gradbook_runtime::tch::", "tch::"),
    ("gradbook_runtime::lessons::", "lessons::"),
    ("tch::Tensor", "Tensor"),
    ("tch::Kind", "Kind"),
    ("tch::Device", "Device"),
    ("&'static ", "&"),
];

/// A type's text without the spaces of tokens and the paths that a cell need not write.
pub(super) fn pasteable(type_text: &str) -> String {
    let mut text = type_text.replace(" :: ", "::").replace(":: ", "::");
    text = tight(text).replace("( ", "(").replace(" )", ")");
    for (path, name) in IN_SCOPE {
        text = text.replace(&format!("::{path}"), name).replace(path, name);
    }
    text
}

/// The type of a value that its source shows: a literal, a list of literals, a tensor.
pub(super) fn of_value(value: &syn::Expr) -> Option<String> {
    let name = match value {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Float(number) if number.suffix().is_empty() => "f64",
            syn::Lit::Int(number) if number.suffix().is_empty() => "i32",
            syn::Lit::Float(number) => return Some(number.suffix().to_owned()),
            syn::Lit::Int(number) => return Some(number.suffix().to_owned()),
            syn::Lit::Str(_) => "&str",
            syn::Lit::Bool(_) => "bool",
            syn::Lit::Char(_) => "char",
            _ => return None,
        },
        syn::Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Neg(_),
            expr,
            ..
        }) => return of_value(expr),
        syn::Expr::Macro(call) if call.mac.path.is_ident("vec") => {
            let values = call.mac.parse_body_with(
                syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated,
            );
            let first = values.ok()?.into_iter().next()?;
            return Some(format!("Vec<{}>", of_value(&first)?));
        }
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(path) => {
                let segments: Vec<String> = path
                    .path
                    .segments
                    .iter()
                    .map(|one| one.ident.to_string())
                    .collect();
                match segments
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .as_slice()
                {
                    ["tensor" | "randn" | "rand"] => "Tensor",
                    ["String", "from" | "new"] => "String",
                    _ => return None,
                }
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_in_a_cell() {
        for (text, expected) in [
            ("f64", "f64"),
            (
                "std :: vec :: Vec < gradbook_runtime :: tch :: Tensor >",
                "Vec<Tensor>",
            ),
            (
                "::std::collections::HashMap<::std::string::String, f64>",
                "::std::collections::HashMap<String, f64>",
            ),
            ("& 'static str", "&str"),
            ("Point", "Point"),
        ] {
            assert_eq!(pasteable(text), expected);
        }
    }

    #[test]
    fn literals_have_their_types() {
        for (value, expected) in [
            ("0.5", Some("f64")),
            ("-3", Some("i32")),
            ("2u8", Some("u8")),
            ("\"a\"", Some("&str")),
            ("vec![1.0, 2.0]", Some("Vec<f64>")),
            ("tensor([1.0])", Some("Tensor")),
            ("String::from(\"a\")", Some("String")),
            ("f()", None),
            ("a", None),
        ] {
            let parsed: syn::Expr = syn::parse_str(value).expect("an expression");
            assert_eq!(of_value(&parsed).as_deref(), expected, "{value}");
        }
    }
}

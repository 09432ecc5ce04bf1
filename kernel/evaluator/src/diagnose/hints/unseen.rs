//! Functions, constants and types see no variables: what to write where one names a variable all the same.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::Visit;

use super::around::{Item, item_at, parsed};
use super::made::{Made, made};
use super::types::pasteable;
use super::use_of::{Use, use_of};
use crate::diagnostic::Diagnostic;
use crate::parse::Text;
use crate::session::Session;

/// The name that an error says is in no scope, or cannot be reached from where it is used.
pub(crate) fn missing<'a>(error: &'a Diagnostic, named: &'a str) -> Option<&'a str> {
    match error.code() {
        "E0425" => {
            let found = ["cannot find value `", "cannot find function `"];
            let rest = found
                .iter()
                .find_map(|start| error.message.strip_prefix(start))?;
            rest.split('`').next()
        }
        "E0434" | "E0435" => Some(named),
        _ => None,
    }
}

/// What to write, if the place is inside an item and the name is a variable's. `others` are the names that the
/// rest of the cell's errors miss, with their places.
pub(crate) fn hint(
    name: &str,
    text: &Text,
    place: &Range<usize>,
    others: &[(String, Range<usize>)],
    session: &Session,
) -> Option<String> {
    let cell = parsed(&text.code)?;
    let item = item_at(&cell, place)?;
    let made_here = made(&cell);
    let is_variable = |name: &str| session.variables.contains_key(name) || made_here.contains(name);
    let code = |range: &Range<usize>| text.code.get(range.clone()).unwrap_or_default();
    if let Item::Array { value, length } = &item {
        let length = code(length);
        let fits = type_of(length, &cell, session).is_some_and(|type_text| type_text == "usize");
        let is_name = length
            .chars()
            .all(|one| one.is_alphanumeric() || one == '_');
        let length = match (fits, is_name) {
            (true, _) => length.to_owned(),
            (false, true) => format!("{length} as usize"),
            (false, false) => format!("({length}) as usize"),
        };
        return Some(format!(
            "the length of an array must be known before the cell runs; a vector's need not: \
             `vec![{}; {length}]`",
            code(value)
        ));
    }
    if !is_variable(name) {
        return None;
    }
    Some(match item {
        Item::Constant { whole, keyword } => {
            let rest = text.code.get(keyword.end..whole.end).unwrap_or_default();
            format!(
                "`{name}` is a variable, and constants do not see variables: they are computed before \
                 the cell runs. Make this a variable, too: `let{rest}`"
            )
        }
        Item::Function {
            of_a_trait: Some(named),
            takes_self,
            ..
        } => {
            let field = match takes_self {
                true => format!("keep it in a field of the type (`self.{name}`)"),
                false => "keep it in a constant (`const`)".to_owned(),
            };
            format!(
                "`{name}` is a variable, and methods do not see variables; `{named}` fixes their \
                 parameters, so {field}"
            )
        }
        Item::Function {
            name: function,
            header,
            parameter: (at, before),
            body,
            ..
        } => {
            let mut missing: Vec<&str> = vec![name];
            for (other, at) in others {
                let same = header.start <= at.start && at.start <= body.span().byte_range().end;
                if same && is_variable(other) && !missing.contains(&other.as_str()) {
                    missing.push(other);
                }
            }
            missing.sort_unstable();
            let parameters: Option<Vec<(String, Use)>> = missing
                .iter()
                .map(|name| {
                    let type_text = type_of(name, &cell, session)?;
                    let use_of = use_of(&body, name, &type_text);
                    Some((format!("{name}: {}{type_text}", use_of.sign()), use_of))
                })
                .collect();
            let seen = format!("`{name}` is a variable, and functions do not see variables");
            let Some(parameters) = parameters else {
                return Some(format!(
                    "{seen}: give `{function}` one more parameter for it, with its type"
                ));
            };
            let header_text = |range: Range<usize>| {
                code(&range)
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let head = text
                .code
                .get(header.start..at)
                .unwrap_or_default()
                .trim_end();
            let listed: Vec<&str> = parameters.iter().map(|(text, _)| text.as_str()).collect();
            let tail = header_text(at..header.end);
            let gap = if tail.starts_with([')', ',']) {
                ""
            } else {
                " "
            };
            let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
            let header = format!("{head}{before}{}{gap}{tail}", listed.join(", "));
            let mut said = format!(
                "{seen}: pass it as a parameter. Write `{header}`, and call it with {}",
                arguments(&missing, &parameters)
            );
            for (name, (_, use_of)) in missing.iter().zip(&parameters) {
                if *use_of == Use::ChangedWhole {
                    said.push_str(&format!("; in it, `*{name}` is the variable's value"));
                }
            }
            said
        }
        Item::Other => format!(
            "`{name}` is a variable, and items (functions, types, constants) do not see variables"
        ),
        Item::Array { .. } => return None,
    })
}

fn arguments(names: &[&str], parameters: &[(String, Use)]) -> String {
    let arguments: Vec<String> = names
        .iter()
        .zip(parameters)
        .map(|(name, (parameter, use_of))| {
            let type_text = parameter
                .split_once(": ")
                .map_or("", |(_, type_text)| type_text);
            let keeps = if *use_of == Use::Moved {
                copy_of(type_text)
            } else {
                ""
            };
            format!("`{}{name}{keeps}`", use_of.sign())
        })
        .collect();
    arguments.join(" and ")
}

/// How a value of a type is given away and kept.
fn copy_of(type_text: &str) -> &'static str {
    let cloned = [
        "Vec<",
        "String",
        "::std::collections::",
        "std::collections::",
    ];
    match type_text {
        "Tensor" => ".shallow_clone()",
        other if cloned.iter().any(|start| other.starts_with(start)) => ".clone()",
        _ => "",
    }
}

/// The type of a variable, as a parameter would have it.
fn type_of(name: &str, cell: &[syn::Stmt], session: &Session) -> Option<String> {
    let mut made = Made::default();
    cell.iter().for_each(|statement| made.visit_stmt(statement));
    let here = made.0.into_iter().rev().find(|(other, _)| other == name);
    match here {
        Some((_, type_text)) => type_text,
        None => Some(pasteable(&session.variables.get(name)?.type_text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::Fragment;
    use crate::session::Variable;
    use std::sync::Arc;

    /// What is said of the first `name` in a cell, where the session has `variables`.
    fn said(code: &str, name: &str, variables: &[(&str, &str)]) -> Option<String> {
        let text = Arc::new(Text {
            id: 1,
            name: "cell [1]".to_owned(),
            code: code.to_owned(),
        });
        let mut session = Session::default();
        for (name, type_text) in variables {
            let variable = Variable {
                type_text: (*type_text).to_owned(),
                mutable: true,
                place: Fragment::new(&text, 0..0),
            };
            session.variables.insert((*name).to_owned(), variable);
        }
        let places = |name: &str| {
            let found = code.match_indices(name);
            found.map(|(at, _)| at..at + name.len()).collect::<Vec<_>>()
        };
        let place = places(name).pop()?;
        let others: Vec<_> = variables
            .iter()
            .flat_map(|(name, _)| places(name).into_iter().map(|at| ((*name).to_owned(), at)))
            .collect();
        hint(name, &text, &place, &others, &session)
    }

    fn header(code: &str, name: &str, variables: &[(&str, &str)]) -> String {
        let said = said(code, name, variables).expect("a hint");
        let (_, rest) = said.split_once("Write `").expect("a header");
        rest.split('`').next().expect("its end").to_owned()
    }

    #[test]
    fn a_function_is_given_a_parameter() {
        let number = [("rate", "f64")];
        assert_eq!(
            header("fn step(x: f64) -> f64 { x - rate }", "rate", &number),
            "fn step(x: f64, rate: f64) -> f64"
        );
        assert_eq!(
            header("pub fn f() {\n rate;\n}", "rate", &number),
            "pub fn f(rate: f64)"
        );
        assert_eq!(
            header(
                "/// Says.\n#[inline]\nfn f<T>(\n  x: T,\n) where T: Copy { rate }",
                "rate",
                &number
            ),
            "fn f<T>( x: T, rate: f64, ) where T: Copy"
        );
        assert_eq!(
            header("impl A { fn f(&self) { rate } }", "rate", &number),
            "fn f(&self, rate: f64)"
        );
    }

    #[test]
    fn all_that_a_function_misses_is_in_one_header() {
        let both = [
            ("rate", "f64"),
            ("names", "std :: vec :: Vec < std :: string :: String >"),
        ];
        assert_eq!(
            header("fn f() -> f64 { names.len() as f64 * rate }", "rate", &both),
            "fn f(names: &Vec<String>, rate: f64) -> f64"
        );
    }

    #[test]
    fn a_type_is_read_off_the_cell_where_the_session_has_none() {
        let code = "let scale = 2.0;\nfn f(x: f64) -> f64 { x * scale }";
        assert_eq!(
            header(code, "scale", &[]),
            "fn f(x: f64, scale: f64) -> f64"
        );
        let code = "let scale = g();\nfn f(x: f64) -> f64 { x * scale }";
        assert!(
            said(code, "scale", &[])
                .expect("a hint")
                .ends_with("with its type")
        );
    }

    #[test]
    fn constants_become_variables_and_arrays_vectors() {
        let number = [("rate", "f64")];
        let told = said("const V: f64 = rate * 2.0;", "rate", &number).expect("a hint");
        assert!(told.ends_with("`let V: f64 = rate * 2.0;`"), "{told}");
        let told = said("let a = [0.0; n];", "n", &[]).expect("a hint");
        assert!(told.ends_with("`vec![0.0; n as usize]`"), "{told}");
    }

    #[test]
    fn the_methods_of_a_trait_stay_as_they_are() {
        let number = [("rate", "f64")];
        let code = "impl Module for A { fn forward(&self, x: &Tensor) -> Tensor { x * rate } }";
        let told = said(code, "rate", &number).expect("a hint");
        assert!(
            told.contains("`Module` fixes") && told.ends_with("(`self.rate`)"),
            "{told}"
        );
    }

    #[test]
    fn what_is_no_variable_and_what_is_in_no_item_is_not_explained() {
        assert_eq!(said("fn f() { rtae }", "rtae", &[("rate", "f64")]), None);
        assert_eq!(said("let a = rate;", "rate", &[("rate", "f64")]), None);
    }
}

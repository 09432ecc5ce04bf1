//! What the kernel knows of a session, in the form in which questions need it.
//! Knows nothing of how it came about; the evaluator makes a new one after each cell.

use gradbook_control::Described;
use serde::Serialize;

use crate::commands::facts;
use crate::session::Session;
use crate::types::without_modules;

/// In scope in every cell.
const PRELUDE: &str = "use ::lessons::prelude::*;\nuse ::course::prelude::*;\n";

/// The session so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionView {
    /// The items of earlier cells, and its crates.
    pub source: SessionSource,
    /// Everything that has a name.
    pub names: Vec<KnownName>,
}

/// A session as rust-analyzer reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SessionSource {
    /// `:dep` lines, as a manifest has them.
    pub dependencies: Vec<String>,
    /// The items of earlier cells.
    pub items: String,
    /// Each variable as a `let` with its type, so that nothing of the cells that made it is inferred
    /// again.
    pub variables: String,
}

/// One name of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownName {
    /// The name.
    pub name: String,
    /// `variable`, `function`, `struct`, ...
    pub kind: String,
    /// A variable's type, an item's declaration.
    pub signature: String,
    /// A tensor's shape, kind, device, size and norm of its gradient, as its last cell left them.
    pub value: Option<String>,
}

impl SessionView {
    /// What a session's items and variables look like from here.
    pub fn of(session: &Session, described: &[Described]) -> Self {
        let mut names = Vec::new();
        let mut items = PRELUDE.to_owned();
        for item in &session.items {
            let source = format!("{}{}{}", item.before, item.fragment.code(), item.after);
            items.push_str(&source);
            items.push('\n');
            names.extend(declared(&source));
        }
        let mut variables = String::new();
        for (name, variable) in &session.variables {
            let signature = nameable(&variable.type_text);
            variables.push_str(&declaration_of(name, &signature));
            let told = described.iter().find(|one| one.name == *name);
            names.push(KnownName {
                name: name.clone(),
                kind: "variable".to_owned(),
                signature,
                value: told.and_then(|one| one.tensor.as_ref().map(facts)),
            });
        }
        let dependencies = session.dependencies.clone();
        Self {
            source: SessionSource {
                dependencies,
                items,
                variables,
            },
            names,
        }
    }
}

/// A `let`, or nothing where the type has no name that a cell can write.
fn declaration_of(name: &str, signature: &str) -> String {
    match syn::parse_str::<syn::Type>(signature) {
        Ok(_) => format!("let mut {name}: {signature};\n"),
        Err(_) => String::new(),
    }
}

/// rustc may name a type by way of the runtime, through which it reaches tch and the lessons.
fn nameable(type_text: &str) -> String {
    let named = type_text
        .replace("gradbook_runtime :: ", ":: ")
        .replace("gradbook_runtime::", "::");
    without_modules(&named)
}

/// The name that an item brings, with its declaration.
fn declared(source: &str) -> Option<KnownName> {
    let (name, kind) = match syn::parse_str::<syn::Item>(source).ok()? {
        syn::Item::Fn(item) => (item.sig.ident, "function"),
        syn::Item::Struct(item) => (item.ident, "struct"),
        syn::Item::Enum(item) => (item.ident, "enum"),
        syn::Item::Union(item) => (item.ident, "union"),
        syn::Item::Trait(item) => (item.ident, "trait"),
        syn::Item::Type(item) => (item.ident, "type"),
        syn::Item::Mod(item) => (item.ident, "module"),
        syn::Item::Const(item) => (item.ident, "constant"),
        syn::Item::Static(item) => (item.ident, "static"),
        syn::Item::Macro(item) => (item.ident?, "macro"),
        _ => return None,
    };
    let name = name.to_string();
    let name = if kind == "macro" {
        format!("{name}!")
    } else {
        name
    };
    Some(KnownName {
        name,
        kind: kind.to_owned(),
        signature: declaration(source),
        value: None,
    })
}

/// A declaration without its body, attributes and documentation.
fn declaration(source: &str) -> String {
    let head = source
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty() || line.starts_with(['#', '/', '*']))
        .collect::<Vec<_>>()
        .join(" ");
    head.split('{')
        .next()
        .unwrap_or_default()
        .trim_end_matches([';', ' '])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_declarations_where_their_type_has_a_name() {
        let types = ["::std::vec::Vec<A>", "{closure@cell:1:2: 3:4}"];
        let declared = types.map(|signature| declaration_of("a", signature));
        assert_eq!(declared, ["let mut a: ::std::vec::Vec<A>;\n", ""]);
    }

    #[test]
    fn items_are_known_by_their_declarations() {
        let known = |source: &str| {
            let known = declared(source).expect("a name");
            (known.name, known.kind, known.signature)
        };
        assert_eq!(
            known("/// Doubles.\n#[inline]\npub fn twice(x: f64) -> f64 { x + x }"),
            (
                "twice".to_owned(),
                "function".to_owned(),
                "pub fn twice(x: f64) -> f64".to_owned()
            )
        );
        assert_eq!(
            known("struct Unit;"),
            (
                "Unit".to_owned(),
                "struct".to_owned(),
                "struct Unit".to_owned()
            )
        );
        assert_eq!(known("macro_rules! m { () => {} }").0, "m!");
        assert_eq!(declared("impl A { fn f() {} }"), None);
    }
}

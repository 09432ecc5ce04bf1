//! The crate that a cell becomes: kept items, the variables it takes, its statements in stages.
//!
//! A stage is a run of statements inside `catch_unwind`; a new one begins after every run of `let`s,
//! so that what they made is kept when a later statement panics or is interrupted. Scopes nest, and
//! each variable is put back at the end of its scope, on every path:
//!
//! ```text
//! let mut weights: Vec<f64> = __gradbook.take("weights");
//! if let Some((bias,)) = __gradbook.stage(|| { let bias = 1.0; Ok((bias,)) }) {
//!     if let Some(()) = __gradbook.stage(|| { weights.push(bias); Ok(()) }) {}
//!     __gradbook.put("bias", bias);
//! }
//! __gradbook.put_back("weights", weights);
//! ```
//!
//! [`crate::decide`] says what is left out of this after rustc has refused it.

mod attributes;
mod items;
mod stages;

use std::sync::Arc;

use crate::decide::Attempt;
use crate::parse::{Binding, Fragment, Item, Name, Parsed, Statement, Text, canonical};
use crate::session::{Session, StaticKey, Variable};
use crate::source::{Site, Source};

/// In scope in every cell, before anything of the learner's.
const PREAMBLE: &str =
    "extern crate gradbook_runtime;\nuse ::lessons::prelude::*;\nuse ::course::prelude::*;\n";
/// The same for a cell of std alone: fewer crates, fewer implementations to choose from.
const STD_ALONE: &str = "extern crate gradbook_runtime;\n";
/// The name of the cell's function, until the rest of the source is known.
const NAME: &str = "cell_????????????";

/// Everything a cell's source is made from.
pub struct Plan<'a> {
    /// What came before.
    pub session: &'a Session,
    /// The cell.
    pub parsed: &'a Parsed,
    /// Its text.
    pub text: &'a Text,
    /// The kept items that it may have.
    pub kept: &'a [&'a Item],
    /// How it is written this time.
    pub attempt: &'a Attempt,
}

/// The source of a cell that does not parse: rustc says why.
pub fn unparsed(text: &Arc<Text>) -> Source {
    let mut source = Source::default();
    source.ours(PREAMBLE);
    source.ours("fn gradbook_cell() {\n");
    source.theirs(&Fragment::new(text, 0..text.code.len()));
    source.end_of(text);
    source.ours("\n}\n");
    source
}

impl Plan<'_> {
    /// The source.
    pub fn generate(&self) -> Source {
        let mut source = Source::default();
        let attributes = self
            .session
            .attributes
            .iter()
            .chain(&self.parsed.attributes);
        attributes::write(&mut source, attributes);
        if self.attempt.std_alone {
            source.set_std_alone();
            source.ours(STD_ALONE);
        } else {
            source.ours(PREAMBLE);
        }
        self.items(&mut source);
        source.ours("#[allow(unsafe_code)] #[unsafe(no_mangle)]\n");
        source.ours("pub fn gradbook_cell(cell: &::gradbook_runtime::Cell<'_>) { ");
        source.ours(&format!("{NAME}(cell) }}\n"));
        source.ours(&format!(
            "fn {NAME}(__gradbook: &::gradbook_runtime::Cell<'_>) {{\n"
        ));
        let taken = self.taken();
        let outside = |name: &String| !self.attempt.inside.contains(name);
        for (name, variable) in taken.iter().filter(|(name, _)| outside(name)) {
            take(&mut source, name, variable);
        }
        self.stages(&mut source);
        for (name, _) in taken.into_iter().filter(|(name, _)| outside(name)) {
            self.put_back(&mut source, name);
        }
        source.ours("}\n");
        // Closures and types inside the cell are named by its function: two cells must not have
        // the same names for different things.
        let hash = blake3::hash(source.text().as_bytes()).to_hex();
        source.fill_in(NAME, &format!("cell_{}", &hash[..NAME.len() - 5]));
        source
    }

    /// The variables that the cell's statements use: items cannot see them.
    pub fn taken(&self) -> Vec<(&String, &Variable)> {
        // A function that the cell defines takes the name of a variable from before.
        let defined: Vec<&Name> = crate::session::new_items(self.parsed)
            .flat_map(|item| &item.names)
            .collect();
        let used = |name: &str| {
            !self.attempt.not_taken.contains(name)
                && !defined.iter().any(|one| one.is_value(name))
                && uses(&self.parsed.statements, name)
        };
        self.session
            .variables
            .iter()
            .filter(|(name, _)| used(name))
            .collect()
    }

    /// The variables that the cell's `let`s introduce, the last of each name.
    pub fn introduced(&self) -> Vec<&Binding> {
        last_of_each(self.parsed.statements.iter().flat_map(Statement::bindings))
    }

    /// The statics that this cell brings to life, with their symbols: its own, and kept ones that live
    /// nowhere yet.
    pub fn born_statics(&self) -> Vec<(StaticKey, String)> {
        let kept = self.written_kept().into_iter().map(|(_, item)| item);
        let new = crate::session::new_items(self.parsed);
        kept.chain(new)
            .flat_map(|item| item.statics.iter().map(|one| (key(item, one), one)))
            .filter(|(key, _)| !self.session.statics.contains_key(key))
            .map(|(key, one)| (key, one.symbol(self.text.id)))
            .collect()
    }

    fn put_back(&self, source: &mut Source, name: &str) {
        if !self.attempt.not_put_back.contains(name) {
            let line = format!("__gradbook.put_back(\"{name}\", {name});\n");
            source.site(Site::PutBack(name.to_owned()), &line);
        }
    }
}

fn key(item: &Item, one: &crate::parse::Static) -> StaticKey {
    (item.fragment.text.id, one.range.start)
}

/// Whether statements use the variable from before, or make another of its name first.
fn uses(statements: &[Statement], name: &str) -> bool {
    let name = canonical(name);
    for statement in statements {
        if statement.used().names.contains(&*name) {
            return true;
        }
        let binds = |binding: &Binding| canonical(&binding.name) == name;
        if statement.bindings().iter().any(binds) {
            return false;
        }
    }
    false
}

fn take(source: &mut Source, name: &str, variable: &Variable) {
    source.ours(if variable.mutable { "let mut " } else { "let " });
    source.theirs(&variable.place);
    source.ours(": ");
    source.site(
        Site::Take(name.to_owned()),
        &format!("{} = __gradbook.take(\"{name}\");\n", variable.type_text),
    );
}

fn last_of_each<'a>(bindings: impl Iterator<Item = &'a Binding>) -> Vec<&'a Binding> {
    let mut last: Vec<&Binding> = Vec::new();
    for binding in bindings {
        last.retain(|earlier| canonical(&earlier.name) != canonical(&binding.name));
        last.push(binding);
    }
    last
}

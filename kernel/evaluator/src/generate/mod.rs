//! The crate that a cell becomes: kept items, the variables it takes, its statements in stages.
//! Knows nothing of rustc's answers; [`crate::compile`] decides what to try next.
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

mod items;

use std::collections::BTreeSet;
use std::sync::Arc;

use gradbook_control::PRELUDE;

use crate::parse::{Binding, Fragment, Parsed, Statement, Text};
use crate::session::{Session, Variable, mentions, words};
use crate::source::{Site, Source};

/// What a cell is linked to; see [`PRELUDE`] for what is in scope.
const PREAMBLE: &str = "extern crate gradbook_runtime;\n";

pub use items::new_statics;

/// How a cell's statements are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// As above.
    Staged,
    /// One stage for all, as the learner wrote it: for borrows between the cell's own variables.
    Single,
}

/// Which kept items a cell's source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those that the cell leads to, see [`crate::reach`].
    Named,
    /// All.
    All,
}

/// Everything a cell's source is made from.
pub struct Plan<'a> {
    /// What came before.
    pub session: &'a Session,
    /// The cell.
    pub parsed: &'a Parsed,
    /// Its text.
    pub text: &'a Text,
    /// How statements are grouped.
    pub grouping: Grouping,
    /// Which kept items it has.
    pub reach: Reach,
    /// What rustc refused so far.
    pub left_out: &'a LeftOut,
}

/// Variables that are left out of what would usually be done with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Not taken from the store: their types have no meaning any more.
    pub taken: BTreeSet<String>,
    /// Not put into the store: moved away, or borrows.
    pub put: BTreeSet<String>,
    /// Not put back into the store; the cell may have made another of that name.
    pub put_back: BTreeSet<String>,
    /// Not even returned from their stage.
    pub returned: BTreeSet<String>,
}

/// The source of a cell that does not parse: rustc says why. What it makes of the rest is no concern of the
/// learner's: with `only_syntax` it reads the cell and looks no further.
pub fn unparsed(text: &Arc<Text>, only_syntax: bool) -> Source {
    let mut source = Source::default();
    source.ours("#![allow(unused)]\n");
    source.ours(PREAMBLE);
    source.ours(PRELUDE);
    source.ours(if only_syntax { "#[cfg(any())]\n" } else { "" });
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
        source.ours("#![allow(unused, nonstandard_style)]\n");
        for attribute in self
            .session
            .attributes
            .iter()
            .chain(&self.parsed.attributes)
        {
            source.theirs(attribute);
            source.ours("\n");
        }
        source.ours("#![warn(forgetting_references)]\n");
        source.ours(PREAMBLE);
        source.ours(PRELUDE);
        self.items(&mut source);
        source.ours("#[unsafe(no_mangle)]\n");
        source.ours("pub fn gradbook_cell(__gradbook: &::gradbook_runtime::Cell<'_>) {\n");
        let taken = self.taken();
        for (name, variable) in &taken {
            take(&mut source, name, variable);
        }
        match self.grouping {
            Grouping::Staged => self.staged(&mut source, &self.stages()),
            Grouping::Single => self.single(&mut source),
        }
        for (name, _) in taken {
            if !self.left_out.put_back.contains(name) {
                source.site(
                    Site::PutBack(name.clone()),
                    &format!("__gradbook.put_back(\"{name}\", {name});\n"),
                );
            }
        }
        source.ours("}\n");
        source
    }

    /// The variables that the cell's statements use: items cannot see them.
    pub fn taken(&self) -> Vec<(&String, &Variable)> {
        let words = words(&self.text.code);
        let used = |name: &str| {
            words.contains(name)
                && !self.left_out.taken.contains(name)
                && uses(&self.parsed.statements, name)
        };
        self.session
            .variables
            .iter()
            .filter(|(name, _)| used(name))
            .collect()
    }

    /// Whether a later cell is to find a variable of this name that this cell makes.
    pub fn introduces(&self, name: &str) -> bool {
        let introduced = self.introduced();
        introduced
            .iter()
            .any(|binding| binding.name == name && !binding.closure)
    }

    /// The variables that the cell's `let`s introduce, the last of each name.
    pub fn introduced(&self) -> Vec<&Binding> {
        let lets = self
            .parsed
            .statements
            .iter()
            .filter_map(|statement| match statement {
                Statement::Let { bindings, .. } => Some(bindings),
                _ => None,
            });
        last_of_each(lets.flatten())
    }

    /// Splits the statements after every run of `let`s.
    fn stages(&self) -> Vec<&[Statement]> {
        let statements = &self.parsed.statements[..];
        let deferred = |statement: &Statement| {
            matches!(
                statement,
                Statement::Let {
                    initialised: false,
                    ..
                }
            )
        };
        if statements.iter().any(deferred) {
            return vec![statements];
        }
        let is_let = |statement: &Statement| matches!(statement, Statement::Let { .. });
        let mut stages = Vec::new();
        let mut start = 0;
        for at in 1..statements.len() {
            if is_let(&statements[at - 1]) && !is_let(&statements[at]) {
                stages.push(&statements[start..at]);
                start = at;
            }
        }
        if start < statements.len() {
            stages.push(&statements[start..]);
        }
        stages
    }

    fn staged(&self, source: &mut Source, stages: &[&[Statement]]) {
        let Some((stage, later)) = stages.split_first() else {
            return;
        };
        let bindings = stage.iter().filter_map(|statement| match statement {
            Statement::Let { bindings, .. } => Some(bindings),
            _ => None,
        });
        let returned: Vec<&Binding> = last_of_each(bindings.flatten())
            .into_iter()
            .filter(|binding| !self.left_out.returned.contains(&binding.name))
            .collect();
        source.ours("if let Some((");
        for binding in &returned {
            source.ours(if binding.mutable { "mut " } else { "" });
            source.theirs(&binding.place);
            source.ours(",");
        }
        source.ours(")) = ");
        self.open_stage(source);
        stage
            .iter()
            .for_each(|statement| self.statement(source, statement));
        source.ours("Ok((");
        for binding in &returned {
            source.site(Site::Return(binding.name.clone()), &binding.name);
            source.ours(",");
        }
        source.ours("))");
        self.close_stage(source);
        source.ours(" {\n");
        returned
            .iter()
            .for_each(|binding| self.ask_type(source, binding));
        self.staged(source, later);
        returned
            .iter()
            .rev()
            .for_each(|binding| self.put_new(source, binding));
        source.ours("}\n");
    }

    fn single(&self, source: &mut Source) {
        self.open_stage(source);
        for statement in &self.parsed.statements {
            self.statement(source, statement);
        }
        let introduced = self.introduced();
        introduced
            .iter()
            .for_each(|binding| self.ask_type(source, binding));
        introduced
            .iter()
            .rev()
            .for_each(|binding| self.put_new(source, binding));
        source.ours("Ok(())");
        self.close_stage(source);
        source.ours(";\n");
    }

    fn open_stage(&self, source: &mut Source) {
        source.ours("__gradbook.stage(|| ");
        source.ours(if self.parsed.awaits {
            "::gradbook_runtime::block_on(async {\n"
        } else {
            "{\n"
        });
    }

    fn close_stage(&self, source: &mut Source) {
        source.ours(if self.parsed.awaits { "\n}))" } else { "\n})" });
    }

    fn statement(&self, source: &mut Source, statement: &Statement) {
        match statement {
            Statement::Let { fragment, .. } | Statement::Other(fragment) => source.theirs(fragment),
            Statement::Value(fragment) => {
                source.ours("match &(");
                source.theirs(fragment);
                source.ours(") { __value => { use ::gradbook_runtime::result::{Answer, Form as _, Unshown as _}; ");
                source.site(
                    Site::Display,
                    "__gradbook.set_result((&&&&&Answer(__value.evcxr_display())).form());",
                );
                source.ours(" } }");
            }
        }
        source.ours("\n");
    }

    /// rustc answers with the type in a warning; the statement itself does nothing.
    fn ask_type(&self, source: &mut Source, binding: &Binding) {
        if !binding.closure && !self.left_out.put.contains(&binding.name) {
            source.site(
                Site::TypeOf(binding.name.clone()),
                &format!("::core::mem::forget(&{});\n", binding.name),
            );
        }
    }

    fn put_new(&self, source: &mut Source, binding: &Binding) {
        let name = &binding.name;
        if !binding.closure && !self.left_out.put.contains(name) {
            source.site(
                Site::Put(name.clone()),
                &format!("__gradbook.put(\"{name}\", {name});\n"),
            );
        }
    }
}

/// Whether statements use the variable from before, or make another of its name first.
fn uses(statements: &[Statement], name: &str) -> bool {
    let times = |fragment: &Fragment| mentions(fragment.code(), name);
    for statement in statements {
        match statement {
            Statement::Let {
                fragment, bindings, ..
            } => match times(fragment) {
                0 => {}
                1 if bindings.iter().any(|binding| binding.name == name) => return false,
                _ => return true,
            },
            Statement::Other(fragment) | Statement::Value(fragment) => {
                if times(fragment) > 0 {
                    return true;
                }
            }
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
        last.retain(|earlier| earlier.name != binding.name);
        last.push(binding);
    }
    last
}

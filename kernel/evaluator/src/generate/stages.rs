//! A cell's statements, in stages inside each other; the last one may hold statements that borrows
//! go across.

use std::ops::Range;

use super::{Plan, last_of_each, take};
use crate::decide;
use crate::parse::{Binding, Fragment, Main, Statement};
use crate::source::{Site, Source};

impl Plan<'_> {
    pub(super) fn stages(&self, source: &mut Source) {
        match self.parsed.main {
            Some(main) => self.main(source, main),
            None => {
                let stages = decide::stages(self.parsed, self.attempt.joined_from);
                self.nested(source, &stages);
            }
        }
    }

    /// A pasted program.
    fn main(&self, source: &mut Source, main: Main) {
        source.ours(match main {
            Main::Plain => "__gradbook.stage(|| { main(); Ok(()) });\n",
            Main::Returns => {
                "__gradbook.stage(|| { ::gradbook_runtime::Ended::ended(main())?; Ok(()) });\n"
            }
        });
    }

    fn nested(&self, source: &mut Source, stages: &[Range<usize>]) {
        let Some((stage, later)) = stages.split_first() else {
            return;
        };
        let statements = &self.parsed.statements[stage.clone()];
        if self
            .attempt
            .joined_from
            .is_some_and(|from| stage.start >= from)
        {
            self.joined(source, statements);
            return;
        }
        let not_returned = &self.attempt.not_returned;
        let returned: Vec<&Binding> = bindings(statements)
            .into_iter()
            .filter(|binding| !not_returned.contains(&binding.name))
            .collect();
        source.ours("if let Some((");
        for binding in &returned {
            source.ours(if binding.mutable { "mut " } else { "" });
            source.theirs(&binding.place);
            source.ours(",");
        }
        source.ours(")) = ");
        self.open_stage(source);
        statements
            .iter()
            .for_each(|one| self.statement(source, one));
        self.drop_first(source, &bindings(statements));
        for binding in returned.iter().filter(|binding| self.is_put(binding)) {
            let line = format!("::gradbook_runtime::lasting(&{});\n", binding.name);
            source.site(Site::Lasting(binding.name.clone()), &line);
        }
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
        self.nested(source, later);
        returned
            .iter()
            .rev()
            .for_each(|binding| self.put_new(source, binding));
        source.ours("}\n");
    }

    /// The last stage, which puts its variables into the store itself.
    fn joined(&self, source: &mut Source, statements: &[Statement]) {
        self.open_stage(source);
        let taken = self.taken();
        let inside = |name: &String| self.attempt.inside.contains(name);
        for (name, variable) in taken.iter().filter(|(name, _)| inside(name)) {
            take(source, name, variable);
        }
        statements
            .iter()
            .for_each(|one| self.statement(source, one));
        let made = bindings(statements);
        self.drop_first(source, &made);
        made.iter()
            .for_each(|binding| self.ask_type(source, binding));
        made.iter()
            .rev()
            .for_each(|binding| self.put_new(source, binding));
        for (name, _) in taken.into_iter().filter(|(name, _)| inside(name)) {
            self.put_back(source, name);
        }
        source.ours("Ok(())");
        self.close_stage(source);
        source.ours(";\n");
    }

    /// Guards and the like go before what they hold on to is kept.
    fn drop_first(&self, source: &mut Source, made: &[&Binding]) {
        for binding in made.iter().rev() {
            if self.attempt.dropped_first.contains(&binding.name) {
                let line = format!("::core::mem::drop({});\n", binding.name);
                source.site(Site::Drop(binding.name.clone()), &line);
            }
        }
    }

    fn open_stage(&self, source: &mut Source) {
        source.ours("__gradbook.stage(|| ");
        source.ours(match self.parsed.awaits {
            true => "::gradbook_runtime::block_on(async {\n",
            false => "{\n",
        });
    }

    fn close_stage(&self, source: &mut Source) {
        source.ours(if self.parsed.awaits { "\n}))" } else { "\n})" });
    }

    fn statement(&self, source: &mut Source, statement: &Statement) {
        match statement {
            Statement::Let { fragment, .. } | Statement::Other(fragment, _) => {
                self.theirs(source, fragment);
            }
            Statement::Value(fragment, _) if self.attempt.no_value => self.theirs(source, fragment),
            Statement::Value(fragment, _) => {
                source.ours("match &(");
                self.theirs(source, fragment);
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

    /// A piece of the cell, with its number literals as this attempt has them.
    pub(super) fn theirs(&self, source: &mut Source, fragment: &Fragment) {
        match self.attempt.typed_literals {
            true => {
                let typed = self.parsed.literals.iter().filter(|edit| {
                    fragment.range.start <= edit.range.start && edit.range.end <= fragment.range.end
                });
                source.theirs(&fragment.edited(typed.cloned()));
            }
            false => source.theirs(fragment),
        }
    }

    /// rustc answers with the type in a warning; the statement itself does nothing.
    fn ask_type(&self, source: &mut Source, binding: &Binding) {
        if self.is_put(binding) {
            let line = format!("::core::mem::forget(&{});\n", binding.name);
            source.site(Site::TypeOf(binding.name.clone()), &line);
        }
    }

    fn put_new(&self, source: &mut Source, binding: &Binding) {
        if self.is_put(binding) {
            let name = &binding.name;
            let line = match self.attempt.pointers.get(name) {
                Some(pointer) => format!("__gradbook.put(\"{name}\", {name} as {pointer});\n"),
                None => format!("__gradbook.put(\"{name}\", {name});\n"),
            };
            source.site(Site::Put(name.clone()), &line);
        }
    }

    fn is_put(&self, binding: &Binding) -> bool {
        !binding.closure && !self.attempt.not_put.contains(&binding.name)
    }
}

fn bindings(statements: &[Statement]) -> Vec<&Binding> {
    last_of_each(statements.iter().flat_map(Statement::bindings))
}

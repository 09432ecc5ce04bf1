//! What a notebook means: the newest definition of each name is in force, and a variable is there as
//! long as what its type is made of means what it meant when the variable was made.

use std::collections::{BTreeMap, BTreeSet};

use crate::cell::{Behind, Cell, Code, Item, Let, Part};
use crate::definitions::Definitions;
use crate::program::Program;

/// What the model says before a cell runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// It runs; with this number of a shown value in the program.
    Runs(Option<usize>),
    /// It must be refused, for this reason.
    Refused(String),
    /// It must be refused if rustc refuses it, as it should for this reason.
    Uncompiled(String),
    /// It may be refused for this reason; otherwise as [`Expected::Runs`].
    Either(String, Option<usize>),
}

#[derive(Debug, Clone)]
struct Variable {
    /// Its name in the program.
    local: String,
    made: Let,
    /// What its type meant, by the items that it is made of.
    meaning: String,
    /// All that was in force, with its meaning: behind `dyn Any` nobody sees which of it matters.
    around: BTreeMap<String, String>,
    /// Its type meant something else in between.
    was_set_aside: bool,
    /// A cell that makes it again says what it must be, as its own code is of an older cell.
    outdated_code: bool,
    moved: bool,
}

#[derive(Default)]
pub struct Model {
    in_force: Definitions,
    variables: BTreeMap<String, Variable>,
    /// Statics whose meaning changed and came back, with that: what they hold is not known.
    uncertain: BTreeSet<(String, String)>,
    /// Every meaning that a static had since it was defined.
    held: BTreeMap<String, Vec<String>>,
    pub program: Program,
    cells: usize,
}

impl Model {
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.in_force.working(key)
    }

    /// All items that the types of variables depend on.
    pub fn beneath(&self) -> BTreeSet<String> {
        let made_of = |variable: &Variable| variable.made.made_of.clone();
        self.in_force
            .beneath(self.variables.values().flat_map(made_of).collect())
    }

    pub fn variables(&self) -> impl Iterator<Item = (&String, &Let)> {
        let there = |variable: &Variable| !variable.moved && self.is_as_made(variable);
        let there = move |(_, variable): &(&String, &Variable)| there(variable);
        let all = self.variables.iter().filter(there);
        all.map(|(name, variable)| (name, &variable.made))
    }

    /// Variables whose type means, or meant, something else.
    pub fn touched(&self) -> Vec<String> {
        let touched = |variable: &Variable| variable.was_set_aside || !self.is_as_made(variable);
        let all = self.variables.iter();
        all.filter(|(_, variable)| touched(variable))
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub fn any_variable(&self) -> impl Iterator<Item = (&String, &Let)> {
        self.variables
            .iter()
            .map(|(name, variable)| (name, &variable.made))
    }

    fn meaning_of(&self, made: &Let) -> String {
        let parts: Vec<String> = made
            .made_of
            .iter()
            .map(|key| self.in_force.meaning(key))
            .collect();
        parts.join(" ")
    }

    fn is_as_made(&self, variable: &Variable) -> bool {
        self.meaning_of(&variable.made) == variable.meaning
    }

    fn may_be_outdated(&self, variable: &Variable) -> bool {
        let mut around = variable.around.iter();
        variable.made.behind == Behind::Any
            && around.any(|(key, meaning)| self.in_force.meaning(key) != *meaning)
    }

    fn variables_exist(&self, code: &Code, new: &BTreeSet<String>) -> Result<(), String> {
        for name in code.uses() {
            let Some(name) = name.strip_prefix('$').filter(|name| !new.contains(*name)) else {
                continue;
            };
            match self.variables.get(name) {
                None => return Err(format!("there is no variable `{name}`")),
                Some(one) if one.moved => return Err(format!("`{name}` was moved")),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn code_compiles(&self, code: &Code) -> Result<(), String> {
        for name in code.uses().iter().filter(|name| !name.starts_with('$')) {
            if self.in_force.working(name).is_none() {
                return Err(format!("there is no `{name}` that compiles"));
            }
        }
        match code.needs.iter().find(|need| !self.in_force.offered(need)) {
            Some((key, offer)) => Err(format!("`{key}` has no `{offer}`")),
            None => Ok(()),
        }
    }

    /// What a cell must do, and a copy of the model after it.
    pub fn run(&self, cell: &Cell) -> (Expected, Self) {
        self.run_checked(cell, true)
    }

    /// The program that rustc must refuse if a cell does not compile.
    pub fn forced(&self, cell: &Cell) -> Program {
        self.run_checked(cell, false).1.program
    }

    fn run_checked(&self, cell: &Cell, checked: bool) -> (Expected, Self) {
        let mut next = self.copy();
        next.cells += 1;
        let mut new = BTreeSet::new();
        let mut maybe = None;
        let mut shown = None;
        for part in &cell.parts {
            if let Part::Item(item) = part {
                next.held.remove(&item.key);
                next.in_force.define(item);
            }
        }
        for part in &cell.parts {
            if let Part::Item(item) = part
                && checked
                && !next.in_force.compiles(item)
            {
                let reason = format!("`{}` does not compile", item.key);
                return (Expected::Uncompiled(reason), self.copy());
            }
        }
        next.note_changes();
        for part in &cell.parts {
            let (Part::Let(Let { code, .. }) | Part::Do(code) | Part::Show { code, .. }) = part
            else {
                continue;
            };
            if let Err(reason) = next.variables_exist(code, &new) {
                return (Expected::Refused(reason), self.copy());
            }
            if let (true, Err(reason)) = (checked, next.code_compiles(code)) {
                return (Expected::Uncompiled(reason), self.copy());
            }
            match next.variables_of(code, &new) {
                Usable::Yes => {}
                Usable::Maybe(reason) => maybe = Some(reason),
                Usable::No(reason) => return (Expected::Refused(reason), self.copy()),
            }
            match part {
                Part::Let(made) => {
                    next.make(made);
                    new.insert(made.name.clone());
                }
                Part::Do(code) => {
                    let statement = next.rendered(code.for_model());
                    next.program.statement(&statement);
                }
                _ => shown = next.show(code, &new),
            }
        }
        let expected = match maybe {
            Some(reason) => Expected::Either(reason, shown),
            None => Expected::Runs(shown),
        };
        (expected, next)
    }

    fn copy(&self) -> Self {
        Self {
            in_force: self.in_force.clone(),
            variables: self.variables.clone(),
            uncertain: self.uncertain.clone(),
            held: self.held.clone(),
            program: self.program.clone(),
            cells: self.cells,
        }
    }

    fn note_changes(&mut self) {
        let changed: Vec<(String, bool)> = self
            .variables
            .iter()
            .filter(|(_, variable)| !self.is_as_made(variable) || self.may_be_outdated(variable))
            .map(|(name, variable)| (name.clone(), variable.made.behind == Behind::Trait))
            .collect();
        for (name, carries_code) in changed {
            let variable = self.variables.get_mut(&name).expect("it is there");
            variable.was_set_aside = true;
            variable.outdated_code |= carries_code;
        }
        let statics = self.in_force.all().filter(|item| item.is_static);
        let now: Vec<(String, String)> = statics
            .map(|item| (item.key.clone(), self.in_force.meaning(&item.key)))
            .collect();
        for (key, meaning) in now {
            let held = self.held.entry(key.clone()).or_default();
            if held.last() == Some(&meaning) {
                continue;
            }
            let again = held.contains(&meaning);
            held.push(meaning.clone());
            if again {
                self.uncertain.insert((key, meaning));
            }
        }
    }

    fn variables_of(&self, code: &Code, new: &BTreeSet<String>) -> Usable {
        let mut usable = Usable::Yes;
        for name in code.uses() {
            if self.held.get(&name).is_some_and(|held| held.len() > 1) {
                usable = Usable::Maybe(format!("`{name}` meant something else"));
            }
            let Some(name) = name.strip_prefix('$').filter(|name| !new.contains(*name)) else {
                continue;
            };
            let variable = &self.variables[name];
            if !self.is_as_made(variable) && variable.made.behind == Behind::Nothing {
                return Usable::No(format!("the type of `{name}` means something else now"));
            }
            if variable.was_set_aside {
                usable = Usable::Maybe(format!("the type of `{name}` meant something else"));
            }
        }
        usable
    }

    fn make(&mut self, made: &Let) {
        let value = self.rendered(made.code.for_model());
        let typed = match made.type_text.is_empty() {
            true => String::new(),
            false => format!(": {}", self.rendered(&made.type_text)),
        };
        let local = format!("{}_v{}", made.name, self.cells);
        self.program
            .statement(&format!("let mut {local}{typed} = {value};"));
        if let Some(moved) = &made.moves
            && let Some(variable) = self.variables.get_mut(moved)
        {
            variable.moved = true;
        }
        let around = self.in_force.all().map(|item| &item.key);
        let variable = Variable {
            local,
            around: around
                .map(|key| (key.clone(), self.in_force.meaning(key)))
                .collect(),
            meaning: self.meaning_of(made),
            made: made.clone(),
            was_set_aside: false,
            outdated_code: false,
            moved: false,
        };
        self.variables.insert(made.name.clone(), variable);
    }

    /// The number under which the program shows it; none where the value is not known.
    fn show(&mut self, code: &Code, new: &BTreeSet<String>) -> Option<usize> {
        let used = code.uses();
        if used.iter().any(|name| self.is_uncertain(name)) {
            return None;
        }
        let mut again = String::new();
        for name in &used {
            let Some(name) = name.strip_prefix('$').filter(|name| !new.contains(*name)) else {
                continue;
            };
            let variable = self.variables[name].clone();
            if variable.outdated_code {
                if self.code_compiles(&variable.made.code).is_err() {
                    return None;
                }
                let value = self.rendered(variable.made.code.for_model());
                let typed = self.rendered(&variable.made.type_text);
                again.push_str(&format!("let mut {}: {typed} = {value}; ", variable.local));
            }
        }
        let value = self.rendered(code.for_model());
        Some(self.program.shown(&again, &value))
    }

    fn is_uncertain(&self, key: &str) -> bool {
        let Some(item) = self.in_force.get(key) else {
            return false;
        };
        self.uncertain
            .contains(&(key.to_owned(), self.in_force.meaning(key)))
            || item.uses().iter().any(|name| self.is_uncertain(name))
    }

    /// A template with the names of the program; the items it uses become part of the program.
    fn rendered(&mut self, template: &str) -> String {
        for name in crate::cell::names(template) {
            if !name.starts_with('$') {
                self.program_item(&name);
            }
        }
        crate::cell::render(template, &|name| self.program_name(name))
    }

    fn program_name(&self, name: &str) -> String {
        if let Some(variable) = name.strip_prefix('$') {
            return self.variables[variable].local.clone();
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        format!("{last}_{}", self.in_force.meaning(name))
    }

    fn program_item(&mut self, key: &str) {
        let meaning = self.in_force.meaning(key);
        let Some(item) = self.in_force.get(key).cloned() else {
            return;
        };
        if let Some(of_trait) = &item.of_trait {
            // A trait's implementations are written where the trait is.
            return self.program_item(of_trait);
        }
        if !self.program.begin_item(&item.key, &meaning) {
            return;
        }
        for name in item.uses() {
            self.program_item(&name);
        }
        let mut text = self.program_text(&item);
        for implementation in self
            .in_force
            .implementations(key)
            .into_iter()
            .cloned()
            .collect::<Vec<_>>()
        {
            for name in implementation.uses() {
                self.program_item(&name);
            }
            text.push('\n');
            text.push_str(&self.program_text(&implementation));
        }
        self.program.item(&text);
    }

    fn program_text(&self, item: &Item) -> String {
        let text = item.model.as_ref().unwrap_or(&item.text);
        crate::cell::render(text, &|name| self.program_name(name))
    }
}

enum Usable {
    Yes,
    Maybe(String),
    No(String),
}

//! The crates that a notebook asks for with `:dep`: built, linked to by its cells, and loaded by its child.

use std::collections::BTreeSet;
use std::sync::Arc;

use gradbook_protocol::evaluator::{CellError, Frontend, Output, StreamName};

use super::{RustEvaluator, plain};
use crate::commands::Command;
use crate::dependencies::{Builder, Dependencies, DependencyError, Linked, Progress, cache_folder};
use crate::library::Library;
use crate::parse::{Item, Name, words};
use crate::session::{Crates, Gone, Outdated, Session};

impl RustEvaluator {
    /// Makes all crates of a cell's `:dep` lines usable, or none.
    pub(super) fn add_crates(
        &mut self,
        commands: &[Command],
        cell: &str,
        frontend: &mut dyn Frontend,
    ) -> Result<(), CellError> {
        let lines = commands.iter().filter_map(|command| match command {
            Command::Dependency(line) => Some(line.as_str()),
            _ => None,
        });
        let lines: Vec<&str> = lines.collect();
        if lines.is_empty() {
            return Ok(());
        }
        let builder = Builder {
            library: &self.rustc.library,
            root: cache_folder().join("crates"),
            abort: &self.abort,
        };
        let id = format!("gradbook-dep-{}-{}", std::process::id(), self.cells_run);
        let mut progress = Progress::new(frontend, id);
        let added = self.dependencies.with(&lines, &builder, &mut progress);
        progress.end(added.is_ok());
        let added = added.map_err(|error| unusable(&error))?;
        for text in added.remarks {
            let name = StreamName::Stderr;
            frontend.publish(Output::Stream { name, text });
        }
        self.use_crates(added.dependencies, cell, frontend)
    }

    fn use_crates(
        &mut self,
        dependencies: Dependencies,
        cell: &str,
        frontend: &mut dyn Frontend,
    ) -> Result<(), CellError> {
        let linked = dependencies.linked.clone();
        let changed = linked.changed_since(&self.rustc.linked);
        let outdated = outdated(&self.session, &changed, cell);
        self.session.dependencies = dependencies.lines();
        self.session.crates = Crates {
            preamble: linked.preamble(),
            entering: linked.entering(),
            hidden: hidden(&self.rustc.library, &linked),
        };
        self.runner.needs = linked.dylib.iter().map(|(_, file)| file.clone()).collect();
        self.rustc.linked = linked;
        self.dependencies = dependencies;
        self.drop_outdated(outdated, cell, frontend)
    }

    /// The notebook's crates, one a line.
    pub(super) fn crates(&self) -> String {
        let versions = &self.rustc.linked.versions;
        if versions.is_empty() {
            return "no crates of this notebook's own; `:dep itertools` adds one\n".to_owned();
        }
        let lines = versions
            .iter()
            .map(|(name, version)| format!("{name} {version}\n"));
        lines.collect()
    }
}

fn unusable(error: &DependencyError) -> CellError {
    let ename = match error {
        DependencyError::Interrupted { .. } => "Interrupted",
        _ => "DependencyError",
    };
    plain(ename, error.to_string())
}

/// The crates that a learner has not asked for and cannot name.
pub(super) fn hidden(library: &Library, linked: &Linked) -> Arc<BTreeSet<String>> {
    let held = library.held.iter().map(|held| held.name.clone());
    let nameable =
        |name: &String| library.externs.contains_key(name) || linked.externs.contains_key(name);
    Arc::new(held.filter(|name| !nameable(name)).collect())
}

/// The variables and statics whose types may come from crates that are other ones now: a value of the old one is
/// not one of the new one, though both are written alike. A learner's own type may have one inside.
fn outdated(session: &Session, changed: &BTreeSet<String>, cell: &str) -> Outdated {
    let Some(any) = changed.first() else {
        return Outdated::default();
    };
    let defined = |item: &Item| matches!(item.names[..], [Name::Type(_), ..]);
    let own = session.items.iter().filter(|item| defined(item));
    let own: BTreeSet<&str> = own.map(Item::display_name).collect();
    let mut outdated = Outdated::default();
    for (name, variable) in &session.variables {
        let used = words(&variable.type_text);
        let hit = used.iter().find(|word| changed.contains(*word)).cloned();
        let may = |word: &String| own.contains(&**word) || word == "Any" || word == "dyn";
        if let Some(type_name) = hit.or(used.iter().any(may).then(|| any.clone())) {
            let cell = cell.to_owned();
            let gone = Gone::Redefined { type_name, cell };
            outdated.variables.insert(name.clone(), gone);
        }
    }
    for item in &session.items {
        for one in &item.statics {
            let key = (item.fragment.text.id, one.range.start);
            if session.statics.contains_key(&key) {
                outdated.statics.push((key, one.name.clone(), any.clone()));
            }
        }
    }
    outdated
}

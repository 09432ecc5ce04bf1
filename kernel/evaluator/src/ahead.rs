//! A notebook's cells compiled before anyone runs them: what rustc made of them waits in the cache.
//! Knows nothing of notebooks' files, and runs nothing.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use gradbook_control::Finished;

use crate::abort::Abort;
use crate::commands::{self, Command};
use crate::compile::{Compiled, Compiler};
use crate::library::Library;
use crate::parse::{Parsed, Text, parse_after};
use crate::rustc::{Rustc, cells_folder};
use crate::scratch;
use crate::session::Session;

/// Compiles cells in their order, each as if those before it had run to their ends; returns how many
/// compiled. A cell that does not compile leaves nothing, as when it is run.
///
/// # Errors
/// When no folder for generated sources can be made.
pub fn compile(library: Arc<Library>, cells: &[String]) -> io::Result<usize> {
    let folder = scratch::folder()?;
    let rustc = Rustc::new(library, folder.path().to_owned());
    let mut session = Session::default();
    let mut compiled = 0;
    for (id, cell) in (1..).zip(cells) {
        let (commands, code) = commands::split(cell);
        if commands
            .iter()
            .any(|command| matches!(command, Command::Dependency(_)))
        {
            // Crates of its own are built when it is run: nothing after it can be known.
            break;
        }
        let text = Arc::new(Text {
            id,
            name: format!("cell [{id}]"),
            code,
        });
        compiled += usize::from(one(&rustc, &mut session, &text, &Abort::default()));
    }
    rustc.cache.trim();
    Ok(compiled)
}

/// A file beside compiled cells: whoever removes these removes it too.
pub fn mark() -> PathBuf {
    cells_folder().join("lessons")
}

/// Compiles one cell and takes what it would leave into `session`; false where it does not compile.
pub(crate) fn one(rustc: &Rustc, session: &mut Session, text: &Arc<Text>, abort: &Abort) -> bool {
    let Ok(parsed) = parse_after(text, &session.item_macros()) else {
        return false;
    };
    let changed = session.outdated_by(&parsed, &text.name);
    session.forget_statics(&changed);
    let outdated: BTreeSet<String> = changed.variables.into_keys().collect();
    let compiler = Compiler {
        rustc,
        session,
        parsed: &parsed,
        text,
        outdated: &outdated,
        abort,
    };
    let Ok(compiled) = compiler.compile() else {
        return false;
    };
    session.expect(text, &parsed, &outdated, &compiled);
    true
}

impl Session {
    /// Takes over what a cell leaves if it runs to its end.
    pub(crate) fn expect(
        &mut self,
        text: &Text,
        parsed: &Parsed,
        outdated: &BTreeSet<String>,
        compiled: &Compiled,
    ) {
        self.variables.retain(|name, _| !outdated.contains(name));
        self.keep_items(parsed, &text.name, &compiled.changes);
        self.remember(text, compiled, &finished(compiled));
    }
}

/// What a run says that went well.
fn finished(compiled: &Compiled) -> Finished {
    Finished {
        stored: compiled.variables.keys().cloned().collect(),
        returned: compiled.put_back.clone(),
        ..Finished::default()
    }
}

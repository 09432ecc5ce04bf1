//! The program that rustc compiles: all versions of all items, and the statements of all cells in order.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Between two items.
const SEPARATOR: &str = "\n\n";

#[derive(Debug, Clone, Default)]
pub struct Program {
    begun: BTreeSet<(String, String)>,
    items: String,
    statements: String,
    shown: usize,
}

impl Program {
    /// Whether this version of an item is not part of the program yet.
    pub fn begin_item(&mut self, key: &str, meaning: &str) -> bool {
        self.begun.insert((key.to_owned(), meaning.to_owned()))
    }

    pub fn item(&mut self, text: &str) {
        // An implementation of a trait is only written beside it.
        if !text.is_empty() {
            self.items.push_str(text);
            self.items.push_str(SEPARATOR);
        }
    }

    pub fn statement(&mut self, text: &str) {
        self.statements.push_str(text);
        self.statements.push('\n');
    }

    /// Prints a value under a number.
    pub fn shown(&mut self, before: &str, value: &str) -> usize {
        let number = self.shown;
        self.shown += 1;
        self.statement(&format!(
            "{{ {before} println!(\"\\n@ {{}} {number} {{:?}}\", session, {value}); }}"
        ));
        number
    }

    fn module(&self, number: usize) -> String {
        // The macros first: they are in force below their definition only.
        let (macros, items): (Vec<&str>, Vec<&str>) = self
            .items
            .split(SEPARATOR)
            .partition(|item| item.contains("macro_rules!"));
        format!(
            "mod s{number} {{\n{}\n{}\n\
             pub fn run(session: usize) {{\n{}}}\n}}\n",
            macros.join("\n"),
            items.join("\n"),
            self.statements,
        )
    }
}

/// What each of the programs shows, by number. A program that rustc refuses is a fault of the model.
pub fn outputs(
    rustc: &Path,
    folder: &Path,
    programs: &[(usize, &Program)],
) -> Result<BTreeMap<(usize, usize), String>, String> {
    let mut source = "#![allow(warnings)]\n".to_owned();
    let mut main = String::new();
    for (number, program) in programs {
        source.push_str(&program.module(*number));
        main.push_str(&format!("s{number}::run({number});\n"));
    }
    source.push_str(&format!("fn main() {{\n{main}}}\n"));
    let (file, built) = (folder.join("model.rs"), folder.join("model"));
    std::fs::write(&file, source).expect("the source can be written");
    let compiled = Command::new(rustc)
        .args(["--edition=2024", "-Cdebuginfo=0", "--cap-lints=allow", "-o"])
        .arg(&built)
        .arg(&file)
        .output()
        .expect("rustc starts");
    if !compiled.status.success() {
        return Err(String::from_utf8_lossy(&compiled.stderr).into_owned());
    }
    let ran = Command::new(&built).output().expect("the program starts");
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    Ok(text.lines().filter_map(shown).collect())
}

fn shown(line: &str) -> Option<((usize, usize), String)> {
    let mut words = line.strip_prefix("@ ")?.splitn(3, ' ');
    let session = words.next()?.parse().ok()?;
    let number = words.next()?.parse().ok()?;
    Some(((session, number), without_versions(words.next()?)))
}

/// `P_0a1b2c3d { x: 1 }` is `P { x: 1 }` in a notebook.
fn without_versions(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('_') {
        let version = rest.get(at + 1..at + 9);
        let is_version = version.is_some_and(|v| v.bytes().all(|b| b.is_ascii_hexdigit()));
        let end = if is_version { at } else { at + 1 };
        kept.push_str(&rest[..end]);
        rest = &rest[if is_version { at + 9 } else { at + 1 }..];
    }
    kept + rest
}

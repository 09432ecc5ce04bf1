//! A cell that the quick linker cannot link, or that does not load, is linked once more in the usual way.
//!
//! The quick one looks at no library, so it cannot find what is in an archive behind one: C code that the
//! library's crates were built with and the dylib hides. What comes of the second try is kept in the cell's place.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Report, Rustc, Want, file_name};
use crate::abort::Abort;
use crate::cache::Entry;
use crate::source::Source;

/// What the linker says of a function that another library has, and that rustc took for one of the cell's own: it
/// does so if a `#[track_caller]` function becomes a value.
const HIDDEN: &str = "undefined hidden symbol: ";

/// Whether it was only the linker that failed.
pub(super) fn failed(messages: &str) -> bool {
    messages.contains("\"message\":\"linking with ")
}

impl Rustc {
    /// Links a cell that did not load in the usual way; what comes of it is what later runs load at once.
    ///
    /// # Errors
    /// As for [`Rustc::run`].
    pub fn relink(&self, source: &Source, abort: &Abort) -> io::Result<Report> {
        let (_, key) = self.call(source, Want::Library);
        let (entry, library) = self.link_again(source, "", abort)?;
        let mut report = Report::of(&entry, library);
        if let (Some(key), true) = (key, report.success) {
            match self.cache.replace(&key, &entry, report.library.as_deref()) {
                Ok(kept) => report.library = kept,
                Err(error) => tracing::warn!("a cell that was linked again is not kept: {error}"),
            }
        }
        Ok(report)
    }

    /// Compiles with rustc's own linker, and with what the quick one misses.
    pub(super) fn link_again(
        &self,
        source: &Source,
        messages: &str,
        abort: &Abort,
    ) -> io::Result<(Entry, Option<std::path::PathBuf>)> {
        let file = file_name(source.text());
        if failed(messages) && !messages.contains("undefined") {
            tracing::warn!("the quick linker does not work: {messages}");
        }
        let (mut command, _) = self.call(source, Want::Library);
        for archive in &self.library.native {
            command.arg(format!("-Clink-arg={}", archive.display()));
        }
        let hidden = hidden(messages);
        if !hidden.is_empty() {
            let object = self.folder.join(&file).with_extension("jumps.o");
            jumps(&hidden, &object, abort)?;
            command.arg(format!("-Clink-arg={}", object.display()));
        }
        self.compile(command, &file, source.text(), Want::Library, abort)
    }
}

/// The functions that the linker has not found for being hidden.
fn hidden(messages: &str) -> Vec<&str> {
    let mut names: Vec<&str> = messages
        .split(HIDDEN)
        .skip(1)
        .filter_map(|rest| rest.split(|one: char| !is_of_a_symbol(one)).next())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn is_of_a_symbol(one: char) -> bool {
    one.is_ascii_alphanumeric() || matches!(one, '_' | '$' | '.')
}

/// An object with a function of each of these names that jumps to the one that is loaded.
fn jumps(names: &[&str], object: &Path, abort: &Abort) -> io::Result<()> {
    let source = object.with_extension("c");
    std::fs::write(&source, code(names))?;
    let mut compiler = Command::new("cc");
    compiler
        .args(["-c", "-O1", "-fPIC"])
        .arg(&source)
        .arg("-o")
        .arg(object);
    compiler
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let compiled = abort.run(&mut compiler)?;
    match compiled.status.success() {
        true => Ok(()),
        false => Err(io::Error::other(
            String::from_utf8_lossy(&compiled.stderr).into_owned(),
        )),
    }
}

/// The addresses are looked up while the cell is loaded, before any of it runs.
fn code(names: &[&str]) -> String {
    let jump = match cfg!(target_arch = "aarch64") {
        true => "adrp x16, SLOT\\n ldr x16, [x16, :lo12:SLOT]\\n br x16",
        false => "jmp *SLOT(%rip)",
    };
    let mut code = "extern void *dlsym(void *, const char *);\n".to_owned();
    let mut look_up = String::new();
    for (at, name) in names.iter().enumerate() {
        let slot = format!("gradbook_jump_{at}");
        let jump = jump.replace("SLOT", &slot);
        code.push_str(&format!(
            "__attribute__((visibility(\"hidden\"))) void *{slot};\n\
             __asm__(\".text\\n.globl {name}\\n.hidden {name}\\n.type {name}, %function\\n{name}:\\n {jump}\\n\");\n"
        ));
        look_up.push_str(&format!("    {slot} = dlsym(0, \"{name}\");\n"));
    }
    code + "__attribute__((constructor)) static void look_up(void) {\n" + &look_up + "}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_hidden_from_the_linker_are_read_from_its_messages() {
        let said = "rust-lld: error: undefined hidden symbol: _ZN1a1b17h5eE\\n>>> referenced by a.rs\\n\
                    rust-lld: error: undefined hidden symbol: _RNvCs_1c.llvm.1\\n\
                    rust-lld: error: undefined hidden symbol: _ZN1a1b17h5eE\\n";
        assert_eq!(hidden(said), ["_RNvCs_1c.llvm.1", "_ZN1a1b17h5eE"]);
        assert!(hidden("undefined symbol: puts").is_empty());
    }

    #[test]
    fn a_failure_to_link_is_told_from_others() {
        assert!(failed(
            r#"{"message":"linking with `cc` failed: exit status: 1"}"#
        ));
        assert!(!failed(r#"{"message":"mismatched types"}"#));
    }
}

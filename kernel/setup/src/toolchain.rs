//! The compilers that must be on the machine already: rustc with its source, and a C++ compiler.
//! Knows nothing of what is built with them.

use std::path::PathBuf;

use crate::home::Home;
use crate::tools::Tools;
use crate::trouble::{Trouble, no_compiler};

/// Mends a missing standard library source.
const ADD_RUST_SRC: &str = "rustup component add rust-src";

/// The C++ compiler that builds tch's C++ half, if there is one.
#[must_use]
pub fn cxx(tools: &Tools) -> Option<PathBuf> {
    let named = tools.var("CXX").and_then(|name| name.into_string().ok());
    named
        .iter()
        .map(String::as_str)
        .chain(["c++", "g++", "clang++"])
        .find_map(|name| tools.find(name))
}

/// Both compilers that set-up and every cell need: C++ for tch, `cc` to link.
///
/// # Errors
/// One is missing.
pub fn check(tools: &Tools) -> Result<(), Trouble> {
    match (cxx(tools), tools.find("cc")) {
        (Some(_), Some(_)) => Ok(()),
        _ => Err(no_compiler(tools)),
    }
}

/// `rustc -vV` of the clone's toolchain.
#[must_use]
pub fn rustc_version(home: &Home, tools: &Tools) -> Option<String> {
    rustc(home, tools, &["-vV"])
}

/// Whether the source of the standard library is there, which completion reads.
#[must_use]
pub fn has_rust_src(home: &Home, tools: &Tools) -> bool {
    rustc(home, tools, &["--print", "sysroot"]).is_some_and(|sysroot| {
        PathBuf::from(sysroot)
            .join("lib/rustlib/src/rust/library")
            .is_dir()
    })
}

/// Adds the source of the standard library where it is missing and rustup is there.
///
/// # Errors
/// It is still missing.
pub fn ensure_rust_src(home: &Home, tools: &Tools) -> Result<(), Trouble> {
    if has_rust_src(home, tools) {
        return Ok(());
    }
    let mut rustup = tools.command("rustup");
    rustup.args(["component", "add", "rust-src"]);
    let added = rustup.current_dir(&home.root).output();
    if added.is_ok_and(|output| output.status.success()) && has_rust_src(home, tools) {
        return Ok(());
    }
    Err(no_rust_src())
}

/// Completion has no source of the standard library to read.
#[must_use]
pub fn no_rust_src() -> Trouble {
    Trouble::new(
        "The source of Rust's standard library (rust-src), which completion reads, is missing",
        format!("add it with `{ADD_RUST_SRC}`"),
    )
}

/// rustc as the clone's rust-toolchain.toml chooses it.
fn rustc(home: &Home, tools: &Tools, args: &[&str]) -> Option<String> {
    let mut rustc = tools.command("rustc");
    let output = rustc.args(args).current_dir(&home.root).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    #[test]
    fn a_machine_without_a_compiler_is_told_what_to_install() {
        let bin = FakeBin::new();
        bin.script("apt-get", "exit 0");
        let told = check(&bin.tools()).unwrap_err().to_string();
        assert!(told.starts_with("There is no C++ compiler (g++)"), "{told}");
        bin.script("cc", "exit 0");
        assert!(check(&bin.tools()).is_err(), "a linker alone is not enough");
        bin.script("g++", "exit 0");
        assert_eq!(check(&bin.tools()), Ok(()));
    }

    #[test]
    fn rust_src_is_added_by_rustup_when_it_is_missing() {
        let bin = FakeBin::new();
        let sysroot = bin.path("sysroot");
        let source = sysroot.join("lib/rustlib/src/rust/library");
        bin.script("rustc", &format!("echo {}", sysroot.display()));
        assert!(!has_rust_src(&bin.home(), &bin.tools()));
        let told = ensure_rust_src(&bin.home(), &bin.tools()).unwrap_err();
        assert!(told.mend.contains(ADD_RUST_SRC), "{told}");
        bin.script(
            "rustup",
            &format!(
                "/bin/mkdir -p {}; echo $* >> {}",
                source.display(),
                bin.path("calls").display()
            ),
        );
        assert_eq!(ensure_rust_src(&bin.home(), &bin.tools()), Ok(()));
        assert_eq!(ensure_rust_src(&bin.home(), &bin.tools()), Ok(()));
        assert_eq!(bin.calls("calls"), 1, "only where it is missing");
    }
}

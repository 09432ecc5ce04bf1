//! The prebuilt lessons library: built once, then linked to by every cell.
//! Knows nothing of cells; what else the evaluator wants beside the library, its builder adds.

use std::path::PathBuf;

use crate::home::Home;
use crate::running;
use crate::stamp::{Stamp, fingerprint};
use crate::toolchain;
use crate::tools::Tools;

/// The cargo package that is the library.
pub const PACKAGE: &str = "gradbook-runtime";

/// Builds the library; the evaluator's own way goes in here.
pub trait Builder {
    /// Builds it into [`Home::library`], with [`Home::libtorch`] as libtorch and [`Home::library_target`]
    /// as cargo's target folder, or leaves it as it is where it is already right.
    ///
    /// # Errors
    /// What the learner is told; a [`crate::running::run`] error already says what to do.
    fn build(&self, home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()>;

    /// What must exist once it is built.
    fn outputs(&self, home: &Home) -> Vec<PathBuf>;

    /// Compiles the cells of all lessons with it, so that running them need not.
    ///
    /// # Errors
    /// A notebook cannot be read.
    fn compile_lessons(
        &self,
        _home: &Home,
        _on_line: &(dyn Fn(&str) + Sync),
    ) -> anyhow::Result<()> {
        Ok(())
    }

    /// What is there as long as those compiled cells are; another user's lie elsewhere.
    fn compiled_lessons(&self) -> Option<PathBuf> {
        None
    }
}

/// Plain `cargo build` of the library, and a link to where cargo puts it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cargo;

impl Builder for Cargo {
    fn build(&self, home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
        cargo_build(home, tools, on_line)?;
        std::fs::create_dir_all(home.library())?;
        Ok(())
    }

    fn outputs(&self, home: &Home) -> Vec<PathBuf> {
        vec![home.library()]
    }
}

/// `cargo build` of the library package, its output in `library.log`.
///
/// # Errors
/// It cannot be built.
pub fn cargo_build(home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
    let mut cargo = tools.command(tools.cargo());
    cargo
        .args(["build", "--release", "--package", PACKAGE, "--target-dir"])
        .arg(home.library_target())
        .env("LIBTORCH", home.libtorch())
        .current_dir(&home.root);
    running::run(cargo, &home.log("library"), home, tools, on_line)
}

/// Whether the library is built from the present sources by the present compiler.
#[must_use]
pub fn is_current(home: &Home, tools: &Tools, builder: &dyn Builder) -> bool {
    stamp(home).holds(&inputs(home, tools), &builder.outputs(home))
}

/// Builds the library.
///
/// # Errors
/// It cannot be built.
pub fn make(
    home: &Home,
    tools: &Tools,
    builder: &dyn Builder,
    on_line: &dyn Fn(&str),
) -> anyhow::Result<()> {
    // Taken before the build: a source saved meanwhile must count as new.
    let inputs = inputs(home, tools);
    stamp(home).clear()?;
    builder.build(home, tools, on_line)?;
    stamp(home).write(&inputs)
}

/// What it was made from, as it was written down then; nothing where it is not made.
#[must_use]
pub fn made_from(home: &Home) -> String {
    stamp(home).read().unwrap_or_default()
}

fn stamp(home: &Home) -> Stamp {
    Stamp::of(home, "library")
}

fn inputs(home: &Home, tools: &Tools) -> String {
    let sources = [
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        "kernel/runtime",
        "kernel/cell",
        "kernel/control",
        // What puts it together, and what it is described by.
        "kernel/evaluator/src/library",
        "kernel/src/kernel.rs",
        "lessons",
        // The lessons carry their data in the library.
        "assets/data",
    ]
    .map(|name| home.root.join(name));
    let rustc = toolchain::rustc_version(home, tools).unwrap_or_default();
    format!(
        "sources {}\nlibtorch {}\nfolder {}\n{rustc}\n",
        fingerprint(&sources),
        crate::libtorch::VERSION,
        home.dir.display()
    )
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::fake::FakeBin;

    /// Counts its builds; fails while told to.
    #[derive(Default)]
    struct Counting {
        builds: Cell<usize>,
        fails: Cell<bool>,
    }

    impl Builder for Counting {
        fn build(&self, home: &Home, _: &Tools, _: &dyn Fn(&str)) -> anyhow::Result<()> {
            self.builds.set(self.builds.get() + 1);
            anyhow::ensure!(!self.fails.get(), "interrupted");
            Ok(std::fs::create_dir_all(home.library())?)
        }

        fn outputs(&self, home: &Home) -> Vec<PathBuf> {
            vec![home.library()]
        }
    }

    #[test]
    fn a_changed_lesson_or_compiler_makes_the_library_stale() {
        let bin = FakeBin::new();
        let (home, tools) = (bin.home(), bin.tools());
        bin.script("rustc", "echo rustc 1.95.0");
        std::fs::create_dir_all(home.root.join("lessons/src")).unwrap();
        let builder = Counting::default();
        make(&home, &tools, &builder, &|_| ()).unwrap();
        assert!(is_current(&home, &tools, &builder));
        std::fs::write(home.root.join("lessons/src/lib.rs"), "//! New").unwrap();
        assert!(!is_current(&home, &tools, &builder));
        make(&home, &tools, &builder, &|_| ()).unwrap();
        bin.script("rustc", "echo rustc 1.96.0");
        assert!(!is_current(&home, &tools, &builder));
    }

    #[test]
    fn a_build_broken_off_is_not_taken_for_a_complete_one() {
        let bin = FakeBin::new();
        let (home, tools) = (bin.home(), bin.tools());
        let builder = Counting::default();
        make(&home, &tools, &builder, &|_| ()).unwrap();
        builder.fails.set(true);
        assert!(make(&home, &tools, &builder, &|_| ()).is_err());
        assert!(!is_current(&home, &tools, &builder));
        builder.fails.set(false);
        make(&home, &tools, &builder, &|_| ()).unwrap();
        assert!(is_current(&home, &tools, &builder));
    }

    #[test]
    fn cargo_is_given_libtorch_and_a_target_folder_of_its_own() {
        let bin = FakeBin::new();
        let (home, tools) = (bin.home(), bin.tools());
        bin.script(
            "cargo",
            &format!("echo $LIBTORCH $* > {}", bin.path("call").display()),
        );
        make(&home, &tools, &Cargo, &|_| ()).unwrap();
        let call = std::fs::read_to_string(bin.path("call")).unwrap();
        assert!(
            call.starts_with(home.libtorch().to_str().unwrap()),
            "{call}"
        );
        assert!(call.contains("target/library"), "{call}");
    }
}

//! The cells of all lessons, compiled before anyone runs them: a lesson opens as if it had been run here.
//! Knows nothing of how a cell is compiled; the library's builder does.

use std::fs::File;

use anyhow::Context;

use crate::home::Home;
use crate::library::{self, Builder};
use crate::stamp::{Stamp, fingerprint};

/// Whether the present lessons were compiled with the present library.
#[must_use]
pub fn is_current(home: &Home) -> bool {
    stamp(home).holds(&inputs(home), &[])
}

/// Compiles them; waits for another process that does so already.
///
/// # Errors
/// A notebook cannot be read, or nothing can be written.
pub fn make(
    home: &Home,
    builder: &dyn Builder,
    on_line: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<()> {
    let path = home.dir.join("cells.lock");
    let lock = File::create(&path).with_context(|| format!("cannot open {}", path.display()))?;
    lock.lock()?;
    let inputs = inputs(home);
    if stamp(home).holds(&inputs, &[]) {
        return Ok(());
    }
    builder.compile_lessons(home, on_line)?;
    stamp(home).write(&inputs)
}

fn stamp(home: &Home) -> Stamp {
    Stamp::of(home, "cells")
}

fn inputs(home: &Home) -> String {
    // What a cell becomes is up to the evaluator.
    let sources = ["notebooks", "kernel/evaluator/src"].map(|name| home.root.join(name));
    format!(
        "lessons {}\n{}",
        fingerprint(&sources),
        library::made_from(home)
    )
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::fake::FakeBin;
    use crate::tools::Tools;

    /// Counts how often it is asked for cells.
    #[derive(Default)]
    struct Counting(Cell<usize>);

    impl Builder for Counting {
        fn build(&self, _: &Home, _: &Tools, _: &dyn Fn(&str)) -> anyhow::Result<()> {
            Ok(())
        }
        fn outputs(&self, _: &Home) -> Vec<std::path::PathBuf> {
            Vec::new()
        }
        fn compile_lessons(&self, _: &Home, _: &(dyn Fn(&str) + Sync)) -> anyhow::Result<()> {
            self.0.set(self.0.get() + 1);
            Ok(())
        }
    }

    #[test]
    fn lessons_are_compiled_once_and_again_when_one_changes() {
        let bin = FakeBin::new();
        let home = bin.home();
        std::fs::create_dir_all(home.root.join("notebooks")).unwrap();
        std::fs::create_dir_all(&home.dir).unwrap();
        let counting = Counting::default();
        for _ in 0..2 {
            make(&home, &counting, &|_| ()).unwrap();
        }
        assert_eq!(counting.0.get(), 1);
        std::fs::write(home.root.join("notebooks/01.ipynb"), "{}").unwrap();
        make(&home, &counting, &|_| ()).unwrap();
        assert_eq!(counting.0.get(), 2);
    }
}

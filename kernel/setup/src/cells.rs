//! The cells of all lessons, compiled before anyone runs them: a lesson opens as if it had been run here.
//! Knows nothing of how a cell is compiled; the library's builder does.

use std::fs::File;
use std::path::PathBuf;

use anyhow::Context;

use crate::home::Home;
use crate::library::{self, Builder};
use crate::stamp::{Stamp, fingerprint};

/// Whether the present lessons were compiled with the present library.
#[must_use]
pub fn is_current(home: &Home, builder: &dyn Builder) -> bool {
    stamp(home).holds(&inputs(home, builder), &outputs(builder))
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
    if is_current(home, builder) {
        return Ok(());
    }
    let inputs = inputs(home, builder);
    builder.compile_lessons(home, on_line)?;
    if let Some(mark) = builder.compiled_lessons() {
        std::fs::write(&mark, "").with_context(|| format!("cannot write {}", mark.display()))?;
    }
    stamp(home).write(&inputs)
}

fn stamp(home: &Home) -> Stamp {
    Stamp::of(home, "cells")
}

fn inputs(home: &Home, builder: &dyn Builder) -> String {
    // What a cell becomes is up to the evaluator.
    let sources = ["notebooks", "kernel/evaluator/src"].map(|name| home.root.join(name));
    format!(
        "lessons {}\nin {:?}\n{}",
        fingerprint(&sources),
        outputs(builder),
        library::made_from(home)
    )
}

fn outputs(builder: &dyn Builder) -> Vec<PathBuf> {
    builder.compiled_lessons().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::fake::FakeBin;
    use crate::tools::Tools;

    /// Counts how often it is asked for cells, and keeps them where it says.
    #[derive(Default)]
    struct Counting(Cell<usize>, PathBuf);

    impl Builder for Counting {
        fn build(&self, _: &Home, _: &Tools, _: &dyn Fn(&str)) -> anyhow::Result<()> {
            Ok(())
        }
        fn outputs(&self, _: &Home) -> Vec<PathBuf> {
            Vec::new()
        }
        fn compile_lessons(&self, _: &Home, _: &(dyn Fn(&str) + Sync)) -> anyhow::Result<()> {
            self.0.set(self.0.get() + 1);
            Ok(())
        }
        fn compiled_lessons(&self) -> Option<PathBuf> {
            Some(self.1.clone())
        }
    }

    #[test]
    fn lessons_are_compiled_once_and_again_when_one_changes() {
        let bin = FakeBin::new();
        let home = bin.home();
        std::fs::create_dir_all(home.root.join("notebooks")).unwrap();
        std::fs::create_dir_all(&home.dir).unwrap();
        let counting = Counting(Cell::default(), bin.path("cache-mark"));
        for _ in 0..2 {
            make(&home, &counting, &|_| ()).unwrap();
        }
        assert_eq!(counting.0.get(), 1);
        std::fs::write(home.root.join("notebooks/01.ipynb"), "{}").unwrap();
        make(&home, &counting, &|_| ()).unwrap();
        assert_eq!(counting.0.get(), 2);
        // The cache was emptied; and another user has none yet.
        std::fs::remove_file(&counting.1).unwrap();
        make(&home, &counting, &|_| ()).unwrap();
        assert_eq!(counting.0.get(), 3);
        let other = Counting(Cell::default(), bin.path("other-mark"));
        make(&home, &other, &|_| ()).unwrap();
        assert_eq!(other.0.get(), 1);
    }
}

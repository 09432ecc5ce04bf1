//! All notebooks' cells through the compiler, side by side, so that a lesson's cells are in the cache.
//! Knows nothing of what a cell means.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use gradbook_evaluator::ahead;
use gradbook_evaluator::library::Library;
use serde_json::Value;

/// Compiles the cells of every notebook in `folder`.
///
/// # Errors
/// The library or a notebook cannot be read.
pub fn compile(
    description: &Path,
    folder: &Path,
    on_line: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<()> {
    let library = Arc::new(Library::read(description)?);
    let notebooks = notebooks(folder)?;
    let next = AtomicUsize::new(0);
    let work = || -> anyhow::Result<()> {
        while let Some(path) = notebooks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let cells = cells(path)?;
            on_line(&path.file_name().unwrap_or_default().to_string_lossy());
            ahead::compile(library.clone(), &cells)?;
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        started.into_iter().try_for_each(|thread| {
            let panicked = || anyhow::anyhow!("compiling the lessons panicked");
            thread.join().map_err(|_| panicked())?
        })
    })
}

fn notebooks(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", folder.display()))?,
    };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ipynb"))
        .collect();
    found.sort();
    Ok(found)
}

/// The sources of a notebook's code cells.
fn cells(path: &Path) -> anyhow::Result<Vec<String>> {
    let tell = || format!("{} is no notebook", path.display());
    let text = std::fs::read(path).with_context(tell)?;
    let notebook: Value = serde_json::from_slice(&text).with_context(tell)?;
    let cells = notebook["cells"].as_array().with_context(tell)?;
    let code = cells.iter().filter(|cell| cell["cell_type"] == "code");
    let sources = code.map(|cell| match &cell["source"] {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        source => source.as_str().unwrap_or_default().to_owned(),
    });
    Ok(sources
        .filter(|source: &String| !source.trim().is_empty())
        .collect())
}

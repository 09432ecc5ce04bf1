//! The steps of set-up in their order: each is checked in milliseconds and done only where it must be.
//! Knows nothing of what comes after: JupyterLab, the tests or another JupyterLab.

use std::fs::File;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::home::Home;
use crate::jupyter;
use crate::library::{self, Builder};
use crate::libtorch::{self, Source};
use crate::progress::Progress;
use crate::stamp::copy_whole;
use crate::tools::Tools;
use crate::{behind, cells, disk, intel, kernelspec, models, python, toolchain};

/// Mebibytes that a step leaves on disk, its build files included.
const PYTHON_MIB: u64 = 300;
const MODELS_MIB: u64 = 100;
const LIBRARY_MIB: u64 = 500;
const INTEL_MIB: u64 = 1800;

/// What a learner can ask of set-up.
#[derive(Debug, Clone, Default, Args)]
pub struct Wishes {
    /// Fetch libtorch with everything CUDA needs (4 GB) instead of the small set for the CPU
    #[arg(long)]
    pub cuda: bool,
}

/// When the lessons are compiled and the code-intelligence process is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intel {
    /// Behind everything else, by a process of its own.
    Behind,
    /// Now; the caller needs it.
    Wait,
}

/// What is still to be done.
struct Missing {
    python: bool,
    libtorch: Option<Source>,
    models: bool,
    library: bool,
    intel: bool,
}

/// Makes everything that is missing.
///
/// # Errors
/// The first thing that could not be made, in one sentence where its cause is known.
pub fn prepare(
    home: &Home,
    tools: &Tools,
    builder: &dyn Builder,
    wishes: &Wishes,
    intel_when: Intel,
) -> anyhow::Result<()> {
    let _lock = lock(home)?;
    let progress = Progress::new().noted_in(&home.dir.join("setup-times.tsv"));
    let missing = look(home, tools, builder, wishes)?;
    disk::check(&home.dir, needed_mib(&missing), tools)?;
    toolchain::check(tools)?;

    place_executable(home)?;
    fetch(home, tools, &progress, &missing)?;
    if missing.library {
        let step = progress.step("Building the lessons library", Duration::from_secs(200));
        let made = library::make(home, tools, builder, &|line| step.detail(line));
        finish(step, made)?;
    }
    jupyter::write_settings(home)?;
    kernelspec::install(home, &jupyter::prefix_data(&home.python_env()))?;
    match intel_when {
        Intel::Wait => {
            if !cells::is_current(home, builder) {
                let step = progress.step("Compiling the lessons", Duration::from_secs(120));
                let made = cells::make(home, builder, &|line| step.detail(line));
                finish(step, made)?;
            }
            if missing.intel {
                wait_for_intel(home, tools, &progress)?;
            }
        }
        Intel::Behind => {
            if behind::start(home, tools, builder)? {
                eprintln!(
                    "Completion is being built behind the lessons (about 10 min); nothing waits for it. \
                     Its log: {}",
                    home.log("intel").display()
                );
            }
        }
    }
    Ok(())
}

fn look(
    home: &Home,
    tools: &Tools,
    builder: &dyn Builder,
    wishes: &Wishes,
) -> anyhow::Result<Missing> {
    let source = libtorch::choose(home, tools, wishes.cuda)?;
    Ok(Missing {
        python: !python::is_current(home),
        libtorch: (!libtorch::is_current(home, &source)).then_some(source),
        models: !models::is_current(home),
        library: !library::is_current(home, tools, builder),
        intel: !intel::is_current(home, tools),
    })
}

fn needed_mib(missing: &Missing) -> u64 {
    let when = |wanted: bool, mib: u64| if wanted { mib } else { 0 };
    when(missing.python, PYTHON_MIB)
        + missing.libtorch.as_ref().map_or(0, Source::size_mib)
        + when(missing.models, MODELS_MIB)
        + when(missing.library, LIBRARY_MIB)
        + when(missing.intel, INTEL_MIB)
}

/// The Python packages and libtorch come over the network side by side, the model after them.
fn fetch(home: &Home, tools: &Tools, progress: &Progress, missing: &Missing) -> anyhow::Result<()> {
    if missing.python {
        let step = progress.step("Making the Python environment", Duration::from_secs(10));
        let made = python::create(home, tools, &|line| step.detail(line));
        finish(step, made)?;
    }
    std::thread::scope(|threads| {
        let packages = missing.python.then(|| {
            threads.spawn(|| {
                let step = progress.step("Installing JupyterLab", Duration::from_secs(30));
                let made = python::install(home, tools, &|line| step.detail(line));
                finish(step, made)
            })
        });
        let libtorch = missing.libtorch.as_ref().map_or(Ok(()), |source| {
            let title = format!("Fetching libtorch {} ({})", libtorch::VERSION, size(source));
            let step = progress.step(&title, Duration::from_secs(60));
            let made = libtorch::make(home, tools, source, &|line| step.detail(line));
            finish(step, made)
        });
        if let Some(packages) = packages {
            packages
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("installing JupyterLab panicked")))?;
        }
        libtorch
    })?;
    if missing.models {
        let step = progress.step(
            "Fetching a sentence encoder (83 MB)",
            Duration::from_secs(10),
        );
        let made = models::make(home, tools, &|line| step.detail(line));
        // Two lessons use it; the others need not wait for a place that has it.
        if let Err(error) = finish(step, made) {
            eprintln!(
                "{error:#}\nThe lessons that use the sentence encoder will say so; all others work."
            );
        }
    }
    Ok(())
}

fn size(source: &Source) -> &'static str {
    match source {
        Source::Cpu => "530 MB",
        Source::Cuda => "3 GB",
        Source::Given(_) => "your own",
    }
}

fn wait_for_intel(home: &Home, tools: &Tools, progress: &Progress) -> anyhow::Result<()> {
    let step = progress.step("Building completion", Duration::from_secs(600));
    let made = intel::build(home, tools, &|line| step.detail(line));
    finish(step, made)
}

fn finish(step: crate::progress::Step, made: anyhow::Result<()>) -> anyhow::Result<()> {
    match &made {
        Ok(()) => step.done(),
        Err(_) => step.failed(),
    }
    made
}

/// Kernels run from a copy of this executable: cargo may replace its own at any time.
fn place_executable(home: &Home) -> anyhow::Result<()> {
    let running = std::env::current_exe().context("this program does not know its own path")?;
    let placed = home.bin("gradbook");
    if running == placed || same_content(&running, &placed) {
        return Ok(());
    }
    copy_whole(&running, &placed)
}

fn same_content(one: &std::path::Path, other: &std::path::Path) -> bool {
    let size = |path| std::fs::metadata(path).map(|data| data.len()).ok();
    size(one) == size(other)
        && matches!((std::fs::read(one), std::fs::read(other)), (Ok(a), Ok(b)) if a == b)
}

/// Two set-ups at once would write over each other; the second waits.
fn lock(home: &Home) -> anyhow::Result<File> {
    std::fs::create_dir_all(&home.dir)
        .with_context(|| format!("cannot make {}", home.dir.display()))?;
    let file = home.dir.join("setup.lock");
    let lock = File::create(&file).with_context(|| format!("cannot open {}", file.display()))?;
    if lock.try_lock().is_err() {
        eprintln!("Another set-up of this clone is running; waiting for it ...");
        lock.lock()?;
    }
    Ok(lock)
}

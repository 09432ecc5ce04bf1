//! The benchmark: the peers it needs are fetched into folders of their own, then Python takes over.
//! Knows nothing of what is measured.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::home::Home;
use crate::progress::{Progress, Step};
use crate::stamp::{Stamp, fingerprint, remove};
use crate::tools::Tools;
use crate::{disk, python, running};

/// The kernel that others use for Rust; its own lock file keeps the versions it compiles with.
const EVCXR: &str = "evcxr_jupyter";
const EVCXR_VERSION: &str = "0.22.0";

/// Mebibytes on disk.
const PEERS_MIB: u64 = 4300;
const EVCXR_MIB: u64 = 2500;

/// What is measured, and against whom.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Each measurement once and small, to see that they work: the numbers mean nothing
    #[arg(long)]
    pub quick: bool,
    /// How often each measurement is repeated
    #[arg(long, value_name = "N")]
    pub rounds: Option<u32>,
    /// One measurement: start, cells, long, run_all, completion, output or training (may be given again)
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Compare with evcxr_jupyter too: builds it once (10 minutes), and each run takes 6 minutes more
    #[arg(long)]
    pub with_evcxr: bool,
    /// A Python of yours with torch, ipykernel and matplotlib, instead of fetching one (4 GB)
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// Write kernel/bench/RESULTS.md and the picture in assets/
    #[arg(long)]
    pub publish: bool,
}

/// Fetches what is missing and runs the benchmark; false if some of it could not be measured.
///
/// # Errors
/// A peer cannot be fetched or built, or the benchmark cannot be started.
pub fn run(home: &Home, tools: &Tools, options: &Options) -> anyhow::Result<bool> {
    let progress = Progress::new();
    if options.python.is_none() {
        fetch_python(home, tools, &progress)?;
    }
    if options.with_evcxr {
        build_evcxr(home, tools, &progress)?;
    }
    let mut bench = tools.command(home.python_bin("python"));
    bench
        .args(["-m", "bench", "--home"])
        .arg(&home.dir)
        .args(arguments(options)?)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(home.root.join("kernel"));
    let status = bench.status().context("cannot start the benchmark")?;
    Ok(status.success())
}

fn arguments(options: &Options) -> anyhow::Result<Vec<OsString>> {
    let mut arguments: Vec<OsString> = Vec::new();
    let flags = [
        ("--quick", options.quick),
        ("--without-evcxr", !options.with_evcxr),
        ("--publish", options.publish),
    ];
    arguments.extend(
        flags
            .iter()
            .filter(|(_, on)| *on)
            .map(|(flag, _)| flag.into()),
    );
    if let Some(rounds) = options.rounds {
        arguments.extend(["--rounds".into(), rounds.to_string().into()]);
    }
    for name in &options.only {
        arguments.extend(["--only".into(), name.into()]);
    }
    if let Some(python) = &options.python {
        // The benchmark runs in another folder than the one this path was written in.
        arguments.extend(["--python".into(), std::path::absolute(python)?.into()]);
    }
    Ok(arguments)
}

/// ipykernel, PyTorch and matplotlib in an environment of their own: the kernel's stays small.
fn fetch_python(home: &Home, tools: &Tools, progress: &Progress) -> anyhow::Result<()> {
    let peers = peers_home(home);
    let requirements = home.root.join("kernel/bench/requirements.txt");
    let inputs = format!(
        "packages {}\n",
        fingerprint(std::slice::from_ref(&requirements))
    );
    let stamp = Stamp::of(&peers, "peers");
    if stamp.holds(&inputs, &[peers.python_bin("python")]) {
        return Ok(());
    }
    disk::check(&home.dir, PEERS_MIB, tools)?;
    stamp.clear()?;
    let step = progress.step(
        "Fetching PyTorch to compare with (4 GB)",
        Duration::from_secs(120),
    );
    // The list is complete, and shorter than what torch asks for.
    let args = ["--no-deps".into(), "-r".into(), requirements.into()];
    let made = python::create(&peers, tools, &|line| step.detail(line)).and_then(|()| {
        python::pip_install(&peers, tools, &args, "peers", &|line| step.detail(line))
    });
    finish(step, made)?;
    stamp.write(&inputs)
}

/// The environment lies in `.gradbook/bench/python`.
fn peers_home(home: &Home) -> Home {
    Home::at(&home.root, Some(home.dir.join("bench")))
}

fn build_evcxr(home: &Home, tools: &Tools, progress: &Progress) -> anyhow::Result<()> {
    let root = home.dir.join("evcxr");
    let inputs = format!("{EVCXR} {EVCXR_VERSION}\n");
    let stamp = Stamp::of(home, "evcxr");
    if stamp.holds(&inputs, &[root.join("bin").join(EVCXR)]) {
        return Ok(());
    }
    disk::check(&home.dir, EVCXR_MIB, tools)?;
    stamp.clear()?;
    let step = progress.step(
        "Building evcxr_jupyter to compare with",
        Duration::from_secs(600),
    );
    // Kept while it is unfinished, so that a build broken off goes on where it stopped.
    let target = home.root.join("target/evcxr");
    let mut cargo = tools.command(tools.cargo());
    cargo
        .args([
            "install",
            EVCXR,
            "--version",
            EVCXR_VERSION,
            "--locked",
            "--force",
        ])
        .arg("--root")
        .arg(&root)
        .env("CARGO_TARGET_DIR", &target);
    let log = home.log("evcxr");
    let made = running::run(cargo, &log, home, tools, &|line| step.detail(line));
    finish(step, made)?;
    remove(&target)?;
    stamp.write(&inputs)
}

fn finish(step: Step, made: anyhow::Result<()>) -> anyhow::Result<()> {
    match &made {
        Ok(()) => step.done(),
        Err(_) => step.failed(),
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{FakeBin, write_script};

    fn words(options: &Options) -> Vec<String> {
        let arguments = arguments(options).unwrap();
        arguments
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn every_option_reaches_the_benchmark() {
        assert_eq!(words(&Options::default()), ["--without-evcxr"]);
        let all = Options {
            quick: true,
            rounds: Some(2),
            only: vec!["start".to_owned(), "cells".to_owned()],
            with_evcxr: true,
            python: Some(PathBuf::from("/opt/python")),
            publish: true,
        };
        let text = words(&all).join(" ");
        assert_eq!(
            text,
            "--quick --publish --rounds 2 --only start --only cells --python /opt/python"
        );
    }

    #[test]
    fn a_python_of_your_own_keeps_4_gb_away_and_the_benchmarks_end_is_told() {
        let bin = FakeBin::new();
        let (home, tools) = (bin.home(), bin.tools());
        std::fs::create_dir_all(home.root.join("kernel")).unwrap();
        let calls = bin.path("calls");
        let script = format!("echo \"$*\" >> {}; [ \"$5\" != --quick ]", calls.display());
        write_script(&home.python_bin("python"), &script);
        let mut options = Options {
            python: Some(PathBuf::from("/opt/python")),
            ..Options::default()
        };
        assert!(run(&home, &tools, &options).unwrap());
        options.quick = true;
        assert!(!run(&home, &tools, &options).unwrap());
        assert_eq!(bin.calls("calls"), 2);
        assert!(!peers_home(&home).python_env().exists());
    }

    #[test]
    fn the_peers_are_fetched_once_for_one_list_of_packages() {
        let bin = FakeBin::new();
        let (home, tools) = (bin.home(), bin.tools());
        let peers = peers_home(&home);
        std::fs::create_dir_all(home.root.join("kernel/bench")).unwrap();
        let list = home.root.join("kernel/bench/requirements.txt");
        std::fs::write(&list, "torch==2.13.0\n").unwrap();
        let calls = bin.path("pip-calls");
        let made = bin.path("made-python");
        write_script(&made, &format!("echo \"$*\" >> {}", calls.display()));
        bin.script(
            "python3",
            &format!(
                "if [ \"$1\" = -c ]; then echo 3.11.2; echo; exit; fi\n\
                 /bin/mkdir -p \"$3/bin\"; /bin/cp {} \"$3/bin/python\"",
                made.display()
            ),
        );
        let fetch = || fetch_python(&home, &tools, &Progress::new()).unwrap();
        fetch();
        assert!(peers.python_bin("python").exists());
        let first = bin.calls("pip-calls");
        assert!(first > 0);
        fetch();
        assert_eq!(bin.calls("pip-calls"), first, "nothing was missing");
        std::fs::write(&list, "torch==2.14.0\n").unwrap();
        fetch();
        assert!(bin.calls("pip-calls") > first, "another list of packages");
    }
}

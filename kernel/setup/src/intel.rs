//! The code-intelligence process: built once, behind everything else.
//! Knows nothing of completion itself; nothing waits for it but the tests.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context;

use crate::home::Home;
use crate::running;
use crate::stamp::{Stamp, copy_whole, fingerprint};
use crate::toolchain;
use crate::tools::Tools;

/// The package, the program, and the copy that kernels start.
pub const PACKAGE: &str = "gradbook-intel";

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Built from the present sources.
    Ready,
    /// Built, from older sources: it answers, and a newer one is to come.
    Old,
    /// Some process builds it now.
    Building,
    /// Not built; the last try, if any, ended like this.
    Missing(Option<String>),
}

/// How far it is.
#[must_use]
pub fn state(home: &Home, tools: &Tools) -> State {
    if is_current(home, tools) {
        return State::Ready;
    }
    if is_locked(home) {
        return State::Building;
    }
    if home.bin(PACKAGE).exists() {
        return State::Old;
    }
    State::Missing(std::fs::read_to_string(failure(home)).ok())
}

/// Builds it here and now; waits for another process that builds it already.
///
/// # Errors
/// rust-src is missing, or it cannot be built.
pub fn build(home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
    let lock = open_lock(home)?;
    lock.lock()
        .with_context(|| format!("cannot lock {}", lock_file(home).display()))?;
    let built = if is_current(home, tools) {
        Ok(())
    } else {
        let built = build_locked(home, tools, on_line);
        match &built {
            Ok(()) => crate::stamp::remove(&failure(home))?,
            Err(error) => std::fs::write(failure(home), format!("{error:#}\n"))?,
        }
        built
    };
    // Not left to closing the file: a child that is being started just now may still hold a copy of it.
    lock.unlock()?;
    built
}

/// Whether it is built from the present sources by the present compiler.
#[must_use]
pub fn is_current(home: &Home, tools: &Tools) -> bool {
    stamp(home).holds(&inputs(home, tools), &[home.bin(PACKAGE)])
}

fn build_locked(home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
    toolchain::ensure_rust_src(home, tools)?;
    let inputs = inputs(home, tools);
    let target = home.intel_target();
    let cargo = cargo(home, tools, "build");
    running::run(cargo, &home.log("intel"), home, tools, on_line)?;
    copy_whole(&target.join("release").join(PACKAGE), &home.bin(PACKAGE))?;
    stamp(home).write(&inputs)?;
    // Without it, completion knows less in the first seconds of each kernel: no reason to fail.
    if let Err(error) = make_index(home, tools) {
        on_line(&format!("no index of the library: {error}"));
    }
    Ok(())
}

/// Where the program keeps what it need not work out twice.
#[must_use]
pub fn cache(home: &Home) -> PathBuf {
    home.dir.join("intel")
}

/// What kernels offer until the program, which they start anew, answers.
fn make_index(home: &Home, tools: &Tools) -> anyhow::Result<()> {
    let mut command = tools.command(home.bin(PACKAGE));
    command.arg("--index");
    command.arg("--lessons").arg(home.root.join("lessons"));
    command.arg("--cache").arg(cache(home));
    if let Some(rustc) = tools.find("rustc") {
        command.arg("--rustc").arg(rustc);
    }
    let made = command.stdin(Stdio::null()).output()?;
    let told = String::from_utf8_lossy(&made.stderr);
    anyhow::ensure!(made.status.success(), "{}", told.trim());
    Ok(())
}

/// Cargo on the package, in its own target folder.
#[must_use]
pub fn cargo(home: &Home, tools: &Tools, command: &str) -> Command {
    let mut cargo = tools.command(tools.cargo());
    cargo
        .args([command, "--release", "--package", PACKAGE, "--target-dir"])
        .arg(home.intel_target())
        .current_dir(&home.root)
        // rust-analyzer compiles this variable in, so cargo builds all of it anew when it comes or goes.
        .env_remove("CI");
    cargo
}

/// Whether some process builds it now.
fn is_locked(home: &Home) -> bool {
    let Ok(lock) = open_lock(home) else {
        return false;
    };
    match lock.try_lock() {
        // As in `build`: closing alone may come late.
        Ok(()) => lock.unlock().is_err(),
        Err(error) => matches!(error, TryLockError::WouldBlock),
    }
}

fn open_lock(home: &Home) -> anyhow::Result<File> {
    let file = lock_file(home);
    std::fs::create_dir_all(&home.dir)?;
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&file)
        .with_context(|| format!("cannot open {}", file.display()))
}

fn lock_file(home: &Home) -> PathBuf {
    home.dir.join("intel.lock")
}

fn failure(home: &Home) -> PathBuf {
    home.dir.join("intel.failed")
}

fn stamp(home: &Home) -> Stamp {
    Stamp::of(home, "intel")
}

fn inputs(home: &Home, tools: &Tools) -> String {
    let sources =
        ["Cargo.lock", "rust-toolchain.toml", "kernel/intel"].map(|name| home.root.join(name));
    let rustc = toolchain::rustc_version(home, tools).unwrap_or_default();
    format!("sources {}\n{rustc}\n", fingerprint(&sources))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    /// A cargo that "builds" the program and counts its calls, and a rustc with its source.
    fn with_cargo(bin: &FakeBin) {
        let sysroot = bin.path("sysroot");
        std::fs::create_dir_all(sysroot.join("lib/rustlib/src/rust/library")).unwrap();
        bin.script("rustc", &format!("echo {}", sysroot.display()));
        let release = bin.home().intel_target().join("release");
        bin.script(
            "cargo",
            &format!(
                "echo build >> {calls}; /bin/mkdir -p {release}; echo program > {release}/{PACKAGE}",
                calls = bin.path("cargo-calls").display(),
                release = release.display()
            ),
        );
    }

    #[test]
    fn two_builds_at_once_run_cargo_once() {
        let bin = FakeBin::new();
        with_cargo(&bin);
        let (home, tools) = (bin.home(), bin.tools());
        assert_eq!(state(&home, &tools), State::Missing(None));
        std::thread::scope(|threads| {
            for _ in 0..2 {
                threads.spawn(|| build(&home, &tools, &|_| ()).unwrap());
            }
        });
        assert_eq!(bin.calls("cargo-calls"), 1);
        assert_eq!(state(&home, &tools), State::Ready);
    }

    #[test]
    fn while_one_process_builds_the_state_says_so() {
        let bin = FakeBin::new();
        with_cargo(&bin);
        let (home, tools) = (bin.home(), bin.tools());
        let lock = open_lock(&home).unwrap();
        lock.lock().unwrap();
        assert_eq!(state(&home, &tools), State::Building);
    }

    #[test]
    fn a_build_in_ci_is_the_same_build() {
        let bin = FakeBin::new();
        let tools = bin.tools().with("CI", "true").with("LANG", "C");
        let cargo = cargo(&bin.home(), &tools, "test");
        let given = |name: &str| {
            let mut vars = cargo.get_envs();
            vars.any(|(key, value)| key == name && value.is_some())
        };
        assert!(given("LANG"));
        assert!(!given("CI"));
    }

    #[test]
    fn a_failed_build_says_why_until_one_succeeds() {
        let bin = FakeBin::new();
        with_cargo(&bin);
        let (home, tools) = (bin.home(), bin.tools());
        bin.script("cargo", "echo 'error: could not resolve host'; exit 101");
        assert!(build(&home, &tools, &|_| ()).is_err());
        let State::Missing(Some(why)) = state(&home, &tools) else {
            panic!("{:?}", state(&home, &tools));
        };
        assert!(why.contains("no server could be reached"), "{why}");
        with_cargo(&bin);
        build(&home, &tools, &|_| ()).unwrap();
        assert_eq!(state(&home, &tools), State::Ready);
        std::fs::create_dir_all(home.root.join("kernel/intel")).unwrap();
        std::fs::write(home.root.join("kernel/intel/main.rs"), "fn main() {}").unwrap();
        assert_eq!(state(&home, &tools), State::Old);
    }
}

//! What is made behind the learner's back, at low priority: compiled lessons, then completion.
//! Knows nothing of how either is made; nothing waits for them but the tests.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::Stdio;

use anyhow::Context;

use crate::home::Home;
use crate::library::Builder;
use crate::tools::Tools;
use crate::{cells, intel};

/// The hidden command that makes them.
pub const COMMAND: &str = "build-behind";

/// Starts a process that makes what is missing and outlives this one; false if nothing is.
///
/// # Errors
/// The process cannot be started.
pub fn start(home: &Home, tools: &Tools, builder: &dyn Builder) -> anyhow::Result<bool> {
    let completion = matches!(
        intel::state(home, tools),
        intel::State::Ready | intel::State::Building
    );
    if completion && cells::is_current(home, builder) {
        return Ok(false);
    }
    let log = home.log("behind");
    let out = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let program = home.bin("gradbook");
    let mut command = match tools.find("nice") {
        Some(nice) => {
            let mut command = tools.command(nice);
            command.args(["-n", "19"]).arg(program);
            command
        }
        None => tools.command(program),
    };
    command
        .arg(COMMAND)
        .current_dir(&home.root)
        .env("GRADBOOK_HOME", &home.dir)
        .stdin(Stdio::null())
        .stdout(out.try_clone()?)
        .stderr(out)
        // A group of its own: Ctrl-C in the learner's terminal is not meant for it.
        .process_group(0)
        .spawn()
        .context("cannot start what is built behind the lessons")?;
    Ok(!completion)
}

/// Makes what is missing; completion also where the lessons could not be compiled.
///
/// # Errors
/// The first of the two that failed.
pub fn make(home: &Home, tools: &Tools, builder: &dyn Builder) -> anyhow::Result<()> {
    let compiled = cells::make(home, builder, &|_| ());
    intel::build(home, tools, &|_| ())?;
    compiled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;
    use crate::library::Cargo;

    #[test]
    fn where_nothing_is_missing_nothing_is_started() {
        let bin = FakeBin::new();
        let (home, tools) = (bin.home(), bin.tools());
        let sysroot = bin.path("sysroot");
        std::fs::create_dir_all(sysroot.join("lib/rustlib/src/rust/library")).unwrap();
        std::fs::create_dir_all(&home.dir).unwrap();
        bin.script("rustc", &format!("echo {}", sysroot.display()));
        let release = home.intel_target().join("release");
        let body = "/bin/mkdir -p RELEASE; echo program > RELEASE/gradbook-intel";
        bin.script(
            "cargo",
            &body.replace("RELEASE", &release.display().to_string()),
        );
        make(&home, &tools, &Cargo).unwrap();
        assert!(!start(&home, &tools, &Cargo).unwrap());
    }
}

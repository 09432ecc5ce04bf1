//! What rustc makes of an example that ended otherwise than its documentation says.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use gradbook_evaluator::abort::Abort;

/// Compiles and runs programs, in a folder of its own.
pub struct Oracle {
    pub rustc: PathBuf,
    pub folder: PathBuf,
    pub limit: Duration,
}

impl Oracle {
    /// How a program ends: `ok`, `panic`, `refused`, `died` or `timeout`.
    pub fn ends(&self, name: &str, program: &str) -> &'static str {
        let source = self.folder.join(name).with_extension("rs");
        let built = self.folder.join(name).with_extension("out");
        std::fs::write(&source, program).expect("the source can be written");
        let mut compile = Command::new(&self.rustc);
        // rustdoc denies warnings for some crates; they say nothing of how an example ends.
        compile
            .args(["--edition=2024", "--cap-lints=warn", "-Cdebuginfo=0", "-o"])
            .arg(&built)
            .arg(&source);
        let ended = match self.status(&mut compile, Duration::from_secs(120)) {
            Some(Some(0)) => match self.status(&mut Command::new(&built), self.limit) {
                Some(Some(0)) => "ok",
                // A panic, or an `Err` that `main` returns.
                Some(Some(101)) => "panic",
                Some(Some(1)) => "error",
                Some(_) => "died",
                None => "timeout",
            },
            Some(_) => "refused",
            None => "timeout",
        };
        for file in [source, built] {
            let _ = std::fs::remove_file(file);
        }
        ended
    }

    /// The exit code, none by a signal; none at all if it was not done in time.
    fn status(&self, command: &mut Command, limit: Duration) -> Option<Option<i32>> {
        let silent = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir(&self.folder);
        let abort = Abort::default();
        let (done, waits) = channel::<()>();
        let output = std::thread::scope(|scope| {
            let stop = &abort;
            scope.spawn(move || {
                if waits.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                    stop.request();
                }
            });
            let output = abort.run(silent);
            drop(done);
            output
        });
        output.ok().map(|output| output.status.code())
    }
}

/// rustc's folder of programs, and the sources of the standard library.
pub fn toolchain(rustc: &Path) -> (PathBuf, PathBuf) {
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .output()
        .expect("rustc starts");
    let sysroot = String::from_utf8(output.stdout).expect("UTF-8");
    let sysroot = Path::new(sysroot.trim());
    (
        sysroot.join("bin/rustdoc"),
        sysroot.join("lib/rustlib/src/rust/library"),
    )
}

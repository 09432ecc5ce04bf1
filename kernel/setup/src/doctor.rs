//! What was found on the machine and what is wrong with it, line by line, each with its remedy.
//! Knows nothing of how to mend it: it only looks, and changes nothing.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::home::Home;
use crate::library::{self, Builder};
use crate::libtorch::{self, Source};
use crate::tools::Tools;
use crate::{disk, intel, kernelspec, models, python, toolchain};

/// How the answer is printed.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Lessons run; something beside them does not.
    Note,
    /// A lesson could not run.
    Wrong,
}

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub name: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

/// Looks at everything a lesson needs.
#[must_use]
pub fn examine(home: &Home, tools: &Tools, builder: &dyn Builder) -> Vec<Finding> {
    let mut findings = vec![
        rustc(home, tools),
        rust_src(home, tools),
        cxx(tools),
        base_python(home, tools),
        jupyter(home, tools),
        libtorch(home),
        encoder(home),
        cuda(home, tools),
        lessons_library(home, tools, builder),
        kernel(home),
        completion(home, tools),
    ];
    findings.extend(kernelspecs(home, tools));
    findings.push(space(home, tools));
    findings
}

/// Prints the findings and says whether lessons can run.
///
/// # Errors
/// Stdout is closed, or JSON cannot be made.
pub fn print(findings: &[Finding], options: &Options) -> anyhow::Result<bool> {
    if options.json {
        println!("{}", serde_json::to_string_pretty(findings)?);
    } else {
        for finding in findings {
            let mark = match finding.verdict {
                Verdict::Ok => "ok   ",
                Verdict::Note => "note ",
                Verdict::Wrong => "WRONG",
            };
            println!("{mark}  {:<16} {}", finding.name, finding.found);
            if let Some(mend) = &finding.mend {
                println!("{:24}-> {mend}", "");
            }
        }
    }
    Ok(findings
        .iter()
        .all(|finding| finding.verdict != Verdict::Wrong))
}

fn ok(name: &'static str, found: impl Into<String>) -> Finding {
    Finding {
        name,
        verdict: Verdict::Ok,
        found: found.into(),
        mend: None,
    }
}

fn note(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding {
        verdict: Verdict::Note,
        mend: Some(mend.into()),
        ..ok(name, found)
    }
}

fn wrong(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding {
        verdict: Verdict::Wrong,
        mend: Some(mend.into()),
        ..ok(name, found)
    }
}

fn rustc(home: &Home, tools: &Tools) -> Finding {
    match toolchain::rustc_version(home, tools) {
        Some(version) => ok("rustc", version.lines().next().unwrap_or_default()),
        None => wrong(
            "rustc",
            "not found",
            "install Rust with rustup, then open a new terminal",
        ),
    }
}

fn rust_src(home: &Home, tools: &Tools) -> Finding {
    if toolchain::has_rust_src(home, tools) {
        return ok("rust-src", "found");
    }
    note(
        "rust-src",
        "missing: no completion",
        toolchain::no_rust_src().mend,
    )
}

fn cxx(tools: &Tools) -> Finding {
    match (toolchain::check(tools), toolchain::cxx(tools)) {
        (Ok(()), Some(cxx)) => ok("C++ compiler", cxx.display().to_string()),
        (Err(trouble), _) => wrong("C++ compiler", trouble.what, trouble.mend),
        (Ok(()), None) => ok("C++ compiler", "found"),
    }
}

/// The machine's own Python is needed only until the private environment stands.
fn base_python(home: &Home, tools: &Tools) -> Finding {
    match python::find(tools) {
        Ok(base) => ok(
            "Python",
            format!("{} ({})", base.version_text(), base.program.display()),
        ),
        Err(trouble) if python::is_current(home) => note("Python", trouble.what, trouble.mend),
        Err(trouble) => wrong("Python", trouble.what, trouble.mend),
    }
}

fn jupyter(home: &Home, tools: &Tools) -> Finding {
    if !python::is_current(home) {
        return wrong(
            "JupyterLab",
            "not installed, or not complete",
            "run `cargo lab setup`",
        );
    }
    let code = "import jupyterlab, jupyter_client, sys\n\
                print('JupyterLab', jupyterlab.__version__ + ', jupyter_client', \
                jupyter_client.__version__ + ', Python', sys.version.split()[0])";
    match tools.answer(home.python_bin("python"), &["-c", code]) {
        Some(versions) => ok("JupyterLab", versions),
        None => wrong(
            "JupyterLab",
            "its Python environment does not work",
            format!(
                "run `rm -r {}; cargo lab setup`",
                home.python_env().display()
            ),
        ),
    }
}

fn libtorch(home: &Home) -> Finding {
    let Some(source) = libtorch::present(home) else {
        return wrong(
            "libtorch",
            "not fetched, or not complete",
            "run `cargo lab setup`",
        );
    };
    let run = home.libtorch_run();
    let place = run.canonicalize().unwrap_or(run);
    let version = place.parent().and_then(libtorch::version_of);
    let kind = match source {
        Source::Cpu => "the small set for the CPU",
        Source::Cuda => "with CUDA",
        Source::Given(_) => "your own, from LIBTORCH",
    };
    match version {
        Some(version) if version == libtorch::VERSION => ok(
            "libtorch",
            format!("{version}, {kind}, in {}", place.display()),
        ),
        version => wrong(
            "libtorch",
            format!(
                "{} in {}, and {} is needed",
                version.as_deref().unwrap_or("nothing"),
                place.display(),
                libtorch::VERSION
            ),
            "run `env -u LIBTORCH cargo lab setup`",
        ),
    }
}

fn encoder(home: &Home) -> Finding {
    let name = "sentence encoder";
    if models::is_current(home) {
        return ok(name, home.models().display().to_string());
    }
    note(
        name,
        "not fetched: the lessons that use it will say so",
        "run `cargo lab setup`",
    )
}

fn cuda(home: &Home, tools: &Tools) -> Finding {
    let driver = tools.answer("nvidia-smi", &["-L"]).unwrap_or_default();
    let devices: Vec<&str> = driver
        .lines()
        .filter(|line| line.starts_with("GPU"))
        .map(|line| line.split(" (UUID").next().unwrap_or(line))
        .collect();
    match (devices.is_empty(), libtorch::present(home)) {
        (true, _) => ok("devices", "CPU"),
        (false, Some(Source::Cpu)) => note(
            "devices",
            format!(
                "CPU; {} is there and this libtorch cannot use it",
                devices.join(", ")
            ),
            "run `cargo lab --cuda`",
        ),
        (false, _) => ok("devices", format!("CPU, {}", devices.join(", "))),
    }
}

fn lessons_library(home: &Home, tools: &Tools, builder: &dyn Builder) -> Finding {
    if library::is_current(home, tools, builder) {
        return ok("lessons library", home.library().display().to_string());
    }
    let built = builder.outputs(home).iter().all(|path| path.exists());
    let found = if built {
        "older than its sources or compiler"
    } else {
        "not built"
    };
    wrong("lessons library", found, "run `cargo lab setup`")
}

fn kernel(home: &Home) -> Finding {
    let file = home.bin("gradbook");
    if file.exists() {
        return ok("kernel", file.display().to_string());
    }
    wrong(
        "kernel",
        "no copy for Jupyter to start",
        "run `cargo lab setup`",
    )
}

fn completion(home: &Home, tools: &Tools) -> Finding {
    let name = "completion";
    let log = home.log("intel");
    match intel::state(home, tools) {
        intel::State::Ready => ok(name, home.bin(intel::PACKAGE).display().to_string()),
        intel::State::Building => ok(name, format!("being built; log: {}", log.display())),
        intel::State::Old => note(
            name,
            "built from older sources",
            "`cargo lab` builds it anew behind the lessons",
        ),
        intel::State::Missing(None) => note(
            name,
            "not built",
            "`cargo lab` builds it behind the lessons, `cargo lab setup --wait` at once",
        ),
        intel::State::Missing(Some(why)) => note(
            name,
            format!(
                "could not be built: {}",
                why.lines().next().unwrap_or_default()
            ),
            format!("see {}, then run `cargo lab setup --wait`", log.display()),
        ),
    }
}

fn kernelspecs(home: &Home, tools: &Tools) -> Vec<Finding> {
    let name = "kernelspec";
    let found = kernelspec::search(home, tools);
    let own = home.python_env();
    let mut findings = Vec::new();
    if !found.iter().any(|spec| spec.folder.starts_with(&own)) {
        let missing = "none in the private environment";
        findings.push(wrong(name, missing, "run `cargo lab setup`"));
    }
    for spec in found {
        let folder = spec.folder.display().to_string();
        findings.push(if !spec.is_stale() {
            ok(name, folder)
        } else {
            let found = format!(
                "{folder} starts {}, which is gone",
                spec.executable.display()
            );
            stale(name, found, &spec.folder, &own)
        });
    }
    findings
}

fn stale(name: &'static str, found: String, folder: &Path, own: &Path) -> Finding {
    if folder.starts_with(own) {
        return wrong(name, found, "run `cargo lab setup`");
    }
    let mend = "run `cargo lab install` to renew it or `cargo lab uninstall` to remove it";
    note(name, found, mend)
}

fn space(home: &Home, tools: &Tools) -> Finding {
    match disk::free_mib(&home.dir, tools) {
        Some(free) if free < 500 => note(
            "disk",
            format!("{} free in {}", disk::gigabytes(free), home.dir.display()),
            "free some space: builds and caches need about 0.5 GB",
        ),
        Some(free) => ok("disk", format!("{} free", disk::gigabytes(free))),
        None => ok("disk", "free space is not told"),
    }
}

#[cfg(test)]
mod tests;

//! The private Python environment: a Python of the machine, then every package at its pinned version.
//! Knows nothing of what JupyterLab does with it, nor of libtorch.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::home::Home;
use crate::running;
use crate::stamp::{Stamp, fingerprint, remove};
use crate::tools::Tools;
use crate::trouble::Trouble;

/// The oldest Python that JupyterLab's packages are pinned for.
pub const OLDEST: (u32, u32) = (3, 11);

/// The installer that is tried before pip, because it is ten times as fast.
const UV: &str = "uv==0.13.9";

/// Where a Python may be found, the usual one first.
const NAMES: [&str; 6] = [
    "python3",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.14",
    "python",
];

/// A Python of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// Its own name for itself.
    pub program: PathBuf,
    /// Major, minor, patch.
    pub version: (u32, u32, u32),
}

impl Base {
    /// `3.11.7`
    #[must_use]
    pub fn version_text(&self) -> String {
        let (major, minor, patch) = self.version;
        format!("{major}.{minor}.{patch}")
    }
}

/// The first Python on PATH that is new enough.
///
/// # Errors
/// There is none, or only older ones.
pub fn find(tools: &Tools) -> Result<Base, Trouble> {
    let found: Vec<Base> = NAMES
        .iter()
        .filter_map(|name| tools.find(name))
        .filter_map(|program| ask(&program, tools))
        .collect();
    let enough = |base: &&Base| (base.version.0, base.version.1) >= OLDEST;
    if let Some(base) = found.iter().find(enough) {
        return Ok(base.clone());
    }
    let (major, minor) = OLDEST;
    let what = match found.first() {
        Some(old) => format!(
            "Python {} ({}) is too old: JupyterLab needs {major}.{minor} or newer",
            old.version_text(),
            old.program.display()
        ),
        None => format!("There is no Python {major}.{minor} or newer on this machine"),
    };
    Err(Trouble::new(what, install_python()))
}

/// Whether the environment is complete and made from the present list of packages.
#[must_use]
pub fn is_current(home: &Home) -> bool {
    let outputs = [home.python_bin("python"), home.python_bin("jupyter-lab")];
    stamp(home).holds(&inputs(home), &outputs)
}

/// Makes the empty environment anew, with an installer in it.
///
/// # Errors
/// No fitting Python, no venv module, or no network.
pub fn create(home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
    let base = find(tools)?;
    stamp(home).clear()?;
    // A half-unpacked package cannot be told from a whole one, and the installer's cache is quick.
    remove(&home.python_env())?;
    let env = home.python_env();
    let log = home.log("python-venv");
    let mut venv = tools.command(&base.program);
    venv.args(["-m", "venv"]).arg(&env);
    if let Err(error) = running::run(venv, &log, home, tools, on_line) {
        remove(&env)?;
        let Some(uv) = tools.find("uv") else {
            return Err(explain_venv(error, &base));
        };
        let mut venv = tools.command(uv);
        venv.args(["venv", "--python"]).arg(&base.program).arg(&env);
        return running::run(venv, &log, home, tools, on_line);
    }
    if tools.find("uv").is_none() {
        let mut install = tools.command(home.python_bin("python"));
        install.args(["-m", "pip", "install", UV]);
        // Without uv there is still pip; a dead network shows at the next step.
        let _ = running::run(install, &home.log("python-uv"), home, tools, on_line);
    }
    Ok(())
}

/// Installs the pinned packages into the environment.
///
/// # Errors
/// No network, no space, or a package that cannot be installed.
pub fn install(home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
    let args: Vec<OsString> = vec!["-r".into(), requirements(home).into()];
    pip_install(home, tools, &args, "python", on_line)?;
    stamp(home).write(&inputs(home))
}

/// `pip install` with these arguments, through uv where it is, else through pip itself.
///
/// # Errors
/// Both fail; the last error is told.
pub fn pip_install(
    home: &Home,
    tools: &Tools,
    args: &[OsString],
    log: &str,
    on_line: &dyn Fn(&str),
) -> anyhow::Result<()> {
    let python = home.python_bin("python");
    let uv = [home.python_bin("uv")]
        .into_iter()
        .find(|uv| uv.exists())
        .or_else(|| tools.find("uv"));
    let has_pip = home.python_bin("pip").exists();
    if let Some(uv) = uv {
        let command = uv_install(&uv, &python, tools, args);
        let result = running::run(command, &home.log(log), home, tools, on_line);
        // pip reads settings (an index of the house, certificates) that uv does not know.
        if result.is_ok() || !has_pip {
            return result;
        }
        on_line("uv failed, trying pip");
    }
    let mut command = tools.command(&python);
    command.args(["-m", "pip", "install", "--disable-pip-version-check"]);
    command.args(args);
    running::run(command, &home.log(log), home, tools, on_line)
}

fn uv_install(uv: &Path, python: &Path, tools: &Tools, args: &[OsString]) -> Command {
    let mut command = tools.command(uv);
    command.args(["pip", "install", "--python"]).arg(python);
    command.args(args).env("UV_NO_PROGRESS", "1");
    if let (Some(index), None) = (tools.var("PIP_INDEX_URL"), tools.var("UV_DEFAULT_INDEX")) {
        command.env("UV_DEFAULT_INDEX", index);
    }
    command
}

fn ask(program: &Path, tools: &Tools) -> Option<Base> {
    let code = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)";
    let answer = tools.answer(program, &["-c", code])?;
    let mut lines = answer.lines();
    let mut parts = lines.next()?.split('.').map(|part| part.parse().ok());
    let version = (parts.next()??, parts.next()??, parts.next()??);
    let executable = PathBuf::from(lines.next().unwrap_or_default());
    Some(Base {
        // A shim of a version switcher names the real one; a stripped-down Python may name none.
        program: if executable.is_file() {
            executable
        } else {
            program.to_path_buf()
        },
        version,
    })
}

fn explain_venv(error: anyhow::Error, base: &Base) -> anyhow::Error {
    let text = format!("{error:#}").to_lowercase();
    if !text.contains("ensurepip") && !text.contains("no module named venv") {
        return error;
    }
    let what = format!(
        "Python {} ({}) has no venv module with pip",
        base.version_text(),
        base.program.display()
    );
    Trouble::new(what, "install it with `sudo apt-get install python3-venv`").into()
}

fn install_python() -> &'static str {
    if cfg!(target_os = "macos") {
        "install one with `brew install python@3.13`"
    } else {
        "install one with `sudo apt-get install python3 python3-venv`, or put a newer one on PATH"
    }
}

fn requirements(home: &Home) -> PathBuf {
    home.root.join("kernel/setup/requirements.txt")
}

fn stamp(home: &Home) -> Stamp {
    Stamp::of(home, "python")
}

/// The folder is an input: scripts of the environment carry their own path in their first line.
fn inputs(home: &Home) -> String {
    format!(
        "packages {}\nfolder {}\n",
        fingerprint(&[requirements(home)]),
        home.python_env().display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{FakeBin, write_script};

    /// A Python that tells its version, and makes environments with a pip that counts its calls.
    fn python(bin: &FakeBin, name: &str, version: &str) {
        let calls = bin.path("pip-calls");
        bin.script(
            name,
            &format!(
                "if [ \"$1\" = -c ]; then echo {version}; echo; exit; fi\n\
                 /bin/mkdir -p \"$3/bin\"\n\
                 printf '#!/bin/sh\\necho $* >> {calls}\\n/bin/touch {lab}\\n' > \"$3/bin/python\"\n\
                 /bin/chmod +x \"$3/bin/python\"",
                calls = calls.display(),
                lab = bin.home().python_bin("jupyter-lab").display(),
            ),
        );
    }

    #[test]
    fn the_first_python_that_is_new_enough_is_taken() {
        let bin = FakeBin::new();
        python(&bin, "python3", "3.9.2");
        python(&bin, "python3.12", "3.12.1");
        let base = find(&bin.tools()).unwrap();
        assert_eq!(base.version, (3, 12, 1));
        assert!(base.program.ends_with("python3.12"));
    }

    #[test]
    fn an_old_python_is_named_with_its_version() {
        let bin = FakeBin::new();
        let none = find(&bin.tools()).unwrap_err().to_string();
        assert!(none.starts_with("There is no Python 3.11"), "{none}");
        python(&bin, "python3", "3.9.2");
        let old = find(&bin.tools()).unwrap_err().to_string();
        assert!(
            old.contains("Python 3.9.2") && old.contains("3.11"),
            "{old}"
        );
    }

    #[test]
    fn a_python_without_venv_is_told_what_to_install() {
        let bin = FakeBin::new();
        bin.script(
            "python3",
            "if [ \"$1\" = -c ]; then echo 3.11.2; echo; exit; fi\n\
             echo 'The virtual environment was not created successfully because ensurepip is not'\n\
             echo 'available.'; exit 1",
        );
        let error = create(&bin.home(), &bin.tools(), &|_| ()).unwrap_err();
        assert!(error.is::<Trouble>(), "{error}");
        assert!(
            error.to_string().contains("apt-get install python3-venv"),
            "{error}"
        );
    }

    #[test]
    fn an_environment_broken_off_before_its_end_is_not_current() {
        let bin = FakeBin::new();
        python(&bin, "python3", "3.11.2");
        let (home, tools) = (bin.home(), bin.tools());
        create(&home, &tools, &|_| ()).unwrap();
        assert!(!is_current(&home), "nothing is installed yet");
        install(&home, &tools, &|_| ()).unwrap();
        assert!(is_current(&home));
        // A new list of packages makes it stale.
        let list = requirements(&home);
        std::fs::create_dir_all(list.parent().unwrap()).unwrap();
        std::fs::write(&list, "jupyterlab==9.9\n").unwrap();
        assert!(!is_current(&home));
        create(&home, &tools, &|_| ()).unwrap();
        install(&home, &tools, &|_| ()).unwrap();
        assert!(is_current(&home));
        std::fs::remove_file(home.python_bin("python")).unwrap();
        assert!(!is_current(&home), "the machine's Python was removed");
    }

    #[test]
    fn pip_is_asked_when_uv_fails() {
        let bin = FakeBin::new();
        python(&bin, "python3", "3.11.2");
        bin.script("uv", "echo 'error: invalid peer certificate' >&2; exit 2");
        let (home, tools) = (bin.home(), bin.tools());
        create(&home, &tools, &|_| ()).unwrap();
        write_script(&home.python_bin("pip"), "exit 0");
        install(&home, &tools, &|_| ()).unwrap();
        assert_eq!(bin.calls("pip-calls"), 1);
    }
}

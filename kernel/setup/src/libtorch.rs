//! libtorch at the one version that tch is made for: fetched as a wheel, or the learner's own, and a small
//! folder of links in front of it. Knows nothing of what is linked to it.

use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::home::Home;
use crate::python::pip_install;
use crate::stamp::{Stamp, fingerprint, remove};
use crate::tools::Tools;
use crate::trouble::Trouble;

/// tch 0.26 is made for this version and no other.
pub const VERSION: &str = "2.13.0";

/// Where libtorch comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The wheel and the two small libraries that its CPU half needs.
    Cpu,
    /// The wheel and all that its CUDA half needs.
    Cuda,
    /// A libtorch that was on the machine.
    Given(PathBuf),
}

impl Source {
    /// Mebibytes that it takes on disk.
    #[must_use]
    pub fn size_mib(&self) -> u64 {
        match self {
            Self::Cpu => 1300,
            Self::Cuda => 4000,
            Self::Given(_) => 0,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Cpu => "cpu".to_owned(),
            Self::Cuda => "cuda".to_owned(),
            Self::Given(path) => format!("given {}", path.display()),
        }
    }
}

/// Which libtorch to use: the one `LIBTORCH` names, else CUDA's where asked for, else what is there.
///
/// # Errors
/// `LIBTORCH` names something else than libtorch at [`VERSION`].
pub fn choose(home: &Home, tools: &Tools, cuda: bool) -> Result<Source, Trouble> {
    if let Some(given) = tools.var("LIBTORCH").map(PathBuf::from)
        && given != home.libtorch()
    {
        check_given(&given)?;
        return Ok(Source::Given(given));
    }
    if cuda {
        if cfg!(target_os = "macos") {
            return Err(Trouble::new(
                "CUDA does not exist for macOS",
                "run `cargo lab` without --cuda",
            ));
        }
        return Ok(Source::Cuda);
    }
    Ok(match present(home) {
        Some(Source::Given(path)) if check_given(&path).is_err() => Source::Cpu,
        Some(source) => source,
        None => Source::Cpu,
    })
}

/// The libtorch that set-up made ready last.
#[must_use]
pub fn present(home: &Home) -> Option<Source> {
    let text = stamp(home).read()?;
    let source = text.lines().find_map(|line| line.strip_prefix("source "))?;
    Some(match source.strip_prefix("given ") {
        Some(path) => Source::Given(PathBuf::from(path)),
        None if source == "cuda" => Source::Cuda,
        None => Source::Cpu,
    })
}

/// Whether the folder of links is complete and leads to this libtorch.
#[must_use]
pub fn is_current(home: &Home, source: &Source) -> bool {
    let outputs = [
        home.libtorch().join("include"),
        home.libtorch_run().join(shared("torch_cpu")),
    ];
    stamp(home).holds(&inputs(home, source), &outputs)
}

/// Fetches it where it must be fetched, and makes the folder of links.
///
/// # Errors
/// No network, no space, or a wheel without libtorch.
pub fn make(
    home: &Home,
    tools: &Tools,
    source: &Source,
    on_line: &dyn Fn(&str),
) -> anyhow::Result<()> {
    stamp(home).clear()?;
    let torch = match source {
        Source::Given(path) => path.clone(),
        Source::Cpu | Source::Cuda => fetch(home, tools, source, on_line)?,
    };
    link(home, &torch)?;
    stamp(home).write(&inputs(home, source))
}

/// The version of a libtorch folder (or of a wheel's `torch` folder).
#[must_use]
pub fn version_of(torch: &Path) -> Option<String> {
    let read = |name: &str| std::fs::read_to_string(torch.join(name)).ok();
    if let Some(text) = read("build-version") {
        return Some(plain(text.trim()));
    }
    if let Some(text) = read("version.py") {
        let line = text.lines().find(|line| line.starts_with("__version__"))?;
        return Some(plain(line.split('\'').nth(1)?));
    }
    let header = read("include/torch/headeronly/version.h")
        .or_else(|| read("include/torch/csrc/api/include/torch/version.h"))?;
    let part = |name: &str| {
        let define = format!("#define TORCH_VERSION_{name} ");
        header
            .lines()
            .find_map(|line| line.strip_prefix(&define))
            .map(|value| value.trim().to_owned())
    };
    Some([part("MAJOR")?, part("MINOR")?, part("PATCH")?].join("."))
}

fn check_given(torch: &Path) -> Result<(), Trouble> {
    let mend = "run `env -u LIBTORCH cargo lab`, which fetches the right one";
    let tell = |found: String| {
        let what = format!(
            "LIBTORCH is {} and Gradbook needs libtorch {VERSION}: {found}",
            torch.display()
        );
        Trouble::new(what, mend)
    };
    if !torch.join("lib").join(shared("torch_cpu")).exists() {
        return Err(tell(format!("no lib/{} is in it", shared("torch_cpu"))));
    }
    match version_of(torch) {
        Some(version) if version == VERSION => Ok(()),
        Some(version) => Err(tell(format!("it holds {version}"))),
        None => Err(tell("it does not tell its version".to_owned())),
    }
}

/// `2.13.0` of `2.13.0+cu130`.
fn plain(version: &str) -> String {
    version.split('+').next().unwrap_or(version).to_owned()
}

fn fetch(
    home: &Home,
    tools: &Tools,
    source: &Source,
    on_line: &dyn Fn(&str),
) -> anyhow::Result<PathBuf> {
    let wheels = home.wheels();
    let torch = wheels.join("torch");
    let stamp = Stamp::of(home, "libtorch-wheels");
    let inputs = format!(
        "{}\n{}\n",
        source.text(),
        fingerprint(&[requirements(home, source)])
    );
    if stamp.holds(&inputs, std::slice::from_ref(&torch)) {
        return Ok(torch);
    }
    let partial = wheels.with_extension("partial");
    remove(&partial)?;
    // Nothing but libtorch is used of the wheel: the packages that only Python needs stay away.
    let args: Vec<OsString> = vec![
        "--no-deps".into(),
        "--target".into(),
        partial.clone().into(),
        "-r".into(),
        requirements(home, source).into(),
    ];
    pip_install(home, tools, &args, "libtorch", on_line)?;
    stamp.clear()?;
    remove(&wheels)?;
    std::fs::rename(&partial, &wheels)
        .with_context(|| format!("cannot move libtorch to {}", wheels.display()))?;
    stamp.write(&inputs)?;
    Ok(torch)
}

/// `include` and `run` lead to the whole libtorch. `lib`, which the linker reads, names only its CPU half:
/// the real libtorch.so asks for every CUDA library, which then must be there. A program that wants CUDA
/// loads libtorch_cuda by name.
fn link(home: &Home, torch: &Path) -> anyhow::Result<()> {
    let libraries = torch.join("lib");
    anyhow::ensure!(
        libraries.join(shared("torch_cpu")).exists(),
        "{} holds no {}",
        libraries.display(),
        shared("torch_cpu")
    );
    let made = home.libtorch();
    let partial = made.with_extension("partial");
    remove(&partial)?;
    let lib = partial.join("lib");
    std::fs::create_dir_all(&lib).with_context(|| format!("cannot make {}", lib.display()))?;
    symlink(torch.join("include"), partial.join("include"))?;
    symlink(&libraries, partial.join("run"))?;
    for entry in std::fs::read_dir(&libraries)?.flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let wanted = if cfg!(target_os = "macos") {
            text.ends_with(".dylib")
        } else {
            text == "libtorch_cpu.so" || text == "libc10.so" || text.starts_with("libgomp")
        };
        if wanted {
            symlink(entry.path(), lib.join(&name))?;
        }
    }
    if !cfg!(target_os = "macos") {
        std::fs::write(lib.join("libtorch.so"), "INPUT(-ltorch_cpu)\n")?;
    }
    remove(&made)?;
    std::fs::rename(&partial, &made)
        .with_context(|| format!("cannot move the links to {}", made.display()))
}

fn shared(name: &str) -> String {
    let end = if cfg!(target_os = "macos") {
        "dylib"
    } else {
        "so"
    };
    format!("lib{name}.{end}")
}

fn requirements(home: &Home, source: &Source) -> PathBuf {
    let name = match source {
        Source::Cuda => "libtorch-cuda.txt",
        Source::Cpu | Source::Given(_) => "libtorch-cpu.txt",
    };
    home.root.join("kernel/setup").join(name)
}

fn stamp(home: &Home) -> Stamp {
    Stamp::of(home, "libtorch")
}

fn inputs(home: &Home, source: &Source) -> String {
    let list = fingerprint(&[requirements(home, source)]);
    let folder = home.libtorch();
    let source = source.text();
    format!(
        "version {VERSION}\nsource {source}\nlist {list}\nfolder {}\n",
        folder.display()
    )
}

#[cfg(test)]
mod tests;

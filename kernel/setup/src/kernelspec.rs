//! The kernelspec: the folder by which a JupyterLab finds this kernel, written, removed and looked for.
//! Knows nothing of the kernel but its command line.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};

use crate::home::Home;
use crate::jupyter::{prefix_data, system_data, user_data};
use crate::python;
use crate::stamp::{remove, write_whole};
use crate::tools::Tools;

/// The folder's name, by which notebooks name the kernel.
pub const NAME: &str = "gradbook";

const FILES: [(&str, &[u8]); 3] = [
    ("logo-svg.svg", include_bytes!("../../../assets/logo.svg")),
    (
        "logo-32x32.png",
        include_bytes!("../../../assets/logo-32x32.png"),
    ),
    (
        "logo-64x64.png",
        include_bytes!("../../../assets/logo-64x64.png"),
    ),
];

/// In which JupyterLab the kernel is registered.
#[derive(Debug, Clone, Default, Args)]
#[group(multiple = false)]
pub struct Place {
    /// For every JupyterLab of this user, VS Code too (this is the default)
    #[arg(long)]
    pub user: bool,
    /// For the Python environment in this folder
    #[arg(long, value_name = "FOLDER")]
    pub prefix: Option<PathBuf>,
    /// For the Python environment that `python3` belongs to now
    #[arg(long)]
    pub sys_prefix: bool,
    /// In this Jupyter data folder (kernels/ is made in it)
    #[arg(long, value_name = "FOLDER")]
    pub jupyter_data_dir: Option<PathBuf>,
}

impl Place {
    /// The Jupyter data folder that is meant.
    ///
    /// # Errors
    /// There is no Python, or no home folder.
    pub fn data_dir(&self, tools: &Tools) -> anyhow::Result<PathBuf> {
        if let Some(dir) = &self.jupyter_data_dir {
            return std::path::absolute(dir).context("this folder has no path");
        }
        if let Some(prefix) = &self.prefix {
            return Ok(prefix_data(&std::path::absolute(prefix)?));
        }
        if self.sys_prefix {
            let base = python::find(tools)?;
            let code = "import sys; print(sys.prefix)";
            let prefix = tools
                .answer(&base.program, &["-c", code])
                .context("this Python does not tell its prefix")?;
            return Ok(prefix_data(Path::new(&prefix)));
        }
        user_data(tools).context("HOME is not set; name a folder with --jupyter-data-dir")
    }
}

/// One kernelspec of ours that was found on the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its folder.
    pub folder: PathBuf,
    /// The executable it starts.
    pub executable: PathBuf,
}

impl Found {
    /// The executable is gone, so JupyterLab cannot start the kernel.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        !self.executable.exists()
    }
}

/// Writes the kernelspec below a Jupyter data folder and gives back its folder.
///
/// # Errors
/// The folder cannot be written.
pub fn install(home: &Home, data_dir: &Path) -> anyhow::Result<PathBuf> {
    let folder = folder(data_dir);
    let spec = format!("{:#}\n", spec(home));
    let files = FILES
        .iter()
        .map(|&(name, content)| (name, content))
        .chain([("kernel.json", spec.as_bytes())]);
    // kernel.json comes last: a folder without it is no kernelspec.
    for (name, content) in files {
        let file = folder.join(name);
        if std::fs::read(&file).is_ok_and(|old| old == content) {
            continue;
        }
        write_whole(&file, content)?;
    }
    Ok(folder)
}

/// Removes the kernelspec; `None` if there is none.
///
/// # Errors
/// A folder of this name holds somebody else's kernel, or cannot be removed.
pub fn uninstall(data_dir: &Path) -> anyhow::Result<Option<PathBuf>> {
    let folder = folder(data_dir);
    if !folder.exists() {
        return Ok(None);
    }
    anyhow::ensure!(
        read(&folder).is_some(),
        "{} does not start a gradbook executable, so it is left alone; remove it by hand if you want",
        folder.display()
    );
    remove(&folder)?;
    Ok(Some(folder))
}

/// All our kernelspecs in the places where Jupyter looks.
#[must_use]
pub fn search(home: &Home, tools: &Tools) -> Vec<Found> {
    let own = prefix_data(&home.python_env());
    let system = system_data();
    let mut places: Vec<PathBuf> = std::iter::once(own)
        .chain(user_data(tools))
        .chain(system)
        .collect();
    places.dedup();
    places
        .iter()
        .filter_map(|data_dir| read(&folder(data_dir)))
        .collect()
}

fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("kernels").join(NAME)
}

fn read(folder: &Path) -> Option<Found> {
    let text = std::fs::read_to_string(folder.join("kernel.json")).ok()?;
    let spec: Value = serde_json::from_str(&text).ok()?;
    let executable = PathBuf::from(spec["argv"][0].as_str()?);
    (executable.file_name()? == "gradbook").then(|| Found {
        folder: folder.to_path_buf(),
        executable,
    })
}

fn spec(home: &Home) -> Value {
    let mut spec = json!({
        "argv": [home.bin("gradbook"), "kernel", "-f", "{connection_file}"],
        "display_name": "Gradbook (Rust)",
        "language": "rust",
        // Windows knows no other way, and ours must reach rustc and the child alike.
        "interrupt_mode": "message",
        // JupyterLab shows a kernel's variables where its debugger would be, and offers them by this.
        "metadata": { "debugger": true },
    });
    if home.is_elsewhere() {
        spec["env"] = json!({ "GRADBOOK_HOME": home.dir });
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{FakeBin, write_script};

    #[test]
    fn a_kernelspec_comes_and_goes() {
        let bin = FakeBin::new();
        let home = bin.home();
        let data = bin.path("data");
        let folder = install(&home, &data).unwrap();
        let text = std::fs::read_to_string(folder.join("kernel.json")).unwrap();
        let spec: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(spec["argv"][0], home.bin("gradbook").to_str().unwrap());
        assert_eq!(spec["argv"][3], "{connection_file}");
        assert_eq!(spec["interrupt_mode"], "message");
        assert_eq!(spec["language"], "rust");
        assert!(spec.get("env").is_none());
        for (name, _) in FILES {
            assert!(folder.join(name).is_file(), "{name}");
        }
        assert_eq!(uninstall(&data).unwrap(), Some(folder));
        assert_eq!(uninstall(&data).unwrap(), None);
    }

    #[test]
    fn a_folder_elsewhere_is_told_to_the_kernel() {
        let bin = FakeBin::new();
        let home = Home::at(&bin.path("clone"), Some(bin.path("big-disk")));
        assert_eq!(
            spec(&home)["env"]["GRADBOOK_HOME"],
            bin.path("big-disk").to_str().unwrap()
        );
    }

    #[test]
    fn somebody_elses_kernel_of_this_name_is_left_alone() {
        let bin = FakeBin::new();
        let folder = bin.path("data/kernels/gradbook");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join("kernel.json"),
            r#"{"argv": ["/usr/bin/other"]}"#,
        )
        .unwrap();
        assert!(uninstall(&bin.path("data")).is_err());
        assert!(folder.exists());
    }

    #[test]
    fn a_spec_is_stale_while_its_executable_is_missing() {
        let bin = FakeBin::new();
        let (home, tools) = (bin.home(), bin.tools());
        let data = Place::default().data_dir(&tools).unwrap();
        install(&home, &data).unwrap();
        let stale = |home: &Home| search(home, &tools)[0].is_stale();
        assert!(stale(&home));
        write_script(&home.bin("gradbook"), "exit 0");
        assert!(!stale(&home));
    }

    #[test]
    fn each_flag_means_its_own_folder() {
        let bin = FakeBin::new();
        let python = "case \"$2\" in *version*) echo 3.12.1; echo;; *) echo /opt/env;; esac";
        bin.script("python3", python);
        let tools = bin.tools();
        let of = |place: Place| place.data_dir(&tools).unwrap();
        let sys = Place {
            sys_prefix: true,
            ..Place::default()
        };
        assert_eq!(of(sys), Path::new("/opt/env/share/jupyter"));
        let prefix = Place {
            prefix: Some("/opt/x".into()),
            ..Place::default()
        };
        assert_eq!(of(prefix), Path::new("/opt/x/share/jupyter"));
        let dir = Place {
            jupyter_data_dir: Some("/d".into()),
            ..Place::default()
        };
        assert_eq!(of(dir), Path::new("/d"));
    }
}

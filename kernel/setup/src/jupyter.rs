//! Jupyter's folders, and the settings that keep our JupyterLab from asking anything of the internet.
//! Knows nothing of kernels or of starting a server.

use std::path::PathBuf;

use serde_json::json;

use crate::home::Home;
use crate::stamp::write_whole;
use crate::tools::Tools;

/// Where one user's kernelspecs live, as jupyter_core decides it; `None` without a home folder.
#[must_use]
pub fn user_data(tools: &Tools) -> Option<PathBuf> {
    if let Some(dir) = tools.var("JUPYTER_DATA_DIR") {
        return Some(dir.into());
    }
    let home = PathBuf::from(tools.var("HOME")?);
    if cfg!(target_os = "macos") {
        return Some(home.join("Library/Jupyter"));
    }
    let data = tools
        .var("XDG_DATA_HOME")
        .map_or_else(|| home.join(".local/share"), PathBuf::from);
    Some(data.join("jupyter"))
}

/// The data folder of a Python installation or environment.
#[must_use]
pub fn prefix_data(prefix: &std::path::Path) -> PathBuf {
    prefix.join("share/jupyter")
}

/// Folders that Jupyter searches on every machine.
#[must_use]
pub fn system_data() -> [PathBuf; 2] {
    ["/usr/local/share/jupyter", "/usr/share/jupyter"].map(PathBuf::from)
}

/// Settings of our JupyterLab only: no news, no search for updates.
///
/// # Errors
/// The file cannot be written.
pub fn write_settings(home: &Home) -> anyhow::Result<()> {
    let file = prefix_data(&home.python_env()).join("lab/settings/overrides.json");
    let settings = json!({
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": false,
        },
    });
    let text = format!("{settings:#}\n");
    if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    write_whole(&file, text.as_bytes())
}

/// What the server is told on its command line, where no file of the learner's can undo it.
#[must_use]
pub fn offline_flags() -> [&'static str; 3] {
    [
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_folder_follows_the_variables_that_jupyter_reads() {
        let tools = Tools::from_vars([("HOME", "/home/ada")]);
        if cfg!(target_os = "linux") {
            let usual = PathBuf::from("/home/ada/.local/share/jupyter");
            assert_eq!(user_data(&tools), Some(usual));
            let tools = tools.clone().with("XDG_DATA_HOME", "/data");
            assert_eq!(user_data(&tools), Some("/data/jupyter".into()));
        }
        let tools = tools.with("JUPYTER_DATA_DIR", "/mine");
        assert_eq!(user_data(&tools), Some("/mine".into()));
    }
}

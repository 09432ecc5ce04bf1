//! Tests of the screen: a browser of the machine, driven by a package that only these tests need.
//! Knows nothing of what they look at.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::home::Home;
use crate::python;
use crate::tools::Tools;

/// Where the tests lie, with the list of what drives the browser.
pub const TESTS: &str = "kernel/tests/screen";

/// Names of browsers that the driver understands.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The browser, with its driver in the private Python environment.
///
/// # Errors
/// There is no browser, or its driver cannot be installed.
pub fn browser(home: &Home, tools: &Tools) -> Result<PathBuf, Missing> {
    let browser = BROWSERS.iter().find_map(|name| tools.find(name));
    let browser = browser.ok_or(Missing::Browser)?;
    let list = home.root.join(TESTS).join("requirements.txt");
    let args: [OsString; 2] = ["-r".into(), list.into()];
    python::pip_install(home, tools, &args, "screen", &|_| ()).map_err(Missing::Driver)?;
    Ok(browser)
}

/// What keeps the screen from being looked at.
#[derive(Debug, thiserror::Error)]
pub enum Missing {
    /// A person may do without.
    #[error("no Chromium on this machine (`sudo apt-get install chromium` brings one)")]
    Browser,
    /// There is a browser, so these tests were meant to run.
    #[error("the browser's driver cannot be installed: {0:#}")]
    Driver(anyhow::Error),
}

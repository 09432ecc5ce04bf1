//! The kernel as a prompt in the terminal: `jupyter console` of the private environment takes our place.
//! Knows nothing of how the things it needs were made.

use std::os::unix::process::CommandExt;

use clap::Args;

use crate::home::Home;
use crate::prepare::Wishes;
use crate::tools::Tools;

/// How the prompt is opened.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// What set-up is to make
    #[command(flatten)]
    pub wishes: Wishes,
    /// After `--`: options handed on to `jupyter console`
    #[arg(last = true, value_name = "CONSOLE OPTIONS")]
    pub console: Vec<String>,
}

/// Becomes `jupyter console`, in the learner's own folder; gives back only what kept it from starting.
#[must_use]
pub fn open(home: &Home, tools: &Tools, options: &Options) -> anyhow::Error {
    let error = tools
        .command(home.python_bin("python"))
        .args(["-m", "jupyter_console", "--kernel", crate::kernelspec::NAME])
        .args(&options.console)
        .env("JUPYTER_PREFER_ENV_PATH", "1")
        .env("GRADBOOK_HOME", &home.dir)
        .exec();
    anyhow::Error::new(error)
        .context("cannot start the console; `cargo lab doctor` tells what is wrong")
}

//! Where the layers meet: the protocol is given an evaluator, and set-up the way its library is built.
//! Knows nothing of the command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use gradbook_evaluator::ahead;
use gradbook_evaluator::intelligence::Settings;
use gradbook_evaluator::library::{Library, assemble, rustc_arguments};
use gradbook_protocol::{ConnectionFile, Options};
use gradbook_setup::home::Home;
use gradbook_setup::intel;
use gradbook_setup::library::{self, PACKAGE};
use gradbook_setup::running;
use gradbook_setup::tools::Tools;

use crate::lessons;

/// Serves one kernel until it is told to shut down.
pub fn serve(connection_file: &Path) -> anyhow::Result<ExitCode> {
    let connection = ConnectionFile::read(connection_file)?;
    log_to_stderr();
    let home = Home::find(&Tools::from_environment())?;
    let backend = move || {
        let library = Library::read(&description(&home)).map_err(|error| error.to_string());
        let executable = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("gradbook"));
        let rustc = library
            .as_ref()
            .map_or(Path::new("rustc"), |library| &library.rustc);
        let (program, lessons) = (home.bin("gradbook-intel"), home.root.join("lessons"));
        let intelligence = Settings::new(program, &lessons, rustc, &intel::cache(&home));
        gradbook_evaluator::backend(library, executable, intelligence)
    };
    gradbook_protocol::run(connection, backend, Options::default())?;
    Ok(ExitCode::SUCCESS)
}

/// What goes wrong without being a learner's business ends in Jupyter's own log.
fn log_to_stderr() {
    let asked = std::env::var("GRADBOOK_LOG").ok();
    let level = asked.and_then(|level| level.parse().ok());
    let level = level.unwrap_or(tracing_subscriber::filter::LevelFilter::WARN);
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .init();
}

/// Runs cells for a kernel.
pub fn child(args: &[String]) -> anyhow::Result<ExitCode> {
    let [library] = args else {
        anyhow::bail!("the kernel starts this, with the library's path")
    };
    let status = gradbook_evaluator::child::entry(Path::new(library))?;
    Ok(ExitCode::from(u8::try_from(status).unwrap_or(1)))
}

/// How the lessons library is built.
pub fn library() -> impl library::Builder {
    Prebuilt
}

struct Prebuilt;

impl library::Builder for Prebuilt {
    fn build(&self, home: &Home, tools: &Tools, on_line: &dyn Fn(&str)) -> anyhow::Result<()> {
        let command = || {
            let mut cargo = tools.command(tools.cargo());
            cargo
                .args(["rustc", "--release", "--package", PACKAGE, "--target-dir"])
                .arg(home.library_target())
                .env("LIBTORCH", home.libtorch())
                .current_dir(&home.root);
            cargo
        };
        let arguments = rustc_arguments(
            &home.root.join("kernel/runtime/exports.map"),
            &home.library_target().join("incremental"),
        );
        let mut building = command();
        building.arg("--").args(&arguments);
        running::run(building, &home.log("library"), home, tools, on_line)?;
        // Nothing is built any more: cargo only says where everything lies.
        let mut listing = command();
        listing
            .arg("--message-format=json")
            .arg("--")
            .args(&arguments);
        let listed = listing.output()?;
        anyhow::ensure!(
            listed.status.success(),
            "cargo could not list what it had built"
        );
        let messages = String::from_utf8_lossy(&listed.stdout);
        assemble(
            &messages,
            &home.libtorch_run(),
            &home.models(),
            &home.library(),
        )?;
        Ok(())
    }

    fn outputs(&self, home: &Home) -> Vec<PathBuf> {
        vec![description(home)]
    }

    fn compile_lessons(&self, home: &Home, on_line: &(dyn Fn(&str) + Sync)) -> anyhow::Result<()> {
        lessons::compile(&description(home), &home.root.join("notebooks"), on_line)
    }

    fn compiled_lessons(&self) -> Option<PathBuf> {
        Some(ahead::mark())
    }
}

fn description(home: &Home) -> PathBuf {
    home.library().join("library.json")
}

//! `gradbook`: sets up the lessons and is the kernel that runs them.
//! Only wires: what each command does is in the crates below.

mod kernel;
mod lessons;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use gradbook_setup::home::Home;
use gradbook_setup::prepare::{Intel, Wishes, prepare};
use gradbook_setup::tools::Tools;
use gradbook_setup::{behind, bench, console, doctor, kernelspec, lab, suite};

/// Sets up what is missing and opens the lessons in JupyterLab.
#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab", version)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Cmd>,
    #[command(flatten)]
    lab: lab::Options,
}

#[derive(Subcommand)]
enum Cmd {
    /// Set up what is missing, and open nothing
    Setup(SetupOptions),
    /// Open the kernel in this terminal, as a prompt
    Console(console::Options),
    /// Run all tests
    Test(suite::Options),
    /// Measure this kernel beside Python with PyTorch and bare rustc (about 8 minutes)
    Bench(bench::Options),
    /// Print what was found on this machine and what is wrong
    Doctor(doctor::Options),
    /// Register the kernel in a JupyterLab that you already have
    Install(kernelspec::Place),
    /// Remove the kernel from it
    Uninstall(kernelspec::Place),
    /// Be a kernel: Jupyter starts this
    #[command(hide = true)]
    Kernel {
        /// Jupyter's connection file
        #[arg(short = 'f', long, value_name = "PATH")]
        connection_file: PathBuf,
    },
    /// Be the process that runs cells: the kernel starts this
    #[command(hide = true)]
    Child {
        /// What the kernel tells it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Compile the lessons and build the code-intelligence process
    #[command(hide = true, name = behind::COMMAND)]
    BuildBehind,
}

#[derive(Args)]
struct SetupOptions {
    #[command(flatten)]
    wishes: Wishes,
    /// Wait until completion is built too (about 10 minutes)
    #[arg(long)]
    wait: bool,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    // The two that Jupyter waits for come first and look at nothing else.
    match &cli.command {
        Some(Cmd::Kernel { connection_file }) => return kernel::serve(connection_file),
        Some(Cmd::Child { args }) => return kernel::child(args),
        _ => {}
    }
    let tools = Tools::from_environment();
    let home = Home::find(&tools)?;
    let library = kernel::library();
    let ready = |wishes: &Wishes, intel| prepare(&home, &tools, &library, wishes, intel);
    match cli.command {
        None => {
            ready(&cli.lab.wishes, Intel::Behind)?;
            return lab::open(&home, &tools, &cli.lab);
        }
        Some(Cmd::Setup(options)) => {
            let when = if options.wait {
                Intel::Wait
            } else {
                Intel::Behind
            };
            ready(&options.wishes, when)?;
            println!("Everything a lesson needs is ready; `cargo lab` opens JupyterLab.");
        }
        Some(Cmd::Console(options)) => {
            ready(&options.wishes, Intel::Behind)?;
            return Err(console::open(&home, &tools, &options));
        }
        Some(Cmd::Test(options)) => {
            ready(&Wishes::default(), Intel::Wait)?;
            return Ok(exit(suite::run(&home, &tools, &options)));
        }
        Some(Cmd::Bench(options)) => {
            // What is still being built behind would disturb every number.
            ready(&Wishes::default(), Intel::Wait)?;
            return Ok(exit(bench::run(&home, &tools, &options)?));
        }
        Some(Cmd::Doctor(options)) => {
            let findings = doctor::examine(&home, &tools, &library);
            return Ok(exit(doctor::print(&findings, &options)?));
        }
        Some(Cmd::Install(place)) => {
            let data_dir = place.data_dir(&tools)?;
            ready(&Wishes::default(), Intel::Behind)?;
            let folder = kernelspec::install(&home, &data_dir)?;
            println!("Registered the kernel in {}", folder.display());
        }
        Some(Cmd::Uninstall(place)) => {
            let data_dir = place.data_dir(&tools)?;
            match kernelspec::uninstall(&data_dir)? {
                Some(folder) => println!("Removed {}", folder.display()),
                None => println!("No kernel of ours is in {}", data_dir.display()),
            }
        }
        Some(Cmd::BuildBehind) => behind::make(&home, &tools, &library)?,
        Some(Cmd::Kernel { .. } | Cmd::Child { .. }) => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn exit(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

//! A kernel whose cells are lines such as `print hello`: the protocol with nothing behind it.
//! Register it with a kernelspec whose argv ends in `-f {connection_file}`.

use std::process::ExitCode;

use gradbook_protocol::{ConnectionFile, Options, run};

#[path = "../tests/main/support/echo.rs"]
#[allow(clippy::unwrap_used)]
mod echo;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let Some(path) = std::env::args().skip_while(|arg| arg != "-f").nth(1) else {
        eprintln!("usage: echo_kernel -f CONNECTION_FILE");
        return ExitCode::FAILURE;
    };
    let connection = match ConnectionFile::read(path) {
        Ok(connection) => connection,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match run(connection, echo::backend, Options::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

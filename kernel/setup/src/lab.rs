//! JupyterLab in the foreground: a free port, a token of its own, one line with the address, Ctrl-C.
//! Knows nothing of how the things it needs were made.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::home::Home;
use crate::jupyter::offline_flags;
use crate::prepare::Wishes;
use crate::tools::Tools;
use crate::trouble::Trouble;

/// The port that is tried first, and how many after it.
const FIRST_PORT: u16 = 8888;
const PORTS: u16 = 50;

/// How often JupyterLab is looked at while it starts and while it runs.
const BEAT: Duration = Duration::from_millis(100);

/// How long JupyterLab may take until it answers.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a learner wants JupyterLab opened.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Print the address and open no browser
    #[arg(long)]
    pub no_browser: bool,
    /// Serve on this port and no other (else the first free one from 8888)
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// What set-up is to make
    #[command(flatten)]
    pub wishes: Wishes,
    /// After `--`: options handed on to JupyterLab
    #[arg(last = true, value_name = "JUPYTER OPTIONS")]
    pub jupyter: Vec<String>,
}

/// Opens the lessons and stays until JupyterLab ends; gives back its exit code.
///
/// # Errors
/// No free port, or JupyterLab does not start.
pub fn open(home: &Home, tools: &Tools, options: &Options) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(home.notebooks())?;
    let port = choose_port(options.port)?;
    let token = token()?;
    let signals = Signals::catch()?;
    let log = home.log("jupyter");
    let mut server = command(home, tools, options, port, &token, &log)?
        .spawn()
        .context("cannot start JupyterLab; `cargo lab doctor` tells what is wrong")?;

    if let Some(status) = wait_until_ready(&mut server, port, &signals)? {
        return ended(status, &signals, &log);
    }
    println!("JupyterLab is at http://localhost:{port}/lab?token={token}");
    println!(
        "Ctrl-C here ends it and its kernels. Its log: {}",
        log.display()
    );
    std::io::stdout().flush()?;
    let status = wait_until_ended(&mut server, &signals)?;
    ended(status, &signals, &log)
}

fn command(
    home: &Home,
    tools: &Tools,
    options: &Options,
    port: u16,
    token: &str,
    log: &Path,
) -> anyhow::Result<Command> {
    let out =
        std::fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = tools.command(home.python_bin("python"));
    command
        .args(["-m", "jupyterlab"])
        .arg(format!(
            "--ServerApp.root_dir={}",
            home.notebooks().display()
        ))
        .arg(format!("--ServerApp.port={port}"))
        .arg("--ServerApp.port_retries=0")
        .arg("--MultiKernelManager.default_kernel_name=gradbook")
        // The kernel batches what a cell prints; the server would drop all above a megabyte a second.
        .arg("--ZMQChannelsWebsocketConnection.limit_rate=False")
        .args(offline_flags());
    if options.no_browser || !has_browser(tools) {
        command.arg("--no-browser");
    }
    if is_root(tools) {
        // Containers run as root; JupyterLab refuses to unless told that this is meant.
        command.arg("--allow-root");
    }
    command
        .args(&options.jupyter)
        // Not on the command line, where every user of the machine reads it.
        .env("JUPYTER_TOKEN", token)
        // This environment's kernelspec goes before an older one in the user's folder.
        .env("JUPYTER_PREFER_ENV_PATH", "1")
        .env("GRADBOOK_HOME", &home.dir)
        .current_dir(home.notebooks())
        .stdin(Stdio::null())
        .stdout(out.try_clone()?)
        .stderr(out)
        // Ctrl-C reaches us alone: JupyterLab gets one orderly signal from us and asks no question.
        .process_group(0);
    Ok(command)
}

fn choose_port(wanted: Option<u16>) -> Result<u16, Trouble> {
    match wanted {
        Some(port) if is_free(port) => Ok(port),
        Some(port) => Err(Trouble::new(
            format!("Port {port} is taken by another program"),
            "choose another one, or leave --port out to get a free one",
        )),
        None => (FIRST_PORT..FIRST_PORT + PORTS)
            .find(|&port| is_free(port))
            .ok_or_else(|| {
                Trouble::new(
                    format!(
                        "All ports from {FIRST_PORT} to {} are taken",
                        FIRST_PORT + PORTS - 1
                    ),
                    "name a free one with `cargo lab --port N`",
                )
            }),
    }
}

/// JupyterLab binds `localhost`, which is both addresses where there are both.
fn is_free(port: u16) -> bool {
    let taken = |result: std::io::Result<TcpListener>| {
        result.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
    };
    !taken(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))
        && !taken(TcpListener::bind((Ipv6Addr::LOCALHOST, port)))
}

fn token() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 24];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .context("cannot read /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A desktop on which a window could open; a browser in the terminal would draw over our line.
fn has_browser(tools: &Tools) -> bool {
    cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"]
            .iter()
            .any(|name| tools.var(name).is_some())
}

fn is_root(tools: &Tools) -> bool {
    tools.answer("id", &["-u"]).as_deref() == Some("0")
}

/// The signals that end us, counted: the first is handed on politely, the second is not.
struct Signals {
    count: Arc<AtomicUsize>,
}

impl Signals {
    fn catch() -> anyhow::Result<Self> {
        let count = Arc::new(AtomicUsize::new(0));
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let counter = Arc::clone(&count);
        std::thread::spawn(move || {
            for _ in signals.forever() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Ok(Self { count })
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// `None` once it answers; its status where it ended before.
fn wait_until_ready(
    server: &mut Child,
    port: u16,
    signals: &Signals,
) -> anyhow::Result<Option<ExitStatus>> {
    let started = Instant::now();
    let mut handed_on = 0;
    loop {
        if let Some(status) = server.try_wait()? {
            return Ok(Some(status));
        }
        if answers(port) || started.elapsed() > PATIENCE {
            return Ok(None);
        }
        hand_on(server, signals, &mut handed_on)?;
        std::thread::sleep(BEAT);
    }
}

fn wait_until_ended(server: &mut Child, signals: &Signals) -> anyhow::Result<ExitStatus> {
    let mut handed_on = 0;
    loop {
        if let Some(status) = server.try_wait()? {
            return Ok(status);
        }
        hand_on(server, signals, &mut handed_on)?;
        std::thread::sleep(BEAT);
    }
}

fn hand_on(server: &mut Child, signals: &Signals, handed_on: &mut usize) -> anyhow::Result<()> {
    let count = signals.count();
    if count <= *handed_on {
        return Ok(());
    }
    if *handed_on == 0 {
        eprintln!("Ending JupyterLab and its kernels (once more: at once) ...");
        // A shell knows `kill` where no program of this name is installed.
        let kill = format!("kill -TERM {}", server.id());
        Command::new("sh").args(["-c", &kill]).status()?;
    } else {
        server.kill()?;
    }
    *handed_on = count;
    Ok(())
}

fn answers(port: u16) -> bool {
    [
        SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
    ]
    .iter()
    .any(|address| TcpStream::connect_timeout(address, BEAT).is_ok())
}

/// JupyterLab's own exit code; ended by our signal is what the learner asked for.
fn ended(status: ExitStatus, signals: &Signals, log: &Path) -> anyhow::Result<ExitCode> {
    if status.success() || signals.count() > 0 {
        return Ok(ExitCode::SUCCESS);
    }
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    eprintln!("{}", lines[lines.len().saturating_sub(12)..].join("\n"));
    eprintln!(
        "JupyterLab ended by itself ({status}); all of its log: {}",
        log.display()
    );
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    #[test]
    fn a_taken_port_is_refused_by_name_and_passed_over_otherwise() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let told = choose_port(Some(port)).unwrap_err().to_string();
        assert!(told.contains(&format!("Port {port} is taken")), "{told}");
        assert!(choose_port(None).is_ok_and(|free| free != port));
    }

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 48);
        assert_ne!(one, other);
    }

    #[test]
    fn the_token_is_not_on_the_command_line() {
        let bin = FakeBin::new();
        bin.script("id", "echo 0");
        std::fs::create_dir_all(&bin.home().dir).unwrap();
        let options = Options {
            no_browser: true,
            ..Options::default()
        };
        let log = bin.path("jupyter.log");
        let command = command(&bin.home(), &bin.tools(), &options, 8888, "secret", &log).unwrap();
        let args: Vec<_> = command
            .get_args()
            .map(|arg| arg.to_string_lossy())
            .collect();
        assert!(!args.iter().any(|arg| arg.contains("secret")), "{args:?}");
        assert!(args.iter().any(|arg| arg == "--allow-root"), "{args:?}");
        assert!(
            args.iter().any(|arg| arg == "--LabApp.news_url=None"),
            "{args:?}"
        );
    }
}

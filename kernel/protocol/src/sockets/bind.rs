//! A connection file goes in, five bound sockets come out, or the one that could not be bound.
//! Knows nothing of messages.

use std::io;
use std::net::TcpListener;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use zeromq::{Listener, RouterSocket, Socket, XPubSocket, ZmqError};

use crate::connection::{ConnectionFile, Transport};

/// All sockets, bound; front ends can connect from now on.
pub(crate) struct Sockets {
    pub(crate) shell: RouterSocket,
    pub(crate) control: RouterSocket,
    pub(crate) iopub: XPubSocket,
    pub(crate) stdin: RouterSocket,
    /// A router and not a REP: it echoes whatever comes and never gets out of step.
    pub(crate) heartbeat: RouterSocket,
    /// Removes the socket files of IPC when dropped.
    pub(crate) files: SocketFiles,
}

/// Why a socket could not be bound.
#[derive(Debug, thiserror::Error)]
#[error("the {socket} socket cannot listen on {address}: {reason}")]
pub struct BindError {
    /// Which of the five.
    pub socket: &'static str,
    /// The address asked for.
    pub address: String,
    /// What is wrong and what to try.
    pub reason: String,
}

impl Sockets {
    pub(crate) async fn bind(connection: &ConnectionFile) -> Result<Sockets, BindError> {
        let mut files = SocketFiles::default();
        Ok(Sockets {
            shell: bind(connection, "shell", connection.shell_port, &mut files).await?,
            control: bind(connection, "control", connection.control_port, &mut files).await?,
            iopub: bind(connection, "iopub", connection.iopub_port, &mut files).await?,
            stdin: bind(connection, "stdin", connection.stdin_port, &mut files).await?,
            heartbeat: bind(connection, "heartbeat", connection.hb_port, &mut files).await?,
            files,
        })
    }
}

async fn bind<S: Socket>(
    connection: &ConnectionFile,
    name: &'static str,
    port: u16,
    files: &mut SocketFiles,
) -> Result<S, BindError> {
    let (address, listener) = match connection.transport {
        Transport::Tcp => tcp(&connection.ip, port),
        Transport::Ipc => ipc(&connection.ip, port, files),
    };
    let failed = |reason| BindError {
        socket: name,
        address: address.clone(),
        reason,
    };
    let listener = listener.map_err(|error| failed(reason_of(&error)))?;
    let mut socket = S::new();
    let bound: Result<_, ZmqError> = socket.bind_listener(listener).await;
    bound.map_err(|error| failed(error.to_string()))?;
    Ok(socket)
}

fn tcp(ip: &str, port: u16) -> (String, io::Result<Listener>) {
    let host = if ip == "*" { "0.0.0.0" } else { ip };
    let listener = TcpListener::bind((host, port)).map(Listener::Tcp);
    (format!("tcp://{ip}:{port}"), listener)
}

fn ipc(prefix: &str, port: u16, files: &mut SocketFiles) -> (String, io::Result<Listener>) {
    let path = PathBuf::from(format!("{prefix}-{port}"));
    let listener = match UnixListener::bind(&path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_stale(&path) => {
            std::fs::remove_file(&path).and_then(|()| UnixListener::bind(&path))
        }
        bound_or_failed => bound_or_failed,
    };
    let address = format!("ipc://{}", path.display());
    if listener.is_ok() {
        files.paths.push(path);
    }
    (address, listener.map(Listener::Ipc))
}

/// A kernel that was killed leaves its socket file behind: then nobody accepts.
fn is_stale(path: &Path) -> bool {
    UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn reason_of(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another program already listens there; start the kernel \
            again so that Jupyter chooses new ports"
            .to_owned(),
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address; check the ip that Jupyter is told to use".to_owned()
        }
        _ => error.to_string(),
    }
}

/// The files of IPC sockets, which no system call removes.
#[derive(Default)]
pub(crate) struct SocketFiles {
    paths: Vec<PathBuf>,
}

impl Drop for SocketFiles {
    fn drop(&mut self) {
        for path in &self.paths {
            // The library may have removed it already: gone is what counts.
            let _ = std::fs::remove_file(path);
        }
    }
}

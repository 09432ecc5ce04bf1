//! A connection file goes in, five bound sockets come out, or the one that could not be bound.
//! Knows nothing of messages.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use zeromq::{Listener, RouterSocket, Socket, XPubSocket, ZmqError};

use super::relay::{Arrivals, Publishing, Relays};
use crate::connection::{ConnectionFile, Transport};

/// All sockets, bound; front ends can connect from now on.
pub(crate) struct Sockets {
    pub(crate) shell: RouterSocket,
    pub(crate) control: RouterSocket,
    pub(crate) iopub: XPubSocket,
    /// Between `iopub` and the front ends.
    pub(crate) relays: Relays,
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
        let shell = bind(connection, "shell", connection.shell_port, &mut files).await?;
        let control = bind(connection, "control", connection.control_port, &mut files).await?;
        let (iopub, relays) = bind_iopub(connection, &mut files).await?;
        Ok(Sockets {
            shell,
            control,
            iopub,
            relays,
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
    let (address, listener) = listen(connection, name, port, files)?;
    adopt(listener)
        .await
        .map_err(|error| failed(name, &address, error.to_string()))
}

/// The port that front ends know is the relays'; the publishing socket has one of its own, which
/// nobody but them can reach from another machine.
async fn bind_iopub(
    connection: &ConnectionFile,
    files: &mut SocketFiles,
) -> Result<(XPubSocket, Relays), BindError> {
    let name = "iopub";
    let (address, listener) = listen(connection, name, connection.iopub_port, files)?;
    let inner = || -> io::Result<(Arrivals, Publishing, Listener)> {
        Ok(match listener {
            Listener::Tcp(listener) => {
                listener.set_nonblocking(true)?;
                let inner = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
                (
                    Arrivals::Tcp(tokio::net::TcpListener::from_std(listener)?),
                    Publishing::Tcp(inner.local_addr()?),
                    Listener::Tcp(inner),
                )
            }
            Listener::Ipc(listener) => {
                listener.set_nonblocking(true)?;
                let mut path = path_of(&connection.ip, connection.iopub_port).into_os_string();
                path.push("-publishing");
                let path = PathBuf::from(path);
                let inner = listen_at(&path, files)?;
                (
                    Arrivals::Ipc(tokio::net::UnixListener::from_std(listener)?),
                    Publishing::Ipc(path),
                    Listener::Ipc(inner),
                )
            }
            _ => return Err(io::ErrorKind::Unsupported.into()),
        })
    };
    let (arrivals, publishing, inner) =
        inner().map_err(|error| failed(name, &address, reason_of(&error)))?;
    let socket = adopt(inner)
        .await
        .map_err(|error| failed(name, &address, error.to_string()))?;
    let relays = Relays {
        arrivals,
        publishing,
    };
    Ok((socket, relays))
}

fn listen(
    connection: &ConnectionFile,
    name: &'static str,
    port: u16,
    files: &mut SocketFiles,
) -> Result<(String, Listener), BindError> {
    let (address, listener) = match connection.transport {
        Transport::Tcp => tcp(&connection.ip, port),
        Transport::Ipc => ipc(&connection.ip, port, files),
    };
    match listener {
        Ok(listener) => Ok((address, listener)),
        Err(error) => Err(failed(name, &address, reason_of(&error))),
    }
}

async fn adopt<S: Socket>(listener: Listener) -> Result<S, ZmqError> {
    let mut socket = S::new();
    socket.bind_listener(listener).await?;
    Ok(socket)
}

fn failed(socket: &'static str, address: &str, reason: String) -> BindError {
    BindError {
        socket,
        address: address.to_owned(),
        reason,
    }
}

fn tcp(ip: &str, port: u16) -> (String, io::Result<Listener>) {
    let host = if ip == "*" { "0.0.0.0" } else { ip };
    let listener = TcpListener::bind((host, port)).map(Listener::Tcp);
    (format!("tcp://{ip}:{port}"), listener)
}

fn ipc(prefix: &str, port: u16, files: &mut SocketFiles) -> (String, io::Result<Listener>) {
    let path = path_of(prefix, port);
    let listener = listen_at(&path, files).map(Listener::Ipc);
    (format!("ipc://{}", path.display()), listener)
}

fn path_of(prefix: &str, port: u16) -> PathBuf {
    PathBuf::from(format!("{prefix}-{port}"))
}

fn listen_at(path: &Path, files: &mut SocketFiles) -> io::Result<UnixListener> {
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_stale(path) => {
            std::fs::remove_file(path).and_then(|()| UnixListener::bind(path))
        }
        bound_or_failed => bound_or_failed,
    }?;
    files.paths.push(path.to_owned());
    Ok(listener)
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

//! The connection file goes in, five addresses and a key come out.
//! Knows nothing of sockets: an address is only text here.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// How the five sockets are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Ports of an IP address.
    Tcp,
    /// Socket files whose names end in the port number.
    Ipc,
}

/// What a front end writes down for the kernel it starts.
#[derive(Clone, Deserialize)]
pub struct ConnectionFile {
    /// TCP or IPC.
    #[serde(default = "tcp")]
    pub transport: Transport,
    /// An IP address, or for IPC the start of each socket's path.
    pub ip: String,
    /// Requests.
    pub shell_port: u16,
    /// Interrupt and shutdown.
    pub control_port: u16,
    /// Everything that every front end sees.
    pub iopub_port: u16,
    /// Questions to the learner.
    pub stdin_port: u16,
    /// Heartbeat.
    pub hb_port: u16,
    /// The secret that signs messages; empty for unsigned ones.
    #[serde(default)]
    pub key: String,
    /// How messages are signed: always `hmac-sha256` here.
    #[serde(default = "hmac_sha256")]
    pub signature_scheme: String,
}

fn tcp() -> Transport {
    Transport::Tcp
}

fn hmac_sha256() -> String {
    SCHEME.to_owned()
}

const SCHEME: &str = "hmac-sha256";

/// Why a connection file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// There is no such file.
    #[error(
        "the connection file {path:?} does not exist: Jupyter writes it when it starts a kernel, \
         so start the kernel from Jupyter, or name a file that exists"
    )]
    Missing {
        /// The file asked for.
        path: PathBuf,
    },
    /// It is there and cannot be read.
    #[error("the connection file {path:?} cannot be read ({source}): check its permissions")]
    Unreadable {
        /// The file asked for.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not JSON, or lacks what a connection file has.
    #[error(
        "the connection file {path:?} is malformed ({source}): start the kernel again so that \
         Jupyter writes a new one"
    )]
    Malformed {
        /// The file asked for.
        path: PathBuf,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A way of signing that this kernel does not know.
    #[error(
        "the connection file {path:?} asks for the signature scheme {scheme:?}, and this kernel \
         signs only with hmac-sha256: set Session.signature_scheme to hmac-sha256 in Jupyter"
    )]
    Scheme {
        /// The file asked for.
        path: PathBuf,
        /// The scheme it names.
        scheme: String,
    },
    /// Port 0, which no front end could find, or one port for two sockets.
    #[error(
        "the connection file {path:?} gives the {socket} socket port {port}, {fault}: start the \
         kernel again so that Jupyter chooses new ports"
    )]
    Port {
        /// The file asked for.
        path: PathBuf,
        /// The socket concerned.
        socket: &'static str,
        /// Its port.
        port: u16,
        /// What is wrong with it.
        fault: &'static str,
    },
}

impl ConnectionFile {
    /// Reads and checks the file that a front end names on the command line.
    ///
    /// # Errors
    /// See [`ConnectionError`]; each message is one sentence that names the file.
    pub fn read(path: impl AsRef<Path>) -> Result<ConnectionFile, ConnectionError> {
        let path = path.as_ref();
        let text = std::fs::read(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ConnectionError::Missing { path: path.into() },
            _ => ConnectionError::Unreadable {
                path: path.into(),
                source,
            },
        })?;
        let file: ConnectionFile =
            serde_json::from_slice(&text).map_err(|source| ConnectionError::Malformed {
                path: path.into(),
                source,
            })?;
        if file.signature_scheme != SCHEME {
            return Err(ConnectionError::Scheme {
                path: path.into(),
                scheme: file.signature_scheme,
            });
        }
        file.check_ports(path)?;
        Ok(file)
    }

    fn check_ports(&self, path: &Path) -> Result<(), ConnectionError> {
        let ports = self.ports();
        for (at, (socket, port)) in ports.into_iter().enumerate() {
            let fault = if port == 0 {
                "which no front end can connect to"
            } else if ports[..at].iter().any(|(_, earlier)| *earlier == port) {
                "which another of its sockets has too"
            } else {
                continue;
            };
            return Err(ConnectionError::Port {
                path: path.into(),
                socket,
                port,
                fault,
            });
        }
        Ok(())
    }

    fn ports(&self) -> [(&'static str, u16); 5] {
        [
            ("shell", self.shell_port),
            ("control", self.control_port),
            ("iopub", self.iopub_port),
            ("stdin", self.stdin_port),
            ("heartbeat", self.hb_port),
        ]
    }
}

impl fmt::Debug for ConnectionFile {
    /// Leaves the key out: logs are shown around.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ConnectionFile")
            .field("transport", &self.transport)
            .field("ip", &self.ip)
            .field("ports", &self.ports())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"transport": "ipc", "ip": "/tmp/k", "shell_port": 1, "control_port": 2,
        "iopub_port": 3, "stdin_port": 4, "hb_port": 5, "key": "secret", "kernel_name": "gradbook",
        "signature_scheme": "hmac-sha256"}"#;

    fn read(text: &str) -> Result<ConnectionFile, ConnectionError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kernel-1.json");
        std::fs::write(&path, text).unwrap();
        ConnectionFile::read(path)
    }

    fn check_refused(text: &str, part: &str) {
        let message = read(text).unwrap_err().to_string();
        assert!(message.contains("kernel-1.json"), "{message}");
        assert!(message.contains(part), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }

    #[test]
    fn reads_what_jupyter_writes() {
        let file = read(GOOD).unwrap();
        assert_eq!(file.transport, Transport::Ipc);
        assert_eq!((file.shell_port, file.hb_port), (1, 5));
        assert_eq!(file.key, "secret");
    }

    #[test]
    fn key_and_scheme_may_be_absent() {
        let text = GOOD
            .replace(r#""key": "secret","#, "")
            .replace(r#""hb_port": 5,"#, r#""hb_port": 5"#)
            .replace(r#""kernel_name": "gradbook","#, "")
            .replace(r#""signature_scheme": "hmac-sha256""#, "");
        assert_eq!(read(&text).unwrap().key, "");
    }

    #[test]
    fn says_what_is_wrong() {
        check_refused("", "malformed");
        check_refused("[1, 2]", "malformed");
        check_refused(&GOOD.replace("\"ip\"", "\"up\""), "missing field `ip`");
        check_refused(&GOOD.replace(": 5,", ": 70000,"), "70000");
        check_refused(&GOOD.replace("ipc", "udp"), "udp");
        check_refused(&GOOD.replace("hmac-sha256", "hmac-md5"), "hmac-md5");
        check_refused(&GOOD.replace(": 3,", ": 0,"), "iopub socket port 0");
        check_refused(&GOOD.replace(": 3,", ": 1,"), "another of its sockets");
    }

    #[test]
    fn a_missing_or_unreadable_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = ConnectionFile::read(folder.path().join("none.json")).unwrap_err();
        assert!(matches!(missing, ConnectionError::Missing { .. }));
        assert!(missing.to_string().contains("none.json"));
        let a_folder = ConnectionFile::read(folder.path()).unwrap_err();
        assert!(matches!(a_folder, ConnectionError::Unreadable { .. }));
    }

    #[test]
    fn a_log_never_shows_the_key() {
        assert!(!format!("{:?}", read(GOOD).unwrap()).contains("secret"));
    }
}

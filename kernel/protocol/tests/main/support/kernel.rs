//! A kernel of one test, over IPC sockets in a folder of its own or over free TCP ports.
//! Knows nothing of messages.

use std::net::TcpListener;

use gradbook_protocol::evaluator::Backend;
use gradbook_protocol::{ConnectionFile, Options, ServeError, Transport, serve};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::echo;

/// The secret of all test kernels.
pub const KEY: &str = "a0436f6c-1916-498b-8eb9-e81ab9368e84";

/// A served kernel; ends with the test.
pub struct TestKernel {
    pub connection: ConnectionFile,
    pub folder: TempDir,
    pub serving: JoinHandle<Result<(), ServeError>>,
}

/// An echo kernel over IPC.
pub fn start() -> TestKernel {
    start_with(echo::backend)
}

/// The same with another backend.
pub fn start_with(backend: impl FnOnce() -> Backend + Send + 'static) -> TestKernel {
    let folder = tempfile::tempdir().unwrap();
    start_at(ipc(&folder, KEY), folder, backend)
}

/// The same at given addresses.
pub fn start_at(
    connection: ConnectionFile,
    folder: TempDir,
    backend: impl FnOnce() -> Backend + Send + 'static,
) -> TestKernel {
    let options = Options {
        history: Some(folder.path().join("cells.jsonl")),
        owns_process: false,
    };
    TestKernel {
        serving: tokio::spawn(serve(connection.clone(), backend, options)),
        connection,
        folder,
    }
}

/// Five socket files in `folder`.
pub fn ipc(folder: &TempDir, key: &str) -> ConnectionFile {
    let prefix = folder.path().join("k");
    connection("ipc", &prefix.to_string_lossy(), [1, 2, 3, 4, 5], key)
}

/// Five ports that were free just now.
pub fn tcp() -> ConnectionFile {
    let listeners: [TcpListener; 5] =
        std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    let ports = listeners.map(|listener| listener.local_addr().unwrap().port());
    connection("tcp", "127.0.0.1", ports, KEY)
}

/// What a front end would write down.
pub fn connection(transport: &str, ip: &str, ports: [u16; 5], key: &str) -> ConnectionFile {
    let text = json!({
        "transport": transport, "ip": ip, "key": key, "signature_scheme": "hmac-sha256",
        "shell_port": ports[0], "control_port": ports[1], "iopub_port": ports[2],
        "stdin_port": ports[3], "hb_port": ports[4],
    });
    serde_json::from_value(text).unwrap()
}

/// Where to connect for one of the five ports.
pub fn address(connection: &ConnectionFile, port: u16) -> String {
    match connection.transport {
        Transport::Tcp => format!("tcp://{}:{port}", connection.ip),
        Transport::Ipc => format!("ipc://{}-{port}", connection.ip),
    }
}

//! The Jupyter protocol 5.5: sockets, signed messages and one reply per request.
//! Knows nothing of Rust code, of rustc or of libtorch: cells go to an [`evaluator::Evaluator`].
//!
//! The path of a cell: a frame arrives at a socket (`sockets`), `wire` checks and parses it,
//! `requests` answers it or hands it to `execution`, which runs it on the evaluator's thread and
//! publishes what it shows through the one task that owns the iopub socket.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod comms;
mod connection;
pub mod evaluator;
mod execution;
mod history;
mod kernel;
mod life;
mod offsets;
mod requests;
mod serve;
mod session;
mod sockets;
mod variables;
mod wire;

pub use connection::{ConnectionError, ConnectionFile, Transport};
pub use serve::{Options, ServeError, run, serve};
pub use sockets::bind::BindError;

//! The protocol as a front end sees it: real sockets, an echo evaluator, every message asserted.
//! Knows nothing of the crate's insides.

#![allow(clippy::unwrap_used)]

mod support {
    pub mod echo;
    pub mod frontend;
    pub mod kernel;
}

mod comms;
mod connecting;
mod ending;
mod executing;
mod hostile;
mod input;
mod requests;
mod streams;
mod variables;
mod while_busy;

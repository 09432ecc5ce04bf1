//! The Jupyter protocol: sockets, signed messages and one reply per request.

pub mod evaluator;

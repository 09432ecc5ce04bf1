//! Rust cells: split, generated, compiled by rustc, run in a child process.

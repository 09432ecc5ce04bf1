//! Rust cells: split, generated, compiled by rustc, run in a child process.
//!
//! The path of a cell: [`parse`] splits it, [`generate`] makes a crate of it and of what [`session`]
//! kept, [`compile`] has [`rustc`] compile that, [`child`] runs it, and what went wrong is told by
//! [`diagnose`].

pub mod abort;
pub mod ahead;
mod backend;
pub mod cache;
pub mod child;
mod claims;
pub mod commands;
mod comms;
pub mod compile;
mod decide;
pub mod dependencies;
pub mod diagnose;
pub mod diagnostic;
pub mod evaluator;
pub mod generate;
pub mod identity;
pub mod intelligence;
pub mod library;
pub mod parse;
mod reach;
mod remember;
pub mod run;
pub mod rustc;
mod scratch;
pub mod session;
pub mod source;
pub mod types;
mod upcoming;

pub use backend::backend;

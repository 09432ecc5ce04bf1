//! The one prebuilt library that every cell links to: lessons, tch, plotters, and what runs a cell.
//!
//! The kernel's child process loads it and calls [`child::gradbook_child_main`]; a cell names it
//! with `extern crate` and so shares its `Tensor`, its standard library and its variable store.

pub use {course, lessons, plotters, tch};

pub mod cell;
pub mod child;
mod describe;
mod host;
mod lines;
mod panics;
#[doc(hidden)]
pub mod pregenerated;
pub mod result;
mod store;
mod symbols;
mod turns;

pub use cell::Cell;
pub use gradbook_cell::printing;
pub use gradbook_cell::{Ended, Thrown, block_on, lasting};
pub use lessons::interrupt::checkpoint;

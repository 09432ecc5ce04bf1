//! The process that runs cells: started, given compiled cells, listened to, ended.
//! Knows nothing of rustc or of what a cell means.

mod entry;
pub mod output;
mod process;

pub use entry::{EntryError, run as entry};
pub use process::{Child, Event, Stream, ending};

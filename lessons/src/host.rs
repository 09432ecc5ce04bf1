//! Where rich output goes: to the notebook when there is one, else to standard output as text.
//! Knows nothing of Jupyter; the kernel's library installs a [`Host`].

use std::io;
use std::sync::OnceLock;

use crate::show::MimeBundle;

/// What a notebook offers to code that shows something.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::host::{self, Host};
/// use std::sync::Mutex;
///
/// static SHOWN: Mutex<Vec<String>> = Mutex::new(Vec::new());
///
/// struct Recorder;
///
/// impl Host for Recorder {
///     fn display_data(&self, content: &MimeBundle, _: Option<&str>) {
///         SHOWN.lock().unwrap().push(content.plain().to_owned());
///     }
///     fn update_display_data(&self, _: &MimeBundle, _: &str) {}
///     fn clear_output(&self, _: bool) {
///         SHOWN.lock().unwrap().clear();
///     }
///     fn input(&self, _: &str, _: bool) -> std::io::Result<String> {
///         Ok("yes".to_owned())
///     }
/// }
///
/// host::install(Box::new(Recorder));
/// display(&MimeBundle::text("hello"));
/// assert_eq!(*SHOWN.lock().unwrap(), ["hello"]);
/// assert_eq!(input("Go on? "), "yes");
/// ```
pub trait Host: Send + Sync {
    /// Shows `content` now, in order with printed text; `display_id` lets it be updated later.
    fn display_data(&self, content: &MimeBundle, display_id: Option<&str>);
    /// Puts new content in place of an earlier display.
    fn update_display_data(&self, content: &MimeBundle, display_id: &str);
    /// Removes what the cell showed; with `wait`, once something new comes.
    fn clear_output(&self, wait: bool);
    /// Asks the reader for a line.
    ///
    /// # Errors
    /// Where the reader cannot be asked.
    fn input(&self, prompt: &str, password: bool) -> io::Result<String>;
    /// Opens a comm, a line to a part of the page; data and metadata are JSON, buffers are raw bytes. A
    /// host without a page leaves these three alone. See [`crate::comm`].
    fn open_comm(&self, _id: &str, _target: &str, _data: &str, _metadata: &str, _: &[&[u8]]) {}
    /// Sends JSON on an open comm, and raw bytes beside it.
    fn send_on_comm(&self, _id: &str, _data: &str, _buffers: &[&[u8]]) {}
    /// Says that a comm is closed.
    fn close_comm(&self, _id: &str) {}
}

static HOST: OnceLock<Box<dyn Host>> = OnceLock::new();

/// Sets the host, once per process; a second one is ignored.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::host::{self, Host};
/// # struct Silent;
/// # impl Host for Silent {
/// #     fn display_data(&self, _: &MimeBundle, _: Option<&str>) {}
/// #     fn update_display_data(&self, _: &MimeBundle, _: &str) {}
/// #     fn clear_output(&self, _: bool) {}
/// #     fn input(&self, _: &str, _: bool) -> std::io::Result<String> { Ok(String::new()) }
/// # }
/// host::install(Box::new(Silent)); // a `Host` of yours
/// assert!(host::current().is_some());
/// ```
pub fn install(host: Box<dyn Host>) {
    let _ = HOST.set(host);
}

/// The host, or `None` in a plain program.
///
/// ```
/// assert!(lessons::host::current().is_none(), "this is a plain program");
/// ```
pub fn current() -> Option<&'static dyn Host> {
    HOST.get().map(Box::as_ref)
}

//! What the child process does first: it puts the control socket aside, loads the library and hands over.
//! Knows nothing of cells; the library's `gradbook_child_main` does the rest.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::path::Path;

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

/// Why the library could not take over.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The control socket could not be moved off standard input.
    #[error("the control socket could not be set up: {0}")]
    Control(std::io::Error),
    /// The library or one that it needs (libtorch) does not load.
    #[error("the lessons library does not load: {0}")]
    Load(libloading::Error),
}

/// Runs the child; the control socket comes as standard input. Returns the exit status.
///
/// # Errors
/// See [`EntryError`].
pub fn run(library: &Path) -> Result<i32, EntryError> {
    die_with_the_kernel();
    let control = control_from_stdin().map_err(EntryError::Control)?;
    // SAFETY: no other thread runs yet.
    // The variable was for the dynamic loader, which has read it; a learner's own processes must
    // not inherit it.
    unsafe { std::env::remove_var("LD_LIBRARY_PATH") };
    // SAFETY: set-up built the library from `kernel/runtime`; its initialisers are libtorch's, and
    // the symbol has this type there. It is never unloaded.
    let status = unsafe {
        let library =
            Library::open(Some(library), RTLD_NOW | RTLD_GLOBAL).map_err(EntryError::Load)?;
        let main = *library
            .get::<unsafe extern "C" fn(c_int) -> c_int>(b"gradbook_child_main")
            .map_err(EntryError::Load)?;
        std::mem::forget(library);
        main(control)
    };
    Ok(status)
}

/// Moves the socket to a descriptor of its own; what a cell reads from standard input is empty.
fn control_from_stdin() -> std::io::Result<c_int> {
    let null = std::fs::File::open("/dev/null")?;
    // SAFETY: descriptor 0 is open (the kernel passed it) and owned by nobody in this process.
    unsafe {
        let control = libc::fcntl(0, libc::F_DUPFD_CLOEXEC, 3);
        if control < 0 || libc::dup2(std::os::fd::AsRawFd::as_raw_fd(&null), 0) < 0 {
            return Err(std::io::Error::last_os_error());
        }
        Ok(control)
    }
}

/// A kernel that is killed cannot end its child: the operating system does.
fn die_with_the_kernel() {
    #[cfg(target_os = "linux")]
    // SAFETY: sets one attribute of this process.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
    }
}

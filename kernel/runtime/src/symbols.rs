//! The symbols by which a cell of std alone (`gradbook-cell`) reaches this library.

use std::any::{Any, TypeId};
use std::fmt::Debug;

use gradbook_cell::{Data, Thrown};

use crate::cell::Cell;
use crate::result::debugged;

/// The cell at an address.
///
/// # Safety
/// The address must be that of the running cell.
unsafe fn at<'a>(cell: *const ()) -> &'a Cell<'a> {
    // SAFETY: the caller's word.
    unsafe { &*cell.cast() }
}

#[unsafe(no_mangle)]
fn gradbook_take(cell: *const (), name: &str, wanted: TypeId) -> *mut () {
    // SAFETY: `gradbook_cell::Cell` hands on the address it was given.
    unsafe { at(cell) }.take_any(name, wanted)
}

#[unsafe(no_mangle)]
fn gradbook_put(cell: *const (), name: &str, value: Box<dyn Any>, back: bool) {
    // SAFETY: as above.
    unsafe { at(cell) }.put_boxed(name, value, back);
}

#[unsafe(no_mangle)]
fn gradbook_stage(cell: *const (), body: &mut dyn FnMut() -> Result<(), Thrown>) {
    // SAFETY: as above.
    unsafe { at(cell) }.run_stage(body);
}

#[unsafe(no_mangle)]
fn gradbook_set_result(cell: *const (), data: Option<Data>) {
    // SAFETY: as above.
    unsafe { at(cell) }.set_result(data);
}

#[unsafe(no_mangle)]
fn gradbook_debugged(value: &dyn Debug) -> Option<Data> {
    debugged(value)
}

#[unsafe(no_mangle)]
fn gradbook_checkpoint() {
    crate::checkpoint();
}

#[unsafe(no_mangle)]
fn gradbook_turn(stream: i32) {
    crate::turns::turn(stream);
}

/// The `Display` text of errors of well-known types.
#[unsafe(no_mangle)]
fn gradbook_error_text(type_name: &str, error: *const ()) -> Option<String> {
    type Boxed = Box<dyn std::error::Error>;
    type BoxedSend = Box<dyn std::error::Error + Send + Sync>;
    macro_rules! displayed {
        ($($known:ty),*) => {
            $(if type_name == std::any::type_name::<$known>() {
                // SAFETY: the name is that of the value's type. No two types of std and tch have one
                // path, a cell's own path begins with its crate's name, and none of these is changed
                // by a lifetime.
                return Some(unsafe { &*error.cast::<$known>() }.to_string());
            })*
        };
    }
    displayed!(
        Boxed,
        BoxedSend,
        String,
        &'static str,
        std::num::ParseIntError,
        std::num::ParseFloatError,
        std::io::Error,
        std::fmt::Error,
        std::str::Utf8Error,
        std::string::FromUtf8Error,
        tch::TchError
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_errors_speak_plainly() {
        let error = "x".parse::<i32>().expect_err("not a number");
        let thrown = Thrown::from(error);
        assert_eq!(thrown.message, "invalid digit found in string");
        assert_eq!(thrown.type_name, "ParseIntError");
        let lock = std::sync::Mutex::new(1);
        let guard = lock.lock().expect("free");
        let busy = lock.try_lock().expect_err("held");
        assert!(Thrown::from(busy).type_name.starts_with("TryLockError<"));
        drop(guard);
    }
}

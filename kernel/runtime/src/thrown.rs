//! What `?` in a cell turns an error into, and the smallest way to wait for a future.

use std::fmt::Debug;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// The error of a cell that ended with `?`.
///
/// Not `Debug` itself, so that every error that is `Debug` converts into it.
pub struct Thrown {
    pub(crate) type_name: String,
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Thrown {
    /// What `return;` turns into: the cell ends here, and well.
    #[must_use]
    pub fn returned() -> Self {
        Self {
            type_name: String::new(),
            message: String::new(),
            file: String::new(),
            line: 0,
            column: 0,
        }
    }

    pub(crate) fn is_return(&self) -> bool {
        self.type_name.is_empty()
    }
}

// Not only for `'static` errors: a lock's error borrows from the lock.
impl<E: Debug> From<E> for Thrown {
    #[track_caller]
    fn from(error: E) -> Self {
        let place = std::panic::Location::caller();
        Self {
            type_name: short_name(std::any::type_name::<E>()),
            message: message(&error),
            file: place.file().to_owned(),
            line: place.line(),
            column: place.column(),
        }
    }
}

/// What the `main` of a pasted program returns.
pub trait Ended {
    /// The error, if it is one.
    ///
    /// # Errors
    /// As `main` returned it.
    fn ended(self) -> Result<(), Thrown>;
}

impl Ended for () {
    fn ended(self) -> Result<(), Thrown> {
        Ok(())
    }
}

impl Ended for std::process::ExitCode {
    fn ended(self) -> Result<(), Thrown> {
        Ok(())
    }
}

impl<T, E: Debug> Ended for Result<T, E> {
    #[track_caller]
    fn ended(self) -> Result<(), Thrown> {
        self.map(drop).map_err(Thrown::from)
    }
}

/// Compiles for what may outlive its cell.
#[inline(always)]
pub fn lasting<T: ?Sized + 'static>(_: &T) {}

/// The error's `Display` text if its type is a well-known one, else its `Debug` text.
fn message<E: Debug>(error: &E) -> String {
    type Boxed = Box<dyn std::error::Error>;
    type BoxedSend = Box<dyn std::error::Error + Send + Sync>;
    macro_rules! displayed {
        ($($known:ty),*) => {
            $(if std::any::type_name::<E>() == std::any::type_name::<$known>() {
                // SAFETY: no two types of std and tch have one path, a cell's own path begins with
                // its crate's name, and none of these is changed by a lifetime.
                let known = unsafe { &*std::ptr::from_ref(error).cast::<$known>() };
                return known.to_string();
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
    format!("{error:?}")
}

/// `core::num::error::ParseIntError` to `ParseIntError`, generics kept.
fn short_name(full: &str) -> String {
    let mut short = String::new();
    let mut word = String::new();
    for character in full.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => word.push(character),
            ':' => word.clear(),
            other => {
                short.push_str(&std::mem::take(&mut word));
                short.push(other);
            }
        }
    }
    short + &word
}

/// How often a wait looks whether it is to be stopped.
const BETWEEN_STOPS: Duration = Duration::from_millis(50);

/// Waits for a future on this thread; a cell with `.await` runs in it.
pub fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => {
                thread::park_timeout(BETWEEN_STOPS);
                crate::checkpoint();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_paths_and_keep_their_generics() {
        assert_eq!(
            short_name("core::num::error::ParseIntError"),
            "ParseIntError"
        );
        assert_eq!(
            short_name("alloc::vec::Vec<alloc::string::String>"),
            "Vec<String>"
        );
        assert_eq!(short_name("&str"), "&str");
    }

    #[test]
    fn known_errors_speak_plainly() {
        let error = "x".parse::<i32>().expect_err("not a number");
        assert_eq!(Thrown::from(error).message, "invalid digit found in string");
    }
}

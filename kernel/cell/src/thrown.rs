//! What `?` in a cell turns an error into, and the smallest way to wait for a future.

use std::fmt::Debug;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// The error of a cell that ended with `?`.
///
/// Not `Debug` itself, so that every error that is `Debug` converts into it.
pub struct Thrown {
    /// Its type, without the path.
    pub type_name: String,
    /// In words.
    pub message: String,
    /// Where the `?` is.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
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

    /// Whether it is no error at all, but a `return;`.
    #[must_use]
    pub fn is_return(&self) -> bool {
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
    let address = std::ptr::from_ref(error).cast();
    // SAFETY: the address is that of a value of the type with this name.
    let known = unsafe { crate::gradbook_error_text(std::any::type_name::<E>(), address) };
    known.unwrap_or_else(|| format!("{error:?}"))
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
            Poll::Pending => thread::park(),
        }
    }
}

//! A learner's function is called: its panic is an answer too, and prints nothing.
//! An interrupt's panic goes on to whoever stops the cell.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::Once;

use lessons::interrupt::Interrupted;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What a panic said: `Ok` with the value, or the message.
pub fn caught<T>(call: impl FnOnce() -> T) -> Result<T, Panicked> {
    install();
    let before = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    QUIET.set(before);
    result.map_err(|payload| {
        if payload.is::<Interrupted>() {
            resume_unwind(payload);
        }
        Panicked::from(payload)
    })
}

/// A panic other than an interrupt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Panicked {
    /// `todo!` or `unimplemented!`.
    Todo,
    /// Any other, with its message.
    Message(String),
}

impl From<Box<dyn Any + Send>> for Panicked {
    fn from(payload: Box<dyn Any + Send>) -> Panicked {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
        let text = text.unwrap_or_else(|| "a value that is not text".to_owned());
        let unfinished = ["not yet implemented", "not implemented"];
        if unfinished.iter().any(|start| text.starts_with(start)) {
            return Panicked::Todo;
        }
        Panicked::Message(text)
    }
}

/// Puts a hook before the one that is there, once: a hook that is taken out and put back for each
/// call would be lost to other threads meanwhile.
fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            // The kernel's hook notes where a cell was interrupted.
            if !QUIET.get() || info.payload().is::<Interrupted>() {
                before(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn todo_is_told_from_other_panics() {
        assert_eq!(caught(|| 3), Ok(3));
        assert_eq!(caught(|| -> i32 { todo!() }), Err(Panicked::Todo));
        assert_eq!(
            caught(|| -> i32 { todo!("your {}", 1) }),
            Err(Panicked::Todo)
        );
        assert_eq!(caught(|| -> i32 { unimplemented!() }), Err(Panicked::Todo));
        let empty: Vec<i32> = Vec::new();
        let Err(Panicked::Message(text)) = caught(|| empty[2]) else {
            panic!("an index out of bounds is a panic");
        };
        assert!(text.contains("index is 2"), "{text}");
    }

    #[test]
    fn an_interrupt_goes_on() {
        let thrown = catch_unwind(|| caught(|| std::panic::panic_any(Interrupted)));
        assert!(thrown.is_err_and(|payload| payload.is::<Interrupted>()));
    }
}

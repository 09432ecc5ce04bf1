//! What a call says when it refuses what it was given.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The message of the panic that `action` must end with.
#[track_caller]
pub fn refusal<T>(action: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(action)) else {
        panic!("it should be refused");
    };
    let fixed = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    payload
        .downcast_ref::<String>()
        .cloned()
        .or(fixed)
        .expect("the message is text")
}

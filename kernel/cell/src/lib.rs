//! What a cell of std alone is compiled against.
//!
//! Every crate in a cell's view brings implementations, and some make std code ambiguous: with `serde_json`
//! in view, `assert_eq!(v, [])` could compare with a JSON value. A cell that names nothing of the
//! library can do without that view. It is compiled against this crate, which depends on std alone
//! and reaches the library that runs it by symbols.

#![allow(unsafe_code)]

pub mod printing;
pub mod result;
mod thrown;

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::marker::PhantomData;

pub use thrown::{Ended, Thrown, block_on, lasting};

/// The representations of a value, by MIME type.
pub type Data = BTreeMap<String, String>;

// `gradbook_runtime::symbols` defines them.
unsafe extern "Rust" {
    fn gradbook_take(cell: *const (), name: &str, wanted: TypeId) -> *mut ();
    fn gradbook_put(cell: *const (), name: &str, value: Box<dyn Any>, back: bool);
    fn gradbook_stage(cell: *const (), body: &mut dyn FnMut() -> Result<(), Thrown>);
    fn gradbook_set_result(cell: *const (), data: Option<Data>);
    fn gradbook_debugged(value: &dyn Debug) -> Option<Data>;
    fn gradbook_error_text(type_name: &str, error: *const ()) -> Option<String>;
    fn gradbook_checkpoint();
    fn gradbook_turn(stream: i32);
}

/// One run of one cell: the address of the library's own `Cell`.
pub struct Cell<'a>(PhantomData<&'a ()>);

impl Cell<'_> {
    /// Takes a variable out of the store, as an owned value of the type it was stored with.
    ///
    /// # Panics
    /// If the store has no such variable of this type.
    pub fn take<T: 'static>(&self, name: &str) -> T {
        // SAFETY: the library gives away a box that holds a value of the type it was asked for.
        unsafe {
            *Box::from_raw(gradbook_take(self.address(), name, TypeId::of::<T>()).cast::<T>())
        }
    }

    /// Puts a variable that the cell made into the store.
    pub fn put<T: 'static>(&self, name: &str, value: T) {
        // SAFETY: the address is that of the running cell.
        unsafe { gradbook_put(self.address(), name, Box::new(value), false) }
    }

    /// Puts a variable back that the cell took.
    pub fn put_back<T: 'static>(&self, name: &str, value: T) {
        // SAFETY: as above.
        unsafe { gradbook_put(self.address(), name, Box::new(value), true) }
    }

    /// Runs one stage of the cell; `None` if it panicked, failed with `?` or was interrupted.
    pub fn stage<R>(&self, body: impl FnOnce() -> Result<R, Thrown>) -> Option<R> {
        let mut body = Some(body);
        let mut made = None;
        let mut once = || {
            if let Some(body) = body.take() {
                made = Some(body()?);
            }
            Ok(())
        };
        // SAFETY: as above.
        unsafe { gradbook_stage(self.address(), &mut once) }
        made
    }

    /// Sets the value of the trailing expression.
    pub fn set_result(&self, data: Option<Data>) {
        // SAFETY: as above.
        unsafe { gradbook_set_result(self.address(), data) }
    }

    fn address(&self) -> *const () {
        std::ptr::from_ref(self).cast()
    }
}

/// Leaves the running computation if a stop was asked for.
pub fn checkpoint() {
    // SAFETY: it takes nothing and only reads a flag, or unwinds.
    unsafe { gradbook_checkpoint() }
}

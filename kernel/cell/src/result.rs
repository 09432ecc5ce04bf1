//! The value of a trailing expression: its own `evcxr_display`, or `Debug`. Values that the lessons
//! show in richer form are never those of a cell of std alone.

use std::fmt::Debug;

use crate::Data;

/// Gives every type an `evcxr_display` that says "no such method of its own".
pub trait Unshown {
    /// Wraps the value for [`Form`].
    fn evcxr_display(&self) -> Plain<'_, Self> {
        Plain(self)
    }
}

impl<T: ?Sized> Unshown for T {}

/// A value with no `evcxr_display` of its own.
pub struct Plain<'a, T: ?Sized>(pub &'a T);

/// What a call of `evcxr_display` returned.
pub struct Answer<T>(pub T);

/// The representations to publish; `None` if there is nothing to show.
pub trait Form {
    /// See [`Form`].
    fn form(&self) -> Option<Data>;
}

/// `evcxr_display` has printed the value itself: what was printed last is the value.
impl Form for &&&&Answer<()> {
    fn form(&self) -> Option<Data> {
        Some(Data::new())
    }
}

impl<T: Debug + ?Sized> Form for &Answer<Plain<'_, T>> {
    fn form(&self) -> Option<Data> {
        // SAFETY: it takes any value and only formats it.
        unsafe { crate::gradbook_debugged(&self.0.0) }
    }
}

//! The value of a trailing expression, in the richest form its type has.
//!
//! In this order: an `evcxr_display` method of its own, [`lessons::show::Show`], `Debug`. The choice
//! is made by method resolution: a method of the type itself wins over [`Unshown`]'s, and of the
//! [`Form`]s the one that needs the fewest references.

use std::fmt::Debug;

use gradbook_control::Data;
use lessons::show::Show;

/// Gives every type an `evcxr_display` that says "no such method of its own".
pub trait Unshown {
    /// Wraps the value for [`Form`].
    fn evcxr_display(&self) -> Plain<'_, Self> {
        Plain(self)
    }
}

impl<T: ?Sized> Unshown for T {}

/// A value with no `evcxr_display` of its own.
pub struct Plain<'a, T: ?Sized>(&'a T);

/// What a call of `evcxr_display` returned.
pub struct Answer<T>(pub T);

/// The representations to publish; `None` where there is nothing to show.
pub trait Form {
    /// See [`Form`].
    fn form(&self) -> Option<Data>;
}

/// `evcxr_display` has printed the value itself.
impl Form for &&&&Answer<()> {
    fn form(&self) -> Option<Data> {
        None
    }
}

impl<T: Show + ?Sized> Form for &&&Answer<Plain<'_, T>> {
    fn form(&self) -> Option<Data> {
        Some(shown(self.0.0))
    }
}

impl<T: Show + ?Sized> Form for &&Answer<Plain<'_, &T>> {
    fn form(&self) -> Option<Data> {
        Some(shown(*self.0.0))
    }
}

impl<T: Debug + ?Sized> Form for &Answer<Plain<'_, T>> {
    fn form(&self) -> Option<Data> {
        let text = format!("{:?}", self.0.0);
        // The unit value: the cell ended with a loop or a call that returns nothing.
        (text != "()").then(|| Data::from([("text/plain".to_owned(), text)]))
    }
}

fn shown(value: &(impl Show + ?Sized)) -> Data {
    value
        .show()
        .iter()
        .map(|(mime_type, content)| (mime_type.to_owned(), content.to_owned()))
        .collect()
}

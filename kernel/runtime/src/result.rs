//! The value of a trailing expression, in the richest form its type has.
//!
//! In this order: an `evcxr_display` method of its own, [`lessons::show::Show`], `Debug`. The choice
//! is made by method resolution: a method of the type itself wins over [`Unshown`]'s, and of the
//! [`Form`]s the one that needs the fewest references.

use std::fmt::Debug;

use gradbook_control::Data;
use lessons::show::{MimeBundle, Show, debug_text};

pub use gradbook_cell::result::{Answer, Plain, Unshown};

/// The representations to publish; `None` where there is nothing to show.
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

// The work is done in the library, once for all types: what stays generic is compiled in every cell
// that shows something.

impl<T: Show + ?Sized> Form for &&&Answer<Plain<'_, T>> {
    fn form(&self) -> Option<Data> {
        shown(self.0.0.show())
    }
}

impl<T: Show + ?Sized> Form for &&Answer<Plain<'_, &T>> {
    fn form(&self) -> Option<Data> {
        shown(self.0.0.show())
    }
}

impl<T: Debug + ?Sized> Form for &Answer<Plain<'_, T>> {
    fn form(&self) -> Option<Data> {
        debugged(&self.0.0)
    }
}

#[inline(never)]
fn shown(bundle: MimeBundle) -> Option<Data> {
    let bundle = bundle.shortened();
    let content = |(mime_type, content): (&str, &str)| (mime_type.to_owned(), content.to_owned());
    Some(bundle.iter().map(content).collect())
}

#[inline(never)]
pub(crate) fn debugged(value: &dyn Debug) -> Option<Data> {
    let text = debug_text(value);
    // The unit value: the cell ended with a loop or a call that returns nothing.
    (text != "()").then(|| Data::from([("text/plain".to_owned(), text)]))
}

//! How a value is shown: as text always, as HTML or SVG where that says more.
//! Knows nothing of where it is shown; see [`crate::host`].

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::host;

mod displayable;
mod media;
mod text;

pub use displayable::{Displayable, Inner, Plain, Rich};
pub use media::{html, latex, markdown, png, svg};
pub use text::debug_text;

/// One value in several representations, keyed by MIME type; `text/plain` is always there.
///
/// ```
/// use lessons::prelude::*;
/// let bundle = MimeBundle::text("bold").with("text/html", "<b>bold</b>");
/// assert_eq!(bundle.plain(), "bold");
/// assert!(bundle.iter().any(|(kind, content)| kind == "text/html" && content == "<b>bold</b>"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MimeBundle(BTreeMap<String, String>);

impl MimeBundle {
    /// A bundle with its plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self(BTreeMap::from([("text/plain".to_owned(), text.into())]))
    }

    /// The same bundle with one more representation.
    #[must_use]
    pub fn with(mut self, mime_type: &str, content: impl Into<String>) -> Self {
        self.0.insert(mime_type.to_owned(), content.into());
        self
    }

    /// Content by MIME type.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(mime_type, content)| (mime_type.as_str(), content.as_str()))
    }

    /// The plain text.
    pub fn plain(&self) -> &str {
        self.0.get("text/plain").map_or("", String::as_str)
    }
}

/// A value with a richer form than its `Debug` text.
///
/// ```
/// use lessons::prelude::*;
/// struct Degrees(f64);
///
/// impl Show for Degrees {
///     fn show(&self) -> MimeBundle {
///         MimeBundle::text(format!("{} °C", self.0))
///     }
/// }
///
/// assert_eq!(Degrees(21.5).show().plain(), "21.5 °C");
/// display(&Degrees(21.5));
/// ```
pub trait Show {
    /// All its representations.
    fn show(&self) -> MimeBundle;
}

/// Shows a value now, in the middle of a cell, in order with printed text: anything that the last line of a
/// cell shows. For text and bytes of other kinds there are [`html`], [`markdown`], [`latex`], [`svg`], [`png`].
///
/// ```
/// use lessons::prelude::*;
/// display(&tensor([1.0, 2.0]));
/// display("before training");
/// display(vec![0.5, 0.25]);
/// ```
pub fn display<Way>(value: impl Displayable<Way>) {
    display_now(value.bundle(), None);
}

// What stays generic is compiled in every cell that shows something.
#[inline(never)]
fn display_now(content: MimeBundle, display_id: Option<&str>) {
    let content = content.shortened();
    match host::current() {
        Some(host) => host.display_data(&content, display_id),
        None => println!("{}", content.plain()),
    }
}

/// Shows a value now, as [`display`], and returns a handle by which it can be replaced in place.
///
/// ```
/// use lessons::prelude::*;
/// let counter = display_handle(&tensor(1.0));
/// counter.update(&tensor(2.0));
/// ```
pub fn display_handle<Way>(value: impl Displayable<Way>) -> DisplayHandle {
    let handle = DisplayHandle {
        display_id: Uuid::new_v4().to_string(),
    };
    display_now(value.bundle(), Some(&handle.display_id));
    handle
}

/// Something shown that can change; from [`display_handle`].
///
/// ```
/// use lessons::prelude::*;
/// let shown = display_handle("loss: ?");
/// shown.update("loss: 0.25");
/// assert!(!shown.display_id().is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayHandle {
    display_id: String,
}

impl DisplayHandle {
    /// Puts `value` in place of what the handle shows; without a notebook, prints it below.
    pub fn update<Way>(&self, value: impl Displayable<Way>) {
        let content = value.bundle().shortened();
        match host::current() {
            Some(host) => host.update_display_data(&content, &self.display_id),
            None => println!("{}", content.plain()),
        }
    }

    /// The id by which a notebook knows this display.
    pub fn display_id(&self) -> &str {
        &self.display_id
    }
}

/// Removes what the cell has shown so far: at once, or with `wait` when something new comes, which
/// does not flicker. Without a notebook it does nothing.
///
/// ```
/// use lessons::prelude::*;
/// for epoch in 1..=3 {
///     clear_output(true);
///     display(&MimeBundle::text(format!("epoch {epoch}")));
/// }
/// ```
pub fn clear_output(wait: bool) {
    if let Some(host) = host::current() {
        host.clear_output(wait);
    }
}

impl Show for MimeBundle {
    fn show(&self) -> MimeBundle {
        self.clone()
    }
}

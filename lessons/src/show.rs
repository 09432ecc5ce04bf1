//! How a value is shown: as text always, as HTML or SVG where that says more.
//! Knows nothing of where it is shown; see [`crate::host`].

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::host;

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

/// Shows a value now, in the middle of a cell, in order with printed text.
///
/// ```
/// use lessons::prelude::*;
/// display(&tensor([1.0, 2.0]));
/// ```
pub fn display(value: &(impl Show + ?Sized)) {
    let content = value.show();
    match host::current() {
        Some(host) => host.display_data(&content, None),
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
pub fn display_handle(value: &(impl Show + ?Sized)) -> DisplayHandle {
    let handle = DisplayHandle {
        display_id: Uuid::new_v4().to_string(),
    };
    let content = value.show();
    match host::current() {
        Some(host) => host.display_data(&content, Some(&handle.display_id)),
        None => println!("{}", content.plain()),
    }
    handle
}

/// Something shown that can change; from [`display_handle`].
///
/// ```
/// use lessons::prelude::*;
/// let shown = display_handle(&MimeBundle::text("loss: ?"));
/// shown.update(&MimeBundle::text("loss: 0.25"));
/// assert!(!shown.display_id().is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayHandle {
    display_id: String,
}

impl DisplayHandle {
    /// Puts `value` in place of what the handle shows; without a notebook, prints it below.
    pub fn update(&self, value: &(impl Show + ?Sized)) {
        let content = value.show();
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

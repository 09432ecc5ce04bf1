//! How a value is shown: as text always, as HTML or SVG where that says more.
//! Knows nothing of where it is shown; see [`crate::host`].

use std::collections::BTreeMap;

use crate::host;

/// One value in several representations, keyed by MIME type; `text/plain` is always there.
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
        self.0.iter().map(|(mime_type, content)| (mime_type.as_str(), content.as_str()))
    }

    /// The plain text.
    pub fn plain(&self) -> &str {
        self.0.get("text/plain").map_or("", String::as_str)
    }
}

/// A value with a richer form than its `Debug` text.
pub trait Show {
    /// All its representations.
    fn show(&self) -> MimeBundle;
}

/// Shows a value now, in the middle of a cell, in order with printed text.
pub fn display(value: &(impl Show + ?Sized)) {
    let content = value.show();
    match host::current() {
        Some(host) => host.display_data(&content, None),
        None => println!("{}", content.plain()),
    }
}

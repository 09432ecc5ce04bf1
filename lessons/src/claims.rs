//! What a text claims beside what was measured here, and why they differ.
//! Judges nothing: both stand in the table, the reader compares.

use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// See [`claims()`].
///
/// ```
/// use lessons::prelude::*;
/// let table = claims("Speed").row("steps per second", "over 1,000", "1,240");
/// assert!(table.show().plain().contains("over 1,000"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    title: String,
    rows: Vec<[String; 3]>,
    reasons: Vec<String>,
}

/// Starts a table of claims beside measurements.
///
/// ```
/// use lessons::prelude::*;
/// let table = claims("Houses").row("loss, epoch 20", ".0451", ".0085").because("Adam is quick here.");
/// assert!(table.show().plain().contains(".0085"));
/// ```
pub fn claims(title: &str) -> Claims {
    Claims {
        title: title.to_owned(),
        rows: Vec::new(),
        reasons: Vec::new(),
    }
}

impl Claims {
    /// Adds what is compared, the claim, and the measurement.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let table = claims("Digits").row("accuracy", "0.97", "0.968").row("epochs", "10", "10");
    /// assert!(table.show().plain().contains("epochs"));
    /// ```
    #[must_use]
    pub fn row(mut self, what: &str, claim: &str, measured: &str) -> Self {
        self.rows
            .push([what.to_owned(), claim.to_owned(), measured.to_owned()]);
        self
    }

    /// Adds a sentence that explains a difference.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let table = claims("Digits").row("accuracy", "0.97", "0.95").because("Fewer epochs were run.");
    /// assert!(table.show().plain().contains("Fewer epochs were run."));
    /// ```
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reasons.push(reason.to_owned());
        self
    }
}

impl Show for Claims {
    fn show(&self) -> MimeBundle {
        let mut table = Table::new(&self.title)
            .columns(&["what", "claimed", "measured"])
            .numeric(&[1, 2]);
        for [what, claim, measured] in &self.rows {
            table = table.row(&[what, claim, measured]);
        }
        for reason in &self.reasons {
            table = table.note(reason);
        }
        table.show()
    }
}

//! A table with a caption: as aligned text, and as HTML that a screen reader can walk through.
//! Knows nothing of what the cells mean.

use maud::{Markup, html};

use crate::show::{MimeBundle, Show};

/// Rows of text under named columns; the first column names the row.
///
/// ```
/// use lessons::prelude::*;
/// let table = Table::new("Squares").columns(&["n", "n^2"]).numeric(&[1]).row(&["3", "9"]);
/// assert!(table.text().contains("n^2"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    caption: String,
    columns: Vec<String>,
    numeric: Vec<usize>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// A table without rows.
    pub fn new(caption: &str) -> Self {
        Self {
            caption: caption.to_owned(),
            ..Self::default()
        }
    }

    /// Names the columns.
    #[must_use]
    pub fn columns(mut self, names: &[&str]) -> Self {
        self.columns = names.iter().map(|&name| name.to_owned()).collect();
        self
    }

    /// Says which columns (from 0) are numbers, and so stand at the right.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let table = Table::new("Sizes").columns(&["name", "n"]).numeric(&[1]).row(&["a", "7"]).row(&["b", "10"]);
    /// assert!(table.text().contains("a      7"), "numbers end below each other");
    /// ```
    #[must_use]
    pub fn numeric(mut self, columns: &[usize]) -> Self {
        self.numeric = columns.to_vec();
        self
    }

    /// Adds a row; missing cells are empty, cells beyond the columns get a column without a name.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let table = Table::new("Sizes").columns(&["name", "n"]).row(&["a"]).row(&["b", "10"]);
    /// assert_eq!(table.text().lines().count(), 5, "caption, columns, a rule, two rows");
    /// ```
    #[must_use]
    pub fn row(mut self, cells: &[&str]) -> Self {
        self.rows
            .push(cells.iter().map(|&cell| cell.to_owned()).collect());
        self
    }

    /// Adds a sentence below the table.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert!(Table::new("Sizes").columns(&["n"]).note("Measured here.").text().ends_with("Measured here."));
    /// ```
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }

    /// The table as aligned text.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let text = Table::new("Squares").columns(&["n", "n^2"]).row(&["3", "9"]).text();
    /// assert!(text.starts_with("Squares\n"));
    /// ```
    pub fn text(&self) -> String {
        let cells = || std::iter::once(&self.columns).chain(&self.rows);
        let widths: Vec<usize> = (0..cells().map(Vec::len).max().unwrap_or(0))
            .map(|at| {
                cells()
                    .filter_map(|row| row.get(at))
                    .map(|c| width(c))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut lines = vec![self.caption.clone(), self.line(&self.columns, &widths)];
        lines.push(
            widths
                .iter()
                .map(|&w| "-".repeat(w))
                .collect::<Vec<_>>()
                .join("  "),
        );
        lines.extend(self.rows.iter().map(|row| self.line(row, &widths)));
        lines.extend(self.notes.iter().cloned());
        lines.join("\n")
    }

    fn line(&self, row: &[String], widths: &[usize]) -> String {
        let cells = widths.iter().enumerate().map(|(at, &wide)| {
            let cell = row.get(at).map_or("", String::as_str);
            let gap = " ".repeat(wide.saturating_sub(width(cell)));
            if self.numeric.contains(&at) {
                gap + cell
            } else {
                cell.to_owned() + &gap
            }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }

    /// The table as HTML.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let html = Table::new("Squares").columns(&["n"]).row(&["<3>"]).html();
    /// assert!(html.contains("<caption") && html.contains("&lt;3&gt;"), "what could be markup is escaped");
    /// ```
    pub fn html(&self) -> String {
        let markup = html! {
            table {
                caption style="text-align:left;font-weight:600" { (self.caption) }
                thead { tr {
                    @for (at, name) in self.columns.iter().enumerate() {
                        th scope="col" style=(self.align(at)) { (name) }
                    }
                } }
                tbody { @for row in &self.rows { (self.html_row(row)) } }
            }
            @for note in &self.notes { p { (note) } }
        };
        markup.into_string()
    }

    fn html_row(&self, row: &[String]) -> Markup {
        html! { tr {
            @for (at, cell) in row.iter().enumerate() {
                @if at == 0 { th scope="row" style=(self.align(at)) { (cell) } }
                @else { td style=(self.align(at)) { (cell) } }
            }
        } }
    }

    fn align(&self, column: usize) -> &'static str {
        if self.numeric.contains(&column) {
            "text-align:right;font-variant-numeric:tabular-nums"
        } else {
            "text-align:left"
        }
    }
}

/// Characters, not bytes: close enough to columns for Latin and Greek.
fn width(cell: &str) -> usize {
    cell.chars().count()
}

impl Show for Table {
    fn show(&self) -> MimeBundle {
        MimeBundle::text(self.text()).with("text/html", self.html())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new("Norms")
            .columns(&["name", "norm"])
            .numeric(&[1])
            .row(&["0.weight", "4.653"])
            .row(&["0.b", "12.5"])
            .note("Largest last.")
    }

    #[test]
    fn text_aligns_names_left_and_numbers_right() {
        let expected = "Norms\nname       norm\n--------  -----\n0.weight  4.653\n0.b        12.5\nLargest last.";
        assert_eq!(table().text(), expected);
    }

    #[test]
    fn html_escapes_and_marks_headers() {
        let html = table().row(&["<script>", "1"]).html();
        assert!(html.contains("<th scope=\"row\" style=\"text-align:left\">&lt;script&gt;</th>"));
        assert!(html.contains("<caption"));
        assert!(!html.contains("<script>"));
    }

    #[test]
    fn rows_of_odd_lengths_keep_their_cells() {
        let text = table().row(&["only"]).row(&["a", "b", "c"]).text();
        assert!(
            text.contains("only") && text.contains("a             b  c"),
            "{text}"
        );
    }
}

//! Pictures of data and networks, each with its numbers as a table and a description for readers who
//! cannot see it. Every function here gives a [`Plot`]; what it shows is decided by the caller.

mod axes;
mod cells;
mod corners;
mod distribution;
mod frame;
mod grid;
mod line;
mod map;
mod marker;
mod numbers;
mod overlay;
mod points;
mod projection;
mod thin;

use std::path::Path;

use crate::figure::{self, FigureError};
use crate::show::{MimeBundle, Show};
use crate::table::Table;

pub(crate) use self::axes::Axis;
pub(crate) use self::cells::confusion;
pub use self::cells::{attention_map, heatmap};
pub use self::distribution::histogram;
pub(crate) use self::frame::{Frame, Mark};
pub use self::grid::image_grid;
pub use self::line::{LinePlot, activation_plot, line_plot};
pub use self::map::{decision_boundary, loss_surface};
pub(crate) use self::numbers::numbers;
pub use self::overlay::image_overlay;
pub use self::points::scatter;
pub use self::projection::principal_plane;

/// A picture with its numbers.
///
/// ```
/// use lessons::prelude::*;
/// let plot = histogram("Weights", &randn(&[100]), 10);
/// assert!(plot.svg().contains("<svg") && plot.description().contains("100 values"));
/// println!("{}", plot.table().text());
/// ```
#[derive(Debug, Clone)]
pub struct Plot {
    svg: String,
    description: String,
    table: Table,
    /// What plotters said where it could not draw the picture, after the title.
    failed: Option<(String, String)>,
    /// What it was drawn from, where it has axes that can be named anew.
    frame: Option<Box<Frame>>,
}

impl PartialEq for Plot {
    fn eq(&self, other: &Self) -> bool {
        let parts = |plot: &Self| {
            (
                plot.svg.clone(),
                plot.description.clone(),
                plot.failed.clone(),
            )
        };
        parts(self) == parts(other) && self.table == other.table
    }
}

impl Eq for Plot {}

impl Plot {
    /// A picture that plotters could not draw still has its numbers, and says what went wrong.
    pub(crate) fn new(description: String, table: Table, svg: Result<String, FigureError>) -> Self {
        let (svg, table, failed) = match svg {
            Ok(svg) => (svg, table, None),
            Err(error) => {
                let said = error.to_string();
                let failed = match error {
                    FigureError::Draw { title, reason } => (title, reason),
                    FigureError::Save { .. } => (description.clone(), said.clone()),
                };
                (String::new(), table.note(&said), Some(failed))
            }
        };
        Self {
            svg,
            description,
            table,
            failed,
            frame: None,
        }
    }

    /// Marks on axes; the description stands below the table too.
    pub(crate) fn framed(mut frame: Frame, mut description: String, table: Table) -> Self {
        if let Some(note) = frame.thin() {
            description += &format!(" {note}");
        }
        let svg = frame.svg(&description);
        Self {
            frame: Some(Box::new(frame)),
            ..Self::new(description.clone(), table.note(&description), svg)
        }
    }

    /// Names the axes of a histogram, scatter, decision boundary or loss surface; give units:
    /// `"time, s"`. The text says the names too.
    ///
    /// # Panics
    /// Where the picture has no axes, as heatmaps, images and networks have none, or was drawn by
    /// [`line_plot`], which names its own by [`LinePlot::axes`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = histogram("Houses", &randn(&[100]), 5).axes("area, m2", "houses");
    /// assert!(plot.svg().contains("area, m2") && plot.description().contains("Upwards: houses."));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn axes(self, x: &str, y: &str) -> Self {
        let Some(mut frame) = self.frame else {
            panic!(
                "axes({x:?}, {y:?}): this picture ({:?}) has no axes to name: histogram, scatter, \
                 decision_boundary and loss_surface have some, and line_plot(..).axes(x, y) names its own",
                self.description
            )
        };
        x.clone_into(&mut frame.x.label);
        y.clone_into(&mut frame.y.label);
        let named = format!("Across: {x}. Upwards: {y}.");
        let description = format!("{} {named}", self.description);
        let svg = frame.svg(&description);
        Self {
            frame: Some(frame),
            ..Self::new(description, self.table.note(&named), svg)
        }
    }

    /// The picture as SVG; empty where it could not be drawn, and then the table says why.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// What the picture shows, in a sentence or two; also the picture's alternative text.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The picture's numbers.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Writes the picture to a file that browsers and word processors open; end its name in `.svg`.
    ///
    /// # Errors
    /// Where the picture could not be drawn or the file cannot be written.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let path = std::env::temp_dir().join("lessons-plot.svg");
    /// let plot = histogram("Weights", &randn(&[100]), 10);
    /// plot.save(&path)?;
    /// assert!(std::fs::read_to_string(&path).is_ok_and(|svg| svg == plot.svg()));
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FigureError> {
        if let Some((title, reason)) = &self.failed {
            return Err(FigureError::Draw {
                title: title.clone(),
                reason: reason.clone(),
            });
        }
        figure::save(&self.svg, path.as_ref())
    }
}

impl Plot {
    /// The picture beside another table than its own, where that one says more.
    pub(crate) fn show_with(&self, table: &Table) -> MimeBundle {
        let text = MimeBundle::text(table.text());
        if self.svg.is_empty() {
            text
        } else {
            text.with("image/svg+xml", self.svg.as_str())
        }
    }
}

impl Show for Plot {
    fn show(&self) -> MimeBundle {
        self.show_with(&self.table)
    }
}

/// A function's arguments that no picture can be made of.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::plots::PlotError;
/// let error = PlotError { plot: "scatter", problem: "x is [4, 3]: it must be [points, 2]".to_owned() };
/// assert!(error.to_string().starts_with("scatter: x is [4, 3]"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{plot}: {problem}")]
pub struct PlotError {
    /// The function that was called.
    pub plot: &'static str,
    /// What came, and what was wanted.
    pub problem: String,
}

#[track_caller]
fn or_panic(plot: Result<Plot, PlotError>) -> Plot {
    plot.unwrap_or_else(|error| panic!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_was_not_drawn_is_not_saved() {
        let failed = FigureError::Draw {
            title: "Loss".to_owned(),
            reason: "no room".to_owned(),
        };
        let plot = Plot::new("A loss.".to_owned(), Table::new("Loss"), Err(failed));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loss.svg");
        let error = plot.save(&path).unwrap_err().to_string();
        assert_eq!(error, "the picture \"Loss\" cannot be drawn: no room");
        assert!(!path.exists() && plot.table().text().contains("no room"));
    }
}

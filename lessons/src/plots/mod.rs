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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot {
    svg: String,
    description: String,
    table: Table,
}

impl Plot {
    /// A picture that plotters could not draw still has its numbers, and says what went wrong.
    pub(crate) fn new(description: String, table: Table, svg: Result<String, FigureError>) -> Self {
        match svg {
            Ok(svg) => Self {
                svg,
                description,
                table,
            },
            Err(error) => Self {
                svg: String::new(),
                description,
                table: table.note(&error.to_string()),
            },
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
    /// Where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FigureError> {
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

//! Lines: any series of numbers against another, activations with their slopes, runs side by side.
//! Knows nothing of training; a loss curve with its best epoch is [`crate::curve`]'s.

use std::path::Path;

use tch::{Kind, Tensor};

use super::Plot;
use super::axes::{Axis, short};
use super::frame::{Frame, Mark};
use crate::activation::Activation;
use crate::figure::FigureError;
use crate::layer::Layer;
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// Rows of the table: a line of many points is shown at this many of them.
const ROWS: usize = 12;

/// So many characters stand beside each other below the axis.
const NAME_CHARACTERS: usize = 84;

/// See [`line_plot`].
///
/// ```
/// use lessons::prelude::*;
/// let (x, y) = ([1.0, 2.0, 3.0], [1.0, 4.0, 9.0]);
/// let plot = line_plot("Squares").line("area", &x, &y).points("measured", &[2.0], &[4.1]);
/// assert!(plot.plot().svg().contains("measured"));
/// ```
#[derive(Debug, Clone)]
pub struct LinePlot {
    frame: Frame,
    notes: Vec<String>,
}

/// An empty picture of lines: add them by [`LinePlot::line`].
///
/// ```
/// use lessons::prelude::*;
/// let x: Vec<f64> = (1..=5).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| x * x).collect();
/// let plot = line_plot("Squares").axes("side, m", "area, m2").line("area", &x, &y).log_y();
/// assert!(plot.plot().svg().contains("area, m2 (log scale)"));
/// ```
pub fn line_plot(title: &str) -> LinePlot {
    LinePlot {
        frame: Frame::new(title, Axis::new("x"), Axis::new("y")),
        notes: Vec::new(),
    }
}

impl LinePlot {
    /// Names the axes; give units: `"time, s"`.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Fall").axes("time, s", "height, m").line("ball", &[0.0, 1.0], &[5.0, 0.1]);
    /// assert!(plot.plot().svg().contains("height, m"));
    /// ```
    #[must_use]
    pub fn axes(mut self, x: &str, y: &str) -> Self {
        x.clone_into(&mut self.frame.x.label);
        y.clone_into(&mut self.frame.y.label);
        self
    }

    /// Adds a line through the points (x, y); a NaN or inf leaves a gap.
    ///
    /// # Panics
    /// Where there are not as many x as y.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").line("run", &[1.0, 2.0, 3.0], &[0.9, f64::NAN, 0.4]);
    /// assert!(plot.plot().table().text().contains("NaN"), "the gap is in the table");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn line(self, name: &str, x: &[f64], y: &[f64]) -> Self {
        self.add(name, x, y, false)
    }

    /// Adds a dashed line.
    ///
    /// # Panics
    /// As [`LinePlot::line`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").dashed("guessing", &[1.0, 2.0], &[0.7, 0.7]);
    /// assert!(plot.plot().svg().contains("guessing"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn dashed(self, name: &str, x: &[f64], y: &[f64]) -> Self {
        self.add(name, x, y, true)
    }

    #[track_caller]
    fn add(mut self, name: &str, x: &[f64], y: &[f64], dashed: bool) -> Self {
        assert!(
            x.len() == y.len(),
            "line {name:?}: {} x and {} y: there must be as many",
            x.len(),
            y.len()
        );
        let points = x.iter().copied().zip(y.iter().copied()).collect();
        let series = self.series();
        self.frame.marks.push(Mark::Line {
            points,
            series,
            dashed,
            label: name.to_owned(),
        });
        self
    }

    /// Adds single points.
    ///
    /// # Panics
    /// As [`LinePlot::line`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Data").points("measured", &[1.0, 2.0], &[0.7, 0.9]);
    /// assert!(plot.plot().svg().contains("circle"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn points(mut self, name: &str, x: &[f64], y: &[f64]) -> Self {
        assert!(
            x.len() == y.len(),
            "points {name:?}: {} x and {} y: there must be as many",
            x.len(),
            y.len()
        );
        let points = x.iter().copied().zip(y.iter().copied()).collect();
        let series = self.series();
        self.frame.marks.push(Mark::Dots {
            points,
            series,
            label: name.to_owned(),
        });
        self
    }

    /// Puts a ring around one point.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").line("run", &[1.0, 2.0], &[0.9, 0.4]).mark("best epoch", 2.0, 0.4);
    /// assert!(plot.plot().svg().contains("best epoch"));
    /// ```
    #[must_use]
    pub fn mark(mut self, name: &str, x: f64, y: f64) -> Self {
        self.frame.marks.push(Mark::Ring {
            at: (x, y),
            label: name.to_owned(),
        });
        self
    }

    /// Names in place of the numbers 0, 1, 2 ... below the axis, where there is room for them beside
    /// each other; where there is none, notes below the picture say which number is which.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Norms").line("norm", &[0.0, 1.0], &[0.5, 0.2]).x_names(&["weight", "bias"]);
    /// assert!(plot.plot().svg().contains("weight") && plot.plot().table().text().contains("bias"));
    /// ```
    #[must_use]
    pub fn x_names(mut self, names: &[&str]) -> Self {
        let fit = names
            .iter()
            .all(|name| name.chars().count() <= NAME_CHARACTERS / names.len());
        self.frame.x = self.frame.x.whole();
        if fit {
            self.frame.x.names = names.iter().map(|&name| name.to_owned()).collect();
            return self;
        }
        names.iter().enumerate().fold(self, |plot, (at, name)| {
            plot.note(&format!("{at} is {name}."))
        })
    }

    /// What is counted across, as steps and epochs are, has whole numbers at its ticks.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").axes("epoch", "loss").whole_x().line("run", &[1.0, 2.0], &[0.9, 0.4]);
    /// assert!(!plot.plot().svg().contains("1.5"), "there is no epoch 1.5");
    /// ```
    #[must_use]
    pub fn whole_x(mut self) -> Self {
        self.frame.x = self.frame.x.whole();
        self
    }

    /// Powers of ten across.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Rates").axes("rate", "loss").log_x().line("run", &[1e-4, 1.0], &[0.9, 0.4]);
    /// assert!(plot.plot().svg().contains("rate (log scale)"));
    /// ```
    #[must_use]
    pub fn log_x(mut self) -> Self {
        self.frame.x.log = true;
        self
    }

    /// Powers of ten upwards; values of 0 and below have no place there and are left out.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").axes("epoch", "loss").log_y().line("run", &[1.0, 2.0], &[0.9, 1e-4]);
    /// assert!(plot.plot().svg().contains("loss (log scale)"));
    /// ```
    #[must_use]
    pub fn log_y(mut self) -> Self {
        self.frame.y.log = true;
        self
    }

    /// Shows only this range upwards: a run that diverges would squeeze the others flat.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").line("diverged", &[1.0, 2.0], &[1.0, 1e9]).y_range(0.0, 2.0);
    /// assert!(plot.plot().svg().contains("diverged"));
    /// ```
    #[must_use]
    pub fn y_range(mut self, from: f64, to: f64) -> Self {
        self.frame.y.range = Some((from, to));
        self
    }

    /// Puts the legend at the lower right, where lines rise to the upper right.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Rising").line("rise", &[0.0, 1.0], &[0.0, 1.0]).legend_low();
    /// assert!(plot.plot().svg().contains("rise"));
    /// ```
    #[must_use]
    pub fn legend_low(mut self) -> Self {
        self.frame.legend_low = true;
        self
    }

    /// A sentence below the table and in the description.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").line("run", &[1.0, 2.0], &[0.9, 0.4]).note("Measured on a CPU.");
    /// assert!(plot.plot().description().contains("Measured on a CPU."));
    /// ```
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }

    /// The picture with its table.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let plot = line_plot("Loss").line("run", &[1.0, 2.0], &[0.9, 0.4]).plot();
    /// assert!(plot.svg().contains("<svg") && plot.table().text().contains("0.4"));
    /// ```
    pub fn plot(&self) -> Plot {
        let (mut frame, mut description, mut table) =
            (self.frame.clone(), self.description(), self.table());
        if let Some(note) = frame.thin() {
            description += &format!(" {note}");
            table = table.note(&note);
        }
        let svg = frame.svg(&description);
        Plot::new(description, table, svg)
    }

    /// Writes the picture to a file.
    ///
    /// # Errors
    /// Where the file cannot be written.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let path = std::env::temp_dir().join("lessons-lines.svg");
    /// line_plot("Loss").line("run", &[1.0, 2.0], &[0.9, 0.4]).save(&path)?;
    /// assert!(path.exists());
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FigureError> {
        self.plot().save(path)
    }

    fn series(&self) -> usize {
        self.lines().count()
    }

    fn lines(&self) -> impl Iterator<Item = (&str, &[(f64, f64)])> {
        self.frame.marks.iter().filter_map(|mark| match mark {
            Mark::Line { points, label, .. } | Mark::Dots { points, label, .. } => {
                Some((label.as_str(), points.as_slice()))
            }
            _ => None,
        })
    }

    fn description(&self) -> String {
        let (x, y) = (&self.frame.x, &self.frame.y);
        let mut text = format!("{} against {}.", y.title(), x.title());
        for (name, points) in self.lines() {
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                let place = |value| match x.names.is_empty() {
                    true => number::significant(value),
                    false => x.tick(value, 1.0),
                };
                text += &format!(
                    " {name}: from {} at {} to {} at {}.",
                    number::significant(first.1),
                    place(first.0),
                    number::significant(last.1),
                    place(last.0)
                );
            }
        }
        for note in &self.notes {
            text += &format!(" {note}");
        }
        text
    }

    fn table(&self) -> Table {
        let (x, y) = (self.frame.x.label.as_str(), self.frame.y.label.as_str());
        let mut table = Table::new(&self.frame.title)
            .columns(&["line", x, y])
            .numeric(&[1, 2]);
        for (name, points) in self.lines() {
            let step = points.len().div_ceil(ROWS).max(1);
            let last = points.len().saturating_sub(1);
            for (at, &(x, y)) in points.iter().enumerate() {
                if at % step == 0 || at == last {
                    let x = match self.frame.x.names.is_empty() {
                        true => short(x),
                        false => self.frame.x.tick(x, 1.0),
                    };
                    table = table.row(&[name, &x, &number::significant(y)]);
                }
            }
        }
        self.notes
            .iter()
            .fold(table, |table, note| table.note(note))
    }
}

impl Show for LinePlot {
    fn show(&self) -> MimeBundle {
        self.plot().show()
    }
}

/// An activation from -5 to 5 with its slope, which autograd computes.
///
/// ```
/// use lessons::prelude::*;
/// let plot = activation_plot(sigmoid());
/// assert!(plot.plot().description().contains("slope"));
/// ```
pub fn activation_plot(activation: Activation) -> LinePlot {
    let x =
        Tensor::linspace(-5.0, 5.0, 201, (Kind::Double, tch::Device::Cpu)).set_requires_grad(true);
    let y = activation.forward(&x);
    y.sum(Kind::Double).backward();
    let numbers = |values: &Tensor| Vec::<f64>::try_from(values.detach()).unwrap_or_default();
    let (at, slope) = (numbers(&x), numbers(&x.grad()));
    let name = activation.describe();
    line_plot(&format!("{name} and its slope"))
        .axes("input", "output")
        .line(&name, &at, &numbers(&y))
        .dashed("slope", &at, &slope)
}

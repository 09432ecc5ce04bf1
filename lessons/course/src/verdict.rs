//! What came of an answer, as a value that a notebook shows in words, with a symbol and a colour.
//! Knows nothing of how it was judged.

use lessons::show::{MimeBundle, Show};
use maud::html;

use crate::exercise::Exercise;

/// From a checker.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "let the cell end with the checker, without a semicolon, to see the verdict"]
pub struct Verdict {
    id: &'static str,
    title: &'static str,
    outcome: Outcome,
    notes: Vec<String>,
}

/// The three verdicts, and a text that waits to be graded by its writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The learner has not begun.
    NotAttempted,
    /// What is wrong, and why.
    NotYet(String),
    /// A text that its writer compares with these points.
    Grade(Vec<String>),
    /// Correct.
    Correct {
        /// What the answer shows.
        shows: String,
        /// The solution was looked at before.
        with_solution: bool,
    },
}

impl Verdict {
    pub(crate) fn new(exercise: &Exercise, outcome: Outcome, notes: Vec<String>) -> Verdict {
        Verdict {
            id: exercise.id,
            title: exercise.title,
            outcome,
            notes,
        }
    }

    /// Whether the answer is correct.
    pub fn is_correct(&self) -> bool {
        matches!(self.outcome, Outcome::Correct { .. })
    }

    /// Whether there was an answer.
    pub fn is_attempted(&self) -> bool {
        self.outcome != Outcome::NotAttempted
    }

    /// What came of the answer.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    fn symbol(&self) -> &'static str {
        match self.outcome {
            Outcome::NotAttempted => "○",
            Outcome::NotYet(_) => "✗",
            Outcome::Grade(_) => "✎",
            Outcome::Correct { .. } => "✓",
        }
    }

    fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::NotAttempted => "not attempted",
            Outcome::NotYet(_) => "not yet",
            Outcome::Grade(_) => "grade yourself",
            Outcome::Correct {
                with_solution: true,
                ..
            } => "correct, with solution",
            Outcome::Correct { .. } => "correct",
        }
    }

    fn colour(&self) -> &'static str {
        match self.outcome {
            Outcome::NotAttempted => "var(--jp-ui-font-color2, #767676)",
            Outcome::NotYet(_) => "var(--jp-warn-color1, #b26a00)",
            Outcome::Grade(_) => "var(--jp-info-color1, #0277bd)",
            Outcome::Correct { .. } => "var(--jp-success-color1, #2e7d32)",
        }
    }

    fn sentences(&self) -> Vec<String> {
        match &self.outcome {
            Outcome::NotAttempted => vec![format!(
                "Write your answer in this cell and run it. A hint: hint(\"{}\")",
                self.id
            )],
            Outcome::NotYet(why) => vec![why.clone()],
            Outcome::Grade(points) => {
                let yes = vec!["true"; points.len()].join(", ");
                vec![
                    "Compare your text with these points. Which of them does it make?".to_owned(),
                    format!(
                        "Then grade it, false for what is missing: self_grade(\"{}\", [{yes}])",
                        self.id
                    ),
                ]
            }
            Outcome::Correct { shows, .. } => vec![shows.clone()],
        }
    }

    fn points(&self) -> &[String] {
        match &self.outcome {
            Outcome::Grade(points) => points,
            _ => &[],
        }
    }
}

impl Show for Verdict {
    fn show(&self) -> MimeBundle {
        let head = format!("{} {}: {}", self.symbol(), self.title, self.word());
        let mut lines = vec![head];
        let points = self.points().iter().enumerate();
        lines.extend(self.sentences());
        lines.extend(points.map(|(at, point)| format!("  {}. {point}", at + 1)));
        lines.extend(self.notes.iter().cloned());
        let style = format!("border-left:4px solid {};padding:2px 12px", self.colour());
        let markup = html! {
            div class="gradbook-verdict" style=(style) {
                p style="margin:4px 0" {
                    strong style=(format!("color:{}", self.colour())) { (self.symbol()) " " (self.word()) }
                    " · " (self.title)
                }
                @for sentence in self.sentences() { p style="margin:4px 0" { (sentence) } }
                @if !self.points().is_empty() {
                    ol { @for point in self.points() { li { (point) } } }
                }
                @for note in &self.notes { p style="margin:4px 0" { em { (note) } } }
            }
        };
        MimeBundle::text(lines.join("\n")).with("text/html", markup.into_string())
    }
}

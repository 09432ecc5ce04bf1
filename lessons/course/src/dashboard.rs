//! Where a learner stands: exercises by notebook, the checklist, and what to reread; also as a file.

mod forms;

use std::path::{Path, PathBuf};

use lessons::show::{MimeBundle, Show};

use crate::catalogue::{self, NOTEBOOKS, Notebook};
use crate::checklist::{ITEMS, REREAD, is_success_criterion};
use crate::learner;
use crate::progress::{Progress, State};

/// See [`dashboard()`].
#[derive(Debug, Clone)]
#[must_use = "let the cell end with dashboard(), without a semicolon, to see it"]
pub struct Dashboard {
    rows: Vec<Row>,
    items: Vec<Item>,
    /// Whether there was any attempt.
    begun: bool,
    notes: Vec<String>,
}

/// One notebook.
#[derive(Debug, Clone)]
struct Row {
    notebook: &'static Notebook,
    correct: usize,
    with_solution: usize,
    open: usize,
}

/// One item of the checklist.
#[derive(Debug, Clone)]
struct Item {
    code: &'static str,
    what: &'static str,
    standing: Standing,
    /// The notebooks with exercises for it that are not solved without the solution.
    reread: Vec<&'static Notebook>,
}

/// How well a learner has an item of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All its exercises are correct without their solution.
    Solid,
    /// All are correct, some after their solution was shown.
    WithSolution,
    /// Some are correct.
    Begun,
    /// None is.
    Open,
}

impl Standing {
    fn word(self) -> &'static str {
        match self {
            Standing::Solid => "✓ solid",
            Standing::WithSolution => "◐ with solution",
            Standing::Begun => "◔ begun",
            Standing::Open => "○ open",
        }
    }
}

/// Why a report was not written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file's ending names no form that there is.
    #[error(
        "a report is written as .md (Markdown) or .html, not as \"{path}\": try save(\"report.md\")",
        path = path.display()
    )]
    Ending {
        /// The file asked for.
        path: PathBuf,
    },
    /// The file could not be written.
    #[error("the report could not be written to {path}: {source}", path = path.display())]
    Write {
        /// The file asked for.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Where the learner stands, over all notebooks.
///
/// ```no_run
/// use course::prelude::*;
/// dashboard().save("report.md")?;
/// # Ok::<(), course::dashboard::ReportError>(())
/// ```
pub fn dashboard() -> Dashboard {
    let kept = learner::change(|progress| progress.clone());
    Dashboard::of(&kept.value, kept.notes)
}

impl Dashboard {
    fn of(progress: &Progress, notes: Vec<String>) -> Dashboard {
        let touched = |id| progress.record(id).times.is_some();
        Dashboard {
            rows: NOTEBOOKS.iter().map(|n| Row::of(n, progress)).collect(),
            items: ITEMS
                .map(|(code, what)| Item::of(code, what, progress))
                .into(),
            begun: catalogue::exercises().any(|exercise| touched(exercise.id)),
            notes,
        }
    }

    /// How well the learner has an item of the checklist, such as `CC1`; `None` if there is none.
    pub fn standing(&self, code: &str) -> Option<Standing> {
        let item = self.items.iter().find(|item| item.code == code)?;
        Some(item.standing)
    }

    /// How many exercises are correct (with or without solution), and how many there are.
    pub fn done(&self) -> (usize, usize) {
        let done = |row: &Row| row.correct + row.with_solution;
        let all = |row: &Row| done(row) + row.open;
        (
            self.rows.iter().map(done).sum(),
            self.rows.iter().map(all).sum(),
        )
    }

    /// The notebooks to reread, by the document's rule: none while fewer than three of its five
    /// success criteria are missing, or before anything is attempted.
    pub fn reread(&self) -> Vec<&'static str> {
        self.to_reread().iter().map(|n| n.file).collect()
    }

    fn to_reread(&self) -> Vec<&'static Notebook> {
        if !self.begun || self.missing_criteria() < REREAD {
            return Vec::new();
        }
        let missing = self
            .items
            .iter()
            .filter(|item| item.standing != Standing::Solid);
        let mut notebooks: Vec<_> = missing.flat_map(|item| item.reread.clone()).collect();
        notebooks.sort_by_key(|notebook| notebook.file);
        notebooks.dedup_by_key(|notebook| notebook.file);
        notebooks
    }

    fn missing_criteria(&self) -> usize {
        let missing =
            |item: &&Item| is_success_criterion(item.code) && item.standing != Standing::Solid;
        self.items.iter().filter(missing).count()
    }

    /// Writes a report, Markdown or HTML by the file's ending.
    ///
    /// # Errors
    /// Another ending; a file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ReportError> {
        let path = path.as_ref();
        let text = match path.extension().and_then(|ending| ending.to_str()) {
            Some("md") => forms::markdown(self),
            Some("html") => forms::page(self),
            _ => {
                return Err(ReportError::Ending {
                    path: path.to_owned(),
                });
            }
        };
        std::fs::write(path, text).map_err(|source| ReportError::Write {
            path: path.to_owned(),
            source,
        })
    }

    /// One or two sentences on what to do now.
    fn advice(&self) -> String {
        let (done, all) = self.done();
        let missing = self.missing_criteria();
        if !self.begun {
            format!(
                "Welcome! Nothing is attempted yet: {all} exercises wait for you, each in its \
                 notebook. Begin with the first one."
            )
        } else if missing == 0 && done == all {
            "All exercises are done, and all five success criteria are met.".to_owned()
        } else if missing >= REREAD {
            format!(
                "{missing} of the five success criteria are not met yet. The rule is: with {REREAD} \
                 or more, spend more time on the notebooks below before you go on."
            )
        } else {
            format!(
                "{missing} of the five success criteria are not met yet: fewer than {REREAD}, so you \
                 are ready to go on."
            )
        }
    }
}

impl Row {
    fn of(notebook: &'static Notebook, progress: &Progress) -> Row {
        let count = |state| {
            let exercises = notebook.exercises.iter();
            exercises
                .filter(|e| progress.record(e.id).state == state)
                .count()
        };
        Row {
            notebook,
            correct: count(State::Correct),
            with_solution: count(State::WithSolution),
            open: count(State::Open),
        }
    }
}

impl Item {
    fn of(code: &'static str, what: &'static str, progress: &Progress) -> Item {
        let mut states = Vec::new();
        let mut reread = Vec::new();
        for notebook in &NOTEBOOKS {
            let exercises = notebook.exercises.iter();
            for exercise in exercises.filter(|exercise| exercise.codes.contains(&code)) {
                let state = progress.record(exercise.id).state;
                states.push(state);
                if state != State::Correct {
                    reread.push(notebook);
                }
            }
        }
        let standing = if states.iter().all(|&state| state == State::Open) {
            Standing::Open
        } else if states.contains(&State::Open) {
            Standing::Begun
        } else if states.contains(&State::WithSolution) {
            Standing::WithSolution
        } else {
            Standing::Solid
        };
        Item {
            code,
            what,
            standing,
            reread,
        }
    }
}

impl Show for Dashboard {
    fn show(&self) -> MimeBundle {
        MimeBundle::text(forms::text(self)).with("text/html", forms::html(self).into_string())
    }
}

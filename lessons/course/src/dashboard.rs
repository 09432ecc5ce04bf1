//! Where a learner stands: exercises by notebook, the checklist, and what to reread; also as a file.

mod forms;

use std::path::{Path, PathBuf};

use lessons::show::{MimeBundle, Show};

use crate::catalogue::{self, NOTEBOOKS, Notebook};
use crate::checklist::{ITEMS, NOTEBOOK, REREAD, is_success_criterion};
use crate::exercise::Exercise;
use crate::help::Shown;
use crate::learner;
use crate::progress::{Progress, Record, State};

/// See [`dashboard()`].
#[derive(Debug, Clone)]
#[must_use = "let the cell end with dashboard(), without a semicolon, to see it"]
pub struct Dashboard {
    rows: Vec<Row>,
    items: Vec<Item>,
    /// Whether there was any attempt.
    begun: bool,
    /// Whether there was any in the checklist's own notebook: before, its rule says nothing.
    taken: bool,
    notes: Vec<String>,
}

/// One notebook.
#[derive(Debug, Clone)]
struct Row {
    notebook: &'static Notebook,
    correct: usize,
    with_solution: usize,
    open: usize,
    /// Of how many the solution was shown, solved or not.
    seen: usize,
}

/// One item of the checklist.
#[derive(Debug, Clone)]
struct Item {
    code: &'static str,
    what: &'static str,
    standing: Standing,
    /// The notebooks before the checklist's with exercises for it that are not solved without the
    /// solution; none where it is solid.
    reread: Vec<&'static Notebook>,
}

/// How well a learner has an item of the checklist, the best first: by its exercises in the checklist's
/// notebook or by those in the other notebooks, whichever are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// All are correct without their solution.
    Solid,
    /// All are correct, some after their solution was shown.
    WithSolution,
    /// Some are correct.
    Begun,
    /// None is.
    Open,
}

impl Standing {
    fn of(states: &[State]) -> Standing {
        if states.iter().all(|&state| state == State::Open) {
            Standing::Open
        } else if states.contains(&State::Open) {
            Standing::Begun
        } else if states.contains(&State::WithSolution) {
            Standing::WithSolution
        } else {
            Standing::Solid
        }
    }

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
/// let said = dashboard().save("report.md")?;
/// # Ok::<(), course::dashboard::ReportError>(())
/// ```
pub fn dashboard() -> Dashboard {
    let kept = learner::change(|progress| progress.clone());
    Dashboard::of(&kept.value, kept.notes)
}

impl Dashboard {
    fn of(progress: &Progress, notes: Vec<String>) -> Dashboard {
        let touched = |exercise: &Exercise| progress.record(exercise.id).times.is_some();
        Dashboard {
            rows: NOTEBOOKS.iter().map(|n| Row::of(n, progress)).collect(),
            items: ITEMS
                .map(|(code, what)| Item::of(code, what, progress))
                .into(),
            begun: catalogue::exercises().any(touched),
            taken: catalogue::exercises().any(|e| e.notebook == NOTEBOOK && touched(e)),
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
    /// success criteria are missing, or before the checklist's notebook is begun.
    pub fn reread(&self) -> Vec<&'static str> {
        self.to_reread().iter().map(|n| n.file).collect()
    }

    fn to_reread(&self) -> Vec<&'static Notebook> {
        if !self.taken || self.missing_criteria() < REREAD {
            return Vec::new();
        }
        let items = self.items.iter();
        let mut notebooks: Vec<_> = items.flat_map(|item| item.reread.clone()).collect();
        notebooks.sort_by_key(|notebook| notebook.file);
        notebooks.dedup_by_key(|notebook| notebook.file);
        notebooks
    }

    fn missing_criteria(&self) -> usize {
        let missing =
            |item: &&Item| is_success_criterion(item.code) && item.standing != Standing::Solid;
        self.items.iter().filter(missing).count()
    }

    /// Writes a report, Markdown or HTML by the file's ending; the value says where it is.
    ///
    /// # Errors
    /// Another ending; a file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<Shown, ReportError> {
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
        let written = std::fs::write(path, text).and_then(|()| std::path::absolute(path));
        let path = written.map_err(|source| ReportError::Write {
            path: path.to_owned(),
            source,
        })?;
        let said = format!("Report written to {}", path.display());
        Ok(Shown::sentences(&[said]))
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
        } else if !self.taken {
            "The checklist in notebook 13 decides what to reread: take it when you like.".to_owned()
        } else if missing == 0 && done == all {
            "All exercises are done, and all five success criteria are met.".to_owned()
        } else if missing == 0 {
            let open = match all - done {
                1 => "1 exercise is".to_owned(),
                open => format!("{open} exercises are"),
            };
            format!("All five success criteria are met; {open} still open.")
        } else if missing >= REREAD {
            format!(
                "{missing} of the five success criteria are not met yet. The rule is: with {REREAD} \
                 or more, spend more time on the notebooks below before you go on."
            )
        } else {
            let are = if missing == 1 { "is" } else { "are" };
            format!(
                "{missing} of the five success criteria {are} not met yet: fewer than {REREAD}, so \
                 you are ready to go on."
            )
        }
    }
}

impl Row {
    fn of(notebook: &'static Notebook, progress: &Progress) -> Row {
        let exercises = notebook.exercises.iter();
        let records: Vec<Record> = exercises.map(|e| progress.record(e.id)).collect();
        let count = |state| records.iter().filter(|r| r.state == state).count();
        Row {
            notebook,
            correct: count(State::Correct),
            with_solution: count(State::WithSolution),
            open: count(State::Open),
            seen: records.iter().filter(|r| r.solution_seen).count(),
        }
    }
}

impl Item {
    fn of(code: &'static str, what: &'static str, progress: &Progress) -> Item {
        let (mut asked, mut proved, mut reread) = (Vec::new(), Vec::new(), Vec::new());
        for notebook in &NOTEBOOKS {
            let exercises = notebook.exercises.iter();
            let exercises = exercises.filter(|exercise| exercise.codes.contains(&code));
            let states: Vec<State> = exercises.map(|e| progress.record(e.id).state).collect();
            if notebook.file == NOTEBOOK {
                asked.extend(states);
            } else {
                if states.iter().any(|&state| state != State::Correct) {
                    reread.push(notebook);
                }
                proved.extend(states);
            }
        }
        let standing = Standing::of(&asked).min(Standing::of(&proved));
        if standing == Standing::Solid {
            reread.clear();
        }
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

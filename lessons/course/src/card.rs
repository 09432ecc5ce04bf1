//! An exercise's card: the question with the learner's own numbers, and how far they are.

use maud::{Markup, html};

use crate::catalogue;
use crate::exercise::{Exercise, Question};
use crate::help::{Shown, unknown};
use crate::learner;
use crate::progress::{Record, State};

/// Shows an exercise's card.
///
/// ```no_run
/// use course::prelude::*;
/// exercise("price_model");
/// ```
pub fn exercise(id: &str) -> Shown {
    let Some(exercise) = catalogue::find(id) else {
        return unknown(id);
    };
    let kept = learner::change(|progress| progress.record(id));
    let question = (exercise.question)(&mut learner::question_now(&kept.value, id));
    let card = Card {
        exercise,
        question: &question,
        record: &kept.value,
        notes: &kept.notes,
    };
    Shown::new(card.text(), card.html().into_string())
}

struct Card<'a> {
    exercise: &'a Exercise,
    question: &'a Question,
    record: &'a Record,
    notes: &'a [String],
}

impl Card<'_> {
    fn heading(&self) -> String {
        let number = catalogue::number(self.exercise.id).unwrap_or_default();
        format!("Exercise {number}: {}", self.exercise.title)
    }

    fn state(&self) -> &'static str {
        match self.record.state {
            State::Open => "○ open",
            State::WithSolution => "✓ correct, with solution",
            State::Correct => "✓ correct",
        }
    }

    fn codes(&self) -> String {
        self.exercise.codes.join(", ")
    }

    /// Label and content of what follows the question.
    fn rows(&self) -> Vec<(&'static str, String)> {
        let question = self.question;
        let rows = [
            ("Words to use", question.allowed.join(" · ")),
            ("Wanted", question.wanted.clone()),
            ("Tolerance", question.tolerance.clone()),
            ("A hint", format!("hint(\"{}\")", self.exercise.id)),
        ];
        let said = rows.into_iter().filter(|(_, content)| !content.is_empty());
        said.collect()
    }

    fn text(&self) -> String {
        let mut lines = vec![format!("{} [{}]", self.heading(), self.state())];
        if !self.exercise.codes.is_empty() {
            lines.push(format!("Checklist: {}", self.codes()));
        }
        lines.push(String::new());
        lines.push(self.question.text.clone());
        let given = self.question.given.iter();
        lines.extend(given.map(|(name, value)| format!("  {name} = {value}")));
        lines.extend(self.question.items.iter().map(|item| format!("  - {item}")));
        let rows = self.rows();
        lines.extend(rows.iter().map(|(label, text)| format!("{label}: {text}")));
        lines.extend(self.notes.iter().cloned());
        lines.join("\n")
    }

    fn html(&self) -> Markup {
        let frame = "border:1px solid var(--jp-border-color1, #9e9e9e);\
                     border-left:4px solid var(--jp-brand-color1, #1976d2);padding:4px 12px";
        html! {
            div class="gradbook-exercise" style=(frame) {
                p style="margin:4px 0" {
                    strong { (self.heading()) } " · " (self.state())
                    @if !self.exercise.codes.is_empty() { " · checklist " (self.codes()) }
                }
                @for paragraph in self.question.text.split("\n\n") {
                    p style="margin:4px 0" { (paragraph) }
                }
                @if !self.question.given.is_empty() {
                    table { tbody { @for (name, value) in &self.question.given { tr {
                        th scope="row" style="text-align:left" { (name) }
                        td style="text-align:right" { (value) }
                    } } } }
                }
                @if !self.question.items.is_empty() {
                    ul { @for item in &self.question.items { li { code { (item) } } } }
                }
                @for (label, text) in self.rows() {
                    p style="margin:4px 0" { (label) ": " code { (text) } }
                }
                @for note in self.notes { p { em { (note) } } }
            }
        }
    }
}

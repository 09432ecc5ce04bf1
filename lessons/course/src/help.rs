//! Help on request: hints in steps, the solution, and beginning again. What was shown is kept.

use lessons::show::{MimeBundle, Show};
use maud::html;

use crate::catalogue;
use crate::learner;
use crate::progress::Progress;
use crate::structured::nearest;
use crate::verdict::Verdict;

/// Something to show: a hint, a solution, a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "let the cell end with the call, without a semicolon, to see it"]
pub struct Shown {
    content: MimeBundle,
    verdict: Option<Verdict>,
}

impl Shown {
    /// The verdict, where it is one.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    pub(crate) fn new(text: String, html: String) -> Shown {
        Shown {
            content: MimeBundle::text(text).with("text/html", html),
            verdict: None,
        }
    }

    pub(crate) fn sentences(sentences: &[String]) -> Shown {
        let markup = html! { @for sentence in sentences { p { (sentence) } } };
        Shown::new(sentences.join("\n"), markup.into_string())
    }
}

impl From<Verdict> for Shown {
    fn from(verdict: Verdict) -> Shown {
        Shown {
            content: verdict.show(),
            verdict: Some(verdict),
        }
    }
}

impl Show for Shown {
    fn show(&self) -> MimeBundle {
        self.content.clone()
    }
}

/// Shows the next hint of an exercise, below those shown before.
///
/// ```no_run
/// use course::prelude::*;
/// hint("price_model");
/// ```
pub fn hint(id: &str) -> Shown {
    let Some(exercise) = catalogue::find(id) else {
        return unknown(id);
    };
    let all = exercise.hints.len();
    let kept = learner::change_record(id, |record| {
        record.hints = (record.hints + 1).min(all);
        record.hints
    });
    let hints = &exercise.hints[..kept.value];
    let mut last = if kept.value < all {
        vec![format!("The next one: hint(\"{id}\")")]
    } else {
        vec![format!(
            "That was the last one. The solution: solution(\"{id}\")"
        )]
    };
    last.extend(kept.notes);
    let mut lines = vec![format!("{}: hint {} of {all}", exercise.title, kept.value)];
    lines.extend((1..).zip(hints).map(|(n, hint)| format!("{n}. {hint}")));
    lines.extend(last.iter().cloned());
    let markup = html! {
        p { strong { (exercise.title) } (format!(": hint {} of {all}", kept.value)) }
        ol { @for hint in hints { li style="white-space:pre-wrap" { (hint) } } }
        @for line in &last { p { (line) } }
    };
    Shown::new(lines.join("\n"), markup.into_string())
}

/// Shows the answer cell solved, and marks the exercise: a later correct answer counts as one with
/// solution, until [`reset`].
pub fn solution(id: &str) -> Shown {
    let Some(exercise) = catalogue::find(id) else {
        return unknown(id);
    };
    let kept = learner::change_record(id, |record| {
        record.solution_seen = true;
        record.clone()
    });
    let code = (exercise.solution)(&mut learner::question_now(&kept.value, id));
    let mut after = if kept.value.with_solution() {
        vec![format!(
            "Marked as \"solution seen\". To solve it anew on your own later: reset(\"{id}\")"
        )]
    } else {
        vec!["You solved it without this: that stays.".to_owned()]
    };
    after.extend(kept.notes);
    let text = format!(
        "{}: solution\n\n{code}\n\n{}",
        exercise.title,
        after.join("\n")
    );
    let markup = html! {
        p { strong { (exercise.title) } ": solution" }
        pre { code { (code) } }
        @for line in &after { p { (line) } }
    };
    Shown::new(text, markup.into_string())
}

/// Forgets one exercise's attempts, hints and state, and draws its question anew.
pub fn reset(id: &str) -> Shown {
    let Some(exercise) = catalogue::find(id) else {
        return unknown(id);
    };
    let asked = |progress: &Progress| {
        let record = progress.record(id);
        (exercise.question)(&mut learner::question_now(&record, id))
    };
    let kept = learner::change(|progress| {
        let before = asked(progress);
        progress.forget(id);
        before != asked(progress)
    });
    let anew = if kept.value {
        ", and its question is drawn anew"
    } else {
        ""
    };
    let mut sentences = vec![format!(
        "\"{}\" is open again{anew}: its attempts, hints and state are forgotten. exercise(\"{id}\") \
         shows the question; put back the answer cell's first form yourself if you like.",
        exercise.title
    )];
    sentences.extend(kept.notes);
    Shown::sentences(&sentences)
}

/// Forgets all exercises' attempts, hints and states, and draws their questions anew.
pub fn reset_all() -> Shown {
    let kept = learner::change(|progress| {
        let ids = catalogue::exercises().map(|exercise| exercise.id);
        ids.for_each(|id| progress.forget(id));
    });
    let mut sentences = vec![
        "All exercises are open again: attempts, hints and states are forgotten. The \
         questions of those that were begun are drawn anew."
            .to_owned(),
    ];
    sentences.extend(kept.notes);
    Shown::sentences(&sentences)
}

pub(crate) fn unknown(id: &str) -> Shown {
    let ids: Vec<&str> = catalogue::exercises().map(|exercise| exercise.id).collect();
    let near = nearest(id, &ids).map_or(String::new(), |near| format!(" Did you mean \"{near}\"?"));
    Shown::sentences(&[format!("There is no exercise \"{id}\".{near}")])
}

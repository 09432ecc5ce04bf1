//! Answers in one's own words: the learner compares them with a rubric, point by point.

use crate::attempt::{Unsolved, attempt, not_yet};
use crate::catalogue;
use crate::exercise::Exercise;
use crate::help::{Shown, unknown};
use crate::learner;

/// Takes a text: keeps it and shows the rubric. The checker of a free-text exercise is this call.
pub fn written(exercise: &Exercise, text: &str) -> crate::verdict::Verdict {
    attempt(exercise, |attempt| {
        let text = text.trim();
        if text.is_empty() {
            return Err(Unsolved::NotAttempted);
        }
        let words = text.split_whitespace().count();
        if words < 8 {
            return not_yet(format!(
                "That is {words} words: say it in whole sentences, as to a friend who does not know."
            ));
        }
        learner::change_record(exercise.id, |record| record.text = text.to_owned());
        Err(Unsolved::Grade(
            (exercise.question)(&mut attempt.question).rubric,
        ))
    })
}

/// Grades the text that was answered last: `true` for each point of the rubric that it makes.
/// All points make it correct.
///
/// ```no_run
/// use course::prelude::*;
/// let verdict = self_grade("explain_activations", [true, true, false]);
/// ```
pub fn self_grade(id: &str, points: impl AsRef<[bool]>) -> Shown {
    let Some(exercise) = catalogue::find(id) else {
        return unknown(id);
    };
    let points = points.as_ref();
    let verdict = attempt(exercise, |attempt| {
        let rubric = (exercise.question)(&mut attempt.question).rubric;
        if rubric.is_empty() {
            return not_yet("This exercise is checked by its checker; there is nothing to grade.");
        }
        if learner::record(id).text.is_empty() {
            return not_yet(format!(
                "There is no text to grade yet: answer with check::{id}(\"...\") first."
            ));
        }
        if points.len() != rubric.len() {
            return not_yet(format!(
                "The rubric has {} points, you graded {}: write true or false for each.",
                rubric.len(),
                points.len()
            ));
        }
        match points.iter().position(|made| !made) {
            Some(at) => not_yet(format!(
                "Your text does not say yet: {} Add it and run your cell again.",
                rubric[at]
            )),
            None => Ok("By your own judgement, your text makes every point.".to_owned()),
        }
    });
    Shown::from(verdict)
}

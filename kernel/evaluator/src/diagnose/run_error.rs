//! A panic, an error from `?`, a stop or the end of the child, with the cell's line.
//! Knows nothing of rustc's messages.

use std::collections::BTreeMap;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Snippet};
use gradbook_control::{Failure, FailureKind, Place};
use gradbook_protocol::evaluator::CellError;

use super::colours::{self, renderer};
use super::libtorch;
use crate::rustc::is_cell_file;
use crate::source::{Origin, Source};

/// Calls deeper than this are not shown.
const CALLS: usize = 6;

/// What a failed run is told as; `sources` are the generated files by name.
pub fn run_error(failure: &Failure, sources: &BTreeMap<String, Arc<Source>>) -> CellError {
    let (ename, level) = match &failure.kind {
        FailureKind::Panic => ("Panic".to_owned(), "panic"),
        FailureKind::Error { type_name } => (type_name.clone(), "error"),
        FailureKind::Interrupted => ("Interrupted".to_owned(), "interrupted"),
        FailureKind::Load => ("LoadError".to_owned(), "error"),
    };
    let origins = places(&failure.places, sources);
    let evalue = match &failure.kind {
        FailureKind::Interrupted => {
            "stopped here; variables are kept as they are at this point".to_owned()
        }
        _ => libtorch::plain(&failure.message),
    };
    let title = Level::ERROR.with_name(level).primary_title(evalue.clone());
    let mut group = Group::with_title(title);
    if let Some(origin) = origins.first() {
        let span = token(origin);
        let snippet = Snippet::source(origin.text.code.clone()).path(origin.text.name.clone());
        group = group.element(snippet.annotation(AnnotationKind::Primary.span(span)));
    }
    if evalue != failure.message && failure.kind != FailureKind::Interrupted {
        let more = "`:details` in a cell shows libtorch's own text";
        group = group.element(Level::NOTE.message(more));
    }
    for call in origins.iter().skip(1).take(CALLS) {
        let (line, _) = call.line_and_column();
        let code = call
            .text
            .code
            .lines()
            .nth(line - 1)
            .unwrap_or_default()
            .trim();
        let called = format!("called from {}, line {line}: {code}", call.text.name);
        group = group.element(Level::NOTE.message(called));
    }
    CellError {
        ename,
        evalue,
        traceback: vec![renderer().render(&[group])],
    }
}

/// The child has ended, and with it the variables.
pub fn lost(how: &str, interrupted: bool, variables: &[String]) -> CellError {
    let ename = if interrupted {
        "Interrupted"
    } else {
        "ProcessEnded"
    };
    let first = match interrupted {
        true => {
            "the cell did not come to a point where it could be stopped, so its process was ended"
                .to_owned()
        }
        false => format!("the process that runs the cells ended: {how}"),
    };
    let mut traceback = vec![format!("{}: {first}", colours::name(ename))];
    traceback.push(match variables {
        [] => "No variables were lost; items (functions, types, uses) are kept.".to_owned(),
        names => format!(
            "Lost variables: {}. Items (functions, types, uses) are kept; run the cells that make \
             the variables again.",
            names.join(", ")
        ),
    });
    CellError {
        ename: ename.to_owned(),
        evalue: first,
        traceback,
    }
}

/// The places that lie in cells, innermost first, each line once.
fn places(places: &[Place], sources: &BTreeMap<String, Arc<Source>>) -> Vec<Origin> {
    let mut origins: Vec<Origin> = Vec::new();
    for place in places {
        let source = is_cell_file(&place.file).and_then(|file| sources.get(file));
        let Some(origin) = source.and_then(|source| source.origin_of(place.line, place.column))
        else {
            continue;
        };
        let line = origin.line_and_column().0;
        let seen =
            |other: &Origin| other.text.id == origin.text.id && other.line_and_column().0 == line;
        if !origins.iter().any(seen) {
            origins.push(origin);
        }
    }
    origins
}

/// The word, or the one character, that begins at a place.
fn token(origin: &Origin) -> std::ops::Range<usize> {
    let start = origin.range.start;
    let rest = &origin.text.code[start..];
    let word = rest
        .find(|next: char| !(next.is_alphanumeric() || next == '_'))
        .unwrap_or(rest.len());
    let one = rest.chars().next().map_or(0, char::len_utf8);
    start..start + word.max(one)
}

//! rustc's messages, drawn over the learner's text instead of the generated one.
//! Knows nothing of panics.

use std::collections::BTreeMap;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Patch, Snippet};
use gradbook_protocol::evaluator::CellError;

use super::colours::renderer;
use super::hints;
use crate::diagnostic::{Diagnostic, Span};
use crate::parse::Text;
use crate::rustc::{Report, file_name};
use crate::session::Session;
use crate::source::{Origin, Site, Source};

/// More than this many errors in one cell are counted, not shown.
const SHOWN: usize = 4;

/// rustc cannot use the prebuilt library: it is from another compiler, or not whole.
const LIBRARY: [&str; 4] = ["E0460", "E0463", "E0514", "E0786"];

/// All that a compile error is told from.
struct Teller<'a> {
    source: &'a Source,
    file: String,
    session: &'a Session,
}

/// One error for everything rustc said.
pub fn compile_error(source: &Source, report: &Report, session: &Session) -> CellError {
    let teller = Teller {
        source,
        file: file_name(source.text()),
        session,
    };
    if let Some(unusable) = report
        .diagnostics
        .iter()
        .find(|one| LIBRARY.contains(&one.code()))
    {
        return stale(unusable);
    }
    let all: Vec<&Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|one| one.is_error())
        .collect();
    // What rustc says of lines of ours only follows from what it says of the learner's.
    let of_theirs = |one: &&&Diagnostic| !teller.is_about_ours(one);
    let mut told: Vec<&Diagnostic> = all.iter().filter(of_theirs).copied().collect();
    if told.is_empty() {
        told = all
            .into_iter()
            .filter(|one| !one.message.starts_with("aborting due to"))
            .collect();
    }
    let Some(first) = told.first() else {
        return unexplained(report);
    };
    let (ename, evalue) = (teller.name(first), teller.title(first));
    let mut traceback: Vec<String> = told
        .iter()
        .take(SHOWN)
        .map(|error| teller.draw(error))
        .collect();
    match told.len().saturating_sub(SHOWN) {
        0 => {}
        1 => traceback.push("and 1 more error".to_owned()),
        more => traceback.push(format!("and {more} more errors")),
    }
    traceback.extend(teller.set_aside(first));
    if first
        .code
        .as_ref()
        .is_some_and(|code| code.explanation.is_some())
    {
        traceback.push(format!("`:explain {ename}` in a cell says more."));
    }
    CellError {
        ename,
        evalue,
        traceback,
    }
}

/// Nothing that the learner wrote is at fault.
fn stale(unusable: &Diagnostic) -> CellError {
    let evalue = format!(
        "the lessons library does not fit its compiler ({}); run `cargo lab setup`, then restart the \
         kernel",
        unusable.message
    );
    CellError {
        ename: "SetupError".to_owned(),
        evalue: evalue.clone(),
        traceback: vec![evalue],
    }
}

/// rustc failed without a message of its own kind.
fn unexplained(report: &Report) -> CellError {
    let evalue = "rustc failed without saying why".to_owned();
    let traceback = vec![evalue.clone(), report.noise.trim().to_owned()];
    CellError {
        ename: "CompileError".to_owned(),
        evalue,
        traceback,
    }
}

impl<'a> Teller<'a> {
    /// An error of which every place is in our part of the source, except the displayed value's.
    fn is_about_ours(&self, error: &Diagnostic) -> bool {
        let at = |span: &Span| self.source.site_at(&span.range_in(&self.file)?).cloned();
        let displayed = error
            .spans
            .iter()
            .any(|span| at(span) == Some(Site::Display));
        let primary = error.spans.iter().find(|span| span.is_primary);
        let theirs = primary.is_none_or(|span| self.origin(span).is_some());
        (!theirs && !displayed) || error.message.starts_with("aborting due to")
    }

    fn is_display(&self, error: &Diagnostic) -> bool {
        let site = |span: &Span| self.source.site_at(&span.range_in(&self.file)?).cloned();
        error
            .spans
            .iter()
            .any(|span| site(span) == Some(Site::Display))
    }

    fn name(&self, error: &Diagnostic) -> String {
        match error.code() {
            "" => "CompileError".to_owned(),
            _ if self.is_display(error) => "E0277".to_owned(),
            code => code.to_owned(),
        }
    }

    fn title(&self, error: &Diagnostic) -> String {
        if self.is_display(error) {
            return hints::not_displayable(error);
        }
        let at_end = |span: &Span| {
            span.is_primary
                && span
                    .range_in(&self.file)
                    .is_some_and(|at| self.source.is_end(&at))
        };
        match error.spans.iter().any(at_end) {
            // The brace is ours.
            true => error
                .message
                .replace("found `}`", "found the end of the cell"),
            false => error.message.clone(),
        }
    }

    fn draw(&self, error: &Diagnostic) -> String {
        let title = self.title(error);
        let mut title = Level::ERROR.primary_title(title);
        let name = self.name(error);
        if name != "CompileError" {
            title = title.id(name.clone());
        }
        let mut main = Group::with_title(title);
        if self.is_display(error) {
            let groups = [main.element(Level::HELP.message(hints::HOW_TO_DISPLAY))];
            return renderer().render(&groups);
        }
        if let Some(gone) = hints::gone(&self.named(error), self.session) {
            let primary: Vec<Span> = error
                .spans
                .iter()
                .filter(|span| span.is_primary)
                .cloned()
                .collect();
            let help = Group::with_title(Level::HELP.secondary_title(gone));
            return renderer().render(&[main.elements(self.snippets(&primary)), help]);
        }
        main = main.elements(self.snippets(&error.spans));
        let mut groups = Vec::new();
        for child in &error.children {
            if child.spans.is_empty() {
                if !hints::is_noise(&child.message) {
                    main = main.element(level(&child.level).message(child.message.clone()));
                }
            } else {
                groups.extend(self.suggestion(child));
            }
        }
        groups.insert(0, main);
        if let Some(hint) = hints::hint(error, self.session) {
            groups.push(Group::with_title(Level::HELP.secondary_title(hint)));
        }
        renderer().render(&groups)
    }

    /// What the cell may mean of the items that no longer fit, if the error does not say so itself.
    fn set_aside(&self, error: &Diagnostic) -> Vec<String> {
        let primary = error.spans.iter().find(|span| span.is_primary);
        let Some(origin) = primary.and_then(|span| self.origin(span)) else {
            return Vec::new();
        };
        match hints::gone(&origin.text.code[origin.range], self.session) {
            Some(_) => Vec::new(),
            None => hints::set_aside(&origin.text.code, self.session),
        }
    }

    /// The learner's text at the primary place.
    fn named(&self, error: &Diagnostic) -> String {
        let primary = error.spans.iter().find(|span| span.is_primary);
        primary
            .and_then(|span| self.origin(span))
            .map(|origin| origin.text.code[origin.range].to_owned())
            .unwrap_or_default()
    }

    fn origin(&self, span: &Span) -> Option<Origin> {
        self.source.origin(&span.range_in(&self.file)?)
    }

    /// One snippet per cell that the places lie in.
    fn snippets(&self, spans: &[Span]) -> Vec<Element<'a>> {
        let mut by_cell: BTreeMap<u64, (Arc<Text>, Vec<Annotation<'a>>)> = BTreeMap::new();
        let mut order = Vec::new();
        for span in spans {
            let Some(origin) = self.origin(span) else {
                continue;
            };
            let kind = match span.is_primary {
                true => AnnotationKind::Primary,
                false => AnnotationKind::Context,
            };
            let annotation = kind.span(origin.range.clone()).label(span.label.clone());
            if !order.contains(&origin.text.id) {
                order.push(origin.text.id);
            }
            let entry = by_cell.entry(origin.text.id);
            entry
                .or_insert_with(|| (origin.text, Vec::new()))
                .1
                .push(annotation);
        }
        let snippet = |id| {
            let (text, annotations) = by_cell.remove(&id)?;
            let snippet = Snippet::source(text.code.clone()).path(text.name.clone());
            Some(Element::from(snippet.annotations(annotations)))
        };
        order.into_iter().filter_map(snippet).collect()
    }

    /// A note with places of its own, or a suggested change.
    fn suggestion(&self, child: &Diagnostic) -> Option<Group<'a>> {
        let changes: Vec<(Origin, String)> = child
            .spans
            .iter()
            .filter_map(|span| Some((self.origin(span)?, span.suggested_replacement.clone()?)))
            .collect();
        let title = level(&child.level).secondary_title(child.message.clone());
        let group = Group::with_title(title);
        let Some((first, _)) = changes.first() else {
            let snippets = self.snippets(&child.spans);
            return (!snippets.is_empty()).then(|| group.elements(snippets));
        };
        // A change that is partly in lines of ours cannot be followed.
        if changes.len() < child.spans.len() {
            return None;
        }
        let text = first.text.clone();
        let patches: Vec<Patch<'a>> = changes
            .into_iter()
            .filter(|(origin, _)| Arc::ptr_eq(&origin.text, &text))
            .map(|(origin, replacement)| Patch::new(origin.range, replacement))
            .collect();
        let snippet = Snippet::source(text.code.clone()).path(text.name.clone());
        Some(group.element(snippet.patches(patches)))
    }
}

fn level(name: &str) -> Level<'static> {
    match name {
        "error" => Level::ERROR,
        "warning" => Level::WARNING,
        "help" => Level::HELP,
        _ => Level::NOTE,
    }
}

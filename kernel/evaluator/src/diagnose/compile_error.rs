//! rustc's messages, drawn over the learner's text instead of the generated one.
//! Knows nothing of panics.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Patch, Snippet};
use gradbook_protocol::evaluator::CellError;

use super::colours::{level, renderer};
use super::foreign;
use super::hints::{self, captures, characters, unseen};
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
    /// Names that errors say are in no scope, with their places in the cell.
    missing: Vec<(String, Range<usize>)>,
    /// Places of characters that Rust does not know.
    strays: Vec<Range<usize>>,
}

/// One error for everything rustc said.
pub fn compile_error(source: &Source, report: &Report, session: &Session) -> CellError {
    let mut teller = Teller {
        source,
        file: file_name(source.text()),
        session,
        missing: Vec::new(),
        strays: Vec::new(),
    };
    let of_library = |one: &&Diagnostic| {
        LIBRARY.contains(&one.code()) && hints::missing_crate(one, &teller.named(one)).is_none()
    };
    if let Some(unusable) = report.diagnostics.iter().find(of_library) {
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
    teller.look_through(&mut told);
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
    /// Notes what several errors have in common, and leaves out those that only repeat or follow from others.
    fn look_through(&mut self, told: &mut Vec<&Diagnostic>) {
        // Whatever else rustc says, it read something else than was meant.
        let stray = |error: &&Diagnostic| characters::stray(&error.message).is_some();
        if let Some(first) = told.iter().copied().find(stray) {
            let places = told.iter().filter(|error| stray(error));
            self.strays = places.filter_map(|error| self.place(error)).collect();
            *told = vec![first];
        }
        for error in told.iter() {
            let named = self.named(error);
            if let (Some(name), Some(place)) = (unseen::missing(error, &named), self.place(error)) {
                self.missing.push((name.to_owned(), place));
            }
        }
        let mut said: Vec<String> = Vec::new();
        told.retain(|error| match self.unseen(error) {
            Some(hint) if said.contains(&hint) => false,
            hint => {
                said.extend(hint);
                true
            }
        });
    }

    /// The bytes of its cell that an error is about.
    fn place(&self, error: &Diagnostic) -> Option<Range<usize>> {
        let primary = error.spans.iter().find(|span| span.is_primary)?;
        Some(self.origin(primary)?.range)
    }

    /// Why a name is in no scope: it is a variable's, and an item uses it.
    fn unseen(&self, error: &Diagnostic) -> Option<String> {
        let primary = error.spans.iter().find(|span| span.is_primary)?;
        let origin = self.origin(primary)?;
        let named = origin.text.code.get(origin.range.clone())?;
        let name = unseen::missing(error, named)?;
        unseen::hint(
            name,
            &origin.text,
            &origin.range,
            &self.missing,
            self.session,
        )
    }

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
            return foreign::without_paths(&hints::not_displayable(error));
        }
        if let Some(title) = characters::title(&error.message) {
            return title;
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
            false => foreign::without_paths(&error.message),
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
        // Then nothing that rustc suggests helps.
        let instead = hints::gone(&self.named(error), self.session)
            .or_else(|| self.unseen(error))
            .or_else(|| self.strayed(error))
            .or_else(|| hints::not_displayable_by_call(error, &self.named(error)));
        if let Some(instead) = instead {
            let is_primary = |span: &&Span| span.is_primary;
            let mut primary: Vec<Span> = error.spans.iter().filter(is_primary).cloned().collect();
            primary.iter_mut().for_each(|span| span.label = None);
            let help = Group::with_title(Level::HELP.secondary_title(instead));
            return renderer().render(&[main.elements(self.snippets(&primary)), help]);
        }
        main = main.elements(self.snippets(&error.spans));
        if let Some(missing) = hints::missing_crate(error, &self.named(error)) {
            let help = Group::with_title(Level::HELP.secondary_title(missing));
            return renderer().render(&[main, help]);
        }
        let mut groups = Vec::new();
        let can_be_followed = |child: &&Diagnostic| !hints::names_hidden_crate(child, self.session);
        for child in error.children.iter().filter(can_be_followed) {
            if child.spans.is_empty() {
                let message = foreign::without_paths(&child.message);
                let noise = hints::is_noise(&child.message) || foreign::is_inside(&child.message);
                if !noise && !message.is_empty() {
                    main = main.element(level(&child.level).message(message));
                }
            } else {
                groups.extend(self.suggestion(child));
            }
        }
        groups.insert(0, main);
        let hint = hints::hint(error, self.session).or_else(|| self.captured(error));
        if let Some(hint) = hint {
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

    /// What the lines with characters of other scripts are meant to be.
    fn strayed(&self, error: &Diagnostic) -> Option<String> {
        let primary = error.spans.iter().find(|span| span.is_primary)?;
        let origin = self.origin(primary)?;
        // A text that never ends: its last mark may be one of writing.
        let places = match error.code() {
            "E0765" => {
                let line = origin.text.code.get(origin.range.clone())?.lines().next()?;
                let at = line.find(characters::is_mark)? + origin.range.start;
                std::iter::once(at..at).collect()
            }
            _ => {
                characters::stray(&error.message)?;
                self.strays.clone()
            }
        };
        characters::correction(&origin.text.code, &places)
    }

    /// A function of the learner's whose result holds on to its arguments.
    fn captured(&self, error: &Diagnostic) -> Option<String> {
        let origins: Vec<Origin> = error
            .spans
            .iter()
            .filter_map(|span| self.origin(span))
            .collect();
        let code = |origin: &Origin| {
            origin
                .text
                .code
                .get(origin.range.clone())
                .map(str::to_owned)
        };
        let places: Vec<String> = origins.iter().filter_map(code).collect();
        let items = self.session.items.iter().map(|item| item.fragment.code());
        let cells = origins.iter().map(|origin| origin.text.code.as_str());
        captures::hint(error, &places, &items.chain(cells).collect::<Vec<_>>())
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
            let label = span.label.as_deref().map(foreign::without_paths);
            let annotation = kind.span(origin.range.clone()).label(label);
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
        if foreign::is_inside(&child.message) {
            return None;
        }
        let message = foreign::without_paths(&child.message);
        let title = level(&child.level).secondary_title(message);
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

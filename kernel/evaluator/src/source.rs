//! Generated source text with its way back: which bytes of it are whose.

use std::ops::Range;
use std::sync::Arc;

use crate::decide::Place;
use crate::parse::{Fragment, Text};

/// Called wherever a cell can be stopped.
pub(crate) const CHECKPOINT: &str = "::gradbook_runtime::checkpoint();";

/// Besides loops, what makes code run more than once; the last ones are compiled in the cell that calls them.
const REPEATING: [&str; 8] = [
    "|", "..", "iter", "sort", "split", "chars", "bytes", "lines",
];

/// Generated source.
#[derive(Debug, Default)]
pub struct Source {
    text: String,
    pieces: Vec<Piece>,
    sites: Vec<(Range<usize>, Site)>,
    kept: Vec<(Range<usize>, usize)>,
    arguments: Vec<String>,
    std_alone: bool,
    end: Option<Origin>,
    repeats: bool,
}

/// Some bytes that stand in the generated source as they stand in a cell.
#[derive(Debug)]
struct Piece {
    start: usize,
    length: usize,
    text: Arc<Text>,
    offset: usize,
}

/// A place in our own part of the source that a diagnostic may point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// A variable is put into the store.
    Put(String),
    /// One that was taken is put back.
    PutBack(String),
    /// A variable leaves the stage that made it.
    Return(String),
    /// It is asked whether a variable may outlive its stage.
    Lasting(String),
    /// A variable that is not kept is dropped before others are put into the store.
    Drop(String),
    /// A variable is taken from the store, by its type's name.
    Take(String),
    /// rustc is asked for a variable's type.
    TypeOf(String),
    /// The trailing expression is displayed.
    Display,
}

/// A place in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The cell.
    pub text: Arc<Text>,
    /// Which bytes of it.
    pub range: Range<usize>,
}

impl Site {
    /// The variable it is about; nothing for a displayed value.
    pub fn variable(&self) -> &str {
        match self {
            Self::Put(name)
            | Self::PutBack(name)
            | Self::Return(name)
            | Self::Lasting(name)
            | Self::Drop(name)
            | Self::Take(name)
            | Self::TypeOf(name) => name,
            Self::Display => "",
        }
    }
}

impl Source {
    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the last cell in it is called: the one that it was generated for.
    pub fn name(&self) -> Option<&str> {
        self.pieces.last().map(|piece| &*piece.text.name)
    }

    /// Whether any of it may run many times: it has a loop, a closure, a range or an iterator.
    pub fn repeats(&self) -> bool {
        self.repeats
    }

    /// Further arguments of rustc: the levels of lints.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Whether it is compiled with std alone in view.
    pub fn is_std_alone(&self) -> bool {
        self.std_alone
    }

    /// See [`Source::is_std_alone`].
    pub fn set_std_alone(&mut self) {
        self.std_alone = true;
    }

    /// Adds to [`Source::arguments`].
    pub fn argument(&mut self, argument: String) {
        self.arguments.push(argument);
    }

    /// Appends text of ours.
    pub fn ours(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends text of ours that diagnostics may point to.
    pub fn site(&mut self, site: Site, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.sites.push((start..self.text.len(), site));
    }

    /// Appends what `write` writes, as the kept item with this place in the list.
    pub fn kept(&mut self, index: usize, write: impl FnOnce(&mut Self)) {
        let start = self.text.len();
        write(self);
        self.kept.push((start..self.text.len(), index));
    }

    /// Writes something that has the length of `placeholder` in its place.
    pub fn fill_in(&mut self, placeholder: &str, text: &str) {
        if placeholder.len() == text.len() {
            self.text = self.text.replace(placeholder, text);
        }
    }

    /// Whose the bytes of a range are.
    pub fn place(&self, range: &Range<usize>) -> Place {
        let within = |outer: &Range<usize>| outer.start <= range.start && range.end <= outer.end;
        if let Some((_, index)) = self.kept.iter().find(|(kept, _)| within(kept)) {
            return Place::Kept(*index);
        }
        let touches = |site: &Range<usize>| site.start < range.end && range.start < site.end;
        let mut sites = self.sites.iter().filter(|(site, _)| touches(site));
        match (sites.next(), sites.next()) {
            (Some((_, site)), None) => Place::Site(site.clone()),
            (Some(_), Some(_)) => Place::Elsewhere,
            _ if self.origin(range).is_some() => Place::Cell,
            _ => Place::Elsewhere,
        }
    }

    /// Appends a learner's text, with its edits.
    pub fn theirs(&mut self, fragment: &Fragment) {
        let code = fragment.code();
        self.repeats |= fragment.repeats || REPEATING.iter().any(|sign| code.contains(sign));
        let mut from = fragment.range.start;
        for edit in &fragment.edits {
            self.piece(&fragment.text, from..edit.range.start);
            self.text.push_str(&edit.text);
            from = edit.range.end;
        }
        self.piece(&fragment.text, from..fragment.range.end);
    }

    /// What follows stands for the end of a cell that does not parse.
    pub fn end_of(&mut self, text: &Arc<Text>) {
        let length = text.code.trim_end().len();
        self.end = Some(Origin {
            text: text.clone(),
            range: length..length,
        });
    }

    /// Whether a range lies in what stands for the end of a cell.
    pub fn is_end(&self, range: &Range<usize>) -> bool {
        let last = self
            .pieces
            .last()
            .map_or(0, |piece| piece.start + piece.length);
        self.end.is_some() && range.start >= last
    }

    /// The site that a range of generated bytes touches.
    pub fn site_at(&self, range: &Range<usize>) -> Option<&Site> {
        let touches = |site: &Range<usize>| site.start < range.end && range.start < site.end;
        self.sites
            .iter()
            .find(|(site, _)| touches(site))
            .map(|(_, site)| site)
    }

    /// Where a range of generated bytes comes from; cut to one cell if it spans more than that.
    pub fn origin(&self, range: &Range<usize>) -> Option<Origin> {
        if self.is_end(range) {
            return self.end.clone();
        }
        let mut found: Option<Origin> = None;
        for piece in &self.pieces {
            let start = range.start.max(piece.start);
            let end = range.end.min(piece.start + piece.length);
            let inside = start < end || (range.is_empty() && start == end);
            if !inside {
                continue;
            }
            let (start, end) = (
                piece.offset + start - piece.start,
                piece.offset + end - piece.start,
            );
            match &mut found {
                None => {
                    found = Some(Origin {
                        text: piece.text.clone(),
                        range: start..end,
                    })
                }
                Some(origin) if Arc::ptr_eq(&origin.text, &piece.text) => {
                    origin.range.end = origin.range.end.max(end);
                }
                Some(_) => break,
            }
        }
        found
    }

    /// Where a line and column (from 1, in characters) come from.
    pub fn origin_of(&self, line: u32, column: u32) -> Option<Origin> {
        let line_start = match line {
            0 | 1 => 0,
            _ => self.text.match_indices('\n').nth(line as usize - 2)?.0 + 1,
        };
        let rest = &self.text[line_start..];
        let within = rest
            .char_indices()
            .nth(column.saturating_sub(1) as usize)
            .map_or(rest.len(), |at| at.0);
        let at = line_start + within;
        // The column may be inside a checkpoint: then its loop is what follows.
        (at..(at + CHECKPOINT.len() + 3).min(self.text.len()))
            .find_map(|at| self.origin(&(at..at + 1)))
            .map(|origin| Origin {
                range: origin.range.start..origin.range.start,
                ..origin
            })
    }

    fn piece(&mut self, text: &Arc<Text>, range: Range<usize>) {
        let piece = Piece {
            start: self.text.len(),
            length: range.len(),
            text: text.clone(),
            offset: range.start,
        };
        self.text.push_str(&text.code[range]);
        self.pieces.push(piece);
    }
}

impl Origin {
    /// Line and column, from 1, in characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = &self.text.code[..self.range.start.min(self.text.code.len())];
        let line = before.matches('\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before[line_start..].chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::Edit;

    fn text(code: &str) -> Arc<Text> {
        Arc::new(Text {
            id: 1,
            name: "cell [1]".to_owned(),
            code: code.to_owned(),
        })
    }

    #[test]
    fn ranges_find_their_way_back_over_checkpoints() {
        let cell = text("let λ = 1; loop { stop(λ) }");
        let brace = cell.code.find('{').expect("a brace") + 1;
        let mut source = Source::default();
        source.ours("fn f() { ");
        source.theirs(&Fragment {
            text: cell.clone(),
            range: 0..cell.code.len(),
            edits: vec![Edit::insert(brace, CHECKPOINT)],
            repeats: true,
        });
        let stop = source.text().find("stop").expect("stop");
        let origin = source.origin(&(stop..stop + 4)).expect("an origin");
        assert_eq!(&cell.code[origin.range.clone()], "stop");
        assert_eq!(origin.line_and_column(), (1, 19));
        let whole = source.text().find("loop").expect("loop");
        let origin = source
            .origin(&(whole..source.text().len()))
            .expect("an origin");
        assert_eq!(&cell.code[origin.range], "loop { stop(λ) }");
        assert_eq!(source.origin(&(0..2)), None);
    }

    #[test]
    fn lines_and_columns_find_their_way_back() {
        let cell = text("a\nβ.panic()");
        let mut source = Source::default();
        source.ours("//\n  ");
        source.theirs(&Fragment::new(&cell, 0..cell.code.len()));
        let origin = source.origin_of(3, 3).expect("an origin");
        assert_eq!(origin.line_and_column(), (2, 3));
    }
}

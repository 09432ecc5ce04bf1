//! Questions about a cell pass through here to rust-analyzer, and its answers come out as names
//! with kinds, signatures and documentation.
//! Knows nothing of processes, queues or Jupyter.

use crate::host::Host;
use crate::order::{Found, ordered};
use crate::prelude::PRELUDE;
use crate::source::{Session, Source, WRAPPING};
use crate::usage::{Place, Usage};
use crate::wire::{Completion, Completions, Hover};
use anyhow::{Context, Result};
use ra_ap_ide::{CompletionItem, CompletionItemKind, HoverDocFormat, SymbolKind};
use std::path::Path;

/// What most learners ask for first takes seconds the first time.
const WARM_UP: [&str; 3] = [
    "let text = String::new();\ntext.",
    "let tensor: tch::Tensor;\ntensor.",
    "Tensor::",
];
/// The most completions of one answer: a front end narrows them down as the learner types.
const MOST: usize = 2000;

/// A rust-analyzer that has read the standard library, the lessons, tch and plotters.
pub struct Analyst {
    host: Host,
    /// The crates it has read beside those.
    dependencies: Vec<String>,
    /// What is looked for most comes first.
    usage: Usage,
}

impl Analyst {
    /// Reads the project. The first answer is slow too: asking for one here keeps the learner from
    /// waiting for it.
    pub fn start(project: &Path, usage: Usage) -> Result<Analyst> {
        std::env::set_current_dir(project)
            .with_context(|| format!("{} cannot be entered", project.display()))?;
        let mut host = Host::new(project)?;
        host.load(&manifest(&[]))?;
        let mut analyst = Analyst {
            host,
            dependencies: Vec::new(),
            usage,
        };
        let session = Session {
            items: PRELUDE.to_owned(),
            ..Session::default()
        };
        for unfinished in WARM_UP {
            analyst.complete(&session, unfinished, unfinished.len())?;
        }
        Ok(analyst)
    }

    /// What can be written at `cursor`, the best first.
    ///
    /// Brackets that the code leaves open are better closed: rust-analyzer mends unfinished code
    /// itself, but not inside the call of a macro.
    pub fn complete(
        &mut self,
        session: &Session,
        code: &str,
        cursor: usize,
    ) -> Result<Completions> {
        let source = self.show(session, code)?;
        let found = self.host.completions(source.offset(cursor))?;
        let mut start = cursor;
        let mut end = cursor;
        let mut items = Vec::new();
        for item in found {
            let range = item.source_range;
            let (from, to) = (
                source.back(range.start().into()),
                source.back(range.end().into()),
            );
            let written = code.get(from..cursor).unwrap_or_default();
            let name = item.label.primary.as_str();
            // rust-analyzer names all there is and leaves the choice to the editor.
            if !item.lookup().starts_with(written) || name == WRAPPING {
                continue;
            }
            (start, end) = (from, to);
            let demoted = item.relevance.is_deprecated
                || item.relevance.trait_.is_some_and(|of| of.is_op_method);
            items.extend(completion(&item).map(|completion| Found {
                completion,
                demoted,
                local: item.relevance.is_local,
            }));
        }
        let place = Place::before(code.get(..start).unwrap_or_default());
        Ok(Completions {
            start,
            end,
            items: ordered(items, &place, &self.usage, MOST),
        })
    }

    /// What the name around `cursor` is: `None` where there is none, or it is unknown.
    pub fn hover(&mut self, session: &Session, code: &str, cursor: usize) -> Result<Option<Hover>> {
        let Some(start) = start_of_name(code, cursor) else {
            return Ok(None);
        };
        let source = self.show(session, code)?;
        let at = source.offset(start);
        let Some(markdown) = self.host.hover(at, HoverDocFormat::Markdown)? else {
            return Ok(None);
        };
        let plain = self.host.hover(at, HoverDocFormat::PlainText)?;
        Ok(Some(Hover {
            plain: without_wrapping(&plain.unwrap_or_default()),
            markdown: without_wrapping(&markdown),
        }))
    }

    /// Puts the session and the cell before rust-analyzer; only new crates take time.
    fn show(&mut self, session: &Session, code: &str) -> Result<Source> {
        if session.dependencies != self.dependencies {
            self.host.load(&manifest(&session.dependencies))?;
            self.dependencies.clone_from(&session.dependencies);
        }
        let source = Source::of(session, code);
        self.host.set_source(source.text.clone());
        Ok(source)
    }
}

/// The library itself comes in by way of what stands in for cargo.
fn manifest(dependencies: &[String]) -> String {
    let mut manifest = crate::project::MANIFEST.to_owned();
    for line in dependencies {
        manifest.push_str(line);
        if !line.contains('=') {
            manifest.push_str(" = \"*\"");
        }
        manifest.push('\n');
    }
    manifest
}

/// Without what only makes sense inside an editor: `None` for those.
fn completion(item: &CompletionItem) -> Option<Completion> {
    let mut edits = item.text_edit.iter();
    let (text, None) = (edits.next()?.insert.trim_end().to_owned(), edits.next()) else {
        return None;
    };
    let signature = item.detail.clone().unwrap_or_default();
    let documentation = item
        .documentation
        .as_ref()
        .map(|text| first_paragraph(text.as_str()));
    Some(Completion {
        kind: kind(item.kind).to_owned(),
        signature: signature.replace("pub ", ""),
        doc: documentation.unwrap_or_default(),
        text,
    })
}

fn first_paragraph(documentation: &str) -> String {
    let lines = documentation.trim_start().lines();
    lines
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What front ends show beside a name.
fn kind(kind: CompletionItemKind) -> &'static str {
    let CompletionItemKind::SymbolKind(symbol) = kind else {
        return match kind {
            CompletionItemKind::Keyword => "keyword",
            CompletionItemKind::BuiltinType | CompletionItemKind::InferredType => "type",
            _ => "variable",
        };
    };
    match symbol {
        SymbolKind::Method => "method",
        SymbolKind::Function => "function",
        SymbolKind::Struct => "struct",
        SymbolKind::Enum => "enum",
        SymbolKind::Union => "union",
        SymbolKind::Trait => "trait",
        SymbolKind::TypeAlias | SymbolKind::TypeParam | SymbolKind::SelfType => "type",
        SymbolKind::Module | SymbolKind::CrateRoot | SymbolKind::ToolModule => "module",
        SymbolKind::Const | SymbolKind::ConstParam => "constant",
        SymbolKind::Static => "static",
        SymbolKind::Variant => "variant",
        SymbolKind::Field => "field",
        SymbolKind::Label | SymbolKind::LifetimeParam => "label",
        SymbolKind::Macro | SymbolKind::ProcMacro => "macro",
        SymbolKind::Attribute
        | SymbolKind::BuiltinAttr
        | SymbolKind::Derive
        | SymbolKind::DeriveHelper => "attribute",
        _ => "variable",
    }
}

/// The learner's items lie in no crate that they know of.
fn without_wrapping(text: &str) -> String {
    let text = text.replace(&format!("::{WRAPPING}"), "");
    let own_path = "```rust\ncell\n```\n\n";
    let text = text.strip_prefix(own_path).unwrap_or(&text);
    let text = text.strip_prefix("cell\n").unwrap_or(text);
    text.replace("cell::", "").trim().to_owned()
}

/// The start of the name that `cursor` is in or just behind.
fn start_of_name(code: &str, cursor: usize) -> Option<usize> {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    let start = code[..cursor].trim_end_matches(part).len();
    code[start..].starts_with(part).then_some(start)
}

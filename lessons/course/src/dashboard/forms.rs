//! The dashboard as text, HTML, Markdown, and a page of its own. No script, and colours of the theme.

use maud::{DOCTYPE, Markup, html};

use lessons::table::Table;

use super::{Dashboard, Row};
use crate::catalogue::Notebook;

pub(super) fn text(dashboard: &Dashboard) -> String {
    let mut notebooks = Table::new("Exercises")
        .columns(&[&["notebook"][..], &COUNTS].concat())
        .numeric(&[1, 2, 3, 4]);
    for row in &dashboard.rows {
        let [correct, with_solution, open, seen] = row.counts();
        notebooks = notebooks.row(&[&row.title(), &correct, &with_solution, &open, &seen]);
    }
    let mut items = Table::new("Checklist").columns(&["code", "item", "state"]);
    for item in &dashboard.items {
        items = items.row(&[item.code, item.what, item.standing.word()]);
    }
    let mut lines = vec![said(dashboard), dashboard.advice()];
    let reread = dashboard.reread();
    if !reread.is_empty() {
        lines.push(format!("To reread: {}", reread.join(", ")));
    }
    lines.extend([String::new(), notebooks.text(), String::new(), items.text()]);
    lines.extend(dashboard.notes.iter().cloned());
    lines.join("\n")
}

pub(super) fn html(dashboard: &Dashboard) -> Markup {
    let (done, all) = dashboard.done();
    let reread = dashboard.to_reread();
    html! {
        div class="gradbook-dashboard" {
            p {
                strong { "Your course" } " · " (said(dashboard)) " "
                progress value=(done) max=(all.max(1)) aria-label=(said(dashboard)) {}
            }
            p { (dashboard.advice()) }
            @if !reread.is_empty() {
                p { "To reread:" }
                ul { @for notebook in reread { li { (link(notebook)) } } }
            }
            (notebooks(dashboard))
            (checklist(dashboard))
            @for note in &dashboard.notes { p { em { (note) } } }
        }
    }
}

fn notebooks(dashboard: &Dashboard) -> Markup {
    html! {
        table {
            caption style="text-align:left;font-weight:600" { "Exercises" }
            thead { tr {
                th scope="col" style=(LEFT) { "notebook" }
                @for count in COUNTS { th scope="col" { (count) } }
            } }
            tbody { @for row in &dashboard.rows { tr {
                th scope="row" style=(LEFT) { (link(row.notebook)) }
                @for count in row.counts() { td { (count) } }
            } } }
        }
    }
}

fn checklist(dashboard: &Dashboard) -> Markup {
    html! {
        table {
            caption style="text-align:left;font-weight:600" { "Checklist" }
            thead { tr {
                th scope="col" style=(LEFT) { "code" }
                th scope="col" style=(LEFT) { "item" }
                th scope="col" style=(LEFT) { "state" }
                th scope="col" style=(LEFT) { "practise in" }
            } }
            tbody { @for item in &dashboard.items { tr {
                th scope="row" style=(LEFT) { (item.code) }
                td style=(LEFT) { (item.what) }
                td style=(LEFT) { (item.standing.word()) }
                td style=(LEFT) {
                    @for (at, notebook) in item.reread.iter().enumerate() {
                        @if at > 0 { ", " }
                        (link(notebook))
                    }
                }
            } } }
        }
    }
}

pub(super) fn markdown(dashboard: &Dashboard) -> String {
    let linked = |n: &Notebook| format!("[{}]({}.ipynb)", title(n), n.file);
    let mut lines = vec![
        "# Course report".to_owned(),
        String::new(),
        said(dashboard),
        String::new(),
        dashboard.advice(),
        String::new(),
    ];
    let reread = dashboard.to_reread();
    if !reread.is_empty() {
        lines.extend(["## To reread".to_owned(), String::new()]);
        lines.extend(reread.into_iter().map(|n| format!("- {}", linked(n))));
        lines.push(String::new());
    }
    lines.extend([
        "## Exercises".to_owned(),
        String::new(),
        format!("| notebook | {} |", COUNTS.join(" | ")),
        "|---|--:|--:|--:|--:|".to_owned(),
    ]);
    for row in &dashboard.rows {
        let counts = row.counts().join(" | ");
        lines.push(format!("| {} | {counts} |", linked(row.notebook)));
    }
    lines.extend(
        [
            "",
            "## Checklist",
            "",
            "| code | item | state |",
            "|---|---|---|",
        ]
        .map(str::to_owned),
    );
    for item in &dashboard.items {
        lines.push(format!(
            "| {} | {} | {} |",
            item.code,
            item.what,
            item.standing.word()
        ));
    }
    lines.join("\n") + "\n"
}

/// Readable by itself, in light and dark.
pub(super) fn page(dashboard: &Dashboard) -> String {
    let style = "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em}\
                 table{border-collapse:collapse;margin:1em 0}th,td{padding:.2em .8em;\
                 border-bottom:1px solid #8886}";
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="color-scheme" content="light dark";
                title { "Course report" }
                style { (style) }
            }
            body { h1 { "Course report" } (html(dashboard)) }
        }
    };
    markup.into_string()
}

const LEFT: &str = "text-align:left";

/// What is counted for each notebook.
const COUNTS: [&str; 4] = ["correct", "with solution", "open", "solutions seen"];

fn said(dashboard: &Dashboard) -> String {
    let (done, all) = dashboard.done();
    format!("{done} of {all} exercises are done")
}

fn title(notebook: &Notebook) -> String {
    format!("{} {}", &notebook.file[..2], notebook.title)
}

fn link(notebook: &Notebook) -> Markup {
    html! { a href=(format!("{}.ipynb", notebook.file)) { (title(notebook)) } }
}

impl Row {
    fn title(&self) -> String {
        title(self.notebook)
    }

    fn counts(&self) -> [String; 4] {
        let counts = [self.correct, self.with_solution, self.open, self.seen];
        counts.map(|count| count.to_string())
    }
}

//! What every learner meets: a sentence on what to write instead, beside rustc's own message.

use crate::diagnostic::Diagnostic;
use crate::parse::words;
use crate::session::{Gone, Session, SetAside};

/// Shown where the value of a cell has no form that can be shown.
pub(crate) const HOW_TO_DISPLAY: &str =
    "put `#[derive(Debug)]` before the definition of the type, or end the cell with `;`";

/// What rustc says of a displayed value, without our machinery.
pub(crate) fn not_displayable(error: &Diagnostic) -> String {
    let quoted: Vec<&str> = error.message.split('`').skip(1).step_by(2).collect();
    let inner = quoted.iter().find_map(|text| {
        let inside = text.split_once("Plain<'_, ")?.1;
        Some(inside.trim_end_matches('>').to_owned() + &">".repeat(inside.matches('<').count()))
    });
    match inner {
        Some(name) => format!("the cell's value has type `{name}`, which cannot be displayed"),
        None => "the cell's value has a type that cannot be displayed".to_owned(),
    }
}

/// Remarks of rustc's that are about its command line, not about the cell.
pub(crate) fn is_noise(message: &str) -> bool {
    message.contains("-Z") || message.contains("RUST_BACKTRACE") || message.contains("__gradbook")
}

/// Why a name of an earlier cell is not there: then nothing that rustc suggests helps.
pub(crate) fn gone(named: &str, session: &Session) -> Option<String> {
    let gone = session.gone.get(named).map(|gone| why_gone(named, gone));
    gone.or_else(|| {
        let is_named =
            |aside: &&SetAside| aside.item.display_name().rsplit("::").next() == Some(named);
        session.set_aside.iter().find(is_named).map(why_aside)
    })
}

/// Items that do not fit any more and that the cell may mean without naming them.
pub(crate) fn set_aside(code: &str, session: &Session) -> Vec<String> {
    let used = words(code);
    let meant = |aside: &&SetAside| {
        let called = aside.item.called.as_ref();
        called.is_some_and(|called| called.iter().any(|word| used.contains(word)))
    };
    session
        .set_aside
        .iter()
        .filter(meant)
        .map(why_aside)
        .collect()
}

fn why_aside(SetAside { item, cell, why }: &SetAside) -> String {
    let (name, of) = (item.display_name(), &item.fragment.text.name);
    format!(
        "`{name}` of {of} no longer fitted what {cell} defined ({why}) and was set aside: change it in \
         {of} and run that cell"
    )
}

/// What to try, if we know more than rustc does.
pub(crate) fn hint(error: &Diagnostic, session: &Session) -> Option<String> {
    match error.code() {
        "E0382" => Some(
            "a value that is moved away can be used once: lend it (`&`) or copy it (`.clone()`, for \
             tensors `.shallow_clone()`) where it is to be used again"
                .to_owned(),
        ),
        "E0282" | "E0283" | "E0284" => Some(
            "name the type where the value is made, for instance `let v: Vec<f64> = ...` or \
             `.parse::<f64>()`"
                .to_owned(),
        ),
        "E0594" | "E0596" => {
            let named = error.message.split('`').nth(1)?;
            let cell = &session.variables.get(named)?.place.text.name;
            Some(format!(
                "`{named}` was made in {cell} without `mut`; to change it from now on, run \
                 `let mut {named} = {named};`"
            ))
        }
        "" if error.message.starts_with("expected `;`") => Some(
            "every statement but the last of a cell ends with `;`; the last one without it is shown"
                .to_owned(),
        ),
        _ => None,
    }
}

fn why_gone(name: &str, gone: &Gone) -> String {
    match gone {
        Gone::Closure => format!(
            "`{name}` was a closure, and a closure's type has no name that this cell could write: \
             make it a function (`fn {name}(..)`), or box it where it is made, for instance \
             `let {name}: Box<dyn Fn(f64) -> f64> = Box::new(|x| ..);`"
        ),
        Gone::Borrow => format!(
            "`{name}` borrowed from another variable, and borrows end with their cell: keep a value \
             of its own (`.clone()`, `.to_owned()`, for tensors `.shallow_clone()`), or borrow again \
             in this cell"
        ),
        Gone::Lent { cell } => format!(
            "`{name}` was still borrowed when {cell} ended, so it ended too: put what borrows it into a \
             block of its own (`{{ .. }}`), then run the cell that makes `{name}` again"
        ),
        Gone::Unset { cell } => format!(
            "`{name}` has a value on some paths of {cell} only: give it one on every path, for instance \
             `let {name} = if .. {{ .. }} else {{ .. }};`"
        ),
        Gone::Replaced { cell } => {
            format!("the variable `{name}` ended when {cell} defined an item of that name")
        }
        Gone::Moved { cell } => format!(
            "`{name}` was moved away in {cell}: lend it there (`&{name}`) or give a copy \
             (`{name}.clone()`, for tensors `{name}.shallow_clone()`), then run the cell that makes \
             `{name}` again"
        ),
        Gone::Unnameable { type_text } => format!(
            "`{name}` ended with its cell: its type (`{type_text}`) has no name that this cell could \
             write. Give it one where it is made: `let {name}: Vec<_> = ..collect();`, a function \
             pointer `let {name}: fn(f64) -> f64 = ..;` or a box `Box<dyn ..>`"
        ),
        Gone::Redefined { type_name, cell } => format!(
            "`{name}` was dropped when {cell} changed `{type_name}`, on which its type depends: run the \
             cell that makes `{name}` again"
        ),
        Gone::Lost { cell } => format!(
            "`{name}` was lost when the process ended in {cell}: run the cell that makes it again"
        ),
        Gone::NeverMade { cell } => {
            format!("`{name}` was not made: {cell} stopped before its end")
        }
    }
}

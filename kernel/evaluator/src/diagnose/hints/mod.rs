//! What every learner meets: a sentence on what to write instead, beside rustc's own message.

mod around;
pub(crate) mod captures;
pub(crate) mod characters;
mod made;
mod types;
pub(crate) mod unseen;
mod use_of;

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

/// What to write for a value that `display` does not take; `argument` is how the cell writes it.
pub(crate) fn not_displayable_by_call(error: &Diagnostic, argument: &str) -> Option<String> {
    let is_it = error.message.starts_with("`display` has no way to show");
    if is_it && error.message.contains("closure@") {
        return Some(
            "a closure has no form that could be shown: call it, and display what it returns"
                .to_owned(),
        );
    }
    (is_it && !argument.is_empty()).then(|| {
        format!(
            "`display` takes values of the standard library and of the lessons, and types with `Show`. A type \
             of your own is shown by its text: put `#[derive(Debug)]` before its definition and write \
             `display(MimeBundle::text(format!(\"{{:?}}\", {argument})))`"
        )
    })
}

/// Remarks of rustc's that are about its command line, not about the cell.
pub(crate) fn is_noise(message: &str) -> bool {
    message.contains("-Z")
        || message.contains("`cargo tree`")
        || message.contains("RUST_BACKTRACE")
        || message.contains("__gradbook")
}

/// What to do about a crate that is not there; `named` is the learner's text that rustc points to.
pub(crate) fn missing_crate(error: &Diagnostic, named: &str) -> Option<String> {
    let quoted = |text: &str, before: &str| {
        let (_, after) = text.split_once(before)?;
        Some(after.split('`').next().unwrap_or_default().to_owned())
    };
    let name = match error.code() {
        // Said of the library's own crates too, at places that are ours.
        "E0463" if !named.is_empty() => quoted(&error.message, "can't find crate for `"),
        "E0432" | "E0433" => {
            let labels = error.spans.iter().filter_map(|span| span.label.as_deref());
            labels
                .filter_map(|label| quoted(label, "unlinked crate `"))
                .next()
        }
        _ => None,
    }?;
    // A crate's name has no capitals: that would be a type without its `use`.
    let like_a_crate = !name.is_empty() && !name.contains(|one: char| one.is_uppercase());
    like_a_crate.then(|| {
        format!(
            "no crate `{name}` is here, and no module of that name: if it is a crate of the registry, write \
             `:dep {name}` at the top of the cell"
        )
    })
}

/// Advice that only somebody who has the library's own crates could follow.
pub(crate) fn names_hidden_crate(advice: &Diagnostic, session: &Session) -> bool {
    let replacements = advice
        .spans
        .iter()
        .filter_map(|span| span.suggested_replacement.as_deref());
    let mut texts = std::iter::once(advice.message.as_str()).chain(replacements);
    texts.any(|text| crates_in(text).any(|name| session.crates.hidden.contains(name)))
}

/// The first parts of the paths in a text.
fn crates_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("::").filter_map(|(at, _)| {
        let is_of_a_name = |one: char| one.is_alphanumeric() || one == '_';
        let before = text[..at].trim_end_matches(is_of_a_name);
        // Further parts follow a `::` that has a part before it.
        let is_further = before
            .strip_suffix("::")
            .is_some_and(|rest| rest.ends_with(|one| is_of_a_name(one) || one == '>'));
        let name = &text[before.len()..at];
        (!is_further && !name.is_empty()).then_some(name)
    })
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

fn compares_with_an_empty_list(error: &Diagnostic) -> bool {
    let notes = error.children.iter();
    notes
        .into_iter()
        .any(|note| note.message.contains("PartialEq<[_; 0]>"))
}

/// What to try, if we know more than rustc does.
pub(crate) fn hint(error: &Diagnostic, session: &Session) -> Option<String> {
    match error.code() {
        "E0382" => Some(
            "a value that is moved away can be used once: lend it (`&`) or copy it (`.clone()`, for \
             tensors `.shallow_clone()`) where it is to be used again"
                .to_owned(),
        ),
        "E0283" if compares_with_an_empty_list(error) => Some(
            "an empty list `[]` has no type of its own here: write `assert!(v.is_empty())`, or give it one, \
             for instance `[] as [i32; 0]`"
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
        Gone::Left { cell } => format!(
            "`{name}` was lost when {cell} was stopped in the middle of a call that cannot be \
             interrupted: run the cell that makes it again"
        ),
        Gone::NeverMade { cell } => {
            format!("`{name}` was not made: {cell} stopped before its end")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;

    fn diagnostic(text: &str) -> Diagnostic {
        serde_json::from_str(text).expect("a diagnostic")
    }

    fn unresolved(code: &str, message: &str, label: &str) -> Diagnostic {
        diagnostic(
            &serde_json::json!({
                "message": message,
                "code": { "code": code, "explanation": null },
                "level": "error",
                "spans": [{
                    "file_name": "a.rs", "byte_start": 0, "byte_end": 1, "is_primary": true,
                    "label": label, "suggested_replacement": null, "expansion": null
                }],
                "children": []
            })
            .to_string(),
        )
    }

    #[test]
    fn a_crate_that_is_not_there_is_asked_for_with_dep() {
        let unlinked = "use of unresolved module or unlinked crate `fastmath`";
        let cases = [
            (
                "E0463",
                "can't find crate for `fastmath`",
                "can't find crate",
            ),
            ("E0432", "unresolved import `fastmath`", unlinked),
            ("E0433", "cannot find module or crate", unlinked),
        ];
        for (code, message, label) in cases {
            let hint = missing_crate(&unresolved(code, message, label), "fastmath").expect(code);
            assert!(hint.contains("`:dep fastmath`"), "{hint}");
        }
    }

    #[test]
    fn a_broken_library_and_a_type_without_its_use_are_no_missing_crates() {
        let library = unresolved(
            "E0463",
            "can't find crate for `lessons`",
            "can't find crate",
        );
        assert_eq!(missing_crate(&library, ""), None);
        let label = "use of unresolved module or unlinked crate `HashMap`";
        let no_use = unresolved("E0433", "cannot find", label);
        assert_eq!(missing_crate(&no_use, "HashMap"), None);
    }

    #[test]
    fn advice_that_names_the_librarys_own_crates_is_known() {
        let mut session = Session::default();
        session.crates.hidden = Arc::new(BTreeSet::from(["ndarray".to_owned()]));
        let advice = |text: &str| unresolved("", text, "");
        for text in [
            "use the `.` operator to call the method `ndarray::shape_builder::ShapeBuilder::f`",
            "consider importing this: `use ndarray::Axis;`",
            "there is `::ndarray::Axis`",
        ] {
            assert!(names_hidden_crate(&advice(text), &session), "{text}");
        }
        for text in [
            "use `std::mem::take`",
            "`lessons::ndarray::x`",
            "the ndarray",
        ] {
            assert!(!names_hidden_crate(&advice(text), &session), "{text}");
        }
    }
}

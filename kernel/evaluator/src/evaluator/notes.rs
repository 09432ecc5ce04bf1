//! What a cell's definitions and borrows do to what there was, said on stderr of that cell.

use gradbook_protocol::evaluator::{Frontend, Output, StreamName};

use crate::parse::{Item, Name, Parsed};
use crate::session::{Becomes, Change, Session, new_items};

/// One line on stderr.
pub(super) fn say(text: String, frontend: &mut dyn Frontend) {
    let name = StreamName::Stderr;
    frontend.publish(Output::Stream { name, text });
}

/// Items that begin again in every cell, and items of other cells that no longer fit.
pub(super) fn of_items(parsed: &Parsed, changes: &[Change], frontend: &mut dyn Frontend) {
    for item in new_items(parsed).filter(|item| item.per_cell) {
        if let Some(Name::Value(name)) = item.names.first() {
            say(
                format!("`{name}` begins again in every cell: keep what must last in a variable\n"),
                frontend,
            );
        }
    }
    for Change { item, becomes } in changes {
        if let Becomes::Aside(why) = becomes {
            let (what, cell) = (called(item), &item.fragment.text.name);
            say(
                format!(
                    "{what} of {cell} no longer fits and was set aside ({why}): change it there and \
                     run that cell\n"
                ),
                frontend,
            );
        }
    }
}

/// Variables that stay although the cell gave their names to borrows.
pub(super) fn of_variables(stays: &[String], session: &Session, frontend: &mut dyn Frontend) {
    for name in stays {
        let Some(variable) = session.variables.get(name) else {
            continue;
        };
        let cell = &variable.place.text.name;
        say(
            format!(
                "the new `{name}` borrowed from another variable and ended with this cell: `{name}` is \
                 again the one of {cell}\n"
            ),
            frontend,
        );
    }
}

/// An item in words: "`get`", "`impl Show for P`".
pub(super) fn called(item: &Item) -> String {
    let name = item.display_name();
    match name.strip_prefix("impl") {
        // A method, kept in a copy of its header.
        Some(rest) if name.contains("::") && !item.before.is_empty() => {
            let method = rest.rsplit("::").next().unwrap_or(rest);
            let of = item
                .before
                .trim_start_matches("impl")
                .trim_end_matches(" { ")
                .trim();
            format!("the method `{method}` of `{of}`")
        }
        _ => format!("`{name}`"),
    }
}

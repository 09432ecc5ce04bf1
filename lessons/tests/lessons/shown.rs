//! What reaches the notebook: displays, updates in place, and clearing.

use std::sync::Mutex;

use lessons::host::{self, Host};
use lessons::prelude::*;

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A notebook that only remembers.
struct Notebook;

impl Host for Notebook {
    fn display_data(&self, content: &MimeBundle, display_id: Option<&str>) {
        note(format!(
            "display {} {}",
            content.plain(),
            display_id.unwrap_or("-")
        ));
    }
    fn update_display_data(&self, content: &MimeBundle, display_id: &str) {
        note(format!("update {} {display_id}", content.plain()));
    }
    fn clear_output(&self, wait: bool) {
        note(format!("clear {wait}"));
    }
    fn input(&self, _prompt: &str, _password: bool) -> std::io::Result<String> {
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

fn note(line: String) {
    SEEN.lock().unwrap().push(line);
}

#[test]
fn displays_updates_and_clearing_arrive_in_order() {
    host::install(Box::new(Notebook));
    let shown = |text: &str| MimeBundle::text(text);
    display(&shown("a"));
    let handle = display_handle(&shown("b"));
    handle.update(&shown("c"));
    clear_output(true);
    let other = display_handle(&shown("d"));
    let (id, other_id) = (handle.display_id(), other.display_id());
    assert_ne!(id, other_id);
    let expected = [
        "display a -".to_owned(),
        format!("display b {id}"),
        format!("update c {id}"),
        "clear true".to_owned(),
        format!("display d {other_id}"),
    ];
    assert_eq!(*SEEN.lock().unwrap(), expected);
}

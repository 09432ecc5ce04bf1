//! Comms without a page: who hears what, and what happens to handlers.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use lessons::comm::{closed, opened, received};
use lessons::prelude::*;

/// Something that handlers write to.
fn heard() -> (Rc<RefCell<Vec<String>>>, impl Fn(&str) + Clone + 'static) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let to = heard.clone();
    (heard, move |what: &str| {
        to.borrow_mut().push(what.to_owned())
    })
}

#[test]
fn each_comm_has_handlers_of_its_own() {
    let (heard, note) = heard();
    comm_target("each", move |comm, data| {
        note(&format!("open {} {data}", comm.id()));
        let (on_message, on_close, id) = (note.clone(), note.clone(), comm.id().to_owned());
        let name = id.clone();
        comm.on_message(move |data| on_message(&format!("{name} says {data}")));
        comm.on_close(move |data| on_close(&format!("{id} closes {data}")));
    });
    opened("a", "each", "1", &[]);
    opened("b", "each", "2", &[]);
    opened("c", "nobody", "3", &[]);
    received("b", "\"x\"", &[]);
    received("c", "4", &[]);
    closed("a", "{}");
    received("a", "5", &[]);
    closed("a", "{}");
    received("b", "6", &[]);
    let expected = [
        "open a 1",
        "open b 2",
        "b says \"x\"",
        "a closes {}",
        "b says 6",
    ];
    assert_eq!(*heard.borrow(), expected);
}

#[test]
fn a_handler_may_change_the_registry_that_called_it() {
    let (heard, note) = heard();
    comm_target("changes", move |comm, _| {
        let (own, note) = (comm.clone(), note.clone());
        comm.on_message(move |data| {
            note(data);
            comm_target("changes", |_, _| {});
            own.on_message(|_| {});
            own.close();
            own.close();
        });
    });
    opened("1", "changes", "{}", &[]);
    received("1", "first", &[]);
    received("1", "second", &[]);
    assert_eq!(*heard.borrow(), ["first"]);
}

#[test]
fn a_handler_that_panicked_is_called_again() {
    let (heard, note) = heard();
    let comm = Comm::open("page", 1);
    comm.on_message(move |data| {
        note(data);
        assert_ne!(data, "bad");
    });
    let panicked = catch_unwind(AssertUnwindSafe(|| received(comm.id(), "bad", &[])));
    assert!(panicked.is_err());
    received(comm.id(), "good", &[]);
    assert_eq!(*heard.borrow(), ["bad", "good"]);
    assert!(comm.is_open());
}

#[test]
fn what_is_not_json_is_refused_and_said_how_to_write() {
    let comm = Comm::open("page", r#"{"a": [1, null]}"#);
    for good in ["1.5", "true", "\"text\"", "[]"] {
        comm.send(good);
    }
    for bad in ["text", "", "NaN", "{a: 1}"] {
        let panicked = catch_unwind(AssertUnwindSafe(|| comm.send(bad)));
        let payload = panicked.unwrap_err();
        let message = payload.downcast_ref::<String>().unwrap();
        assert!(
            message.contains(&format!("Comm::send: {bad:?} is not JSON")),
            "{message}"
        );
        assert!(message.contains(r#"r#"{"name": 1}"#), "{message}");
    }
}

#[test]
fn buffers_reach_the_handlers_that_ask_for_them() {
    let (heard, note) = heard();
    comm_target_with_buffers("raw", move |comm, data, buffers| {
        note(&format!("open {data} {buffers:?}"));
        let note = note.clone();
        comm.on_message_with_buffers(move |data, buffers| note(&format!("{data} {buffers:?}")));
    });
    opened("raw-1", "raw", "1", &[vec![0, 255], Vec::new()]);
    received("raw-1", "2", &[vec![10]]);
    received("raw-1", "3", &[]);
    assert_eq!(
        *heard.borrow(),
        ["open 1 [[0, 255], []]", "2 [[10]]", "3 []"]
    );
}

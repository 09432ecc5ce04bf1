//! Who answers what comm: the handlers of the thread that runs cells.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::Comm;
use crate::host;

pub(super) type OnOpen = Rc<RefCell<dyn FnMut(Comm, &str, &[Vec<u8>])>>;
pub(super) type OnMessage = Rc<RefCell<dyn FnMut(&str, &[Vec<u8>])>>;
pub(super) type OnClose = Rc<RefCell<dyn FnMut(&str)>>;

/// Who answers what. Handlers stay for as long as the process that runs cells; those of one comm
/// until it is closed.
#[derive(Default)]
pub(super) struct Registry {
    pub(super) targets: HashMap<String, OnOpen>,
    pub(super) open: HashMap<String, OfComm>,
}

#[derive(Default)]
pub(super) struct OfComm {
    pub(super) on_message: Option<OnMessage>,
    pub(super) on_close: Option<OnClose>,
}

thread_local! {
    // Of the thread that runs cells, where handlers run too: so they need not be `Send`.
    static REGISTRY: Cell<&'static RefCell<Registry>> = Cell::new(Box::leak(Box::default()));
}

/// For the host: the handlers of one thread, to be handed to the thread that runs cells after it.
#[derive(Clone, Copy)]
pub struct Handlers(&'static RefCell<Registry>);

/// For the host: the handlers of this thread.
pub fn handlers() -> Handlers {
    Handlers(REGISTRY.get())
}

/// For the host: this thread runs cells from now on, with the handlers of the one before it.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::comm;
/// let line = Comm::open("chat", "{}");
/// comm::adopt(comm::handlers());
/// assert!(line.is_open());
/// ```
pub fn adopt(handlers: Handlers) {
    REGISTRY.set(handlers.0);
}

/// For the host: a handler that never returns is never called again.
pub fn lose_target(name: &str) {
    let lost = with_registry(|registry| registry.targets.remove(name));
    // Its closure is in use for ever.
    std::mem::forget(lost);
}

/// For the host: forgets a comm without dropping its handlers, one of which never returns.
pub fn lose(id: &str) {
    std::mem::forget(forget(id));
    tell_closed(id);
}

pub(super) fn with_registry<R>(action: impl FnOnce(&mut Registry) -> R) -> R {
    action(&mut REGISTRY.get().borrow_mut())
}

// Not generic, and so not compiled into cells: the registry is touched by this crate only. No
// handler is dropped or called while it is borrowed, as it may well use the registry itself.

pub(super) fn keep_target(name: &str, handler: OnOpen) {
    let before = with_registry(|registry| registry.targets.insert(name.to_owned(), handler));
    drop(before);
}

pub(super) fn keep_open(id: &str) -> Comm {
    let before = with_registry(|registry| registry.open.insert(id.to_owned(), OfComm::default()));
    drop(before);
    Comm { id: Rc::from(id) }
}

pub(super) fn forget(id: &str) -> Option<OfComm> {
    with_registry(|registry| registry.open.remove(id))
}

pub(super) fn keep_on_message(id: &str, handler: OnMessage) {
    let before = with_registry(|registry| {
        let handlers = registry.open.get_mut(id)?;
        handlers.on_message.replace(handler)
    });
    drop(before);
}

pub(super) fn keep_on_close(id: &str, handler: OnClose) {
    let before = with_registry(|registry| {
        let handlers = registry.open.get_mut(id)?;
        handlers.on_close.replace(handler)
    });
    drop(before);
}

pub(super) fn tell_closed(id: &str) {
    if let Some(host) = host::current() {
        host.close_comm(id);
    }
}

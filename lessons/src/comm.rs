//! Comms: lines between a cell and a part of the page, over which either side says what it wants, in JSON.
//! Knows nothing of Jupyter: a [`Host`](crate::host::Host) carries what is said here, and calls
//! [`opened`], [`received`] and [`closed`] on the thread that runs cells.

mod json;
mod registry;

use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;

use uuid::Uuid;

use self::json::json;
pub use self::json::json_field;
pub use self::registry::{Handlers, adopt, handlers, lose, lose_target};
use self::registry::{
    forget, keep_on_close, keep_on_message, keep_open, keep_target, tell_closed, with_registry,
};
use crate::host;

/// Answers comms that the page opens for the target `name`: `handler` gets each new comm, and what
/// came with it as JSON text. A second handler of that name takes the place of the first.
///
/// Handlers run between cells, on the thread that runs cells; a panic in one closes nothing but the
/// comm that it was to answer. To share a value with later cells, put it into an `Rc<RefCell<..>>`.
///
/// ```
/// use lessons::prelude::*;
/// comm_target("double", |comm, _| {
///     let answer = comm.clone();
///     comm.on_message(move |data| {
///         let x: f64 = json_field(data, "x").and_then(|x| x.parse().ok()).unwrap_or(0.0);
///         answer.send(format!(r#"{{"x": {}}}"#, 2.0 * x));
///     });
/// });
/// ```
pub fn comm_target(name: &str, mut handler: impl FnMut(Comm, &str) + 'static) {
    comm_target_with_buffers(name, move |comm, data, _| handler(comm, data));
}

/// The same for a page that opens its comms with binary buffers: `handler` gets them too.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::comm;
/// comm_target_with_buffers("sketch", |line, _, buffers| {
///     assert_eq!(buffers[0], [1, 2, 3]);
///     line.close();
/// });
/// comm::opened("c1", "sketch", "{}", &[vec![1, 2, 3]]); // as the page would
/// ```
pub fn comm_target_with_buffers(name: &str, handler: impl FnMut(Comm, &str, &[Vec<u8>]) + 'static) {
    keep_target(name, Rc::new(RefCell::new(handler)));
}

/// One open line; see [`comm_target`] and [`Comm::open`]. It stays open when the value is dropped.
///
/// Data is JSON text: a number, a `true`, a text in quotes, an object. Anything that is written as
/// JSON can be sent, a `serde_json::Value` too.
///
/// ```
/// use lessons::prelude::*;
/// let line = Comm::open("loss", r#"{"epochs": 10}"#);
/// line.send(r#"{"loss": 0.25}"#);
/// assert!(line.is_open() && !line.id().is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct Comm {
    id: Rc<str>,
}

impl Comm {
    /// Opens a comm for `target`, a name that something on the page answers to. In a plain program
    /// there is no page, and nothing answers.
    ///
    /// # Panics
    /// Where `data` is not JSON.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let comm = Comm::open("loss", r#"{"epochs": 10}"#);
    /// comm.send(0.25);
    /// comm.close();
    /// assert!(!comm.is_open());
    /// ```
    #[track_caller]
    pub fn open(target: &str, data: impl Display) -> Comm {
        Comm::open_with(target, data, "{}")
    }

    /// The same with metadata, a JSON object, for targets that ask for it, as widgets do.
    ///
    /// # Panics
    /// Where one of the two is not JSON.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let line = Comm::open_with("jupyter.widget", r#"{"state": {}}"#, r#"{"version": "2.1.0"}"#);
    /// assert!(line.is_open());
    /// ```
    #[track_caller]
    pub fn open_with(target: &str, data: impl Display, metadata: impl Display) -> Comm {
        Comm::open_with_buffers(target, data, metadata, &[])
    }

    /// The same with binary buffers, raw bytes that need not be written as JSON; see
    /// [`send_with_buffers`](Comm::send_with_buffers).
    ///
    /// # Panics
    /// Where one of the two is not JSON.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let line = Comm::open_with_buffers("picture", r#"{"shape": [3]}"#, "{}", &[&[1, 2, 3]]);
    /// assert!(line.is_open());
    /// ```
    #[track_caller]
    pub fn open_with_buffers(
        target: &str,
        data: impl Display,
        metadata: impl Display,
        buffers: &[&[u8]],
    ) -> Comm {
        let (data, metadata) = (json("Comm::open", &data), json("Comm::open", &metadata));
        let id = Uuid::new_v4().to_string();
        let comm = keep_open(&id);
        if let Some(host) = host::current() {
            host.open_comm(&id, target, &data, &metadata, buffers);
        }
        comm
    }

    /// Sends to the other side; does nothing where it has closed the comm.
    ///
    /// # Panics
    /// Where `data` is not JSON.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let line = Comm::open("loss", "{}");
    /// line.send(0.25);
    /// line.send(r#"{"epoch": 2, "loss": 0.125}"#);
    /// ```
    #[track_caller]
    pub fn send(&self, data: impl Display) {
        self.send_with_buffers(data, &[]);
    }

    /// Sends JSON, and raw bytes beside it: on the page each buffer is a `DataView`.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let comm = Comm::open("picture", "{}");
    /// let pixels = [0.0_f32, 0.5, 1.0, 0.5];
    /// let bytes: Vec<u8> = pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect();
    /// comm.send_with_buffers(r#"{"shape": [2, 2], "kind": "float32"}"#, &[&bytes]);
    /// ```
    ///
    /// # Panics
    /// Where `data` is not JSON.
    #[track_caller]
    pub fn send_with_buffers(&self, data: impl Display, buffers: &[&[u8]]) {
        let data = json("Comm::send", &data);
        if self.is_open()
            && let Some(host) = host::current()
        {
            host.send_on_comm(&self.id, &data, buffers);
        }
    }

    /// What to do with what the other side sends, from now on.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// use lessons::comm;
    /// use std::{cell::Cell, rc::Rc};
    /// let last = Rc::new(Cell::new(0.0));
    /// let seen = last.clone();
    /// let line = Comm::open("slider", "{}");
    /// line.on_message(move |data| seen.set(data.parse().unwrap_or(f64::NAN)));
    /// comm::received(line.id(), "0.5", &[]); // as the page would
    /// assert_eq!(last.get(), 0.5);
    /// ```
    pub fn on_message(&self, mut handler: impl FnMut(&str) + 'static) {
        self.on_message_with_buffers(move |data, _| handler(data));
    }

    /// The same for another side that sends binary buffers: `handler` gets them too. It takes the
    /// place of a handler without buffers.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// comm_target("sketch", |comm, _| {
    ///     comm.on_message_with_buffers(|data, buffers| {
    ///         let pixels: Vec<f32> = buffers[0]
    ///             .chunks_exact(4)
    ///             .map(|pixel| f32::from_le_bytes([pixel[0], pixel[1], pixel[2], pixel[3]]))
    ///             .collect();
    ///         println!("{data}: {} pixels", pixels.len());
    ///     });
    /// });
    /// ```
    pub fn on_message_with_buffers(&self, handler: impl FnMut(&str, &[Vec<u8>]) + 'static) {
        keep_on_message(&self.id, Rc::new(RefCell::new(handler)));
    }

    /// What to do when the other side closes the comm.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// use lessons::comm;
    /// use std::{cell::Cell, rc::Rc};
    /// let told = Rc::new(Cell::new(false));
    /// let tell = told.clone();
    /// let line = Comm::open("slider", "{}");
    /// line.on_close(move |_| tell.set(true));
    /// comm::closed(line.id(), "{}"); // as the page would
    /// assert!(told.get() && !line.is_open());
    /// ```
    pub fn on_close(&self, handler: impl FnMut(&str) + 'static) {
        keep_on_close(&self.id, Rc::new(RefCell::new(handler)));
    }

    /// Closes the comm, if it is open; its handlers are dropped.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let line = Comm::open("slider", "{}");
    /// line.close();
    /// line.close(); // closed already: nothing happens
    /// assert!(!line.is_open());
    /// ```
    pub fn close(&self) {
        if forget(&self.id).is_some() {
            tell_closed(&self.id);
        }
    }

    /// Whether neither side has closed it.
    pub fn is_open(&self) -> bool {
        with_registry(|registry| registry.open.contains_key(&*self.id))
    }

    /// The comm's unique name.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// For the host: the page has opened a comm. One for a target that nobody answers is closed.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::comm;
/// use std::{cell::RefCell, rc::Rc};
/// let kept = Rc::new(RefCell::new(None));
/// let keep = kept.clone();
/// comm_target("double", move |line, _| *keep.borrow_mut() = Some(line));
/// comm::opened("c1", "double", "{}", &[]);
/// assert!(kept.borrow().as_ref().is_some_and(|line| line.id() == "c1" && line.is_open()));
/// ```
pub fn opened(id: &str, target: &str, data: &str, buffers: &[Vec<u8>]) {
    let handler = with_registry(|registry| registry.targets.get(target).cloned());
    match handler {
        Some(handler) => (handler.borrow_mut())(keep_open(id), data, buffers),
        None => refuse(id),
    }
}

/// For the host: the page has said something on a comm.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::comm;
/// use std::{cell::RefCell, rc::Rc};
/// let said = Rc::new(RefCell::new(String::new()));
/// let hear = said.clone();
/// let line = Comm::open("chat", "{}");
/// line.on_message(move |data| hear.borrow_mut().push_str(data));
/// comm::received(line.id(), r#""hello""#, &[]);
/// comm::received("of nobody", r#""?""#, &[]);
/// assert_eq!(*said.borrow(), r#""hello""#);
/// ```
pub fn received(id: &str, data: &str, buffers: &[Vec<u8>]) {
    let on_message = with_registry(|registry| registry.open.get(id)?.on_message.clone());
    if let Some(handler) = on_message {
        (handler.borrow_mut())(data, buffers);
    }
}

/// For the host: the page has closed a comm.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::comm;
/// let line = Comm::open("chat", "{}");
/// comm::closed(line.id(), "{}");
/// assert!(!line.is_open());
/// ```
pub fn closed(id: &str, data: &str) {
    if let Some(handler) = forget(id).and_then(|handlers| handlers.on_close) {
        (handler.borrow_mut())(data);
    }
}

/// For the host: closes a comm that the page has opened and that is not answered.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::comm;
/// let line = Comm::open("chat", "{}");
/// comm::refuse(line.id());
/// assert!(!line.is_open());
/// ```
pub fn refuse(id: &str) {
    forget(id);
    tell_closed(id);
}

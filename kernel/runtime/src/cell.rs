//! What a compiled cell is given: the variables it takes and puts back, and its stages.
//! Knows nothing of the control socket; [`crate::child`] drives it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gradbook_control::{Data, Failure, FailureKind, Finished, Place};
use lessons::interrupt::Interrupted;

use crate::panics;
use crate::store::Store;
use crate::thrown::Thrown;

/// One run of one cell.
pub struct Cell<'a> {
    store: RefCell<&'a mut Store>,
    run: RefCell<Run>,
}

#[derive(Default)]
struct Run {
    stored: Vec<String>,
    returned: Vec<String>,
    result: Option<Data>,
    failure: Option<Failure>,
}

impl<'a> Cell<'a> {
    pub(crate) fn new(store: &'a mut Store) -> Self {
        Self {
            store: RefCell::new(store),
            run: RefCell::default(),
        }
    }

    /// Takes a variable out of the store, as an owned value of the type it was stored with.
    ///
    /// # Panics
    /// If the store has no such variable: the kernel only asks for those it knows to be there.
    pub fn take<T: 'static>(&self, name: &str) -> T {
        match self.take_any(name).downcast() {
            Ok(value) => *value,
            Err(_) => not_there(name),
        }
    }

    /// Puts a variable that the cell made into the store. The first put of a name in a run wins:
    /// scopes end innermost first, so that is the newest variable of that name.
    pub fn put<T: 'static>(&self, name: &str, value: T) {
        self.put_any(name, Box::new(value), |run| &mut run.stored);
    }

    /// Puts a variable back that the cell took, unless it made another of that name.
    pub fn put_back<T: 'static>(&self, name: &str, value: T) {
        self.put_any(name, Box::new(value), |run| &mut run.returned);
    }

    // Not generic: compiled here, and not in every cell for every type.

    #[inline(never)]
    fn take_any(&self, name: &str) -> Box<dyn Any> {
        let taken = self.store.borrow_mut().take(name);
        taken.unwrap_or_else(|| not_there(name))
    }

    #[inline(never)]
    fn put_any(&self, name: &str, value: Box<dyn Any>, list: fn(&mut Run) -> &mut Vec<String>) {
        let mut run = self.run.borrow_mut();
        if run
            .stored
            .iter()
            .chain(&run.returned)
            .any(|other| other == name)
        {
            return;
        }
        list(&mut run).push(name.to_owned());
        self.store.borrow_mut().put(name, value);
    }

    /// Runs one stage of the cell; `None` if it panicked, failed with `?` or was interrupted.
    pub fn stage<R>(&self, body: impl FnOnce() -> Result<R, Thrown>) -> Option<R> {
        match catch_unwind(AssertUnwindSafe(|| in_a_frame_of_its_own(body))) {
            Ok(Ok(value)) => Some(value),
            Ok(Err(thrown)) => {
                self.fail(error(thrown));
                None
            }
            Err(payload) => {
                self.panicked(payload);
                None
            }
        }
    }

    /// Sets the value of the trailing expression; see [`crate::result`].
    pub fn set_result(&self, data: Option<Data>) {
        self.run.borrow_mut().result = data;
    }

    pub(crate) fn panicked(&self, payload: Box<dyn Any + Send>) {
        self.fail(panic(&*payload));
        // A payload may panic when dropped; that must not end the child.
        std::mem::forget(payload);
    }

    pub(crate) fn finish(self) -> Finished {
        let run = self.run.into_inner();
        let Run {
            stored,
            returned,
            result,
            failure,
        } = run;
        Finished {
            result,
            failure,
            stored,
            returned,
        }
    }

    fn fail(&self, failure: Failure) {
        self.run.borrow_mut().failure = Some(failure);
    }
}

/// A cell that is one call would be inlined into the frame that catches panics, which has no lines:
/// then nobody could tell from where the cell called what panicked.
#[inline(never)]
fn in_a_frame_of_its_own<R>(body: impl FnOnce() -> R) -> R {
    let value = body();
    // Something to do after the call, so that it is no tail call.
    std::hint::black_box(());
    value
}

#[cold]
#[inline(never)]
fn not_there(name: &str) -> ! {
    panic!("variable `{name}` is not in the store with this type")
}

fn error(thrown: Thrown) -> Failure {
    Failure {
        kind: FailureKind::Error {
            type_name: thrown.type_name,
        },
        message: thrown.message,
        places: vec![Place {
            file: thrown.file,
            line: thrown.line,
            column: thrown.column,
        }],
    }
}

fn panic(payload: &(dyn Any + Send)) -> Failure {
    let noted = panics::take();
    let kind = match payload.is::<Interrupted>() {
        true => FailureKind::Interrupted,
        false => FailureKind::Panic,
    };
    Failure {
        kind,
        message: panics::message(payload),
        places: noted,
    }
}

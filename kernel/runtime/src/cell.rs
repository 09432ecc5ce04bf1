//! What a compiled cell is given: the variables it takes and puts back, and its stages.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gradbook_control::{Data, Failure, FailureKind, Finished, Place};
use lessons::interrupt::Interrupted;

use crate::panics;
use crate::store::Store;
use gradbook_cell::Thrown;

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
        let value = self.take_any(name, TypeId::of::<T>());
        // SAFETY: `take_any` gives away a box that holds a value of the type it was asked for.
        *unsafe { Box::from_raw(value.cast::<T>()) }
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

    /// The address of a box of its own, with a value of this type in it.
    #[inline(never)]
    pub(crate) fn take_any(&self, name: &str, wanted: TypeId) -> *mut () {
        let taken = self.store.borrow_mut().take(name);
        match taken {
            Some(value) if (*value).type_id() == wanted => Box::into_raw(value).cast(),
            _ => not_there(name),
        }
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

    pub(crate) fn put_boxed(&self, name: &str, value: Box<dyn Any>, back: bool) {
        let list: fn(&mut Run) -> &mut Vec<String> = match back {
            true => |run| &mut run.returned,
            false => |run| &mut run.stored,
        };
        self.put_any(name, value, list);
    }

    /// Runs one stage of the cell; `None` if it panicked, failed with `?` or was interrupted.
    pub fn stage<R>(&self, body: impl FnOnce() -> Result<R, Thrown>) -> Option<R> {
        let mut body = Some(body);
        let mut made = None;
        self.run_stage(&mut || {
            if let Some(body) = body.take() {
                made = Some(body()?);
            }
            Ok(())
        });
        made
    }

    #[inline(never)]
    pub(crate) fn run_stage(&self, body: &mut dyn FnMut() -> Result<(), Thrown>) {
        match catch_unwind(AssertUnwindSafe(body)) {
            Ok(Ok(())) => {}
            Ok(Err(thrown)) if thrown.is_return() => {}
            Ok(Err(thrown)) => self.fail(error(thrown)),
            Err(payload) => self.panicked(payload),
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

#[cold]
#[inline(never)]
fn not_there(name: &str) -> ! {
    panic!(
        "`{name}` no longer has the type that this cell was compiled for: run the cell that makes it again"
    )
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

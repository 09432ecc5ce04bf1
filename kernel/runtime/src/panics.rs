//! Where in a cell a panic happened: noted by the hook, before the stack unwinds.
//! Knows nothing of what the kernel makes of it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::PanicHookInfo;

use gradbook_control::Place;
use lessons::interrupt::Interrupted;

use crate::lines;

thread_local! {
    static NOTED: RefCell<Option<Vec<Place>>> = const { RefCell::new(None) };
    static RUNS_CELLS: RefCell<bool> = const { RefCell::new(false) };
}

/// More places are not looked for: a recursion may be very deep, and few calls are shown.
const PLACES: usize = 16;
/// So many frames are looked through for them.
const FRAMES: usize = 2000;

/// This thread is the one that runs cells.
pub(crate) fn runs_cells() {
    RUNS_CELLS.set(true);
}

/// Installs the hook.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(move |info| {
        let in_cell = RUNS_CELLS.try_with(|runs| *runs.borrow()).unwrap_or(false);
        match in_cell {
            true => NOTED.set(Some(places(info))),
            false if info.payload().is::<Interrupted>() => {}
            // A thread that the cell started: nobody else reports its panic.
            false => {
                let thread = std::thread::current();
                let name = thread.name().unwrap_or("without a name");
                eprintln!("thread {name} panicked: {}", message(info.payload()));
            }
        }
    }));
}

/// The places noted by the last panic on this thread, innermost first.
pub(crate) fn take() -> Vec<Place> {
    NOTED.take().unwrap_or_default()
}

/// A panic's message.
pub(crate) fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        return (*text).to_owned();
    }
    if let Some(text) = payload.downcast_ref::<String>() {
        return text.clone();
    }
    if payload.is::<Interrupted>() {
        return "interrupted".to_owned();
    }
    "a panic with a value that is not text".to_owned()
}

fn places(info: &PanicHookInfo<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    if let Some(at) = info.location()
        && lines::is_cell(at.file())
    {
        places.push(Place {
            file: at.file().to_owned(),
            line: at.line(),
            column: at.column(),
        });
    }
    let (mut frames, mut last) = (0, std::ptr::null_mut());
    backtrace::trace(|frame| {
        frames += 1;
        // A recursion comes from the same call again and again.
        if frame.ip() != last {
            last = frame.ip();
            places.extend(lines::at(last));
        }
        places.len() < PLACES && frames < FRAMES
    });
    places.dedup_by(|a, b| a.file == b.file && a.line == b.line);
    places
}

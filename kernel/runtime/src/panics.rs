//! Where in a cell a panic happened: noted by the hook, before the stack unwinds.
//! Knows nothing of what the kernel makes of it.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::CStr;
use std::panic::PanicHookInfo;

use gradbook_control::Place;
use lessons::interrupt::Interrupted;

/// Compiled cells are named so; frames of other libraries are not looked up (libtorch alone would
/// cost a second).
const CELL_FILE: &str = "gradbook-cell-";

thread_local! {
    static NOTED: RefCell<Option<Vec<Place>>> = const { RefCell::new(None) };
    static RUNS_CELLS: RefCell<bool> = const { RefCell::new(false) };
}

/// Installs the hook; this thread is the one that runs cells.
pub(crate) fn install() {
    RUNS_CELLS.set(true);
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
        && at.file().contains(CELL_FILE)
    {
        places.push(Place {
            file: at.file().to_owned(),
            line: at.line(),
            column: at.column(),
        });
    }
    // It remembers which libraries were loaded when it was first asked; cells have come since.
    backtrace::clear_symbol_cache();
    backtrace::trace(|frame| {
        if in_a_cell(frame.ip()) {
            backtrace::resolve_frame(frame, |symbol| {
                if let (Some(file), Some(line)) = (symbol.filename(), symbol.lineno()) {
                    let file = file.display().to_string();
                    let column = symbol.colno().unwrap_or(1);
                    if file.contains(CELL_FILE) {
                        places.push(Place { file, line, column });
                    }
                }
            });
        }
        true
    });
    places.dedup_by(|a, b| a.file == b.file && a.line == b.line);
    places
}

fn in_a_cell(address: *mut std::ffi::c_void) -> bool {
    // SAFETY: `dladdr` only reads its argument as an address, and fills `found` when it answers
    // non-zero; the name then lives as long as the library, and cells are never unloaded.
    unsafe {
        let mut found: libc::Dl_info = std::mem::zeroed();
        libc::dladdr(address, &raw mut found) != 0
            && !found.dli_fname.is_null()
            && CStr::from_ptr(found.dli_fname)
                .to_string_lossy()
                .contains(CELL_FILE)
    }
}

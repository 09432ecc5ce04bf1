//! Whether a thread that waits somewhere below a cell can leave it by unwinding: every frame must allow it, and
//! what is waited for must not mind.
//!
//! A frame that calls C is compiled as if C never unwound. If it has something to drop, unwinding through it
//! would end the process: its table of call sites says so beforehand.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::ffi::{CStr, c_int, c_void};

use crate::lines;

/// More frames than this are not looked through: the thread is then left behind instead.
const DEEPEST: usize = 4096;

/// Functions of std that can be left while they wait for another thread.
const LEAVES: [&str; 6] = [
    "5mutex5futexNtB2_5Mutex14lock_contended",
    "6rwlock5futexNtB2_6RwLock14read_contended",
    "6rwlock5futexNtB2_6RwLock15write_contended",
    "6thread4unixNtB5_6Thread4join",
    "6thread6threadNtB4_6Thread4park",
    "6thread9functions4park",
];

/// Of those that wait by `park`: others hold pointers into a frame of theirs.
const STAYS: [&str; 2] = ["thread/scoped.rs", "mpmc/zero.rs"];

#[repr(C)]
struct Context {
    _private: [u8; 0],
}

type Visit = extern "C" fn(*mut Context, *mut c_void) -> c_int;

unsafe extern "C" {
    fn _Unwind_Backtrace(visit: Visit, argument: *mut c_void) -> c_int;
    fn _Unwind_GetIPInfo(context: *mut Context, before: *mut c_int) -> usize;
    fn _Unwind_GetRegionStart(context: *mut Context) -> usize;
    fn _Unwind_GetLanguageSpecificData(context: *mut Context) -> *const u8;
}

/// What is known of the stack so far.
#[derive(Default)]
struct Walk {
    depth: usize,
    in_handler: bool,
    in_cell: bool,
    waits_for_another: bool,
    may_be_left: bool,
    refused: bool,
}

/// Whether this thread, in a handler of a signal, can unwind to the caller of its cell.
///
/// `waits_for_another`: for another thread, which may mind.
pub(crate) fn can_be_left(waits_for_another: bool) -> bool {
    let mut walk = Walk {
        in_handler: true,
        waits_for_another,
        ..Walk::default()
    };
    // SAFETY: `look` gets the pointer that is passed here, while `walk` lives.
    unsafe { _Unwind_Backtrace(look, (&raw mut walk).cast()) };
    walk.in_cell && !walk.refused && (walk.may_be_left || !walk.waits_for_another)
}

extern "C" fn look(context: *mut Context, walk: *mut c_void) -> c_int {
    // SAFETY: see `can_be_left`; the context is the unwinder's.
    let (walk, frame) = unsafe { (&mut *walk.cast::<Walk>(), Frame::of(context)) };
    walk.visit(&frame);
    c_int::from(walk.refused)
}

struct Frame {
    /// The instruction after the call, or the one that a signal interrupted.
    at: usize,
    interrupted: bool,
    /// How many bytes of its function come before.
    offset: usize,
    table: *const u8,
}

impl Frame {
    /// # Safety
    /// The context must be one that the unwinder has handed out just now.
    unsafe fn of(context: *mut Context) -> Self {
        let mut interrupted = 0;
        // SAFETY: as above.
        unsafe {
            let at = _Unwind_GetIPInfo(context, &raw mut interrupted);
            let call = if interrupted == 0 {
                at.wrapping_sub(1)
            } else {
                at
            };
            Self {
                at,
                interrupted: interrupted != 0,
                offset: call.wrapping_sub(_Unwind_GetRegionStart(context)),
                table: _Unwind_GetLanguageSpecificData(context),
            }
        }
    }
}

impl Walk {
    fn visit(&mut self, frame: &Frame) {
        if self.in_handler && !frame.interrupted {
            return;
        }
        self.in_handler = false;
        self.depth += 1;
        // SAFETY: a table of the compiler's for a function that is loaded.
        let passes = frame.table.is_null() || unsafe { has_call_site(frame.table, frame.offset) };
        self.refused |= !passes || self.depth > DEEPEST;
        let files = lines::files(frame.at as *mut c_void);
        match files {
            Some(files) => {
                self.in_cell = true;
                let stays = |file: &String| STAYS.iter().any(|end| file.ends_with(end));
                self.refused |= self.waits_for_another && files.iter().any(stays);
            }
            None if !self.in_cell => self.outside(frame.at),
            None => {}
        }
    }

    /// A frame between the system call and the cell.
    fn outside(&mut self, at: usize) {
        let (library, function) = named(at);
        let function = function.unwrap_or_default();
        if library.contains("libstd-") {
            self.may_be_left |= LEAVES.iter().any(|name| function.contains(name));
        } else if !(library.contains("libc.so") || library.contains("libc-")) {
            // Code of ours or of libtorch has things of its own in hand.
            self.refused = true;
        }
    }
}

/// The library and the function that an address is in, as far as they have names.
fn named(address: usize) -> (String, Option<String>) {
    // SAFETY: `dladdr` only reads its argument as an address; the names live as long as the library.
    unsafe {
        let mut found: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(address as *mut c_void, &raw mut found) == 0 {
            return (String::new(), None);
        }
        let text = |name: *const libc::c_char| {
            (!name.is_null()).then(|| CStr::from_ptr(name).to_string_lossy().into_owned())
        };
        (
            text(found.dli_fname).unwrap_or_default(),
            text(found.dli_sname),
        )
    }
}

/// Whether the table of a function has an entry for the call at this offset.
///
/// # Safety
/// `table` must be such a table, as the compilers of C, C++ and Rust write it.
unsafe fn has_call_site(table: *const u8, offset: usize) -> bool {
    const OMITTED: u8 = 0xff;
    let mut reader = Reader(table);
    // SAFETY: the header says how long the table is; nothing behind that is read.
    unsafe {
        if reader.byte() != OMITTED {
            // Landing pads somewhere else: nobody does so.
            return false;
        }
        if reader.byte() != OMITTED {
            reader.number();
        }
        let encoding = reader.byte();
        let length = reader.number();
        let end = reader.0.add(length);
        while reader.0 < end {
            let start = reader.encoded(encoding);
            let size = reader.encoded(encoding);
            let _landing_pad = reader.encoded(encoding);
            let _action = reader.number();
            let (Some(start), Some(size)) = (start, size) else {
                return false;
            };
            if offset < start {
                return false;
            }
            if offset < start + size {
                return true;
            }
        }
    }
    false
}

struct Reader(*const u8);

impl Reader {
    unsafe fn byte(&mut self) -> u8 {
        // SAFETY: the caller stays inside the table.
        unsafe {
            let byte = *self.0;
            self.0 = self.0.add(1);
            byte
        }
    }

    /// LEB128, unsigned.
    unsafe fn number(&mut self) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            // SAFETY: as above.
            let byte = unsafe { self.byte() };
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return value;
            }
        }
    }

    /// The two ways in which offsets are written; `None` for another.
    unsafe fn encoded(&mut self, encoding: u8) -> Option<usize> {
        // SAFETY: as above.
        unsafe {
            match encoding {
                0x01 => Some(self.number()),
                0x03 => {
                    let value = std::ptr::read_unaligned(self.0.cast::<u32>());
                    self.0 = self.0.add(4);
                    Some(value as usize)
                }
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_a_site_if_the_table_covers_it() {
        // No landing pad base, no types, LEB128: [4, 10) and [300, 305).
        let table = [0xff, 0xff, 0x01, 10, 4, 6, 0, 0, 0xac, 0x02, 5, 90, 1, 0];
        let covered = |offset| unsafe { has_call_site(table.as_ptr(), offset) };
        assert_eq!(
            [3, 4, 9, 10, 299, 300, 304, 305].map(covered),
            [false, true, true, false, false, true, true, false]
        );
    }
}

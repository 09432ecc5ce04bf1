//! Takes turns between stdout and stderr: each has a pipe of its own, and a reader of both cannot know
//! in which order they were written, unless one is empty before the other is written to.

use std::io::Write;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

/// The stream that a cell last printed to: its descriptor, or 0.
static LAST: AtomicI32 = AtomicI32::new(0);
/// Nobody reads: it is not worth waiting any longer.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_micros(30);

/// What comes next is for the stream with this descriptor.
pub(crate) fn turn(stream: i32) {
    let last = LAST.swap(stream, Ordering::Relaxed);
    if last == stream || last == 0 {
        return;
    }
    if last == 1 {
        // A line that has begun is only in std's buffer.
        let _ = std::io::stdout().flush();
    }
    let since = Instant::now();
    while unread(last) > 0 && since.elapsed() < PATIENCE {
        std::thread::sleep(PAUSE);
    }
}

/// A new cell begins: what was printed before it has been read.
pub(crate) fn begin() {
    LAST.store(0, Ordering::Relaxed);
}

/// How many bytes of a pipe have not been read; none if it is no pipe.
fn unread(descriptor: i32) -> i32 {
    let mut bytes = 0;
    // SAFETY: the call only writes one number to where it is told.
    let answered = unsafe { libc::ioctl(descriptor, libc::FIONREAD, &raw mut bytes) };
    if answered == 0 { bytes } else { 0 }
}

//! A signal to one thread: unwind out of what you wait for, or stay where you are for good.
//!
//! The thread itself looks whether it may: only it knows its registers and its stack. Linux on x86-64; elsewhere
//! nothing is ever halted, and the kernel ends the process instead.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) use linux::{halt, install, unwind, waits};
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(crate) use nowhere::{halt, install, unwind, waits};

use std::ffi::c_void;

/// A thread that never goes on.
pub(crate) struct Halted {
    stack: Vec<usize>,
}

impl Halted {
    /// The addresses it was at, innermost first.
    pub(crate) fn stack(&self) -> impl Iterator<Item = *mut c_void> {
        self.stack.iter().map(|&address| address as *mut c_void)
    }
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod linux {
    use std::ffi::{c_int, c_void};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicI32, AtomicU8, AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use lessons::interrupt::{self, Interrupted};

    use super::Halted;
    use crate::{spared, stack};

    /// Nobody else uses it, and a process that inherits nothing of us ignores it.
    const SIGNAL: c_int = libc::SIGURG;
    /// A thread that has not answered by then is not asked further this time.
    const PATIENCE: Duration = Duration::from_millis(10);
    const DEEPEST: usize = 128;

    /// System calls that wait, after which nothing is half done.
    const WAITS: [i64; 20] = [
        libc::SYS_nanosleep,
        libc::SYS_clock_nanosleep,
        libc::SYS_wait4,
        libc::SYS_waitid,
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_recvfrom,
        libc::SYS_recvmsg,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_connect,
        libc::SYS_poll,
        libc::SYS_ppoll,
        libc::SYS_select,
        libc::SYS_pselect6,
        libc::SYS_epoll_wait,
        libc::SYS_epoll_pwait,
        libc::SYS_open,
        libc::SYS_openat,
    ];

    // What is asked of whom.
    const UNWIND: u8 = 1;
    /// The same, for a thread that waits for another one.
    const UNWIND_FROM_ANOTHER: u8 = 2;
    const HALT: u8 = 3;
    // What became of it.
    const ASKED: u8 = 0;
    const REFUSED: u8 = 1;
    const HALTED: u8 = 2;

    static WHOM: AtomicI32 = AtomicI32::new(0);
    static WHAT: AtomicU8 = AtomicU8::new(0);
    static ANSWER: AtomicU8 = AtomicU8::new(ASKED);
    /// Where the halted thread was.
    static STACK: [AtomicUsize; DEEPEST] = [const { AtomicUsize::new(0) }; DEEPEST];
    /// Code that may hold a lock of the whole process: malloc's, the loader's.
    static SHARED_CODE: OnceLock<Vec<std::ops::Range<usize>>> = OnceLock::new();

    pub(crate) fn install() {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let _ = SHARED_CODE.set(shared_code(&maps));
        // SAFETY: the handler has the type that `SA_SIGINFO` asks for. The signal is not held back while it
        // runs, as it may be left by unwinding.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            let handler =
                on_signal as extern "C-unwind" fn(c_int, *mut libc::siginfo_t, *mut c_void);
            action.sa_sigaction = handler as libc::sighandler_t;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER | libc::SA_RESTART;
            libc::sigaction(SIGNAL, &raw const action, std::ptr::null_mut());
        }
    }

    /// Asks a thread to leave what it waits for with a panic, if it waits for something that can be left.
    pub(crate) fn unwind(thread: i32) {
        match waits_in(thread) {
            Some(libc::SYS_futex) => ask(thread, UNWIND_FROM_ANOTHER),
            Some(call) if WAITS.contains(&call) => ask(thread, UNWIND),
            _ => return,
        };
    }

    /// Stops a thread for good, or not, if it is in code that may hold a lock.
    pub(crate) fn halt(thread: i32) -> Option<Halted> {
        if ask(thread, HALT) != HALTED {
            return None;
        }
        let stack = STACK.iter().map(|address| address.load(Ordering::Relaxed));
        Some(Halted {
            stack: stack.take_while(|&address| address != 0).collect(),
        })
    }

    /// Whether a thread waits for something.
    pub(crate) fn waits(thread: i32) -> bool {
        waits_in(thread).is_some()
    }

    /// The system call that a thread waits in.
    fn waits_in(thread: i32) -> Option<i64> {
        let call = std::fs::read_to_string(format!("/proc/self/task/{thread}/syscall")).ok()?;
        let number = call.split_whitespace().next()?.parse().ok()?;
        (number >= 0).then_some(number)
    }

    fn ask(thread: i32, what: u8) -> u8 {
        ANSWER.store(ASKED, Ordering::SeqCst);
        WHAT.store(what, Ordering::SeqCst);
        WHOM.store(thread, Ordering::SeqCst);
        // SAFETY: a signal to a thread of this process, or to none.
        unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, SIGNAL) };
        let since = Instant::now();
        loop {
            let answer = ANSWER.load(Ordering::SeqCst);
            if answer != ASKED {
                return answer;
            }
            if since.elapsed() > PATIENCE {
                // Taken back, unless the thread took it up in this moment.
                let back = WHOM.compare_exchange(thread, 0, Ordering::SeqCst, Ordering::SeqCst);
                if back.is_ok() {
                    return REFUSED;
                }
            }
            std::thread::yield_now();
        }
    }

    extern "C-unwind" fn on_signal(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
        let own = spared::thread_id();
        let asked = WHOM.compare_exchange(own, 0, Ordering::SeqCst, Ordering::SeqCst);
        if asked.is_err() {
            return;
        }
        // SAFETY: the operating system hands a handler that asked for it its thread's registers.
        let registers = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
        let at = registers[libc::REG_RIP as usize] as usize;
        let waits = is_waiting(at, registers[libc::REG_RAX as usize]);
        let what = WHAT.load(Ordering::SeqCst);
        match what {
            HALT if waits || !is_shared_code(at) => stay(),
            UNWIND | UNWIND_FROM_ANOTHER if waits => {
                let may =
                    !std::thread::panicking() && !spared::is_spared() && interrupt::requested();
                let leaves = may && stack::can_be_left(what == UNWIND_FROM_ANOTHER);
                ANSWER.store(REFUSED, Ordering::SeqCst);
                if leaves {
                    // `park` thinks that this thread is parked until it has returned once more.
                    std::thread::current().unpark();
                    std::thread::park_timeout(Duration::ZERO);
                    std::panic::panic_any(Interrupted);
                }
            }
            _ => ANSWER.store(REFUSED, Ordering::SeqCst),
        }
    }

    /// Whether a thread with these registers was in a system call: it came back with `EINTR`, or is about to
    /// make the call again.
    fn is_waiting(at: usize, result: i64) -> bool {
        const SYSCALL: [u8; 2] = [0x0f, 0x05];
        // SAFETY: the thread has run the instruction there, or the one before, which may be read.
        let code = |at: usize| unsafe { std::ptr::read_unaligned(at as *const [u8; 2]) };
        (result == -i64::from(libc::EINTR) && code(at - 2) == SYSCALL) || code(at) == SYSCALL
    }

    fn is_shared_code(at: usize) -> bool {
        let ranges = SHARED_CODE.get().map(Vec::as_slice).unwrap_or_default();
        ranges.iter().any(|range| range.contains(&at))
    }

    /// Never returns: not even a signal gets the thread out of it.
    fn stay() -> ! {
        let mut next = 0;
        // SAFETY: the lock that the other form takes is only about names, which are not asked for; all that
        // is called besides may be called in a handler.
        unsafe {
            let mut all: libc::sigset_t = std::mem::zeroed();
            libc::sigfillset(&raw mut all);
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, std::ptr::null_mut());
            backtrace::trace_unsynchronized(|frame| {
                STACK[next].store(frame.ip() as usize, Ordering::Relaxed);
                next += 1;
                next < DEEPEST
            });
        }
        if let Some(end) = STACK.get(next) {
            end.store(0, Ordering::Relaxed);
        }
        ANSWER.store(HALTED, Ordering::SeqCst);
        loop {
            // SAFETY: it waits.
            unsafe { libc::pause() };
        }
    }

    /// The executable parts of the C library and of the loader.
    fn shared_code(maps: &str) -> Vec<std::ops::Range<usize>> {
        let range = |line: &str| {
            let (range, rest) = line.split_once(' ')?;
            let file = rest.rsplit('/').next()?;
            let shared = ["libc.so", "libc-", "ld-", "libpthread", "libgcc_s"];
            if !rest.starts_with("r-x") || !shared.iter().any(|name| file.starts_with(name)) {
                return None;
            }
            let (from, to) = range.split_once('-')?;
            let address = |text| usize::from_str_radix(text, 16).ok();
            Some(address(from)?..address(to)?)
        };
        maps.lines().filter_map(range).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_c_library_is_shared_code_and_a_cell_is_not() {
            let maps = "7f10-7f20 r--p 00000000 00:1 1  /lib/x/libc.so.6\n\
                        7f20-7f30 r-xp 00000000 00:1 1  /lib/x/libc.so.6\n\
                        7f30-7f40 r-xp 00000000 00:1 1  /lib64/ld-linux-x86-64.so.2\n\
                        7f40-7f50 r-xp 00000000 00:1 1  /tmp/cells/cell-1.so\n";
            assert_eq!(shared_code(maps), [0x7f20..0x7f30, 0x7f30..0x7f40]);
        }
    }
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
mod nowhere {
    use super::Halted;

    pub(crate) fn install() {}
    pub(crate) fn unwind(_: i32) {}
    pub(crate) fn waits(_: i32) -> bool {
        false
    }
    pub(crate) fn halt(_: i32) -> Option<Halted> {
        None
    }
}

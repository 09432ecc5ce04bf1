//! std's printing macros, as a cell has them: what goes to stdout and what goes to stderr comes in the order
//! in which it was printed, though each has a pipe of its own.

pub use crate::{dbg, eprint, eprintln, print, println};

/// What comes next is for another stream: waits until the one before has been read.
#[doc(hidden)]
pub fn turn(stream: i32) {
    // SAFETY: it takes a number.
    unsafe { crate::gradbook_turn(stream) }
}

/// As `std::print!`.
#[macro_export]
macro_rules! print {
    ($($arg:tt)*) => {{ $crate::printing::turn(1); ::std::print!($($arg)*) }};
}

/// As `std::println!`.
#[macro_export]
macro_rules! println {
    ($($arg:tt)*) => {{ $crate::printing::turn(1); ::std::println!($($arg)*) }};
}

/// As `std::eprint!`.
#[macro_export]
macro_rules! eprint {
    ($($arg:tt)*) => {{ $crate::printing::turn(2); ::std::eprint!($($arg)*) }};
}

/// As `std::eprintln!`.
#[macro_export]
macro_rules! eprintln {
    ($($arg:tt)*) => {{ $crate::printing::turn(2); ::std::eprintln!($($arg)*) }};
}

/// As `std::dbg!`; the kernel writes the place in the cell in front.
#[macro_export]
macro_rules! dbg {
    (@$place:literal; ) => {{ $crate::printing::turn(2); ::std::eprintln!("[{}]", $place) }};
    (@$place:literal; $value:expr $(,)?) => {
        match $value {
            value => {
                $crate::printing::turn(2);
                ::std::eprintln!("[{}] {} = {:#?}", $place, ::std::stringify!($value), &value);
                value
            }
        }
    };
    (@$place:literal; $($value:expr),+ $(,)?) => { ($($crate::dbg!(@$place; $value)),+,) };
    ($($arg:tt)*) => {{ $crate::printing::turn(2); ::std::dbg!($($arg)*) }};
}

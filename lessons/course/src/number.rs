//! Single numbers as answers: what a cell may pass to a checker, and `None` for "not yet".

/// A measured or computed number: any of Rust's usual number types, or `None`.
#[diagnostic::on_unimplemented(
    message = "the answer is one number, such as `12.5`, or `None`",
    label = "this is a `{Self}`"
)]
pub trait Real {
    /// The number; `None` is not an attempt.
    fn real(self) -> Option<f64>;
}

/// A count: an `i64`, so that large literals need no suffix, or `None`.
#[diagnostic::on_unimplemented(
    message = "the answer is a whole number of type `i64`, or `None`",
    label = "this is a `{Self}`: add `as i64`"
)]
pub trait Count {
    /// The count; `None` is not an attempt.
    fn count(self) -> Option<i64>;
}

impl Real for Option<f64> {
    fn real(self) -> Option<f64> {
        self
    }
}

impl Real for f64 {
    fn real(self) -> Option<f64> {
        Some(self)
    }
}

macro_rules! real {
    ($($number:ty),*) => { $(
        impl Real for $number {
            fn real(self) -> Option<f64> {
                Some(self as f64)
            }
        }
    )* };
}

real!(f32, i32, i64, u32, u64, usize);

impl Count for i64 {
    fn count(self) -> Option<i64> {
        Some(self)
    }
}

impl Count for Option<i64> {
    fn count(self) -> Option<i64> {
        self
    }
}

/// A number with commas between the thousands, as cards and feedback show counts.
///
/// ```
/// assert_eq!(course::number::thousands(-124439808), "-124,439,808");
/// ```
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

//! How numbers are written in tables and pictures: short, aligned, and the same everywhere.
//! Knows nothing of tensors.

use std::time::Duration;

/// With four decimals, or in powers of ten where that would hide the number.
///
/// ```
/// use lessons::number::decimals;
/// assert_eq!((decimals(0.5), decimals(1.5e-7)), ("0.5000".to_owned(), "1.500e-7".to_owned()));
/// ```
pub fn decimals(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "NaN".to_owned(),
        _ if value.is_infinite() => if value > 0.0 { "inf" } else { "-inf" }.to_owned(),
        0.0 => "0.0000".to_owned(),
        size if (1e-4..1e6).contains(&size) => format!("{value:.4}"),
        _ => format!("{value:.3e}"),
    }
}

/// With four significant digits: for norms and ratios, which span many powers of ten.
///
/// ```
/// use lessons::number::significant;
/// assert_eq!((significant(3.98), significant(0.0027591)), ("3.980".to_owned(), "0.002759".to_owned()));
/// ```
pub fn significant(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() || size == 0.0 {
        return if size == 0.0 {
            "0".to_owned()
        } else {
            decimals(value)
        };
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{value:.3e}");
    }
    let whole_digits = size.log10().floor() as i32;
    let places = usize::try_from(3 - whole_digits).unwrap_or(0);
    format!("{value:.places$}")
}

/// A count with commas: `124,439,808`.
///
/// ```
/// assert_eq!(lessons::number::thousands(124_439_808), "124,439,808");
/// ```
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A time with three digits or so and the unit that fits: `12.3 us`, `4.56 ms`.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(lessons::number::time(Duration::from_micros(4560)), "4.56 ms");
/// ```
pub fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (value, unit) = match seconds {
        s if s < 1e-3 => (s * 1e6, "us"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    let places = if value < 10.0 {
        2
    } else {
        usize::from(value < 100.0)
    };
    format!("{value:.places$} {unit}")
}

/// A shape as Rust writes it: `[3, 4]`.
///
/// ```
/// assert_eq!(lessons::number::shape(&[3, 4]), "[3, 4]");
/// ```
pub fn shape(sizes: &[i64]) -> String {
    format!("{sizes:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_decimals_unless_they_hide_the_number() {
        assert_eq!(decimals(1.524_41), "1.5244");
        assert_eq!(decimals(-0.00003), "-3.000e-5");
        assert_eq!(decimals(2.5e34), "2.500e34");
        assert_eq!(decimals(0.0), "0.0000");
        assert_eq!(
            (decimals(f64::NAN), decimals(f64::NEG_INFINITY)),
            ("NaN".into(), "-inf".into())
        );
    }

    #[test]
    fn four_significant_digits() {
        assert_eq!(significant(4.652_93), "4.653");
        assert_eq!(significant(0.002_758_79), "0.002759");
        assert_eq!(significant(155.640_5), "155.6");
        assert_eq!(significant(123_456.0), "123456");
        assert_eq!(significant(3e-8), "3.000e-8");
        assert_eq!(
            (significant(0.0), significant(f64::NAN)),
            ("0".into(), "NaN".into())
        );
    }

    #[test]
    fn commas_every_three_digits_from_the_right() {
        assert_eq!(thousands(49), "49");
        assert_eq!(thousands(1000), "1,000");
        assert_eq!(thousands(124_439_808), "124,439,808");
    }

    #[test]
    fn times_choose_their_unit() {
        assert_eq!(time(Duration::from_nanos(1234)), "1.23 us");
        assert_eq!(time(Duration::from_micros(45_600)), "45.6 ms");
        assert_eq!(time(Duration::from_secs(120)), "120 s");
    }
}

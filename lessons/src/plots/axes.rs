//! Axes: from where to where, linear or in powers of ten, and what stands at the ticks.
//! Knows nothing of the canvas; a logarithmic axis hands plotters logarithms.

use std::ops::Range;

/// plotters draws no more ticks than it is told, at round distances.
const MOST_TICKS: usize = 10;

/// plotters reckons with several times the length of an axis, which must stay a number.
const WIDEST: f64 = 1e304;
/// A part of the size of its ends: on a shorter axis, a step from tick to tick may be lost in rounding, and
/// plotters steps for ever.
const NARROWEST: f64 = 1e-12;

/// One axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Axis {
    pub(super) label: String,
    pub(super) log: bool,
    /// Where it was not given, it comes from the values.
    pub(super) range: Option<(f64, f64)>,
    /// It counts: between whole numbers nothing stands.
    pub(super) whole: bool,
    /// What stands at 0, 1, 2 ... in place of numbers.
    pub(super) names: Vec<String>,
}

impl Axis {
    pub(crate) fn new(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn from_to(label: &str, from: f64, to: f64) -> Self {
        Self {
            range: Some((from, to)),
            ..Self::new(label)
        }
    }

    /// Counts things: its ticks are whole numbers.
    pub(crate) fn whole(self) -> Self {
        Self {
            whole: true,
            ..self
        }
    }

    /// Powers of ten, where `log` is true.
    pub(crate) fn logarithmic(self, log: bool) -> Self {
        Self { log, ..self }
    }

    /// How many ticks there may be on `span` placed units, so that none comes between whole numbers.
    pub(super) fn most_ticks(&self, span: f64) -> usize {
        match self.whole && !self.log {
            true => MOST_TICKS.min(span.max(1.0) as usize + 1),
            false => MOST_TICKS,
        }
    }

    /// Where `value` stands, or nothing where it has no place on the axis.
    pub(super) fn place(&self, value: f64) -> Option<f64> {
        match self.log {
            false => value.is_finite().then_some(value),
            true => (value.is_finite() && value > 0.0).then(|| value.log10()),
        }
    }

    /// The axis' ends, in placed units, with a little air around the values.
    pub(super) fn span(&self, values: impl Iterator<Item = f64>) -> Range<f64> {
        let given = self
            .range
            .map(|(from, to)| (self.place(from), self.place(to)));
        if let Some((Some(from), Some(to))) = given {
            return if is_wide(from, to) {
                from..to
            } else {
                let air = (from.abs() * 0.1).max(0.5);
                from - air..from + air
            };
        }
        let placed = values.filter_map(|value| self.place(value));
        let (low, high) = placed.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if !low.is_finite() {
            return 0.0..1.0;
        }
        let air = match is_wide(low, high) {
            false => low.abs().max(1.0) * 0.1,
            true => (high - low) * 0.05,
        };
        low - air..high + air
    }

    /// The axis' ends, or in words why no picture has room for them.
    pub(super) fn drawn(
        &self,
        values: impl Iterator<Item = f64> + Clone,
    ) -> Result<Range<f64>, String> {
        let span = self.span(values.clone());
        if span.end - span.start <= WIDEST {
            return Ok(span);
        }
        let ends = values
            .chain(self.range.map(|(from, _)| from))
            .chain(self.range.map(|(_, to)| to));
        let finite = ends.filter(|value| value.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        Err(format!(
            "{:?} goes from {low:e} to {high:e}, farther than a picture can show: scale the values down",
            self.label
        ))
    }

    pub(super) fn title(&self) -> String {
        if self.log {
            format!("{} (log scale)", self.label)
        } else {
            self.label.clone()
        }
    }

    /// The words at a tick; `span` is how much of the axis is shown, in placed units.
    pub(super) fn tick(&self, place: f64, span: f64) -> String {
        match self.log {
            false if self.whole && (place - place.round()).abs() > 1e-6 => String::new(),
            false if !self.names.is_empty() => {
                let name = self.names.get(place.round() as usize);
                name.filter(|_| place > -0.5).cloned().unwrap_or_default()
            }
            false => short(place),
            // Between powers of ten, plotters' even steps stand at odd numbers.
            true if span > 1.0 && (place - place.round()).abs() > 1e-6 => String::new(),
            true => {
                let value = 10f64.powf(place);
                let digits = 10f64.powf(place.floor() - 1.0);
                short((value / digits).round() * digits)
            }
        }
    }
}

/// Whether there is anything between two ends, as far as numbers go.
fn is_wide(from: f64, to: f64) -> bool {
    to - from > (from.abs().max(to.abs()) * NARROWEST).max(1.0 / WIDEST)
}

/// Why shades or ranges cannot share out what lies between two values.
pub(super) fn too_far_apart(low: f64, high: f64) -> Option<String> {
    let too_far = low.is_finite() && high.is_finite() && !(high - low).is_finite();
    too_far.then(|| {
        format!("from {low:e} to {high:e} is farther than a number can hold: scale the values down")
    })
}

/// As few digits as tell ticks apart.
pub(super) fn short(value: f64) -> String {
    match value.abs() {
        size if size < 1e-12 => "0".to_owned(),
        size if (1e-3..1e5).contains(&size) => {
            let text = format!("{value:.3}");
            let text = text.trim_end_matches('0').trim_end_matches('.');
            if text == "-0" {
                "0".to_owned()
            } else {
                text.to_owned()
            }
        }
        _ => format!("{value:.1e}").replace(".0e", "e"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_air_and_odd_values_have_no_place() {
        let axis = Axis::new("x");
        assert_eq!(axis.span([0.0, 10.0, f64::NAN].into_iter()), -0.5..10.5);
        assert_eq!(axis.span([].into_iter()), 0.0..1.0);
        assert_eq!(axis.span([5.0].into_iter()), 4.5..5.5);
        let log = Axis { log: true, ..axis };
        assert_eq!((log.place(0.01), log.place(0.0)), (Some(-2.0), None));
        assert_eq!(log.tick(-2.0, 3.0), "0.01");
        assert_eq!(log.tick(-1.8, 3.0), "");
        assert_eq!(log.tick(0.2, 0.5), "1.6");
    }

    #[test]
    fn ends_that_are_hardly_apart_are_one_value() {
        let axis = Axis::new("x");
        for values in [
            [1e17, 1e17 + 16.0],
            [1.0, 1.0 + f64::EPSILON],
            [0.0, f64::MIN_POSITIVE],
            [-1e300, -1e300],
        ] {
            let span = axis.span(values.into_iter());
            assert!(
                span.end - span.start > values[0].abs() * 0.1,
                "{values:?}: {span:?}"
            );
            let given = Axis::from_to("x", values[0], values[1]).span([].into_iter());
            assert!(
                given.end - given.start > values[0].abs() * 0.1,
                "{values:?}: {given:?}"
            );
        }
        let narrow = axis.span([0.0, 1e-9].into_iter());
        assert!((narrow.start + 5e-11).abs() < 1e-24 && (narrow.end - 1.05e-9).abs() < 1e-24);
    }

    #[test]
    fn ends_that_are_too_far_apart_are_refused() {
        let axis = Axis::new("loss");
        let refused = axis
            .drawn([-1e308, 1.0, f64::NAN, 1e308].into_iter())
            .unwrap_err();
        assert!(
            refused.starts_with("\"loss\" goes from -1e308 to 1e308, farther"),
            "{refused}"
        );
        assert!(
            Axis::from_to("loss", 0.0, f64::MAX)
                .drawn([].into_iter())
                .is_err()
        );
        assert!(axis.drawn([0.0, f64::MAX].into_iter()).is_err());
        assert!(
            axis.clone()
                .logarithmic(true)
                .drawn([1e-300, f64::MAX].into_iter())
                .is_ok()
        );
        assert!(axis.drawn([0.0, 1e299].into_iter()).is_ok());
    }

    #[test]
    fn counts_have_whole_ticks_and_names_stand_in_their_places() {
        let axis = Axis::new("epoch").whole();
        assert_eq!((axis.most_ticks(2.0), axis.most_ticks(500.0)), (3, 10));
        assert_eq!([0.5, 1.0].map(|at| axis.tick(at, 2.0)), ["", "1"]);
        let names = ["0.weight", "0.bias"].map(str::to_owned).to_vec();
        let axis = Axis { names, ..axis };
        let found = [-1.0, 0.0, 0.5, 1.0, 2.0].map(|at| axis.tick(at, 2.0));
        assert_eq!(found, ["", "0.weight", "", "0.bias", ""]);
    }

    #[test]
    fn ticks_are_short() {
        let found = [0.0, 0.5, 1e-4, 120_000.0, -0.25, 1.5e-7].map(short);
        assert_eq!(found, ["0", "0.5", "1e-4", "1.2e5", "-0.25", "1.5e-7"]);
    }
}

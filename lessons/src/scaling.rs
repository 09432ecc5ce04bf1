//! Scaling laws: how the loss falls with parameters and data, and how to spend a given compute.
//! Knows nothing of networks; it is arithmetic on counts.

/// The loss that Hoffmann et al. (2022) fitted for large language models, in nats per token:
/// `L(N, D) = 1.69 + 406.4 / N^0.34 + 410.7 / D^0.28` for N parameters and D tokens.
///
/// # Panics
/// Where a number is not above 0 and finite.
///
/// ```
/// # use lessons::prelude::*;
/// assert!((chinchilla_loss(7e9, 1e12) - 2.052).abs() < 1e-3);
/// assert!((chinchilla_loss(70e9, 100e9) - 2.115).abs() < 1e-3, "ten times larger, and worse");
/// ```
#[track_caller]
pub fn chinchilla_loss(parameters: f64, tokens: f64) -> f64 {
    counts(
        "chinchilla_loss",
        &[("parameters", parameters), ("tokens", tokens)],
    );
    1.69 + 406.4 / parameters.powf(0.34) + 410.7 / tokens.powf(0.28)
}

/// Floating-point operations of training: `C = 6 N D`.
///
/// # Panics
/// Where a number is not above 0 and finite.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(training_compute(70e9, 1.4e12), 5.88e23);
/// ```
#[track_caller]
pub fn training_compute(parameters: f64, tokens: f64) -> f64 {
    counts(
        "training_compute",
        &[("parameters", parameters), ("tokens", tokens)],
    );
    6.0 * parameters * tokens
}

/// Parameters and tokens for a compute, at `tokens_per_parameter` (about 20):
/// `N = sqrt(C / (6 r))`, `D = r N`.
///
/// # Panics
/// Where a number is not above 0 and finite.
///
/// ```
/// # use lessons::prelude::*;
/// let (parameters, tokens) = compute_optimal(1e12, 20.0);
/// assert!((parameters - 91_287.0).abs() < 1.0 && (tokens / parameters - 20.0).abs() < 1e-9);
/// ```
#[track_caller]
pub fn compute_optimal(compute: f64, tokens_per_parameter: f64) -> (f64, f64) {
    let given = [
        ("compute", compute),
        ("tokens_per_parameter", tokens_per_parameter),
    ];
    counts("compute_optimal", &given);
    let parameters = (compute / (6.0 * tokens_per_parameter)).sqrt();
    (parameters, parameters * tokens_per_parameter)
}

#[track_caller]
fn counts(what: &str, given: &[(&str, f64)]) {
    for (name, number) in given {
        assert!(
            *number > 0.0 && number.is_finite(),
            "{what}: {name} is {number}: it must be a finite number above 0"
        );
    }
}

/// `y = factor * x^exponent`, as a straight line through the logarithms; from [`fit_power_law`].
///
/// ```
/// use lessons::prelude::*;
/// let law = PowerLaw { factor: 5.0, exponent: -0.5, r_squared: 1.0 };
/// assert_eq!(law.at(4.0), 2.5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerLaw {
    /// y at x = 1.
    pub factor: f64,
    /// The slope in the log-log picture; a falling loss has a negative one.
    pub exponent: f64,
    /// The share of the variance of ln y that the line explains.
    pub r_squared: f64,
}

/// Fits a power law by least squares on the logarithms; needs two different x, all numbers above 0.
///
/// # Panics
/// Where that is not so.
///
/// ```
/// # use lessons::prelude::*;
/// let law = fit_power_law(&[1.0, 10.0, 100.0], &[5.0, 0.5, 0.05]);
/// assert!((law.exponent + 1.0).abs() < 1e-9 && (law.factor - 5.0).abs() < 1e-9);
/// ```
#[track_caller]
pub fn fit_power_law(x: &[f64], y: &[f64]) -> PowerLaw {
    assert!(
        x.len() == y.len(),
        "fit_power_law: {} x and {} y: there must be as many",
        x.len(),
        y.len()
    );
    let odd = x
        .iter()
        .chain(y)
        .find(|number| !(number.is_finite() && **number > 0.0));
    assert!(
        odd.is_none(),
        "fit_power_law: {odd:?} has no logarithm: all numbers must be above 0"
    );
    let logs = |numbers: &[f64]| numbers.iter().map(|number| number.ln()).collect::<Vec<_>>();
    let (x, y) = (logs(x), logs(y));
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let (middle_x, middle_y) = (mean(&x), mean(&y));
    let spread: f64 = x.iter().map(|x| (x - middle_x).powi(2)).sum();
    assert!(
        spread > 0.0,
        "fit_power_law: it takes two different x to draw a line"
    );
    let together: f64 = x
        .iter()
        .zip(&y)
        .map(|(x, y)| (x - middle_x) * (y - middle_y))
        .sum();
    let all: f64 = y.iter().map(|y| (y - middle_y).powi(2)).sum();
    let exponent = together / spread;
    let r_squared = if all > 0.0 {
        together * together / (spread * all)
    } else {
        1.0
    };
    PowerLaw {
        factor: (middle_y - exponent * middle_x).exp(),
        exponent,
        r_squared,
    }
}

impl PowerLaw {
    /// `factor * x^exponent`
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let law = fit_power_law(&[1.0, 10.0, 100.0], &[5.0, 0.5, 0.05]);
    /// assert!((law.at(1000.0) - 0.005).abs() < 1e-9, "beyond the data");
    /// ```
    pub fn at(&self, x: f64) -> f64 {
        self.factor * x.powf(self.exponent)
    }
}

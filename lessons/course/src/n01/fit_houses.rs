//! Fit the price model to houses: the weights and the bias with the smallest squared error.

use lessons::data::houses;
use tch::{Kind, Tensor};

use crate::attempt::{Attempt, Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "fit_houses",
    notebook: "01_what_are_models",
    title: "Fit the price model to houses",
    codes: &[],
    question,
    starter: "\
// x: [houses, 2], square feet and bedrooms; y: [houses, 1], prices in 1,000 dollars
fn fit_prices(x: &Tensor, y: &Tensor) -> [f64; 3] {
    todo!(\"weight of square feet, weight of bedrooms, bias\")
}
check::fit_houses(fit_prices)",
    hints: &[
        "Look at the fit with one feature above. What changes when a house has two?",
        "A column of ones beside x makes the bias a weight like the others. Then least squares finds \
         all three at once.",
        "Tensor::cat(&[x, &x.ones_like().narrow(1, 0, 1)], 1) puts the ones last; \
         .linalg_lstsq(y, None, \"gelsd\").0 is the column of the three numbers; .i((0, 0)).item() \
         reads the first.",
    ],
    solution,
};

/// Checks a function that fits the model to any houses.
pub fn fit_houses(fit: impl Fn(&Tensor, &Tensor) -> [f64; 3]) -> Verdict {
    judge(&fit)
}

/// Square feet, bedrooms and bias of a fit.
type Fitted = [f64; 3];

fn judge(fit: &dyn Fn(&Tensor, &Tensor) -> [f64; 3]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..4 {
            let numbers: Vec<i64> = (0..88).collect();
            let chosen = Tensor::from_slice(&attempt.held_out.sample(&numbers, 60));
            let data = houses();
            let x = data.x.narrow(1, 0, 2).index_select(0, &chosen);
            let y = data.y.index_select(0, &chosen);
            one_sample(attempt, fit, &x, &y)?;
        }
        Ok(
            "Your function found the best three numbers for four other samples of 60 houses. That is \
            what training does: the data choose the parameters."
                .to_owned(),
        )
    })
}

fn one_sample(
    attempt: &Attempt,
    fit: &dyn Fn(&Tensor, &Tensor) -> [f64; 3],
    x: &Tensor,
    y: &Tensor,
) -> Result<(), Unsolved> {
    let call = "fit_prices(x [60, 2], y [60, 1])";
    let got = attempt.call(call, || fit(x, y))?;
    if got.iter().any(|number| !number.is_finite()) {
        return not_yet(format!(
            "{call} gave {got:?}. Steps that are too long for inputs in the thousands diverge: \
             normalise x, or use least squares."
        ));
    }
    let ones = x.ones_like().narrow(1, 0, 1);
    let [feet, rooms, bias] = least_squares(&Tensor::cat(&[x, &ones], 1), y);
    let same = |other: Fitted| distance(x, got, other) < 1.0;
    if same([feet, rooms, bias]) {
        return Ok(());
    }
    let [all_feet, all_rooms, all_bias] = [0.128436, 15.19819, -19.315];
    if (got[0] - all_feet).abs() < 1e-3
        && (got[1] - all_rooms).abs() < 0.1
        && (got[2] - all_bias).abs() < 0.1
    {
        return not_yet(format!(
            "{got:?} is the fit to all 88 houses. These are 60 of them, and their best numbers are \
             others: compute them from x and y."
        ));
    }
    if same([rooms, feet, bias]) || same([bias, feet, rooms]) {
        return not_yet(
            "The right three numbers in another order: square feet first, then bedrooms, then the bias.",
        );
    }
    let through_zero = least_squares(&Tensor::cat(&[x, &ones.zeros_like()], 1), y);
    if same(through_zero) {
        return not_yet(
            "This is the best fit without a bias. Put a column of ones beside x, or the model must say \
             0 for a house of size 0.",
        );
    }
    not_yet(format!(
        "{call} gave {got:.4?}. Its predictions are off from the best fit's by {:.1} on average \
         (1,000 dollars); least squares gives [{feet:.4}, {rooms:.4}, {bias:.4}].",
        distance(x, got, [feet, rooms, bias])
    ))
}

/// How far two fits' predictions lie apart, in 1,000 dollars: the mean of the absolute difference.
fn distance(x: &Tensor, one: Fitted, other: Fitted) -> f64 {
    let [feet, rooms, bias]: Fitted = std::array::from_fn(|at| one[at] - other[at]);
    let difference = x.to_kind(Kind::Double).select(1, 0) * feet
        + x.to_kind(Kind::Double).select(1, 1) * rooms
        + bias;
    difference.abs().mean(Kind::Double).double_value(&[])
}

fn least_squares(a: &Tensor, y: &Tensor) -> Fitted {
    let (a, y) = (a.to_kind(Kind::Double), y.to_kind(Kind::Double));
    let (found, ..) = a.linalg_lstsq(&y, None::<f64>, "gelsd");
    std::array::from_fn(|at| found.double_value(&[at as i64, 0]))
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write a function that finds the three parameters of price = w1 * square feet + w2 * bedrooms \
         + bias with the smallest squared error.\n\nIt is called with other houses than you have seen: \
         60 of the 88, drawn anew each time.",
    )
    .wanted("fn fit_prices(x: &Tensor, y: &Tensor) -> [f64; 3]: square feet, bedrooms, bias")
    .tolerance("predictions within 1 (1,000 dollars) of the best fit's, on average")
}

fn solution(_: &mut Draw) -> String {
    "\
fn fit_prices(x: &Tensor, y: &Tensor) -> [f64; 3] {
    let ones = x.ones_like().narrow(1, 0, 1);
    let (found, ..) = Tensor::cat(&[x, &ones], 1).linalg_lstsq(y, None, \"gelsd\");
    [found.i((0, 0)).item(), found.i((1, 0)).item(), found.i((2, 0)).item()]
}
check::fit_houses(fit_prices)"
        .to_owned()
}

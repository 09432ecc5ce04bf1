//! Scale the validation data by what the training data say.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::all_close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "normalise",
    notebook: "12_common_training_mistakes",
    title: "Normalise with training statistics only",
    codes: &["SC2"],
    question,
    starter: "\
fn normalise(train: &Tensor, validation: &Tensor) -> (Tensor, Tensor) {
    todo!(\"each column of train: mean 0, standard deviation 1; validation: the same scaling\")
}
check::normalise(normalise)",
    hints: &[
        "When the model is in use, one new house comes along. What is its mean?",
        "Mean and deviation are taken from the training data, column by column, and used for both.",
        "let mean = train.mean_dim(0, true, Kind::Float); let deviation = train.std_dim(0, true, true); \
         then (train - &mean) / &deviation, and the same for validation.",
    ],
    solution,
};

/// Checks two scaled tensors.
pub fn normalise(normalise: impl Fn(&Tensor, &Tensor) -> (Tensor, Tensor)) -> Verdict {
    judge(&normalise)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Scale a training set so that each column has mean 0 and standard deviation 1, and scale the \
         validation set in the same way. Nothing about the validation set may flow into the scaling: \
         in use, new data come one by one.",
    )
    .wanted("fn normalise(train: &Tensor, validation: &Tensor) -> (Tensor, Tensor), shapes unchanged")
    .tolerance("one part in a thousand; dividing by n or by n - 1 are both fine")
}

/// By the mean and deviation of `by`.
fn scaled(x: &Tensor, by: &Tensor, unbiased: bool) -> Tensor {
    (x - by.mean_dim(0, true, Kind::Float)) / by.std_dim(0, unbiased, true)
}

fn judge(normalise: &dyn Fn(&Tensor, &Tensor) -> (Tensor, Tensor)) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..3 {
            let (rows, columns) = (
                attempt.held_out.integer(30..=60),
                attempt.held_out.integer(2..=4),
            );
            let scales: Vec<f64> = (0..columns).map(|at| 3.0 * 20f64.powi(at as i32)).collect();
            let scales = tensor(scales);
            let train = (attempt.held_out.tensor(&[rows, columns]) + 2.0) * &scales;
            let validation = (attempt.held_out.tensor(&[20, columns]) * 1.6 + 3.0) * &scales;
            let call =
                format!("normalise(train of [{rows}, {columns}], validation of [20, {columns}])");
            let (a, b) = attempt.call(&call, || normalise(&train, &validation))?;
            if a.size() != train.size() || b.size() != validation.size() {
                return not_yet(format!(
                    "{call} gave shapes {:?} and {:?}: they must stay as they are.",
                    a.size(),
                    b.size()
                ));
            }
            let is = |got: &Tensor, x: &Tensor, by: &Tensor| {
                [true, false]
                    .iter()
                    .any(|&n| all_close(got, &scaled(x, by, n), 1e-3))
            };
            let both = Tensor::cat(&[&train, &validation], 0);
            let flat = |x: &Tensor| (x - x.mean(Kind::Float)) / x.std(true);
            let centred = &train - train.mean_dim(0, true, Kind::Float);
            if is(&a, &train, &both) {
                return not_yet(
                    "The scaling was taken from both sets together: validation leaks into training.",
                );
            } else if all_close(&a, &flat(&train), 2e-2) {
                return not_yet(
                    "One mean and one deviation for all columns: the small columns stay small. Take them \
                     column by column, along dimension 0.",
                );
            } else if all_close(&a, &centred, 1e-3) {
                return not_yet(
                    "The mean is right, but the columns are not divided by their deviation.",
                );
            } else if !is(&a, &train, &train) {
                return not_yet(format!(
                    "The training set's columns have means {} and deviations {}, and should have 0 and 1.",
                    list(&a.mean_dim(0, false, Kind::Float)),
                    list(&a.std_dim(0, true, false))
                ));
            } else if is(&b, &validation, &validation) {
                return not_yet(
                    "The validation set was scaled by its own mean and deviation. In use there is one \
                     new example and no such thing: take those of the training set.",
                );
            } else if all_close(&b, &validation, 1e-6) {
                return not_yet(
                    "The validation set was not scaled: the network would not know its numbers.",
                );
            } else if !is(&b, &validation, &train) {
                return not_yet(
                    "The validation set is not scaled by the training set's mean and deviation.",
                );
            }
        }
        Ok("Both sets speak the same units now, and nothing leaked. normalizer(&train) keeps the two numbers for you.".to_owned())
    })
}

fn list(values: &Tensor) -> String {
    let values = Vec::<f64>::try_from(values.to_kind(Kind::Double)).unwrap_or_default();
    let shown: Vec<String> = values.iter().map(|value| format!("{value:.3}")).collect();
    shown.join(", ")
}

fn solution(_: &mut Draw) -> String {
    "\
fn normalise(train: &Tensor, validation: &Tensor) -> (Tensor, Tensor) {
    let mean = train.mean_dim(0, true, Kind::Float); // [1, columns]
    let deviation = train.std_dim(0, true, true); // [1, columns]
    ((train - &mean) / &deviation, (validation - &mean) / &deviation)
}
check::normalise(normalise)"
        .to_owned()
}

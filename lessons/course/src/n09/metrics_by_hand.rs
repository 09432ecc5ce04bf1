//! Accuracy, precision, recall and F1 from the four counts of a confusion matrix.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "metrics_by_hand",
    notebook: "09_model_evaluation",
    title: "Four metrics from four counts",
    codes: &[],
    question,
    starter: "\
fn metrics(tp: f64, fp: f64, fneg: f64, tn: f64) -> [f64; 4] {
    todo!(\"[accuracy, precision, recall, F1]\")
}
check::metrics_by_hand(metrics)",
    hints: &[
        "Each metric is a part of a whole. Which emails are the whole in each?",
        "Precision: of those called positive, tp + fp. Recall: of those that are, tp + fneg. F1 is their \
         harmonic mean, and 0/0 counts as 0.",
        "fn share(part: f64, of: f64) -> f64 { if of == 0.0 { 0.0 } else { part / of } }, then \
         share(tp, tp + fp), share(tp, tp + fneg) and share(2 tp, 2 tp + fp + fneg).",
    ],
    solution,
};

/// Checks a function of true positives, false positives, false negatives, true negatives.
pub fn metrics_by_hand(metrics: impl Fn(f64, f64, f64, f64) -> [f64; 4]) -> Verdict {
    judge(&metrics)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A binary classifier is summed up by four counts: true positives, false positives, false \
         negatives, true negatives. Compute accuracy, precision, recall and F1 from them. Where nothing \
         was called positive, or nothing is, the share of nothing counts as 0.\n\nThe checker tries \
         several random matrices, and a filter that never says positive.",
    )
    .wanted("fn metrics(tp, fp, fneg, tn: f64) -> [f64; 4], as [accuracy, precision, recall, F1]")
    .tolerance("one part in a million")
}

fn share(part: f64, of: f64) -> f64 {
    if of == 0.0 { 0.0 } else { part / of }
}

const NAMES: [&str; 4] = ["accuracy", "precision", "recall", "F1"];

fn judge(metrics: &dyn Fn(f64, f64, f64, f64) -> [f64; 4]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for case in 0..8 {
            let mut count = |from, to| attempt.held_out.integer(from..=to) as f64;
            let (mut tp, mut fp) = (count(10, 60), count(61, 200));
            let (fneg, tn) = (count(201, 300), count(500, 3000));
            if case == 7 {
                (tp, fp) = (0.0, 0.0);
            }
            let call = format!("metrics({tp:?}, {fp:?}, {fneg:?}, {tn:?})");
            let got = attempt.call(&call, || metrics(tp, fp, fneg, tn))?;
            let expected = [
                share(tp + tn, tp + fp + fneg + tn),
                share(tp, tp + fp),
                share(tp, tp + fneg),
                share(2.0 * tp, 2.0 * tp + fp + fneg),
            ];
            let is = |got: f64, expected: f64| close(got, expected, 1e-6);
            let [_, precision, recall, _] = expected;
            if case == 7 && got.iter().any(|number| number.is_nan()) {
                return not_yet(format!(
                    "{call} holds NaN: nothing was called positive, so 0/0. Count the share of nothing as 0."
                ));
            }
            if is(got[1], recall) && is(got[2], precision) && case < 7 {
                return not_yet(
                    "Precision and recall have changed places: precision divides by all that were called \
                     positive.",
                );
            }
            if is(got[1], 1.0 - share(fp, fp + tn)) {
                return not_yet(format!(
                    "{call}: your precision is 1 - false positive rate. Precision is a share of those that \
                     were called positive, tp + fp."
                ));
            }
            if case < 7 && is(got[3], (precision + recall) / 2.0) {
                return not_yet(format!(
                    "{call}: your F1 is the arithmetic mean. The harmonic mean 2PR / (P + R) is low where \
                     one of the two is."
                ));
            }
            for ((name, got), expected) in NAMES.iter().zip(got).zip(expected) {
                if !is(got, expected) {
                    return not_yet(format!(
                        "{call}: the {name} is {got:.4}, and should be {expected:.4}."
                    ));
                }
            }
        }
        Ok("Four counts, four metrics: only accuracy looks at the true negatives, so it alone looks fine \
            where positives are rare."
            .to_owned())
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn metrics(tp: f64, fp: f64, fneg: f64, tn: f64) -> [f64; 4] {
    let share = |part: f64, of: f64| if of == 0.0 { 0.0 } else { part / of };
    let (precision, recall) = (share(tp, tp + fp), share(tp, tp + fneg));
    let f1 = share(2.0 * precision * recall, precision + recall);
    [share(tp + tn, tp + fp + fneg + tn), precision, recall, f1]
}
check::metrics_by_hand(metrics)"
        .to_owned()
}

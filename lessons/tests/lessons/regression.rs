//! Errors of predicted numbers and fits, against scikit-learn and numpy.

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, fixture, flat, number, numbers};
use crate::refusals::refusal;

#[test]
fn errors_of_numbers_are_scikit_learns() {
    for at in 0..fixture("/errors").as_array().unwrap().len() {
        let columns = number(&format!("/errors/{at}/columns")) as i64;
        let of = |part: &str| {
            let values = numbers(&format!("/errors/{at}/{part}"));
            Tensor::from_slice(&values).reshape([-1, columns])
        };
        let (truth, prediction) = (of("truth"), of("prediction"));
        assert_near(
            &[
                r_squared(&truth, &prediction),
                mean_absolute_error(&truth, &prediction),
            ],
            &["r_squared", "mean_absolute_error"]
                .map(|part| number(&format!("/errors/{at}/{part}"))),
            1e-12,
        );
    }
}

#[test]
fn numbers_that_cannot_be_compared_are_refused() {
    let (three, column) = (tensor([1.0, 2.0, 3.0]), tensor([[1.0], [2.0], [3.0]]));
    let said = refusal(|| r_squared(&three, &column));
    assert!(
        said.contains("targets are [3], predictions [3, 1]"),
        "{said}"
    );
    assert!(said.contains("predictions.squeeze_dim(1)"), "{said}");
    let said = refusal(|| mean_absolute_error(&column, &three));
    assert!(said.contains("predictions.unsqueeze(1)"), "{said}");
    let said = refusal(|| r_squared(&tensor([2.0, 2.0]), &tensor([1.0, 2.0])));
    assert!(said.contains("no variance to explain"), "{said}");
    let said = refusal(|| r_squared(&tensor([2.0]), &tensor([2.0])));
    assert!(said.contains("it takes two"), "{said}");
    let said = refusal(|| mean_absolute_error(&three, &(&three / 0.0)));
    assert!(
        said.contains("3 of the predictions are NaN or inf"),
        "{said}"
    );
    let none = tensor(Vec::<f64>::new());
    let said = refusal(|| mean_absolute_error(&none, &none));
    assert!(said.contains("no examples"), "{said}");
}

#[test]
fn a_power_law_through_noise_is_numpys() {
    let known = |part: &str| number(&format!("/power_law/{part}"));
    let law = fit_power_law(&numbers("/power_law/x"), &numbers("/power_law/y"));
    assert_near(
        &[law.factor, law.exponent, law.r_squared],
        &[known("factor"), known("exponent"), known("r_squared")],
        1e-9,
    );
    assert!(law.r_squared < 0.99, "noise is seen: {}", law.r_squared);
}

#[test]
fn a_probe_is_scikit_learns_logistic_regression() {
    let _alone = alone();
    manual_seed(21);
    let hidden = randn(&[200, 4]);
    // The noise of the labels, drawn to stay in step with the script.
    let _ = randn(&[200]);
    let labels = tensor(numbers("/probe/labels")).to_kind(Kind::Int64);
    let found = probe(&hidden, &labels);
    assert_near(
        &[found.train_accuracy, found.accuracy],
        &[number("/probe/train_accuracy"), number("/probe/accuracy")],
        1e-9,
    );
    // Both are fixed only up to a vector added to every class: compare around their mean.
    let centred = |weight: Tensor| &weight - weight.mean_dim(0, true, Kind::Double);
    let ours = centred(found.weight.to_kind(Kind::Double));
    let theirs = Tensor::from_slice(&numbers("/probe/weight")).reshape([3, 4]);
    let theirs = centred(theirs);
    // 300 steps come near the optimum (5000 would come within 1e-7), and point the same way.
    assert_near(&flat(&ours), &flat(&theirs), 0.2);
    let likeness = cosine_similarity(&ours.reshape([-1]), &theirs.reshape([-1]));
    assert!(likeness > 0.995, "{likeness}");
}

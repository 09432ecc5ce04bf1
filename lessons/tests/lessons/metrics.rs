//! Metrics against scikit-learn, scaling laws against their closed forms.

use lessons::prelude::*;

use crate::fixtures::{assert_near, fixture, numbers};
use crate::refusals::refusal;

#[test]
fn confusion_matrices_are_scikit_learns() {
    for at in 0..fixture("/classes").as_array().unwrap().len() {
        let known = |part: &str| numbers(&format!("/classes/{at}/{part}"));
        let (truth, prediction) = (tensor(known("truth")), tensor(known("prediction")));
        let matrix = confusion_matrix(&truth, &prediction.unsqueeze(1));
        let counts: Vec<f64> = matrix
            .counts
            .iter()
            .flatten()
            .map(|&count| count as f64)
            .collect();
        assert_eq!(counts, known("counts"));
        let accuracy = fixture(&format!("/classes/{at}/accuracy"))
            .as_f64()
            .unwrap();
        assert_near(&[matrix.accuracy()], &[accuracy], 1e-12);
        let each = |measure: fn(&ConfusionMatrix, usize) -> f64| -> Vec<f64> {
            (0..4).map(|class| measure(&matrix, class)).collect()
        };
        assert_near(
            &each(ConfusionMatrix::precision),
            &known("precision"),
            1e-12,
        );
        assert_near(&each(ConfusionMatrix::recall), &known("recall"), 1e-12);
        assert_near(&each(ConfusionMatrix::f1), &known("f1"), 1e-12);
    }
}

#[test]
fn roc_curves_are_scikit_learns() {
    for at in 0..fixture("/curves").as_array().unwrap().len() {
        let known = |part: &str| numbers(&format!("/curves/{at}/{part}"));
        let curve = roc(&tensor(known("truth")), &tensor(known("scores")));
        let area = fixture(&format!("/curves/{at}/area")).as_f64().unwrap();
        assert_near(&[curve.area], &[area], 1e-12);
        let (wrong, found): (Vec<f64>, Vec<f64>) = curve.points.iter().copied().unzip();
        assert_near(&wrong, &known("wrong"), 1e-12);
        assert_near(&found, &known("found"), 1e-12);
        assert!(curve.show().plain().contains("Area under the curve"));
    }
}

#[test]
fn the_spam_trap() {
    // 1 spam of 100 letters, and a filter that lets everything pass.
    let mut letters = vec![0.0; 100];
    letters[7] = 1.0;
    let matrix = confusion_matrix(&tensor(letters.clone()), &tensor(vec![0.0; 100]));
    assert_eq!(
        (matrix.accuracy(), matrix.recall(1), matrix.precision(1)),
        (0.99, 0.0, 0.0)
    );
    // False positive rate 0.01 and precision 0.083: 1 % of 10,989 others are 110 against 10 of 11.
    let truth = [vec![0.0; 11_000], vec![1.0; 10]].concat();
    let called = [vec![1.0; 110], vec![0.0; 10_890], vec![1.0; 10]].concat();
    let matrix = confusion_matrix(&tensor(truth), &tensor(called));
    assert_near(
        &[matrix.false_positive_rate(1), matrix.precision(1)],
        &[0.01, 0.0833],
        1e-4,
    );
}

#[test]
fn a_matrix_shows_its_counts() {
    let matrix =
        confusion_matrix(&tensor([0, 0, 1, 1]), &tensor([0, 1, 1, 1])).names(&["ham", "spam"]);
    insta::assert_snapshot!(matrix.show().plain(), @r"
    Confusion matrix
    truth \ prediction  ham  spam  precision  recall     F1
    ------------------  ---  ----  ---------  ------  -----
    ham                   1     1      1.000   0.500  0.667
    spam                  0     2      0.667   1.000  0.800
    Accuracy 0.750.
    ");
    assert!(matrix.plot().svg().contains("spam"));
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let of = |truth: Tensor, other: Tensor| refusal(move || drop(confusion_matrix(&truth, &other)));
    assert!(of(tensor([0, 1]), tensor([0])).contains("2 true and 1 predicted"));
    assert!(of(tensor([0.5]), tensor([0.0])).contains("the truth holds 0.5"));
    assert!(of(tensor([-1]), tensor([0])).contains("whole numbers from 0"));
    assert!(of(tensor([0]), tensor([[0.1, 0.9]])).contains(".argmax(1, false)"));
    assert!(
        refusal(|| drop(roc(&tensor([1, 1]), &tensor([0.1, 0.2]))))
            .contains("2 positives and 0 negatives")
    );
    assert!(refusal(|| drop(roc(&tensor([0, 1]), &tensor([f64::NAN, 0.2])))).contains("NaN"));
}

#[test]
fn nats_bits_and_perplexity() {
    assert_near(
        &[bits(nats(1.7)), perplexity(0.0), perplexity(nats(1.0))],
        &[1.7, 1.0, 2.0],
        1e-12,
    );
}

#[test]
fn scaling_laws_are_arithmetic() {
    assert_near(
        &[chinchilla_loss(7e9, 1e12), chinchilla_loss(70e9, 100e9)],
        &[2.052, 2.115],
        5e-4,
    );
    assert_near(&[training_compute(10e9, 200e9)], &[1.2e22], 1e10);
    let (parameters, tokens) = compute_optimal(1.2e22, 20.0);
    assert_near(&[parameters / 1e10, tokens / 2e11], &[1.0, 1.0], 1e-9);
    let x: Vec<f64> = (1..20).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| 3.0 * x.powf(-0.35)).collect();
    let law = fit_power_law(&x, &y);
    assert_near(
        &[law.factor, law.exponent, law.r_squared, law.at(2.0)],
        &[3.0, -0.35, 1.0, y[1]],
        1e-9,
    );
    assert!(
        refusal(|| assert!(fit_power_law(&[1.0, 2.0], &[0.0, 1.0]).factor > 0.0))
            .contains("must be above 0")
    );
}

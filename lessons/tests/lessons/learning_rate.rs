//! The learning-rate range test, against the critical rate of least squares.

use lessons::prelude::*;

use crate::fixtures::{alone, flat};

#[test]
fn the_range_test_suggests_what_converges_and_says_when_it_does_not_know() {
    let _alone = alone();
    manual_seed(3);
    // Least squares: plain descent converges exactly below 2 / lambda_max of 2 X^T X / n.
    let x = randn(&[200, 4]);
    let y = x.matmul(&tensor([[1.0], [-2.0], [0.5], [3.0]])) + 1.0;
    let design = Tensor::cat(&[&x, &(x.narrow(1, 0, 1) * 0.0 + 1.0)], 1).to_kind(Kind::Double);
    let curvature = design.tr().matmul(&design) * (2.0 / 200.0);
    let critical = 2.0 / curvature.linalg_eigvalsh("L").max().item();
    let net = Sequential::new().add(linear(4, 1));
    let start = flat(&net.parameter("0.weight"));
    let range = learning_rate_range(&net, &sgd, mse_loss, &x, &y, 50);
    let rate = range.suggestion.unwrap();
    assert!(
        rate < critical && rate > critical / 300.0,
        "{rate} against {critical}"
    );
    assert!(
        range.blown_up.unwrap() > critical,
        "{:?} against {critical}",
        range.blown_up
    );
    assert!(
        range.confidence().contains("a good first guess"),
        "{}",
        range.confidence()
    );
    assert_eq!(
        flat(&net.parameter("0.weight")),
        start,
        "the weights are put back"
    );

    // Small batches differ by chance; the suggestion must not follow them.
    let range = learning_rate_range(&net, &sgd, mse_loss, &x, &y, 8);
    let rate = range.suggestion.unwrap();
    assert!(
        rate < critical && rate > critical / 300.0,
        "{rate} against {critical}"
    );

    // Nothing to learn: the inputs are all zero and the targets have mean zero.
    let noise = randn(&[200, 1]);
    let noise = &noise - noise.mean(Kind::Float);
    Init::Constant(0.0).fill(&net.parameter("0.bias"));
    let range = learning_rate_range(&net, &sgd, mse_loss, &(&x * 0.0), &noise, 200);
    assert_eq!(range.suggestion, None, "{}", range.confidence());
    assert!(range.show().plain().contains("No suggestion"));
}

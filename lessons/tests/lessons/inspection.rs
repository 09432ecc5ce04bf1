//! Looking inside: the chain rule on a small graph, finite differences, backward's mishaps, dead units.

use lessons::backward::{BackwardError, try_backward};
use lessons::prelude::*;

use crate::fixtures::{alone, assert_near};
use crate::networks::deep;
use crate::refusals::refusal;

#[test]
fn the_chain_rule_by_hand() {
    // tanh(x1 w1 + x2 w2 + b), with known closed forms.
    let (x1, w1) = (value("x1", 2.0), value("w1", -3.0));
    let (x2, w2) = (value("x2", 0.0), value("w2", 1.0));
    let b = value("b", 6.881_373_587_019_543);
    let n = (&x1 * &w1 + &x2 * &w2 + &b).named("n");
    let o = n.tanh().named("o");
    o.backward();
    let slope = 0.5; // 1 - tanh(0.8814)^2, as b was chosen
    let found = [&o, &n, &x1, &w1, &x2, &w2, &b].map(|v| v.gradient());
    assert_near(&found, &[1.0, slope, -1.5, 1.0, 0.5, 0.0, 0.5], 1e-9);
    assert!(o.against_libtorch() < 1e-12);
}

#[test]
fn every_operation_agrees_with_libtorch() {
    let (a, b) = (value("a", 1.7), value("b", -0.6));
    let expressions = [
        &a + &b,
        &a - &b,
        &a * &b,
        &a / &b,
        -(&a * &b),
        a.powf(3.0) + a.powf(-0.5),
        b.exp() * a.ln(),
        a.tanh() / b.sigmoid(),
        a.relu() + b.relu() * 2.0,
        (&a * &a + &b) * (&a - 1.0) / (&b + 3.0),
        (&a + &a) * &a,
    ];
    for expression in expressions {
        expression.backward();
        let gap = expression.against_libtorch();
        assert!(gap < 1e-12, "{gap}: {}", expression.show().plain());
    }
}

#[test]
fn a_number_used_twice_gets_both_gradients_and_a_second_backward_adds() {
    let a = value("a", 3.0);
    let square = &a * &a;
    square.backward();
    assert_eq!(a.gradient(), 6.0);
    square.backward();
    assert_eq!(a.gradient(), 12.0, "as in PyTorch, gradients are added");
    assert!(
        square.against_libtorch() < 1e-12,
        "compared as after one backward"
    );
    square.zero_grad();
    assert_eq!(a.gradient(), 0.0);
}

#[test]
fn the_graph_shows_each_step() {
    let (x, w) = (value("x", 2.0), value("w", -3.0));
    let y = (&x * &w + 1.0).named("y");
    assert!(y.show().plain().contains("call .backward()"));
    y.backward();
    insta::assert_snapshot!(y.show().plain(), @r"
    Computation graph
    number  from      value  gradient
    ------  ------  -------  --------
    x       given    2.0000   -3.0000
    w       given   -3.0000    2.0000
    v1      x * w   -6.0000    1.0000
    1       given    1.0000    1.0000
    y       v1 + 1  -5.0000    1.0000
    ");
    let svg = y.svg().unwrap();
    for part in [
        "y = v1 + 1",
        "gradient -3.0000",
        "value -6.0000",
        "w (given): value -3.0000",
    ] {
        assert!(svg.contains(part), "{part}");
    }
}

#[test]
fn a_deep_graph_needs_no_deep_stack() {
    let one = value("x", 1.0);
    let mut sum = &one + 0.0;
    for _ in 0..1000 {
        sum = &sum + &one;
    }
    sum.backward();
    assert_eq!((sum.data(), one.gradient()), (1001.0, 1001.0));
}

#[test]
fn finite_differences_agree_and_notice_a_wrong_gradient() {
    let _alone = alone();
    manual_seed(2);
    let net = Sequential::new()
        .add(conv2d(1, 2, 3))
        .add(tanh())
        .add(flatten())
        .add(layer_norm(8))
        .add(linear(8, 3));
    let (x, classes) = (randn(&[6, 1, 4, 4]), tensor([0, 1, 2, 0, 1, 2]));
    let check = gradient_check(&net, &|| cross_entropy_loss(&net.forward(&x), &classes));
    assert!(check.agrees(), "{}", check.show().plain());
    assert_eq!(check.rows.len(), 6);
    assert!(check.rows.iter().all(|row| row.checked >= 2), "{check:?}");
    // Detached, half of the way the weight acts is hidden from autograd.
    let layer = linear(3, 1);
    let x = randn(&[8, 3]);
    let check = gradient_check(&layer, &|| {
        (layer.forward(&x) * layer.forward(&x).detach()).mean(Kind::Float)
    });
    assert!(!check.agrees(), "{}", check.show().plain());
    assert!(check.show().plain().contains("differs"));
}

#[test]
fn backward_says_why_it_cannot_run_and_what_was_not_cleared() {
    let _alone = alone();
    let net = Sequential::new().add(linear(3, 2)).add(linear(2, 1));
    let x = randn(&[4, 3]);
    let loss = mse_loss(&net.forward(&x), &randn(&[4, 1]));
    let report = backward(&net, &loss);
    assert!(
        report
            .show()
            .plain()
            .starts_with("Every parameter has its gradient")
    );
    assert_eq!(try_backward(&net, &loss), Err(BackwardError::Twice));
    let again = backward(&net, &net.forward(&x).mean(Kind::Float));
    assert_eq!(again.added_to.len(), 4);
    assert!(again.show().plain().contains("zero_grad()"));
    let message = |loss: &Tensor| try_backward(&net, loss).unwrap_err().to_string();
    assert!(message(&net.forward(&x)).contains("the loss has shape [4, 1]"));
    assert!(message(&tensor(1.0)).contains("requires a gradient"));
    let apart = linear(3, 1);
    let report = backward(&apart, &net.forward(&x).mean(Kind::Float));
    assert_eq!(report.not_reached, ["weight", "bias"]);
}

#[test]
fn what_one_step_changed_is_the_rate_times_the_gradient() {
    let layer = Linear {
        weight: tensor([[3.0, 4.0]]).set_requires_grad(true),
        bias: tensor([0.0]).set_requires_grad(true),
    };
    let before = copy_weights(&layer);
    let mut optimizer = sgd(&layer, 0.1);
    // d mean(w . x) / dw = x
    optimizer.backward_step(&layer.forward(&tensor([[3.0, 4.0]])).mean(Kind::Float));
    let text = changes(&layer, &before).text();
    assert!(
        text.contains("weight           5.000    0.5000  10.00 %"),
        "{text}"
    );
    let shown = changes_plot(&layer, &before).plot();
    let said = shown.description();
    assert!(said.contains("size before: from 5.000 at weight"), "{said}");
    assert!(
        said.contains("moved by: from 0.5000 at weight to 0.1000 at bias"),
        "{said}"
    );
    assert!(shown.svg().contains("role=\"img\"") && shown.svg().contains(">\nweight\n"));
}

#[test]
fn dead_and_saturated_units_are_counted() {
    let layer = Linear {
        weight: tensor([[1.0], [-1.0], [0.0], [0.0]]),
        bias: tensor([0.0, 0.0, -1.0, 2.0]),
    };
    let net = Sequential::new().add(layer).add(relu());
    let x = tensor([[1.0], [2.0]]);
    // Units: x, -x (0 for positive x), -1 (dead), 2: two of four are 0 for both examples.
    let row = &activation_statistics(&net, &x).rows[1];
    assert_eq!((row.dead, row.verdict()), (Some(0.5), "many dead units"));
    let found = activation_statistics(&sigmoid(), &tensor([[-10.0, 0.0, 1.0, 10.0]]));
    assert_eq!(found.rows[0].saturated, Some(0.5));
    assert!(found.show().plain().contains("saturated"));
    let found = activation_statistics(&tanh(), &tensor([[0.5, 0.2, 0.1, 3.0]]));
    assert_eq!(
        (found.rows[0].saturated, found.rows[0].verdict()),
        (Some(0.25), "saturated")
    );
}

#[test]
fn gradients_over_time_show_what_vanishes() {
    let _alone = alone();
    manual_seed(42);
    let net = deep(sigmoid(), 2, Init::PyTorch);
    let mut optimizer = sgd(&net, 0.01);
    let mut flow = FlowHistory::new();
    let (x, y) = (randn(&[32, 10]), randn(&[32, 1]));
    for _ in 0..5 {
        optimizer.zero_grad();
        mse_loss(&net.forward(&x), &y).backward();
        flow.record(&net);
        optimizer.step();
    }
    assert_eq!(flow.norms("0.weight").len(), 5);
    assert!(refusal(|| flow.norms("0.bias")).contains("there is no such recorded weight"));
    assert!(flow.norms("0.weight")[0] * 10.0 < flow.norms("4.weight")[0]);
    assert!(flow.show().plain().contains("4.weight"));
}

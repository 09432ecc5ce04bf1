//! The listings of the course: the same seeds give the numbers that PyTorch gives.

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, fixture, flat, number, numbers};
use crate::networks::deep;

/// To the four decimals that the lessons show.
const SHOWN: f64 = 0.00005;

#[test]
fn one_gradient_step_by_hand() {
    let _alone = alone();
    manual_seed(42);
    let model = linear(3, 1);
    let (x, target) = (tensor([[1.0, 2.0, 3.0]]), tensor([[14.0]]));
    let prediction = model.forward(&x);
    let loss = mse_loss(&prediction, &target);
    loss.backward();
    assert_eq!(format!("{:.4}", prediction.item()), "1.5244");
    assert_eq!(format!("{:.4}", loss.item()), "155.6405");
    let expected = numbers("/one_gradient_step/gradients/weight");
    assert_near(&flat(&model.weight.grad()), &expected, 1e-5);
    assert_near(
        &flat(&model.bias.grad()),
        &numbers("/one_gradient_step/gradients/bias"),
        1e-5,
    );

    no_grad(|| {
        for (_, mut parameter) in model.named_parameters() {
            parameter -= parameter.grad() * 0.01;
        }
    });
    let new_loss = mse_loss(&model.forward(&x), &target).item();
    assert_eq!(format!("{new_loss:.4}"), "76.2638");
    // A step of 0.01 on this loss shrinks the error by 1 - 0.02 * (1 + 4 + 9 + 1) = 0.7.
    assert!((new_loss / loss.item() - 0.49).abs() < 1e-6);
}

#[test]
fn houses_learn_as_in_pytorch() {
    let _alone = alone();
    manual_seed(42);
    let x = randn(&[100, 3]);
    let y = (x.select(1, 0) * 0.5 + x.select(1, 1) * 0.3 + x.select(1, 2) * 0.1 + 0.2).unsqueeze(1);
    let net = Sequential::new()
        .add(linear(3, 8))
        .add(relu())
        .add(linear(8, 1));
    assert_near(
        &[mse_loss(&net.forward(&x), &y).item()],
        &[number("/houses/before")],
        1e-6,
    );
    let mut optimizer = adam(&net, 0.01);
    let (mut by_formula, mut by_batches) = (Vec::new(), Vec::new());
    for _epoch in 0..100 {
        let losses: Vec<f64> = randperm(100)
            .split(16, 0)
            .iter()
            .map(|batch| {
                let prediction = net.forward(&x.index_select(0, batch));
                let loss = mse_loss(&prediction, &y.index_select(0, batch));
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                loss.item()
            })
            .collect();
        by_formula.push(losses.iter().sum::<f64>() / (100 / 16) as f64);
        by_batches.push(losses.iter().sum::<f64>() / losses.len() as f64);
    }
    assert_near(&by_formula, &numbers("/houses/by_formula"), SHOWN);
    assert_near(&by_batches, &numbers("/houses/by_batches"), SHOWN);
    let shown: Vec<String> = [0, 19, 39, 59, 79, 99]
        .map(|at| format!("{:.4}", by_formula[at]))
        .into();
    assert_eq!(
        shown,
        ["0.6595", "0.0085", "0.0023", "0.0009", "0.0000", "0.0000"]
    );
}

#[test]
fn the_classifier_learns_as_in_pytorch() {
    let _alone = alone();
    manual_seed(42);
    let x = randn(&[200, 2]);
    let y = (x.select(1, 0) + x.select(1, 1) * 2.0)
        .gt(0.0)
        .to_kind(Kind::Float)
        .unsqueeze(1);
    let chosen = randperm(200).narrow(0, 0, 160);
    let all = Tensor::arange(200, (Kind::Int64, Device::Cpu));
    let rest = all.masked_select(&Tensor::isin(&all, &chosen, false, true));
    let at = |rows: &Tensor| (x.index_select(0, rows), y.index_select(0, rows));
    let ((x_train, y_train), (x_held, y_held)) = (at(&chosen), at(&rest));
    assert_eq!(x_held.size(), [40, 2]);

    let mut net = Sequential::new()
        .add(linear(2, 8))
        .add(relu())
        .add(linear(8, 1))
        .add(sigmoid());
    // tch's own builder, on the network's variables.
    let mut optimizer = nn::Adam::default().build(net.var_store(), 0.01).unwrap();
    let mut curve = LossCurve::default();
    let (mut train, mut validation) = (Vec::new(), Vec::new());
    for _epoch in 0..50 {
        net.train();
        let loss = bce_loss(&net.forward(&x_train), &y_train);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        net.eval();
        let held = no_grad(|| bce_loss(&net.forward(&x_held), &y_held));
        curve.push_both(loss.item(), held.item());
        train.push(loss.item());
        validation.push(held.item());
    }
    assert_near(&train, &numbers("/classifier/train"), SHOWN);
    assert_near(&validation, &numbers("/classifier/validation"), SHOWN);
    assert_eq!(curve.best().map(|(epoch, _)| epoch), Some(50));
    let right = net
        .forward(&x_held)
        .gt(0.5)
        .to_kind(Kind::Float)
        .eq_tensor(&y_held);
    assert_eq!(
        right.to_kind(Kind::Float).mean(Kind::Float).item(),
        number("/classifier/accuracy")
    );
}

#[test]
fn gradient_flow_as_in_pytorch() {
    let _alone = alone();
    let cases = [
        ("flow_sigmoid", sigmoid(), 3, Init::PyTorch),
        ("flow_relu", relu(), 3, Init::PyTorch),
        ("flow_relu_20", relu(), 20, Init::PyTorch),
        ("flow_relu_20_he", relu(), 20, Init::HeNormal),
    ];
    for (name, activation, layers, recipe) in cases {
        manual_seed(42);
        let net = deep(activation, layers, recipe);
        mse_loss(&net.forward(&randn(&[32, 10])), &randn(&[32, 1])).backward();
        let flow = gradient_flow(&net);
        let expected = fixture(&format!("/{name}")).as_object().unwrap();
        assert_eq!(flow.rows.len(), expected.len());
        for row in &flow.rows {
            let expected = &expected[&row.name];
            let close = |found: f64, key: &str| {
                let expected = expected[key].as_f64().unwrap();
                assert!(
                    (found / expected - 1.0).abs() < 2e-3,
                    "{name} {} {key}: {found}",
                    row.name
                );
            };
            close(row.grad_norm, "grad_norm");
            if expected["param_norm"] != 0.0 {
                close(row.param_norm, "param_norm");
            }
        }
    }
}

#[test]
fn learning_rates_from_one_start_as_in_pytorch() {
    let _alone = alone();
    manual_seed(42);
    let _unused = linear(10, 1);
    let (x, y) = (randn(&[100, 10]), randn(&[100, 1]));
    let model = linear(10, 1);
    let start = copy_weights(&model);
    let run = |rate: f64| {
        restore_weights(&model, &start);
        let mut optimizer = sgd(&model, rate);
        let mut last = f64::NAN;
        for _step in 0..50 {
            let loss = mse_loss(&model.forward(&x), &y);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            last = loss.item();
        }
        last
    };
    let shown = [0.1, 0.01, 0.001, 0.0001, 0.00001].map(|rate| format!("{:.4}", run(rate)));
    assert_eq!(shown, ["1.0154", "1.1083", "1.5318", "1.6397", "1.6518"]);
    assert!((run(0.6) - number("/learning_rates/final_loss/0.6")).abs() < 1e-3);
    assert!(run(1.0) > 1e30);
    assert!(!run(2.0).is_finite());

    // Where a loss first is inf. The first NaN, some 54 steps later, hangs on the order in which the
    // processor adds.
    let falls_apart = |rate: f64| {
        restore_weights(&model, &start);
        let mut optimizer = sgd(&model, rate);
        (0..120).find(|_| {
            let loss = mse_loss(&model.forward(&x), &y);
            optimizer.backward_step(&loss);
            loss.item().is_infinite()
        })
    };
    assert_eq!((falls_apart(1.0), falls_apart(2.0)), (Some(53), Some(26)));
}

#[test]
fn a_sigmoid_before_the_loss_hides_its_gradient() {
    let _alone = alone();
    let logit = || tensor([[200.0]]).set_requires_grad(true);
    let (saturated, plain) = (logit(), logit());
    let target = tensor([[0.0]]);
    let clamped = bce_loss(&saturated.sigmoid(), &target);
    clamped.backward();
    assert_eq!((clamped.item(), saturated.grad().item()), (100.0, 0.0));
    let whole = bce_with_logits_loss(&plain, &target);
    whole.backward();
    assert_eq!((whole.item(), plain.grad().item()), (200.0, 1.0));
}

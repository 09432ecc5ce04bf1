//! The tables of trace, gradients and flow, as text.

use lessons::flow::Verdict;
use lessons::prelude::*;

use crate::fixtures::alone;
use crate::networks::deep;

fn small() -> Sequential {
    manual_seed(42);
    Sequential::new()
        .named("fc1", linear(4, 8))
        .named("relu", relu())
        .named("fc2", linear(8, 1))
}

#[test]
fn a_trace_shows_shapes_parameters_and_values() {
    let _alone = alone();
    let net = small();
    let seen = trace(&net, &randn(&[3, 4]));
    insta::assert_snapshot!(seen.without_time().show().plain(), @r"
    Forward pass [3, 4] -> [3, 1], 49 parameters
    name  layer          input   output  parameters  first example
    ----  -------------  ------  ------  ----------  ---------------------------------------
    fc1   Linear 4 -> 8  [3, 4]  [3, 8]          40  [0.5156, 0.6448, -0.4515, -0.2675, ...]
    relu  ReLU           [3, 8]  [3, 8]           0  [0.5156, 0.6448, 0.0000, 0.0000, ...]
    fc2   Linear 8 -> 1  [3, 8]  [3, 1]           9  [0.0150]
    ");
    insta::assert_snapshot!(net.show().plain(), @r"
    Sequential of 3 layers, 49 parameters
    layer  what it is     parameters
    -----  -------------  ----------
    fc1    Linear 4 -> 8          40
    relu   ReLU                    0
    fc2    Linear 8 -> 1           9
    ");
    insta::assert_snapshot!(format!("{net:?}"), @r"
    {fc1: Linear 4 -> 8, relu: ReLU, fc2: Linear 8 -> 1}
    ");
}

#[test]
fn a_trace_has_times_and_values_layer_by_layer() {
    let _alone = alone();
    let net = small();
    let x = randn(&[3, 4]);
    let seen = trace(&net, &x);
    assert!(
        seen.show()
            .plain()
            .lines()
            .nth(1)
            .unwrap()
            .ends_with("time")
    );
    let by_hand = x.matmul(&net.parameter("fc1.weight").tr()) + net.parameter("fc1.bias");
    assert!(seen.steps[0].output.allclose(&by_hand, 1e-5, 1e-6, false));
    assert_eq!(seen.steps[1].output, seen.steps[0].output.relu());
    assert!(seen.output.requires_grad() && !seen.steps[2].output.requires_grad());
    assert_eq!(trace(&linear(4, 1), &x).steps.len(), 1);
}

#[test]
fn gradients_before_backward_say_what_to_call() {
    let _alone = alone();
    insta::assert_snapshot!(gradients(&small()).show().plain(), @r"
    Gradients: how the loss changes with each parameter
    parameter   shape   gradient                                          norm  largest
    ----------  ------  ------------------------------------------------  ----  -------
    fc1.weight  [8, 4]  none: no backward() reached it since zero_grad()
    fc1.bias    [8]     none: no backward() reached it since zero_grad()
    fc2.weight  [1, 8]  none: no backward() reached it since zero_grad()
    fc2.bias    [1]     none: no backward() reached it since zero_grad()
    No gradients yet: call loss.backward() first, and look before zero_grad().
    ");
    assert!(
        gradient_flow(&small())
            .show()
            .plain()
            .contains("call loss.backward() first")
    );
}

#[test]
fn gradients_after_backward() {
    let _alone = alone();
    manual_seed(42);
    let model = linear(3, 1);
    mse_loss(
        &model.forward(&tensor([[1.0, 2.0, 3.0]])),
        &tensor([[14.0]]),
    )
    .backward();
    insta::assert_snapshot!(gradients(&model).show().plain(), @r"
    Gradients: how the loss changes with each parameter
    parameter  shape   gradient                         norm  largest
    ---------  ------  ------------------------------  -----  -------
    weight     [1, 3]  [-24.9512, -49.9024, -74.8536]  93.36    74.85
    bias       [1]     [-24.9512]                      24.95    24.95
    ");
}

#[test]
fn each_missing_gradient_has_its_reason() {
    let w = tensor([1.0]).set_requires_grad(true);
    let (fixed, computed, undefined) = (tensor([1.0]), &w * 2.0, Tensor::new());
    (&w * 3.0).sum(Kind::Float).backward();
    let unused = tensor([1.0]).set_requires_grad(true);
    let named: &[(&str, &Tensor)] = &[
        ("w", &w),
        ("fixed", &fixed),
        ("computed", &computed),
        ("undefined", &undefined),
        ("unused", &unused),
    ];
    insta::assert_snapshot!(gradients_of(named).show().plain(), @r"
    Gradients: how the loss changes with each parameter
    parameter  shape  gradient                                                norm  largest
    ---------  -----  -----------------------------------------------------  -----  -------
    w          [1]    [3.]                                                   3.000    3.000
    fixed      [1]    none: requires_grad is false
    computed   [1]    none: it was computed from other tensors (not a leaf)
    undefined  []     none: the tensor is undefined
    unused     [1]    none: no backward() reached it since zero_grad()
    Where a gradient is missing, the loss does not depend on that parameter.
    ");
}

#[test]
fn the_flow_table_of_three_sigmoid_layers() {
    let _alone = alone();
    manual_seed(42);
    let net = deep(sigmoid(), 3, Init::PyTorch);
    mse_loss(&net.forward(&randn(&[32, 10])), &randn(&[32, 1])).backward();
    let flow = gradient_flow(&net);
    assert_eq!(flow.row("0.weight").verdict, Verdict::Vanishing);
    assert_eq!(flow.row("6.weight").verdict, Verdict::Healthy);
    insta::assert_snapshot!(flow.show().plain(), @r"
    Gradient flow, input side first
    parameter  grad norm  param norm      ratio  verdict
    ---------  ---------  ----------  ---------  ---------
    0.weight    0.002759       4.653  0.0005929  vanishing
    0.bias      0.002592       1.544   0.001679  vanishing
    2.weight     0.08499       4.576    0.01857  weak
    2.bias       0.02087      0.5911    0.03530  weak
    4.weight      0.5499       4.637     0.1186  healthy
    4.bias        0.1359      0.5936     0.2289  healthy
    6.weight       3.980      0.5736      6.938  healthy
    6.bias        0.9698    0.004978      194.8  healthy
    vanishing: under 0.001 of the largest grad norm; weak: under 0.03 of it; exploding: a weight's ratio over 100.
    ");
}

#[test]
fn a_dead_layer_has_gradient_zero() {
    let _alone = alone();
    let net = Sequential::new()
        .add(linear(2, 2))
        .add(relu())
        .add(linear(2, 1));
    Init::Constant(0.0).fill(&net.parameter("0.weight"));
    let _ = no_grad(|| net.parameter("0.bias").fill_(-1.0));
    mse_loss(&net.forward(&randn(&[4, 2])), &randn(&[4, 1])).backward();
    assert_eq!(gradient_flow(&net).row("0.weight").verdict, Verdict::Zero);
}

#[test]
fn claims_stand_beside_measurements() {
    let table = claims("Houses, seed 42")
        .row("loss at epoch 20", ".0451", ".0085")
        .because("The document's numbers belong to no seed we tried.");
    insta::assert_snapshot!(table.show().plain(), @r"
    Houses, seed 42
    what              claimed  measured
    ----------------  -------  --------
    loss at epoch 20    .0451     .0085
    The document's numbers belong to no seed we tried.
    ");
}

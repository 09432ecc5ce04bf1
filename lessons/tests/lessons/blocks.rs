//! Convolution, pooling, norms, embedding, recurrence and attention against PyTorch: the same
//! weights from the same seed, the same outputs, the same gradients.

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, fixture, flat, numbers};
use crate::networks::names;

fn shape(pointer: &str) -> Vec<i64> {
    numbers(pointer).iter().map(|&n| n as i64).collect()
}

/// Compares a layer made with seed 7 with the fixture of this name.
#[track_caller]
fn compare(name: &str, make: impl FnOnce() -> Box<dyn Layer>, input: &[i64]) -> Box<dyn Layer> {
    let at = |part: &str| format!("/layers/{name}/{part}");
    manual_seed(7);
    let layer = make();
    let known = fixture(&at("parameters")).as_object().unwrap();
    let parameters = layer.named_parameters();
    assert_eq!(parameters.len(), known.len(), "{name}");
    for (parameter, value) in &parameters {
        let expected = numbers(&at(&format!("parameters/{parameter}")));
        assert_near(&flat(value), &expected, 1e-7);
    }
    let mut x = tensor(numbers(&at("input"))).reshape(input);
    if name == "embedding" {
        x = x.to_kind(Kind::Int64);
    } else {
        x = x.set_requires_grad(true);
    }
    let y = layer.forward(&x);
    assert_eq!(y.size(), shape(&at("shape")), "{name}");
    assert_near(&flat(&y), &numbers(&at("output")), 2e-6);
    y.square().sum(Kind::Float).backward();
    for (parameter, value) in &parameters {
        let expected = numbers(&at(&format!("gradients/{parameter}")));
        assert_near(&flat(&value.grad()), &expected, 2e-5);
    }
    if x.requires_grad() {
        assert_near(&flat(&x.grad()), &numbers(&at("input_gradient")), 2e-5);
    }
    layer
}

#[test]
fn convolutions_and_pooling_are_pytorchs() {
    let _alone = alone();
    compare(
        "conv1d",
        || Box::new(conv1d(2, 3, 3).stride(2).padding(1)),
        &[2, 2, 7],
    );
    compare(
        "conv2d",
        || Box::new(conv2d(2, 3, 3).stride(2).padding(1)),
        &[2, 2, 6, 5],
    );
    compare("max_pool1d", || Box::new(max_pool1d(2)), &[2, 3, 5]);
    compare("max_pool2d", || Box::new(max_pool2d(2)), &[2, 3, 5, 4]);
    compare("avg_pool1d", || Box::new(avg_pool1d(2)), &[2, 3, 5]);
    compare("avg_pool2d", || Box::new(avg_pool2d(2)), &[2, 3, 5, 4]);
}

#[test]
fn norms_are_pytorchs_in_training_and_evaluation() {
    let _alone = alone();
    compare("layer_norm", || Box::new(layer_norm(4)), &[2, 3, 4]);
    let one = || -> Box<dyn Layer> { Box::new(batch_norm1d(3)) };
    let two = || -> Box<dyn Layer> { Box::new(batch_norm2d(3)) };
    type Make = fn() -> Box<dyn Layer>;
    let cases = [
        ("batch_norm1d", one as Make, vec![5, 3]),
        ("batch_norm2d", two as Make, vec![2, 3, 4, 4]),
    ];
    for (name, make, input) in cases {
        let mut layer = compare(name, make, &input);
        for (buffer, value) in layer.named_buffers() {
            assert_near(
                &flat(&value),
                &numbers(&format!("/layers/{name}/buffers/{buffer}")),
                1e-6,
            );
        }
        layer.set_training(false);
        let x = tensor(numbers(&format!("/layers/{name}/input"))).reshape(&input);
        let evaluated = numbers(&format!("/layers/{name}/evaluated"));
        assert_near(&flat(&layer.forward(&x)), &evaluated, 2e-6);
    }
}

#[test]
fn embeddings_and_recurrent_layers_are_pytorchs() {
    let _alone = alone();
    compare("embedding", || Box::new(embedding(6, 4)), &[2, 3]);
    compare("rnn", || Box::new(rnn(3, 4)), &[2, 5, 3]);
    compare("gru", || Box::new(gru(3, 4)), &[2, 5, 3]);
    compare("lstm", || Box::new(lstm(3, 4)), &[2, 5, 3]);
    manual_seed(7);
    let x = tensor(numbers("/layers/lstm/input")).reshape([2, 5, 3]);
    let last = lstm(3, 4).last_step().forward(&x);
    let all = tensor(numbers("/layers/lstm/output")).reshape([2, 5, 4]);
    assert_near(&flat(&last), &flat(&all.select(1, 4)), 1e-6);
}

#[test]
fn attention_is_pytorchs() {
    let _alone = alone();
    let plain = || multi_head_attention(8, 2);
    compare("attention", || Box::new(plain()), &[2, 5, 8]);
    compare(
        "causal_attention",
        || Box::new(plain().causal()),
        &[2, 5, 8],
    );
    for (name, causal) in [("attention", false), ("causal_attention", true)] {
        manual_seed(7);
        let layer = if causal { plain().causal() } else { plain() };
        let x = tensor(numbers(&format!("/layers/{name}/input"))).reshape([2, 5, 8]);
        let (_, weights) = layer.attend(&x);
        assert_near(
            &flat(&weights),
            &numbers(&format!("/layers/{name}/weights")),
            1e-6,
        );
        let sums = weights.sum_dim_intlist(-1, false, Kind::Float);
        assert!((sums - 1.0).abs().max().item() < 1e-6);
    }
}

#[test]
fn attention_without_positions_does_not_know_the_order() {
    let _alone = alone();
    manual_seed(1);
    let (layer, x) = (multi_head_attention(8, 2), randn(&[1, 6, 8]));
    let order = randperm(6);
    let shuffled = layer.forward(&x.index_select(1, &order));
    let expected = layer.forward(&x).index_select(1, &order);
    assert!((shuffled - expected).abs().max().item() < 1e-6);
}

#[test]
fn a_residual_block_adds_and_passes_names_on() {
    let _alone = alone();
    let net = Sequential::new().add(linear(4, 4)).add(residual(
        Sequential::new().add(layer_norm(4)).add(linear(4, 4)),
    ));
    assert_eq!(
        names(&net),
        [
            "0.weight",
            "0.bias",
            "1.0.weight",
            "1.0.bias",
            "1.1.weight",
            "1.1.bias"
        ]
    );
    Init::Constant(0.0).fill(&net.parameter("1.1.weight"));
    Init::Constant(0.0).fill(&net.parameter("1.1.bias"));
    let x = randn(&[3, 4]);
    assert_eq!(net.forward(&x), net.layer("0").forward(&x), "x + 0 is x");
    let steps: Vec<String> = trace(&net, &x)
        .steps
        .into_iter()
        .map(|step| step.name)
        .collect();
    assert_eq!(steps, ["0", "1.0", "1.1", "1.add"]);
}

#[test]
fn what_does_not_fit_is_said_in_plain_words() {
    let _alone = alone();
    let message = |layer: &dyn Layer, shape: &[i64]| {
        layer.try_forward(&randn(shape)).unwrap_err().to_string()
    };
    let image = conv2d(1, 8, 3);
    assert_eq!(
        message(&image, &[5, 28, 28]),
        "Conv2d 1 -> 8, window 3x3: input is [5, 28, 28]: it must be [batch, 1, height, width] \
         (.unsqueeze(1) adds the channel)"
    );
    assert!(
        message(&image, &[5, 3, 28, 28])
            .ends_with("[batch, 1, height, width]: there are 3 channels")
    );
    assert!(message(&image, &[5, 1, 2, 28]).contains("the window of 3 does not fit"));
    assert!(message(&max_pool2d(4), &[1, 1, 3, 8]).contains("at least 4 long"));
    assert!(message(&layer_norm(4), &[2, 3]).ends_with("its last size must be 4"));
    assert!(message(&batch_norm1d(3), &[1, 3]).contains("a batch of one?"));
    assert!(message(&batch_norm1d(3), &[5, 4]).contains("[batch, 3]"));
    assert!(message(&lstm(3, 4), &[5, 3]).contains("[batch, time, 3]"));
    assert!(message(&lstm(3, 4), &[5, 0, 3]).contains("at least one step"));
    assert!(message(&multi_head_attention(8, 2), &[5, 4]).contains("[batch, positions, 8]"));
    assert!(message(&embedding(6, 4), &[2]).contains("tokens have kind Float"));
    let unknown = embedding(6, 4)
        .try_forward(&tensor([1, 6]))
        .unwrap_err()
        .to_string();
    assert_eq!(
        unknown,
        "Embedding 6 x 4: input is [2]: token 6 has no row: tokens go from 0 to 5"
    );
    let narrowing = residual(linear(4, 2));
    assert!(message(&narrowing, &[3, 4]).contains("the layers inside make [3, 2] of it"));
    let undefined = flatten()
        .try_forward(&Tensor::new())
        .unwrap_err()
        .to_string();
    assert!(undefined.contains("never given a value"));
}

#[test]
fn a_summary_counts_and_leaves_the_network_as_it_was() {
    let _alone = alone();
    let net = Sequential::new()
        .add(conv2d(1, 8, 3).padding(1))
        .add(batch_norm2d(8))
        .add(relu())
        .add(max_pool2d(2))
        .add(flatten())
        .add(linear(128, 10));
    let table = summary(&net, &randn(&[1, 1, 8, 8]));
    assert_eq!(
        flat(&net.named_buffers()[0].1),
        [0.0; 8],
        "running means are untouched"
    );
    insta::assert_snapshot!(table.show().plain(), @r"
    Network for an input of [1, 1, 8, 8]
    name  layer                                 output        parameters
    ----  ------------------------------------  ------------  ----------
    0     Conv2d 1 -> 8, window 3x3, padding 1  [1, 8, 8, 8]          80
    1     BatchNorm2d 8                         [1, 8, 8, 8]          16
    2     ReLU                                  [1, 8, 8, 8]           0
    3     MaxPool2d 2                           [1, 8, 4, 4]           0
    4     Flatten                               [1, 128]               0
    5     Linear 128 -> 10                      [1, 10]            1,290
    1,386 parameters, 5.5 kB.
    ");
    let html = table.show();
    assert!(
        html.iter()
            .any(|(kind, text)| kind == "text/html" && text.contains("1,290"))
    );
}

#[test]
fn running_means_are_copied_and_restored_with_the_weights() {
    let _alone = alone();
    let net = Sequential::new().add(batch_norm1d(2));
    let start = copy_weights(&net);
    let _ = net.forward(&(randn(&[8, 2]) + 3.0));
    assert!(net.named_buffers()[0].1.min().item() > 0.1);
    restore_weights(&net, &start);
    assert_eq!(flat(&net.named_buffers()[0].1), [0.0, 0.0]);
    assert_eq!(net.named_buffers()[2].0, "0.num_batches_tracked");
    assert_eq!(net.named_buffers()[2].1.item(), 0.0);
}

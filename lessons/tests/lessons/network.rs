//! Pictures of a network: the numbers in them, what is left out, and what they leave alone.

use lessons::prelude::*;

use crate::fixtures::alone;

/// 2 x1 - 3 x2 + 0.5, at (1, 2).
fn small() -> (Sequential, Tensor) {
    let layer = Linear {
        weight: tensor([[2.0, -3.0]]).set_requires_grad(true),
        bias: tensor([0.5]).set_requires_grad(true),
    };
    (Sequential::new().add(layer), tensor([[1.0, 2.0]]))
}

#[test]
fn values_and_weights_are_the_networks() {
    let (net, x) = small();
    let plot = network_picture(&net, &x);
    assert_eq!(
        plot.description(),
        "Values of the first example. Input [1.0000, 2.0000]. 0: Linear 2 -> 1 [-3.5000]."
    );
    assert!(plot.table().text().contains("-3.0000 from 1"));
    let svg = plot.svg();
    assert!(svg.contains(">-3.50</text>") && svg.contains("[1, 2]</text>"));
    // One weight above 0 and one, the larger and so the widest, below.
    assert_eq!(svg.matches("stroke-dasharray").count(), 1);
    assert!(svg.contains(r#"stroke-width="8.0" stroke-opacity="1.00" stroke-dasharray"#));
}

#[test]
fn gradients_are_the_chain_rules_and_parameters_keep_theirs() {
    let (net, x) = small();
    // loss = p^2 with p = -3.5: d loss / d p = -7, d loss / d w = -7 x
    let plot = gradient_picture(&net, mse_loss, &x, &tensor([[0.0]]));
    let text = plot.table().text();
    assert!(
        text.contains("-7.000") && text.contains("Loss: 12.25."),
        "{text}"
    );
    // Both gradients are below 0, of sizes 7 and 14: half as wide above the least.
    let svg = plot.svg();
    assert_eq!(svg.matches("stroke-dasharray").count(), 2);
    assert!(svg.contains(r#"stroke-width="4.5""#) && svg.contains(r#"stroke-width="8.0""#));
    assert!(!net.parameter("0.weight").grad().defined());
}

#[test]
fn wide_layers_are_thinned_and_others_are_boxes() {
    let _alone = alone();
    let net = Sequential::new()
        .add(conv2d(1, 2, 3))
        .add(relu())
        .add(flatten())
        .add(linear(72, 3));
    let (x, y) = (randn(&[4, 1, 8, 8]), tensor([0, 1, 2, 0]));
    let plot = network_picture(&net, &x);
    let (svg, text) = (plot.svg(), plot.table().text());
    assert!(svg.contains("... 62 more ..."), "72 units, 10 shown");
    assert!(
        text.contains("2: Flatten: 62 units are not shown."),
        "{text}"
    );
    assert_eq!(
        svg.matches(r#"rx="12""#).count(),
        3,
        "input, convolution and ReLU are boxes"
    );
    let back = gradient_picture(&net, cross_entropy_loss, &x, &y);
    assert!(
        back.description().contains("[4, 2, 6, 6]: gradient norm"),
        "{}",
        back.description()
    );
    for svg in [svg, back.svg()] {
        assert!(!svg.contains("NaN") && svg.contains("role=\"img\""));
    }
}

#[test]
fn transformers_are_drawn_block_by_block() {
    let _alone = alone();
    let net = gpt(20, 8, 16, 2, 2);
    let plot = network_picture(&net, &tensor([[1, 2, 3, 4]]));
    assert_eq!(plot.svg().matches(r#"rx="12""#).count(), 7);
}

#[test]
#[should_panic(expected = "the loss has shape [1, 2]")]
fn a_loss_of_many_numbers_is_refused() {
    let (net, x) = small();
    let loss = |p: &Tensor, y: &Tensor| (p - y).reshape([1, 1]).repeat([1, 2]);
    let _ = gradient_picture(&net, loss, &x, &tensor([[0.0]]));
}

//! Looking at a network: every kind of layer is seen as it is, and nothing changes by being looked at.

use lessons::prelude::*;

use crate::fixtures::alone;

fn boxed(layer: impl Layer + 'static) -> Box<dyn Layer> {
    Box::new(layer)
}

/// Layer, shape of the input, shape of the output, numbers it learns.
type Known = (Box<dyn Layer>, Vec<i64>, Vec<i64>, usize);

fn kinds() -> Vec<Known> {
    vec![
        (boxed(linear(4, 3)), vec![2, 4], vec![2, 3], 15),
        (boxed(relu()), vec![2, 4], vec![2, 4], 0),
        (boxed(conv1d(2, 3, 3)), vec![2, 2, 7], vec![2, 3, 5], 21),
        (
            boxed(conv2d(1, 2, 3)),
            vec![2, 1, 8, 8],
            vec![2, 2, 6, 6],
            20,
        ),
        (boxed(max_pool1d(2)), vec![2, 3, 6], vec![2, 3, 3], 0),
        (boxed(avg_pool2d(2)), vec![2, 3, 4, 6], vec![2, 3, 2, 3], 0),
        (boxed(flatten()), vec![2, 3, 4], vec![2, 12], 0),
        (boxed(layer_norm(4)), vec![2, 3, 4], vec![2, 3, 4], 8),
        (boxed(batch_norm1d(4)), vec![5, 4], vec![5, 4], 8),
        (
            boxed(batch_norm2d(3)),
            vec![2, 3, 4, 4],
            vec![2, 3, 4, 4],
            6,
        ),
        (boxed(dropout(0.5)), vec![2, 4], vec![2, 4], 0),
        (boxed(embedding(9, 4)), vec![2, 5], vec![2, 5, 4], 36),
        (
            boxed(multi_head_attention(8, 2)),
            vec![2, 5, 8],
            vec![2, 5, 8],
            4 * (64 + 8),
        ),
        (boxed(rnn(3, 4)), vec![2, 5, 3], vec![2, 5, 4], 36),
        (boxed(gru(3, 4)), vec![2, 5, 3], vec![2, 5, 4], 108),
        (boxed(lstm(3, 4)), vec![2, 5, 3], vec![2, 5, 4], 144),
        (boxed(residual(linear(4, 4))), vec![2, 4], vec![2, 4], 20),
        (
            boxed(mixture_of_experts(4, 8, 3, 2)),
            vec![2, 5, 4],
            vec![2, 5, 4],
            15 + 3 * 76,
        ),
    ]
}

#[test]
fn every_kind_of_layer_is_traced_and_drawn_as_it_is() {
    let _alone = alone();
    manual_seed(3);
    for (mut layer, shape, output, parameters) in kinds() {
        layer.set_training(false);
        let name = layer.describe();
        let input = match name.starts_with("Embedding") {
            true => tensor([[0, 1, 2, 3, 8], [4, 5, 6, 7, 8]]),
            false => randn(&shape),
        };
        assert_eq!(input.size(), shape, "{name}");
        let seen = trace(layer.as_ref(), &input);
        assert_eq!((seen.input.clone(), seen.steps.len()), (shape, 1), "{name}");
        let step = &seen.steps[0];
        assert_eq!((&step.layer, &step.input), (&name, &seen.input));
        assert_eq!(step.output.size(), output, "{name}");
        assert_eq!(step.parameters, parameters, "{name}");
        assert_eq!(seen.parameter_count(), parameters, "{name}");
        assert_eq!(step.output, layer.forward(&input), "{name}");
        assert_eq!(seen.output.detach(), step.output, "{name}");
        let summed = summary(layer.as_ref(), &input);
        assert_eq!(
            (summed.parameters, &summed.rows[0].output),
            (parameters, &output)
        );
        let picture = network_picture(layer.as_ref(), &input);
        assert!(
            picture.description().contains(&name),
            "{}",
            picture.description()
        );
        assert!(picture.svg().contains("role=\"img\""), "{name}");
        for text in [picture.description(), picture.svg()] {
            assert!(!text.contains("NaN"), "{name}");
        }
    }
}

#[test]
fn a_block_around_layers_has_its_sum_as_a_step() {
    let _alone = alone();
    let inside = Sequential::new().add(linear(4, 4)).add(relu());
    let net = Sequential::new().add(residual(inside)).add(linear(4, 1));
    let x = randn(&[3, 4]);
    let seen = trace(&net, &x);
    let names: Vec<&str> = seen.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["0.0", "0.1", "0.add", "1"]);
    let (sum, inner) = (&seen.steps[2], &seen.steps[1].output);
    assert_eq!((sum.layer.as_str(), sum.parameters), ("Add", 0));
    assert_eq!((&sum.input, &sum.output), (&x.size(), &(&x + inner)));
    let by_step: usize = seen.steps.iter().map(|step| step.parameters).sum();
    assert_eq!(by_step, seen.parameter_count());
    assert_eq!(seen.output, net.forward(&x));
}

#[test]
fn looking_leaves_running_means_alone() {
    let _alone = alone();
    manual_seed(5);
    let net = Sequential::new()
        .add(linear(2, 4))
        .add(batch_norm1d(4))
        .add(relu())
        .add(linear(4, 2));
    assert!(net.is_training());
    let (x, classes) = (randn(&[8, 2]), tensor([0, 1, 0, 1, 0, 1, 0, 1]));
    let buffers = || -> Vec<Tensor> {
        let all = net.named_buffers();
        all.iter().map(|(_, buffer)| buffer.copy()).collect()
    };
    let before = buffers();
    // One example is a batch too small for batch norm; deleting makes a batch of it.
    let one = x.narrow(0, 0, 1);
    let looks: [(&str, &dyn Fn()); 7] = [
        ("trace", &|| drop(trace(&net, &x))),
        ("summary", &|| drop(summary(&net, &x))),
        ("activation_statistics", &|| {
            drop(activation_statistics(&net, &x));
        }),
        ("network_picture", &|| drop(network_picture(&net, &x))),
        ("gradient_picture", &|| {
            drop(gradient_picture(&net, cross_entropy_loss, &x, &classes));
        }),
        ("decision_boundary", &|| {
            drop(decision_boundary("Classes", &net, &x, &classes));
        }),
        ("deletion_test", &|| {
            drop(deletion_test(&net, &one, 0, &tensor([[1.0, 2.0]])));
        }),
    ];
    for (name, look) in looks {
        look();
        assert_eq!(buffers(), before, "{name}");
    }
    let images = Sequential::new()
        .add(conv2d(1, 2, 3))
        .add(batch_norm2d(2))
        .add(flatten())
        .add(linear(8, 2));
    let before: Vec<Tensor> = images
        .named_buffers()
        .iter()
        .map(|(_, b)| b.copy())
        .collect();
    let _ = saliency(&images, &randn(&[1, 1, 4, 4]), 1);
    let after: Vec<Tensor> = images
        .named_buffers()
        .iter()
        .map(|(_, b)| b.copy())
        .collect();
    assert_eq!(after, before, "saliency");
    // A pass for training moves them all the same.
    let _ = net.forward(&x);
    assert_ne!(buffers(), self::fresh(&net), "training still counts");
}

/// Buffers as a new network has them.
fn fresh(net: &Sequential) -> Vec<Tensor> {
    let new = batch_norm1d(4);
    assert_eq!(net.named_buffers().len(), new.named_buffers().len());
    new.named_buffers().into_iter().map(|(_, b)| b).collect()
}

#[test]
fn a_traced_pass_can_be_trained_on() {
    let _alone = alone();
    let net = Sequential::new().add(linear(2, 3)).add(batch_norm1d(3));
    let seen = trace(&net, &randn(&[6, 2]));
    seen.output.square().sum(Kind::Float).backward();
    assert!(gradients(&net).norm("1.weight") > 0.0);
}
